"""What an operation would do, told before anybody does it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geodata.planner.refusals import PlanRefusedError

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.scenarios.operations import Done
    from geodata.scenarios.state import Scenario


@dataclass(frozen=True)
class Held:
    """What a grid holds; buildings are counted by whoever asks for them."""

    households: int
    people: int
    cases: int
    atoms: int


@dataclass(frozen=True)
class Touched:
    """One grid that an operation changes; before, after: None where there is no such grid."""

    code: str
    before: Held | None
    after: Held | None


@dataclass(frozen=True)
class Tried:
    """The grids that would change, buildings that the drawing crosses, or why it is refused."""

    grids: tuple[Touched, ...]
    crosses: int
    refused: PlanRefusedError | None
    took_ms: float
    done: Done | None = None


def tried(scenario: Scenario, made: Done | PlanRefusedError, began: float) -> Tried:
    """Tell of what an operation made; began: of the clock, when it was asked for."""
    if isinstance(made, PlanRefusedError):
        return Tried((), 0, made, _ms(began))
    before, after = scenario.plan, made.plan
    old = before.grid
    if made.cuts:
        for cut in made.cuts:
            old = old[cut.lineage]
    changed = old != after.grid
    numbers = np.union1d(old[changed], after.grid[changed])
    sums = [
        _sums(*each) for each in ((scenario.grounded.ground, before), (made.there.ground, after))
    ]
    grids = tuple(
        Touched(after.codes[number], *(_held(each, number) for each in sums))
        for number in numbers.tolist()
    )
    return Tried(grids, made.crosses, None, _ms(began), made)


def _sums(ground: Ground, plan: Plan) -> npt.NDArray[np.int64]:
    size = len(plan.codes)
    columns = [
        np.bincount(plan.grid, held, size)
        for held in (ground.households, ground.people, ground.cases)
    ]
    return np.stack([*columns, plan.sizes]).astype(np.int64)


def _held(sums: npt.NDArray[np.int64], number: int) -> Held | None:
    if number >= sums.shape[1] or not sums[3, number]:
        return None
    return Held(*map(int, sums[:, number]))


def _ms(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)
