"""Hamlets in the fields, each with a ring of trees, as many as the budget of buildings leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Floats, Ints, Shapes, Task, stream
from geodata.demo.footprints import Lot, Stand

if TYPE_CHECKING:
    from geodata.demo.blocks import Blocks
    from geodata.demo.plots import Plots

HOUSES: Final = (3, 14)
BY_ROAD: Final = 0.55  # share of hamlets near a road
APART: Final = 19.0
LEAST: Final = 40
LARGE: Final = 0.07  # share of hamlets that are whole villages
LARGE_FACTOR: Final = 4


def _middles(rng: np.random.Generator, atoms: Shapes, own: Ints) -> tuple[Floats, Ints]:
    """Middles of the hamlets, each inside its atom, and those atoms."""
    left, low, right, high = shapely.bounds(atoms[own]).T
    spot = np.column_stack([rng.uniform(left, right), rng.uniform(low, high)])
    ring = shapely.get_exterior_ring(atoms[own])
    near = shapely.line_interpolate_point(ring, rng.random(len(own)), normalized=True)
    by_road = (rng.random(len(own)) < BY_ROAD)[:, None]
    spot = np.where(by_road, 0.8 * shapely.get_coordinates(near) + 0.2 * spot, spot)
    inside = shapely.contains_xy(atoms[own], spot[:, 0], spot[:, 1])
    return spot[inside], own[inside]


def add_hamlets(lot: Lot, blocks: Blocks, plots: Plots, budget: int, seed: int) -> Shapes:
    """Put about `budget` farmhouses in the fields; gives the woods round them."""
    rng = stream(seed, Task.HAMLETS)
    farms = np.flatnonzero(plots.use == "farm")
    if not len(farms):
        return np.empty(0, dtype=object)
    area = shapely.area(blocks.atoms[farms])
    count = max(LEAST, int(budget / 5.5))
    own = rng.choice(farms, count, p=area / area.sum())
    middle, own = _middles(rng, blocks.atoms, own)
    houses = rng.integers(*HOUSES, len(own))
    large = rng.random(len(own)) < LARGE
    houses[large] *= LARGE_FACTOR
    hamlet = np.repeat(np.arange(len(own)), houses)
    reach = np.where(large, 1.9, 1.0)[hamlet][:, None]
    spot = middle[hamlet] + rng.normal(0, 1, (len(hamlet), 2)) * (34, 19) * reach
    order = np.lexsort((spot[:, 0].round(-1), hamlet))
    spot = spot[order]
    far = np.hypot(*np.diff(spot, axis=0).T) > APART
    keep = np.concatenate([[True], far | (np.diff(hamlet) != 0)])
    spot, hamlet = spot[keep], hamlet[keep]
    number = len(spot)
    outline = rng.choice(np.array(["box", "ell"], dtype=object), number)
    size = rng.uniform(10, 15, number), rng.uniform(8, 11, number)
    turn = plots.facing[own][hamlet] + rng.normal(0, 0.12, number)
    floors = rng.integers(1, 4, number)
    lot.put(own[hamlet].astype(np.int64), "village", outline, Stand(spot, size, turn), floors)
    trees = rng.uniform(38, 70, len(own)) * np.where(large, 1.6, 1.0)
    return np.asarray(shapely.buffer(shapely.points(middle), trees, quad_segs=3))
