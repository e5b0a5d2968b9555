"""What a leader would say first: deviations large enough to be said at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dashboard.screens.overview import measures

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.screens.overview.measures import Measure
    from dashboard.screens.overview.scene import Scene

NORM_WEEKS_LEAST: Final = 2
CLEAR: Final = 2.0  # standard deviations of a Poisson count
STRONG: Final = 3.0


@dataclass(frozen=True)
class Excess:
    """A row that is above (or below) its norm: how much, in shares of it and in deviations."""

    row: int
    reported: float
    norm: float

    @property
    def share(self) -> float:
        """Relative change against the norm; NaN without one."""
        return self.reported / self.norm - 1 if self.norm > 0 else math.nan

    @property
    def deviations(self) -> float:
        """How many standard deviations of a Poisson count lie between."""
        return (self.reported - self.norm) / math.sqrt(self.norm) if self.norm > 0 else math.nan


def has_norm(scene: Scene) -> bool:
    """Whether there are enough earlier windows to speak of a norm."""
    numbers = scene.numbers
    return math.isfinite(numbers.norm) and numbers.norm_weeks >= NORM_WEEKS_LEAST


def total(scene: Scene) -> Excess:
    """The place as a whole against its norm."""
    norm = scene.numbers.norm if has_norm(scene) else math.nan
    return Excess(scene.unit, float(scene.numbers.total["reported"]), norm)


def excesses(tally: pd.DataFrame) -> list[Excess]:
    """Every known row against its norm, the largest surplus of cases first."""
    found = [
        Excess(int(row), float(reported), float(norm))
        for row, reported, norm in zip(tally.index, tally["reported"], tally["norm"], strict=True)
        if row >= 0
    ]
    return sorted(found, key=lambda x: -(x.reported - x.norm if x.norm >= 0 else -math.inf))


def driver(scene: Scene) -> Excess | None:
    """The category behind most of a rise, if it stands out clearly."""
    if not has_norm(scene) or len(scene.numbers.request.categories) == 1:
        return None
    first = next(iter(excesses(scene.numbers.categories)), None)
    return first if first and first.deviations >= CLEAR else None


def peaks(scene: Scene, measure: Measure | None = None, most: int = 2) -> list[int]:
    """The direct children that stand out by a measure (the map's by default), worst first."""
    measure = measure or measures.usable(scene)
    tally = scene.children.cells
    tally = tally[(tally.index >= 0) & (tally[measure.sample] >= measures.FEW)]
    if len(tally) < most + 1:
        return []
    found = measures.values(measure, tally, scene).dropna()
    found = found.sort_values(ascending=measure.kind == "share")
    if len(found) < most + 1 or not np.isfinite(found.iloc[0]):
        return []
    return [int(unit) for unit in found.index[:most]]


def late_departments(scene: Scene) -> list[int]:
    """Departments whose median arrival is over its target, slowest first."""
    target = scene.city.profile.targets.get("arrival_median_min")
    tally = ranked_departments(scene)
    if target is None:
        return []
    return [int(row) for row in tally.index[tally["arrival_median_min"].round() > target]]


def ranked_departments(scene: Scene) -> pd.DataFrame:
    """Departments with enough arrivals to be compared, slowest median first."""
    tally = scene.numbers.departments
    tally = tally[(tally.index >= 0) & (tally["arrival_n"] >= measures.FEW)]
    return tally.sort_values("arrival_median_min", ascending=False)


@dataclass(frozen=True)
class Step:
    """One step of the ladder in minutes; target: what is allowed for it, or None."""

    first: str
    last: str
    cases: int
    median_min: float
    p90_min: float
    target: float | None

    @property
    def over(self) -> bool:
        """Whether the median is past the target."""
        return self.target is not None and self.median_min > self.target


def steps(scene: Scene) -> list[Step]:
    """The steps that any case has taken, in order."""
    table, targets = scene.numbers.steps, scene.city.profile.targets
    columns = (table[name] for name in ("from_stage", "to_stage", "n", "median_min", "p90_min"))
    return [
        Step(
            str(first),
            str(last),
            int(n),
            float(median),
            float(p90),
            targets.get(f"step_{last}_min"),
        )
        for first, last, n, median, p90 in zip(*columns, strict=True)
        if n > 0
    ]


def slow_step(scene: Scene) -> Step | None:
    """The step that loses most against its target."""
    late = [step for step in steps(scene) if step.over]
    return max(late, key=lambda step: step.median_min / (step.target or 1), default=None)
