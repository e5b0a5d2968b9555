"""A working calendar as spells of work between moments, and the time worked up to any of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.clocks.zone import DAY_S, HORIZON_DAYS
from geodata.model.calendar import WEEKDAYS, spell_s

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.clocks.zone import Zone
    from geodata.model.calendar import Calendar

    Ints = npt.NDArray[np.int64]

EPOCH: Final = date(1970, 1, 1).toordinal()
EPOCH_WEEKDAY: Final = 3  # a Thursday
OFF: Final = -1
LATEST: Final = HORIZON_DAYS * DAY_S  # nothing is due later: moments are kept in 32 bits


@dataclass(frozen=True, eq=False)
class Hours:
    """Spells in order; worked: seconds worked before each of them, and after the last."""

    begin: Ints
    end: Ints
    worked: Ints

    def at(self, moments: Ints) -> Ints:
        """Seconds worked up to each moment."""
        spell = np.searchsorted(self.begin, moments, "right") - 1
        found: Ints = self.worked[spell] + np.minimum(moments, self.end[spell]) - self.begin[spell]
        return np.where(spell < 0, 0, found)

    def until(self, worked: Ints) -> Ints:
        """The moments at which so many seconds have been worked; the latest of all where never."""
        spell = np.searchsorted(self.worked, worked, "left") - 1
        there = np.clip(spell, 0, len(self.begin) - 1)
        found: Ints = self.begin[there] + worked - self.worked[there]
        return np.where(spell < len(self.begin), found, LATEST)

    def open(self, moments: Ints) -> Ints:
        """Each moment if somebody works then or has just ended, else when work begins again."""
        spell = np.searchsorted(self.end, moments, "left")
        there = np.minimum(spell, len(self.begin) - 1)
        found: Ints = np.maximum(moments, self.begin[there])
        return np.where(spell < len(self.begin), found, LATEST)

    def one_at(self, moment: int) -> int:
        """As `at`, of one moment."""
        spell = bisect_right(self.begin, moment) - 1
        if spell < 0:
            return 0
        spent = min(moment, int(self.end[spell])) - int(self.begin[spell])
        return int(self.worked[spell]) + spent

    def one_until(self, worked: int) -> int:
        """As `until`, of one amount."""
        spell = max(bisect_left(self.worked, worked) - 1, 0)
        if spell >= len(self.begin):
            return LATEST
        return int(self.begin[spell]) + worked - int(self.worked[spell])

    def one_open(self, moment: int) -> int:
        """As `open`, of one moment."""
        spell = bisect_left(self.end, moment)
        return max(moment, int(self.begin[spell])) if spell < len(self.begin) else LATEST


def hours_of(calendar: Calendar, zone: Zone) -> Hours:
    """Every spell from 1970 until 2106: some tens of thousands of days, made in milliseconds."""
    days = np.arange(HORIZON_DAYS)
    like = (days + EPOCH_WEEKDAY) % len(WEEKDAYS)
    for holiday in calendar.holidays:
        like[holiday.first.toordinal() - EPOCH : holiday.last.toordinal() - EPOCH + 1] = OFF
    worked = [day.toordinal() - EPOCH for holiday in calendar.holidays for day in holiday.worked]
    like[worked] = WEEKDAYS.index(calendar.worked_like)
    walls = [np.empty((0, 2), np.int64)]
    for number, weekday in enumerate(WEEKDAYS):
        midnight = days[like == number] * DAY_S
        walls += [
            midnight[:, None] + np.array(spell_s(spell))
            for spell in calendar.weekly.get(weekday, ())
        ]
    wall = np.concatenate(walls)
    wall = wall[np.argsort(wall[:, 0])]
    begin, end = zone.moments(wall[:, 0]), zone.moments(wall[:, 1])
    some = end > begin  # a change of the clocks may swallow one
    begin, end = begin[some], end[some]
    return Hours(begin, end, np.concatenate([[0], np.cumsum(end - begin)]))
