"""Two plans that grew out of one: what each changed, put together, or where they disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geodata.planner.operations import free_code
from geodata.planner.pieces import broken
from geodata.planner.plan import Plan

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.ground import Ground

    Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Merged:
    """plan: with what both changed, None where they disagree; conflicts: codes of those grids.

    recoded: codes of theirs that were taken in ours → those they have now.
    """

    plan: Plan | None
    conflicts: tuple[str, ...]
    recoded: dict[str, str]


def merge_plans(ground: Ground, base: Plan, ours: Plan, theirs: Plan) -> Merged:
    """Put together two plans that began as `base`.

    A grid that both changed is a conflict, and one that theirs changed while it is locked in ours.
    """
    theirs, recoded = _beside(ground, base, ours, theirs)
    unlike = ours.locked ^ theirs.locked  # both may do the same; to disagree they must differ
    mine, yours = (
        _numbers(base.grid, each.grid) | (base.locked ^ each.locked) & unlike
        for each in (ours, theirs)
    )
    clash = mine & yours & _numbers(ours.grid, theirs.grid)
    grid = np.where(theirs.grid != base.grid, theirs.grid, ours.grid).astype(np.int32)
    clash |= ours.locked & _numbers(ours.grid, grid)
    clash |= set(broken(ground, grid).tolist())
    locked = (ours.locked & theirs.locked) | (ours.locked ^ base.locked) & ours.locked
    locked |= theirs.locked - base.locked
    if clash:
        codes = tuple(sorted(theirs.codes[number] for number in clash))
        return Merged(None, codes, recoded)
    plan = Plan(ground.key, grid, theirs.codes, theirs.community, frozenset(locked))
    return Merged(plan, (), recoded)


def _numbers(one: Ints, two: Ints) -> set[int]:
    """Grids that land goes from or to between two assignments."""
    where = one != two
    return set(np.union1d(one[where], two[where]).tolist())


def _beside(ground: Ground, base: Plan, ours: Plan, theirs: Plan) -> tuple[Plan, dict[str, str]]:
    """Their plan with the numbers and codes of its new grids after ours."""
    shared, shift = len(base.codes), len(ours.codes) - len(base.codes)
    if not shift:
        return theirs, {}
    grid = np.where(theirs.grid >= shared, theirs.grid + shift, theirs.grid).astype(np.int32)
    plan = Plan(ground.key, grid, ours.codes, ours.community, frozenset(
        number + shift * (number >= shared) for number in theirs.locked
    ))  # fmt: skip
    recoded = {}
    for number in range(shared, len(theirs.codes)):
        code, community = theirs.codes[number], int(theirs.community[number])
        own = free_code(ground, plan, community) if code in plan.codes else code
        if own != code:
            recoded[code] = own
        plan = plan.with_grid(
            plan.grid.copy(),
            codes=(*plan.codes, own),
            community=np.append(plan.community, np.int32(community)),
        )
    return plan, recoded
