"""Outdoor atoms: manholes, lamps, litter corners – places that belong to no building."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Floats, Objects, Shapes, Task, stream

if TYPE_CHECKING:
    from geodata.demo.blocks import Blocks
    from geodata.demo.land_use import LandUse

INWARD: Final = 7.0  # metres from the middle of the street to the kerb
STREET_KINDS: Final = ("manhole", "streetlight", "litter", "hydrant", "sign", "pavement")
OPEN_KINDS: Final = {
    "park": ("lawn", "bench", "litter"),
    "farm": ("field", "ditch", "field"),
    "wood": ("path", "lookout", "path"),
    "water": ("bank", "bank", "outfall"),
    "airport": ("fence", "fence", "car_park"),
    "site": ("hoarding", "gate", "hoarding"),
}


def _by_the_street(rng: np.random.Generator, atoms: Shapes, inner: Floats) -> Floats:
    """A point inside each atom, a few metres from a random spot of its border."""
    ring = shapely.get_exterior_ring(atoms)
    spot = shapely.line_interpolate_point(ring, rng.random(len(atoms)), normalized=True)
    border = shapely.get_coordinates(spot)
    step = inner - border
    length = np.maximum(np.hypot(*step.T), 1e-9)
    moved = border + step * np.minimum(1, INWARD / length)[:, None]
    good = shapely.contains_xy(atoms, moved[:, 0], moved[:, 1])
    return np.where(good[:, None], moved, inner)


def make_outdoors(blocks: Blocks, land: LandUse, seed: int) -> tuple[Floats, Objects]:
    """Give each atom one outdoor point (n × 2, on the ground) and say what it is."""
    rng = stream(seed, Task.OUTDOORS)
    inner = shapely.get_coordinates(shapely.point_on_surface(blocks.atoms))
    by_street = _by_the_street(rng, blocks.atoms, inner)
    free = np.isin(land.use.astype(str), list(OPEN_KINDS))
    point = np.where(free[:, None] & (rng.random(len(inner)) < 1 / 2)[:, None], inner, by_street)
    pick = rng.random(len(inner))
    kinds = [OPEN_KINDS.get(use, STREET_KINDS) for use in land.use]
    kind = [names[int(at * len(names))] for names, at in zip(kinds, pick.tolist(), strict=True)]
    return point, np.array(kind, dtype=object)
