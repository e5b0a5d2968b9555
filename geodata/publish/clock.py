"""Where the clock stands in a city that is looked at as its files left it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geodata.model.periods import HOUR, day_start
from geodata.model.schemas import DAY_BITS

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Clock:
    """Finds where the reports end, as they pass by on their way into the months.

    An export goes on noting closings long after its last report, and hours or a week before the
    last of those would be empty of reports. So the clock stands at the newest record if a report
    came within the hour before it, else at the newest report, and at the end of its day where only
    the day is known.
    """

    time_zone: str
    newest: int = 0  # report
    dated: bool = False  # it is known by its day only

    def see(self, frame: pd.DataFrame) -> None:
        """Take note of the reports of a frame of INCIDENTS."""
        if len(frame):
            newest = int(frame["reported"].max())
            if newest >= self.newest:
                last = frame[frame["reported"] == newest]
                self.dated = bool((last["by_day"] & DAY_BITS["reported"]).any())
                self.newest = newest

    def at(self, last: int) -> int:
        """Epoch seconds at which the clock stands, of a city whose newest moment is `last`."""
        if not self.newest:
            return last
        if self.dated:
            return day_start(self.newest, ZoneInfo(self.time_zone), days=1) - 1
        return last if last - self.newest <= HOUR else self.newest
