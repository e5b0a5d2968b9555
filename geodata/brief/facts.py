"""What a brief is made of: the numbers, and what stands out in them; no text yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.brief.asked import map_level
from geodata.engine.request import Request
from geodata.metrics import deviation
from geodata.metrics.classes import LEAST_CASES
from geodata.metrics.registry import METRICS, sample, value

if TYPE_CHECKING:
    import pandas as pd

    from geodata.brief.asked import Asked
    from geodata.engine.numbers import Numbers
    from geodata.metrics.deviation import Change

ARRIVAL: Final = "arrival"
RESOLUTION: Final = "resolution"
MOST_NAMED: Final = 2


@dataclass(frozen=True)
class Alert:
    """One open alert: row of the city's table, unit and level (1 is the worst)."""

    row: int
    unit: int
    level: int


@dataclass(frozen=True)
class Facts:
    """The answer to a brief; asked: with its moment as the engine took it."""

    asked: Asked
    level: str
    numbers: Numbers

    @cached_property
    def has_cases(self) -> bool:
        """Whether the city keeps cases at all; without them nothing may read as zero."""
        return bool(self.asked.city.meta.get("months")) or bool(self.numbers.total["reported"])

    @property
    def are_several(self) -> bool:
        """Whether the map has more cells than the place itself."""
        return int((self.numbers.cells.index >= 0).sum()) > 1

    @cached_property
    def measured(self) -> str:
        """What departments are compared by: arrival, or resolution where none arrives."""
        known = self.numbers.total["arrival_n"] > 0
        return ARRIVAL if known else RESOLUTION

    @property
    def target(self) -> float:
        """Minutes allowed for the median of that; NaN where the city has set none."""
        return float(self.asked.city.profile.targets.get(f"{self.measured}_median_min", np.nan))

    @cached_property
    def slowest(self) -> pd.DataFrame:
        """Departments with enough cases, the slowest first."""
        return deviation.slowest(self.numbers.departments, f"{self.measured}_median_min")

    @cached_property
    def late(self) -> tuple[int, ...]:
        """Departments over their target, the slowest first."""
        target = None if np.isnan(self.target) else round(self.target)
        return deviation.over_target(
            self.numbers.departments, f"{self.measured}_median_min", target
        )

    @cached_property
    def outlier(self) -> Change | None:
        """The cell furthest above its norm, if that is hardly chance."""
        if not self.are_several:
            return None
        found = [
            each
            for each in deviation.changes(self.numbers.cells, self.numbers.norm_weeks)
            if each.reported >= LEAST_CASES and each.z >= deviation.CLEAR_AMONG_MANY
        ]
        return max(found, key=lambda each: (each.z, -each.row), default=None)

    @cached_property
    def contributor(self) -> Change | None:
        """The category that brings most additional cases."""
        return deviation.contributor(self.numbers)

    @cached_property
    def overdue(self) -> tuple[int, int] | None:
        """The department with most cases past their limit, and how many."""
        table = self.numbers.departments
        late = table.loc[table.index >= 0, "backlog_overdue"]
        if not len(late) or not late.max() > 0:
            return None
        row = int(late.to_numpy().argmax())
        return int(late.index[row]), int(late.iloc[row])

    @cached_property
    def children(self) -> pd.Series:
        """Cases by unit one step below the place, most first; a part of the map's cells or they."""
        tree, cells = self.asked.city.tree, self.numbers.cells
        known = cells[cells.index >= 0]
        below = tree.children(self.asked.unit)
        if not len(below):
            return known["reported"].iloc[:0]
        above = np.full(len(tree), -1)
        for unit in below:
            above[unit : tree.ends[unit]] = unit
        owner = above[known.index.to_numpy()]
        summed = known["reported"].groupby(owner).sum()
        return summed[summed.index >= 0].sort_values(ascending=False, kind="stable")

    @cached_property
    def alerts(self) -> list[Alert]:
        """Alerts of the place open at the moment, the worst first, then the newest."""
        table, now = self.asked.city.alerts, self.numbers.request.now
        if not len(table):
            return []
        inside = self.asked.city.tree.subtree(self.asked.unit)
        raised, cleared, unit, level = (
            table[name].to_numpy(dtype=np.float64, na_value=np.inf)
            for name in ("raised", "cleared", "unit", "level")
        )
        here = (unit >= inside.start) & (unit < inside.stop)
        rows = np.flatnonzero((raised <= now) & (cleared > now) & here)
        rows = rows[np.lexsort((-raised[rows], level[rows]))]
        return [Alert(int(row), int(unit[row]), int(level[row])) for row in rows]

    def is_small(self, metric: str, tally: pd.Series) -> bool:
        """Whether too few cases stand behind a metric to judge by it."""
        return sample(metric, tally) < METRICS[metric].minimum

    def figure(self, metric: str) -> pd.Series:
        """A metric of every cell of the map by its unit; the unknown place is left out."""
        cells = self.numbers.cells
        known = cells[cells.index >= 0]
        places = self.asked.city.places.iloc[known.index.to_numpy()]
        people, area = (places[name].to_numpy(dtype=np.float64) for name in ("people", "area_km2"))
        return value(metric, known, people=people, area=area)


def read(asked: Asked) -> Facts:
    """Read the numbers of a brief, all at once."""
    level = map_level(asked)
    numbers = asked.engine.screen(
        Request(
            place=asked.unit,
            level=level,
            start=asked.window.start,
            end=asked.window.end,
            now=asked.now,
        )
    )
    return Facts(replace(asked, now=numbers.request.now), level, numbers)
