"""Today's grids evened out with as little change as can be found, and how much has to change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.kernels.flips import Aim, anneal, recut
from geodata.planner.flows import flow
from geodata.planner.redraw import WORKERS, Wish, deviation, drawn, matched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

    from geodata.planner.plan import Plan
    from geodata.planner.regions import Region

    Ints = npt.NDArray[np.int32]

LEADING: Final = (0.08, 0.01)  # heat while the flow leads
EVENING: Final = (0.05, 0.0015)  # and afterwards; lower than for a drawing from nothing
LED: Final = 3.0
LED_LATER: Final = 0.2
ENOUGH: Final = 2  # tries within the tolerance, of which the one with least change counts
RECUTS: Final = 10  # for each grid, at most
SURE: Final = 0.12  # of the tolerance, by which the flow aims at more than is needed
FREER: Final = 0.5  # how much less a change costs at each further try
ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Change:
    """How much of a region's load changes its grid, and how much has to at least."""

    region: Region
    moved: float
    bound: float
    deviation: float


def bound(region: Region, tolerance: float) -> float:
    """The least load that must change its grid, whoever draws the grids inside the region.

    What the heavy ones have beyond the tolerance must leave them, what the light ones lack must
    come; the larger of both sums. It holds for every assignment, connected or not.
    """
    count = len(region.grids)
    load = np.bincount(region.part, region.graph.weight, count)
    mean = region.load / count
    over = np.maximum(load - mean * (1 + tolerance), 0).sum()
    under = np.maximum(mean * (1 - tolerance) - load, 0).sum()
    return float(max(over, under))


def least_moved(region: Region, count: int, tolerance: float) -> float:
    """The least load that changes its grid so that a region has so many even ones.

    It holds for every assignment, connected or not. Of grids that are given up all has to go.
    """
    now = len(region.grids)
    if count >= now:
        return bound(replace(region, grids=np.arange(count, dtype=np.int32)), tolerance)
    load = np.bincount(region.part, region.graph.weight, now)
    kept = np.minimum(load, region.load / count * (1 + tolerance))  # that need not go
    return float(load.sum() - np.sort(kept)[now - count :].sum())


def rebalance(
    plan: Plan,
    chosen: Iterable[Region],
    wish: Wish,
    told: Callable[[float], None] = lambda _: None,
) -> tuple[Plan, list[Change]]:
    """The plan with the grids of some regions evened out; what each region changed, in order."""
    grid, todo, changes = plan.grid.copy(), list(chosen), []
    with ThreadPoolExecutor(WORKERS) as pool:
        parts = pool.map(partial(evened, wish=wish), todo)
        for done, (region, part) in enumerate(zip(todo, parts, strict=True), 1):
            grid[region.atoms] = region.grids[part]
            changes.append(
                Change(region, moved(region, part), bound(region, wish.tolerance),
                       deviation(region, part))
            )  # fmt: skip
            told(done / len(todo))
    return plan.with_grid(grid), changes


def evened(region: Region, wish: Wish) -> Ints:
    """The part of each node: today's with the least change found, or drawn anew if nothing helps.

    Of the tries within the tolerance that with least change counts, else the most even one.
    """
    if len(region.grids) == 1 or deviation(region, region.part) <= wish.tolerance + ROUNDING:
        return region.part
    tries: list[Ints] = []
    good = 0
    while len(tries) < wish.tries and good < ENOUGH:
        tries.append(_nudged(region, wish, len(tries)))
        good += deviation(region, tries[-1]) <= wish.tolerance + ROUNDING
    best = min(tries, key=partial(_rank, region, wish))
    if good:
        return best
    anew = matched(region, drawn(region, wish))
    return min((best, anew), key=partial(_rank, region, wish))


def moved(region: Region, part: Ints) -> float:
    """How much load is in another grid than today."""
    return float(region.graph.weight[part != region.part].sum())


def _rank(region: Region, wish: Wish, part: Ints) -> tuple[float, float]:
    off = deviation(region, part)
    return (0.0 if off <= wish.tolerance + ROUNDING else off), moved(region, part)


def _nudged(region: Region, wish: Wish, attempt: int) -> Ints:
    """First along the flow that would even all out, then by the loads themselves."""
    count, graph = len(region.grids), region.graph
    scale = float(graph.length.sum()) / count if len(graph.length) else 1.0
    chance = np.random.default_rng((wish.seed, int(region.atoms[0]), attempt))
    wished = flow(region, max(wish.tolerance * (1 - SURE * (1 + attempt / 2)), 0.0))
    aim = Aim(
        target=np.full(count, region.load / count), slack=wish.tolerance * (1 - ROUNDING),
        even=0.0, bend=wish.bend / max(scale, 1e-9), stay=wish.stay * FREER ** (attempt // 2),
        flow=wished - wished.T, steer=LED,
    )  # fmt: skip
    part = region.part.copy()
    anneal(graph, part, region.part, aim, wish.sweeps, *LEADING, chance)
    aim = aim._replace(even=1.0, steer=LED_LATER)
    anneal(graph, part, region.part, aim, 2 * wish.sweeps, *EVENING, chance)
    if deviation(region, part) <= wish.tolerance + ROUNDING:
        return part
    recut(graph, part, aim, wish.trees, RECUTS * count, chance)  # only where it is still uneven
    return matched(region, part)
