"""What holds of every plan after every operation, checked as a whole and from nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geodata.planner.pieces import broken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan


@dataclass(frozen=True)
class Fault:
    """A rule that does not hold, and of which grid; "" = of the plan as a whole."""

    rule: str
    grid: str
    said: str


def faults(ground: Ground, plan: Plan, before: Plan | None = None) -> list[Fault]:
    """Every breach of I1 to I7; `before`: the plan that an operation began with.

    I1 each atom in exactly one grid · I2 a grid lies in one community · I3 each grid connected ·
    I4 no living grid without atoms · I5 what communities hold stays · I6 locked grids unchanged ·
    I7 codes unique and never given again.
    """
    found = list(_alone(ground, plan))
    return found if before is None else [*found, *_against(ground, plan, before)]


def _alone(ground: Ground, plan: Plan) -> Iterator[Fault]:
    if plan.ground != ground.key or len(plan.grid) != len(ground):
        yield Fault("I1", "", "the plan stands on another division into atoms")
        return
    if len(plan.grid) and not 0 <= int(plan.grid.min()) <= int(plan.grid.max()) < len(plan.codes):
        yield Fault("I1", "", "an atom belongs to a grid that there is not")
        return
    astray = plan.grid[plan.community[plan.grid] != ground.community]
    for number in np.unique(astray):
        yield Fault("I2", plan.codes[number], "lies in more than one community")
    for number in broken(ground, plan.grid):
        yield Fault("I3", plan.codes[number], "is in more than one piece")
    for number in sorted(plan.locked):
        if not plan.sizes[number]:
            yield Fault("I4", plan.codes[number], "is locked and has no atoms")
    if len(set(plan.codes)) != len(plan.codes):
        yield Fault("I7", "", "a code stands for two grids")


def _against(ground: Ground, plan: Plan, before: Plan) -> Iterator[Fault]:
    if plan.codes[: len(before.codes)] != before.codes:
        yield Fault("I7", "", "codes of the plan before were changed or dropped")
        return
    for name in ("households", "people", "cases"):
        held = getattr(ground, name)
        sums = [
            np.bincount(each.community[each.grid], held, len(ground.communities))
            for each in (before, plan)
        ]
        for row in np.flatnonzero(sums[0] != sums[1]):
            yield Fault("I5", "", f"{ground.communities[row]}: {name} gained or lost")
    kept = before.locked & plan.locked
    for number in sorted(kept):
        if ((before.grid == number) != (plan.grid == number)).any():
            yield Fault("I6", plan.codes[number], "is locked and was changed")
