"""Grids drawn anew: of equal load, in one piece, compact; seeded, so that it can be had again.

Random spanning trees cut each region into its grids, annealed flips even them out, the worst pairs
are cut again (docs/planner.md). A region is tried with further seeds until its grids are within the
tolerance or the tries are used up; the best counts.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from geodata.kernels.flips import Aim, anneal, recut
from geodata.kernels.trees import divide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

    from geodata.planner.plan import Plan
    from geodata.planner.regions import Region

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]

DRAWING: Final = (0.2, 0.02)  # heat of the first annealing, from and to
SMOOTHING: Final = (0.05, 0.004)  # and of those after the worst pairs were cut again
AGAIN: Final = 4  # rounds of cutting again and smoothing, at most
EASIER: Final = 0.7  # of what border costs, at each further try
RECUTS: Final = 20  # for each grid, at most
INNER: Final = 0.95  # the search aims at a little less than the tolerance
WORKERS: Final = 2


@dataclass(frozen=True)
class Wish:
    """How grids are to be drawn.

    tolerance: how far a grid's load may be from the mean of its region, as a share of it.
    stay: what it costs that load changes its grid, where little is to change.
    bend: what border costs against balance, for a region whose mean border is of length 1.
    sweeps: of annealing; trees: tried for every cut; tries: of a region with seeds of its own.
    """

    tolerance: float = 0.05
    stay: float = 0.25
    bend: float = 18.0
    sweeps: int = 600
    trees: int = 8
    tries: int = 12
    seed: int = 1


def redraw(
    plan: Plan,
    chosen: Iterable[Region],
    wish: Wish,
    told: Callable[[float], None] = lambda _: None,
) -> Plan:
    """The plan with the grids of some regions drawn anew; each keeps the code it shares most with.

    told: how far it is, 0 to 1, after each region; what it raises ends the work.
    """
    grid, todo = plan.grid.copy(), list(chosen)
    with ThreadPoolExecutor(WORKERS) as pool:
        parts = pool.map(partial(drawn, wish=wish), todo)
        for done, (region, part) in enumerate(zip(todo, parts, strict=True), 1):
            grid[region.atoms] = region.grids[matched(region, part)]
            told(done / len(todo))
    return plan.with_grid(grid)


def drawn(region: Region, wish: Wish) -> Ints:
    """The new part of each node of a region, the best of the tries."""
    count = len(region.grids)
    if count == 1 or not region.load:
        return region.part
    best, least = region.part, np.inf
    for attempt in range(wish.tries):
        chance = np.random.default_rng((wish.seed, int(region.atoms[0]), attempt))
        part = _once(region, replace(wish, bend=wish.bend * EASIER**attempt), chance)
        off = deviation(region, part)
        if off < least:
            best, least = part, off
        if off <= wish.tolerance:
            break
    return best


def _once(region: Region, wish: Wish, chance: np.random.Generator) -> Ints:
    graph, count = region.graph, len(region.grids)
    target = np.full(count, region.load / count)
    scale = float(graph.length.sum()) / count if len(graph.length) else 1.0
    bend = wish.bend / max(scale, 1e-9)
    aim = Aim(target, wish.tolerance * INNER, 1.0, bend, 0.0, np.zeros((0, 0)), 0.0)
    free = np.full(len(region.atoms), -1, dtype=np.int32)
    part = divide(graph, count, wish.trees, wish.tolerance, chance)
    anneal(graph, part, free, aim, wish.sweeps, *DRAWING, chance)
    for _ in range(AGAIN):
        recut(graph, part, aim, wish.trees, RECUTS * count, chance)
        anneal(graph, part, free, aim, wish.sweeps // 2 + 1, *SMOOTHING, chance)
        if deviation(region, part) <= wish.tolerance:
            break
    return part


def deviation(region: Region, part: Ints) -> float:
    """How far the worst grid is from the mean of the region, as a share of it."""
    count = len(region.grids)
    if not region.load:
        return 0.0  # nobody is there to be shared out
    load = np.bincount(part, region.graph.weight, count)
    return float(np.abs(load * count / region.load - 1).max())


def matched(region: Region, part: Ints) -> Ints:
    """The parts renumbered so that as much load as can be stays with its grid."""
    count = len(region.grids)
    common = np.zeros((count, count))
    np.add.at(common, (part, region.part), region.graph.weight + 1e-6)
    rows, columns = linear_sum_assignment(-common)
    to = np.zeros(count, dtype=np.int32)
    to[rows] = columns
    return to[part]
