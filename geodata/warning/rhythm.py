"""How cases spread over the hours of a week, so that a night is compared with nights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.model.periods import HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

SATURDAY: Final = 5
HOURS: Final = 24
BORROWED: Final = 300.0  # cases' worth of the common curve that a group's own is mixed with


@dataclass(frozen=True, eq=False)
class Rhythm:
    """The hours from `start` on, and of which kind (hour of day, weekend) each is.

    common: how many cases an hour of each kind has, of all groups together, 1 on average.
    """

    start: int
    kind: Ints
    common: Floats

    @classmethod
    def of(cls, reported: Ints, end: int, time_zone: str) -> Rhythm:
        """The hours from the first case to a moment; cases in order."""
        start = (int(reported[0]) if len(reported) else end) // HOUR * HOUR
        hours = np.arange(start, end + HOUR, HOUR)
        local = pd.DatetimeIndex(hours.astype("datetime64[s]"), tz="UTC").tz_convert(time_zone)
        kind = np.asarray(local.hour + HOURS * (local.day_of_week >= SATURDAY), dtype=np.int64)
        return cls(start, kind, _curve(reported, start, kind, np.ones(2 * HOURS)))

    def elapsed(self, reported: Ints) -> Floats:
        """What of a group's week has gone by at the beginning of each hour, as hours of its own."""
        curve = _curve(reported, self.start, self.kind, self.common)
        return np.concatenate([[0.0], np.cumsum(curve[self.kind])])

    def at(self, elapsed: Floats, moments: Ints) -> Floats:
        """The same at any moments; before the first hour nothing has gone by."""
        where = (moments - self.start) / HOUR
        return np.interp(where, np.arange(len(elapsed)), elapsed)


def _curve(reported: Ints, start: int, kind: Ints, common: Floats) -> Floats:
    """Cases an hour by kind, mixed with the common curve, 1 on average."""
    rows = np.clip((reported - start) // HOUR, 0, len(kind) - 1)
    hourly = np.bincount(rows, minlength=len(kind))
    own = np.bincount(kind, weights=hourly, minlength=2 * HOURS)
    hours = np.maximum(np.bincount(kind, minlength=2 * HOURS), 1)
    lent = common * hours
    curve = (own + BORROWED * lent / lent.sum()) / hours
    return np.asarray(curve * hours.sum() / (curve * hours).sum())
