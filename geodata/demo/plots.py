"""The buildable ground inside each atom: off the streets, off wide roads, off the water."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Bools, Floats, Objects, Shapes, Task, stream
from geodata.demo.land_use import OPEN
from geodata.demo.linework import HALF_WIDTH, RAIL
from geodata.demo.noise import Noise

if TYPE_CHECKING:
    from geodata.demo.blocks import Blocks

MARGINS: Final = {"old": 9.0, "village": 12.0, "industry": 14.0}
MARGIN: Final = 13.0
NEAR_WIDE: Final = 34.0
OFF_WIDE: Final = 5.0
OFF_WATER: Final = 18.0
OFF_RAMP: Final = 15.0
LEAST: Final = 1_500.0
SOUTH: Final = 0.26  # radians by which rows turn from due south at most


@dataclass(frozen=True, eq=False)
class Plots:
    """By atom: use, inset polygon (None = nothing is built), angle of its long side and of rows.

    wet: where the water is, islands included; ramps: the ground that interchanges take.
    """

    use: Objects
    inset: Shapes
    built: Bools
    block_angle: Floats
    facing: Floats
    wet: shapely.Geometry
    ramps: shapely.Geometry


def _off_wide_roads(inset: Shapes, built: Bools, blocks: Blocks) -> None:
    """Cut wide roads out of the insets that touch them."""
    for rank in range(RAIL + 1):
        edges = blocks.net.edges[blocks.net.ranks == rank]
        if not len(edges):
            continue
        reach = HALF_WIDTH[rank] + OFF_WIDE
        atom, edge = shapely.STRtree(edges).query(
            inset, predicate="dwithin", distance=max(reach, NEAR_WIDE)
        )
        atom, edge = atom[built[atom]], edge[built[atom]]
        order = np.argsort(atom, kind="stable")
        atom, edge = atom[order], edge[order]
        which, place = np.unique(atom, return_inverse=True)
        roads = shapely.multilinestrings(edges[edge], indices=place)
        strips = shapely.buffer(roads, reach, cap_style="flat", quad_segs=2)
        inset[which] = shapely.difference(inset[which], strips)


def _off(inset: Shapes, area: shapely.Geometry, far: float) -> None:
    """Cut an area, and what lies within `far` metres of it, out of the insets."""
    hit = shapely.STRtree(inset).query(area, predicate="dwithin", distance=far)
    local = shapely.intersection(area, shapely.buffer(inset[hit], far + 5, quad_segs=1))
    inset[hit] = shapely.difference(inset[hit], shapely.buffer(local, far, quad_segs=2))


def _largest(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return parts[int(np.argmax(shapely.area(parts)))] if len(parts) else shape


def _long_side(inset: Shapes, built: Bools) -> Floats:
    angle = np.zeros(len(inset))
    box = shapely.get_coordinates(shapely.oriented_envelope(inset[built])).reshape(-1, 5, 2)
    one, two = box[:, 1] - box[:, 0], box[:, 2] - box[:, 1]
    long = np.where((np.hypot(*one.T) > np.hypot(*two.T))[:, None], one, two)
    angle[built] = np.arctan2(long[:, 1], long[:, 0])
    return angle


def make_plots(  # noqa: PLR0913, PLR0917 - what is used, and what must be kept off
    blocks: Blocks, use: Objects, wet: shapely.Geometry, green: Shapes, factor: float, seed: int
) -> Plots:
    """Shrink the atoms that are built on to their plots; `factor` narrows or widens the margin.

    green: the ground of interchanges.
    """
    rng = stream(seed, Task.BUILDINGS)
    count = len(use)
    built = ~np.isin(use.astype(str), OPEN)
    margin = np.array([MARGINS.get(name, MARGIN) for name in use]) * factor
    inset = np.full(count, None, dtype=object)
    inset[built] = shapely.buffer(
        blocks.atoms[built], -margin[built], join_style="mitre", quad_segs=2
    )
    _off_wide_roads(inset, built, blocks)
    ramps = shapely.union_all(shapely.buffer(green, OFF_RAMP, quad_segs=2))
    _off(inset, wet, OFF_WATER)
    _off(inset, ramps, 0.0)
    for atom in np.flatnonzero(shapely.get_num_geometries(inset) > 1):
        inset[atom] = _largest(inset[atom])
    built &= shapely.area(inset) > LEAST  # NaN where nothing was meant to be built
    inset[~built] = None
    middle = shapely.get_coordinates(shapely.centroid(blocks.atoms))
    drift = 0.085 * Noise(rng, 3_500)(middle[:, 0], middle[:, 1])
    facing = np.clip(drift + rng.normal(0, 0.02, count), -SOUTH, SOUTH)
    return Plots(use, inset, built, _long_side(inset, built), facing, wet, ramps)
