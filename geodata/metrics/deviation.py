"""What is out of the ordinary on a screen: facts for its headline, without any text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.metrics.registry import METRICS, sample, value

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    from geodata.engine.numbers import Numbers

    Floats = npt.NDArray[np.float64]

CLEAR: Final = 2.0  # standard deviations at which the whole is called out of the ordinary
CLEAR_AMONG_MANY: Final = 3.0  # … and one row out of many, of which some are high by chance
TOP_PLACES: Final = 2
BAND_DEVIATIONS: Final = 2.563  # standard deviations between the 10th and 90th percentile
MEDIAN_CHI2: Final = 0.4549  # of one degree of freedom
SPEED: Final = "arrival_median_min"


@dataclass(frozen=True)
class Change:
    """Cases of one row against its norm; row −1 = the place as a whole."""

    row: int
    reported: int
    norm: float
    z: float

    @property
    def share(self) -> float:
        """Change in shares of the norm."""
        return self.reported / self.norm - 1 if self.norm > 0 else np.inf

    @property
    def extra(self) -> float:
        """How many cases more (or fewer) than the norm."""
        return self.reported - self.norm


@dataclass(frozen=True)
class Slow:
    """A department that misses a target."""

    row: int
    minutes: float
    target: float
    n: int


@dataclass(frozen=True)
class Facts:
    """What can be said of a screen.

    total: the place against its norm; None where there is none. clear: whether that is out of the
    ordinary. driver: the category that adds most to the change, with `driver_share` of all its
    extra (or missing) cases. places: up to two cells furthest out in the same direction. slow:
    departments over their target, the furthest first.
    """

    total: Change | None
    clear: bool
    driver: Change | None
    driver_share: float
    places: tuple[Change, ...]
    slow: tuple[Slow, ...]


def facts(numbers: Numbers, targets: Mapping[str, float]) -> Facts:
    """Find what is out of the ordinary; the same numbers always give the same facts."""
    slow = over_target(numbers.departments, targets.get(SPEED))
    total = _total(numbers)
    if total is None:
        return Facts(None, clear=False, driver=None, driver_share=np.nan, places=(), slow=slow)
    sign = 1.0 if total.extra >= 0 else -1.0
    driver = _driver(changes(numbers.categories, numbers.norm_weeks), sign)
    return Facts(
        total=total,
        clear=abs(total.z) >= CLEAR,
        driver=driver,
        driver_share=driver.extra / total.extra if driver and total.extra else np.nan,
        places=_furthest(changes(numbers.cells, numbers.norm_weeks), sign),
        slow=slow,
    )


def changes(table: pd.DataFrame, weeks: int) -> tuple[Change, ...]:
    """Every known row with a norm; the spread is measured from the rows themselves."""
    rows = table[(table.index >= 0) & (table["norm"] > 0)]
    reported, norm = rows["reported"].to_numpy(dtype=np.float64), rows["norm"].to_numpy()
    z = _z(reported, norm, weeks, overdispersion(reported, norm))
    return tuple(
        Change(int(row), int(count), float(usual), float(far))
        for row, count, usual, far in zip(rows.index, reported, norm, z, strict=True)
    )


def overdispersion(reported: Floats, norm: Floats) -> float:
    """How much wider counts scatter than by pure chance, at least 1; few outliers do not matter."""
    if not len(norm):
        return 1.0
    return max(1.0, float(np.median((reported - norm) ** 2 / norm)) / MEDIAN_CHI2)


def over_target(departments: pd.DataFrame, target: float | None) -> tuple[Slow, ...]:
    """Departments whose median arrival is over the target and rests on enough cases."""
    if target is None:
        return ()
    minutes = np.asarray(value(SPEED, departments))
    n = np.asarray(sample(SPEED, departments))
    late = (minutes > target) & (n >= METRICS[SPEED].minimum)
    found = [
        Slow(int(row), float(median), target, int(count))
        for row, median, count in zip(departments.index[late], minutes[late], n[late], strict=True)
        if row >= 0
    ]
    return tuple(sorted(found, key=lambda slow: (-slow.minutes, slow.row)))


def _z(reported: Floats, norm: Floats, weeks: int, spread: float) -> Floats:
    """Distance in standard deviations; the norm itself is a mean of few windows and uncertain."""
    return (reported - norm) / np.sqrt(spread * norm * (1 + 1 / max(weeks, 1)))


def _total(numbers: Numbers) -> Change | None:
    if not numbers.norm > 0:
        return None
    reported, norm = np.array([numbers.total["reported"]]), np.array([numbers.norm])
    deviation = (numbers.norm_high - numbers.norm_low) / BAND_DEVIATIONS
    spread = max(1.0, deviation**2 / numbers.norm)
    z = _z(reported, norm, numbers.norm_weeks, spread)
    return Change(-1, int(reported[0]), numbers.norm, float(z[0]))


def _driver(found: tuple[Change, ...], sign: float) -> Change | None:
    towards = [change for change in found if change.extra * sign > 0]
    return max(towards, key=lambda change: (change.extra * sign, -change.row), default=None)


def _furthest(found: tuple[Change, ...], sign: float) -> tuple[Change, ...]:
    towards = [change for change in found if change.z * sign >= CLEAR_AMONG_MANY]
    return tuple(sorted(towards, key=lambda change: (-change.z * sign, change.row))[:TOP_PLACES])
