"""Today's grids evened out with least change, of a street and of a city, against the bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.bench.figures import timed
from geodata.bench.lots import Lots, city, made_up, street
from geodata.bench.redraw import FAR, ROUNDING, deviations
from geodata.planner.flows import flow
from geodata.planner.invariants import faults
from geodata.planner.rebalance import rebalance
from geodata.planner.redraw import Wish
from geodata.planner.regions import regions

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.bench.figures import Figures, Limits
    from geodata.planner.plan import Plan
    from geodata.planner.regions import Region

WISH: Final = Wish(tolerance=FAR, stay=1.0, bend=0.3, sweeps=100)


def run(_city: object, limits: Limits) -> Figures:
    """Seconds, what moved, what had to at least; no city is needed."""
    return _figures(street(limits.atoms), "rebalance_street") | _figures(
        city(limits.atoms), "rebalance"
    )


def _figures(lots: Lots, name: str) -> Figures:
    ground, today = made_up(lots)
    load = ground.load()
    todo = regions(ground, today, load)
    before = _off(today, todo)
    took, (plan, changes) = timed(lambda: rebalance(today, todo, WISH))
    after = _off(plan, todo)
    moved = sum(change.moved for change in changes)
    bound = sum(change.bound for change in changes)
    beside = sum(float(flow(region, FAR).sum()) for region in todo)
    return {
        "grids" if name == "rebalance" else f"{name}_grids": float(len(today.living)),
        f"{name}_s": took / 1e3,
        f"{name}_over_10_before": float((before > FAR + ROUNDING).sum()),
        f"{name}_max_deviation": float(after.max()),
        f"{name}_over_10": float((after > FAR + ROUNDING).sum()),
        f"{name}_moved": moved / float(load.sum()),
        f"{name}_bound": bound / float(load.sum()),
        f"{name}_ratio": moved / bound,
        # Valid only while atoms go to grids that touch theirs today.
        f"{name}_conditional_bound": beside / float(load.sum()),
        f"{name}_conditional_ratio": moved / beside,
        f"{name}_broken": float(len(faults(ground, plan, today))),
    }


def _off(plan: Plan, todo: list[Region]) -> npt.NDArray[np.float64]:
    """How far each grid of a plan is from the mean of its region."""
    return np.concatenate([deviations(region, plan.grid[region.atoms]) for region in todo])
