"""Wall time of a zone and moments, for many at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

DAY_S: Final = 86_400
HORIZON_DAYS: Final = 49_710  # of 32 bits of seconds: until 2106
NEVER_BEFORE: Final = -(2**62)


@dataclass(frozen=True, eq=False)
class Zone:
    """Stretches of one offset: `since` when each holds, and the wall time at which it ends."""

    since: Ints
    offset: Ints
    ends: Ints  # one less than there are stretches

    def wall(self, moments: Ints) -> Ints:
        """Seconds that a clock on the wall shows, counted as if it were in UTC."""
        stretch = np.searchsorted(self.since, moments, "right") - 1
        shown: Ints = moments + self.offset[stretch]
        return shown

    def moments(self, wall: Ints) -> Ints:
        """The first moment at which the clock shows this time or a later one.

        A time that is skipped is thus that of the change, one shown twice the first of both.
        """
        stretch = np.searchsorted(self.ends, wall, "right")
        first: Ints = np.maximum(self.since[stretch], wall - self.offset[stretch])
        return first


@lru_cache(maxsize=16)
def zone_of(name: str) -> Zone:
    """The stretches of a zone, from 1970 until 2106."""
    zone = ZoneInfo(name)

    def offset(moment: int) -> int:
        shift = datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()
        return 0 if shift is None else int(shift.total_seconds())

    since, offsets = [NEVER_BEFORE], [offset(0)]
    for day in range(HORIZON_DAYS):
        low, high = day * DAY_S, (day + 1) * DAY_S
        if (later := offset(high)) == offsets[-1]:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == offsets[-1] else (low, middle)
        since.append(high)
        offsets.append(later)
    begin, shifts = np.array(since, np.int64), np.array(offsets, np.int64)
    return Zone(begin, shifts, begin[1:] + shifts[:-1])
