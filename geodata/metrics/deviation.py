"""What is out of the ordinary on a screen: facts for its sentences, without any text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.metrics.classes import LEAST_CASES
from geodata.metrics.registry import METRICS, sample, value

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from geodata.engine.numbers import Numbers

    Floats = npt.NDArray[np.float64]

CLEAR_AMONG_MANY: Final = 3.0  # standard deviations: of many rows some are high by chance
ROWS_TO_MEASURE: Final = 20  # fewer rows say nothing about how widely counts scatter
AS_USUAL: Final = 0.03  # a change up to this share of the norm is none
BAND_DEVIATIONS: Final = 2.563  # standard deviations between the 10th and 90th percentile
MEDIAN_CHI2: Final = 0.4549  # of one degree of freedom


@dataclass(frozen=True)
class Change:
    """Cases of one row against its norm (NaN = none is known); row −1 = the place as a whole."""

    row: int
    reported: int
    norm: float
    z: float = math.nan

    @property
    def share(self) -> float:
        """Change in shares of the norm; NaN without one."""
        return self.reported / self.norm - 1 if self.norm > 0 else math.nan

    @property
    def extra(self) -> float:
        """How many cases more (or fewer) than the norm; NaN without one."""
        return self.reported - self.norm


def total(numbers: Numbers) -> Change:
    """The place as a whole; how far its weeks usually scatter is known from the weeks."""
    reported = int(numbers.total["reported"])
    if not numbers.norm > 0:
        return Change(-1, reported, math.nan)
    deviation = (numbers.norm_high - numbers.norm_low) / BAND_DEVIATIONS
    spread = max(1.0, deviation**2 / numbers.norm)
    z = _z(np.array([float(reported)]), np.array([numbers.norm]), numbers.norm_weeks, spread)
    return Change(-1, reported, numbers.norm, float(z[0]))


def is_usual(numbers: Numbers) -> bool:
    """Whether the place is about at its norm: hardly off it, or where its weeks usually lie."""
    found = total(numbers)
    inside = numbers.norm_low <= found.reported <= numbers.norm_high
    return found.norm > 0 and (abs(found.share) <= AS_USUAL or inside)


def changes(table: pd.DataFrame, weeks: int) -> tuple[Change, ...]:
    """Every known row; how far counts scatter is measured from the rows themselves."""
    rows = table[table.index >= 0]
    reported = rows["reported"].to_numpy(dtype=np.float64)
    norm = rows["norm"].to_numpy(dtype=np.float64)
    norm = np.where(norm > 0, norm, np.nan)
    known = np.isfinite(norm)
    z = _z(reported, norm, weeks, overdispersion(reported[known], norm[known]))
    return tuple(
        Change(int(row), int(count), float(usual), float(far))
        for row, count, usual, far in zip(rows.index, reported, norm, z, strict=True)
    )


def overdispersion(reported: Floats, norm: Floats) -> float:
    """How much wider counts scatter than by pure chance, at least 1; few outliers do not matter."""
    if len(norm) < ROWS_TO_MEASURE:
        return 1.0
    return max(1.0, float(np.median((reported - norm) ** 2 / norm)) / MEDIAN_CHI2)


def driver(numbers: Numbers) -> Change | None:
    """The category that grows fastest: by share of a norm large enough, and hardly by chance.

    None where none stands out, or where one was asked for alone.
    """
    return max(_grown(numbers), key=lambda change: (change.share, -change.row), default=None)


def contributor(numbers: Numbers) -> Change | None:
    """The category that brings most additional cases, of those that grow hardly by chance."""
    return max(_grown(numbers), key=lambda change: (change.extra, -change.row), default=None)


def _grown(numbers: Numbers) -> list[Change]:
    """Categories clearly above a norm large enough; none where one was asked for alone."""
    if not numbers.norm > 0 or len(numbers.request.categories) == 1:
        return []
    return [
        change
        for change in changes(numbers.categories, numbers.norm_weeks)
        if change.norm >= LEAST_CASES and change.z >= CLEAR_AMONG_MANY
    ]


def slowest(departments: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Departments with enough cases to be compared, the slowest by a metric in minutes first."""
    enough = (departments.index >= 0) & (sample(metric, departments) >= METRICS[metric].minimum)
    rows = departments[enough]
    order = value(metric, rows).sort_values(ascending=False, kind="stable").index
    return rows.loc[order]


def over_target(departments: pd.DataFrame, metric: str, target: float | None) -> tuple[int, ...]:
    """Departments over their target as it is shown, in whole minutes, the slowest first."""
    if target is None:
        return ()
    rows = slowest(departments, metric)
    return tuple(int(row) for row in rows.index[value(metric, rows).round() > target])


def _z(reported: Floats, norm: Floats, weeks: int, spread: float) -> Floats:
    """Distance in standard deviations; the norm itself is a mean of few windows and uncertain."""
    return (reported - norm) / np.sqrt(spread * norm * (1 + 1 / max(weeks, 1)))
