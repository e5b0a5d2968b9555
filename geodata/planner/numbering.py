"""One grid more or one fewer in a region, with as little change as that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.planner.operations import merge
from geodata.planner.refusals import PlanRefusedError
from geodata.planner.splitting import split_into

if TYPE_CHECKING:
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.planner.regions import Region


def with_count(ground: Ground, plan: Plan, region: Region, count: int, seed: int) -> Plan:
    """A region's grids brought to a number: the heaviest are parted, the lightest put together."""
    now = len(region.grids)
    for _ in range(count - now):
        plan = _with_one_more(ground, plan, region, seed)
    for _ in range(now - count):
        plan = _with_one_fewer(ground, plan, region)
    return plan


def _with_one_more(ground: Ground, plan: Plan, region: Region, seed: int) -> Plan:
    """The heaviest grid of a region that can be parted in two."""
    held = np.bincount(plan.grid[region.atoms], ground.households[region.atoms], len(plan.codes))
    for number in np.argsort(-held, kind="stable")[: np.count_nonzero(held)].tolist():
        if plan.sizes[number] > 1:
            try:
                return split_into(ground, plan, plan.codes[number], 2, seed)
            except PlanRefusedError:
                continue  # it has nothing to be cut between
    return plan


def _with_one_fewer(ground: Ground, plan: Plan, region: Region) -> Plan:
    """The two neighbours that have least households together as one; the larger keeps its code."""
    own, graph = plan.grid[region.atoms], region.graph
    one = np.repeat(own, np.diff(graph.start))
    two = own[graph.other]
    pairs = np.unique(np.stack((one, two), axis=1)[one < two], axis=0)
    if not len(pairs):
        return plan
    held = np.bincount(own, ground.households[region.atoms], len(plan.codes))
    small, large = sorted(pairs[np.argmin(held[pairs].sum(axis=1))].tolist(), key=held.__getitem__)
    return merge(ground, plan, plan.codes[large], plan.codes[small])
