"""Past incidents under today's grids and under a draft's: who would have had what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geodata.planner.compared import gini

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from geodata.planner.plan import Plan

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Load:
    """Incidents of one grid; before, after: None of a grid that there is not then.

    minutes: by step the median under today's grids and under the draft's, None without any.
    """

    code: str
    before: int | None
    after: int | None
    minutes: Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Impact:
    """All incidents, once by each division.

    grids: the most changed first; unknown: incidents without a place, which no division counts to
    a grid; total: of all, unknown ones included, so that it is the sum of either column and them.
    most, gini: of the fullest grid and how uneven, before and after.
    """

    grids: tuple[Load, ...]
    unknown: int
    total: int
    most: tuple[int, int]
    gini: tuple[float | None, float | None]


def replayed(
    today: Plan,
    plan: Plan,
    communities: Ints,
    atom: Ints,
    minutes: Mapping[str, Floats] | None = None,
) -> Impact:
    """Count past incidents by today's grids and by the draft's.

    Args:
        today: the plan as it stands.
        plan: the draft, on the same ground.
        communities: rows of those that are asked for; incidents elsewhere do not count.
        atom: of each incident, -1 where its place is not known.
        minutes: by step what each incident took, NaN where that is not known.
    """
    known = atom >= 0
    inside = known & np.isin(today.community[today.grid[atom]], communities)
    sides = [_Side(each, communities, atom[inside]) for each in (today, plan)]
    steps = {name: taken[inside] for name, taken in (minutes or {}).items()}
    codes = sorted(sides[0].counts.keys() | sides[1].counts.keys())
    medians = {name: [side.medians(taken) for side in sides] for name, taken in steps.items()}
    old, new = (side.counts for side in sides)
    grids = [
        Load(code, old.get(code), new.get(code),
             {name: (a.get(code), b.get(code)) for name, (a, b) in medians.items()})
        for code in codes
    ]  # fmt: skip
    grids.sort(key=lambda each: (-abs((each.after or 0) - (each.before or 0)), each.code))
    unknown = int((~known).sum())
    most = tuple(max(side.counts.values(), default=0) for side in sides)
    uneven = tuple(gini(np.array(list(side.counts.values()), dtype=float)) for side in sides)
    total = unknown + int(inside.sum())
    return Impact(tuple(grids), unknown, total, (most[0], most[1]), (uneven[0], uneven[1]))


class _Side:
    """The incidents of one division."""

    def __init__(self, plan: Plan, communities: Ints, atom: Ints) -> None:
        self._grid, self._codes = plan.grid[atom], plan.codes
        living = plan.living[np.isin(plan.community[plan.living], communities)]
        held = np.bincount(self._grid, minlength=len(plan.codes))
        self.counts = {plan.codes[number]: int(held[number]) for number in living.tolist()}

    def medians(self, taken: Floats) -> dict[str, float]:
        """The median of what incidents took, by code of their grid."""
        rows = np.flatnonzero(np.isfinite(taken))
        rows = rows[np.argsort(self._grid[rows], kind="stable")]
        numbers, starts = np.unique(self._grid[rows], return_index=True)
        return {
            self._codes[number]: float(np.median(part))
            for number, part in zip(
                numbers.tolist(), np.split(taken[rows], starts[1:]), strict=False
            )
        }
