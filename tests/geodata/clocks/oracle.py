"""Deadlines reckoned by looking at every minute of some weeks, in plain loops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from geodata.clocks import calendar_of
from geodata.model.calendar import WEEKDAYS, Calendar, Clock

MINUTE = 60
# Work at night, through the hours that a change of clocks skips or repeats, on every day.
NIGHTS = Calendar(
    name_zh="夜班",
    name_en="Nights",
    day_hours=6,
    weekly=dict.fromkeys(WEEKDAYS, ("00:00-01:30", "01:45-02:00", "02:15-02:45", "22:00-24:00")),
)
CALENDARS = {
    "china": calendar_of(Clock(calendar="china")),
    "weekdays": calendar_of(Clock()),
    "nights": NIGHTS,
}


@dataclass(frozen=True)
class Weeks:
    """Whether somebody works, minute by minute, and what the clock on the wall shows."""

    first: int
    open: list[bool]
    wall: list[datetime]

    def deadline(self, start: int, kind: str, amount: float, day_hours: float) -> int:
        if kind == "urgent_hours":
            return start + round(amount * 3600)
        minutes = round(amount * 60 * (day_hours if kind == "working_days" else 1))
        at = (start - self.first) // MINUTE
        if kind == "calendar_days":
            return self._days_later(at, int(amount))
        while minutes:
            minutes -= self.open[at]
            at += 1
        return self.first + at * MINUTE

    def _days_later(self, at: int, days: int) -> int:
        wanted = self.wall[at] + timedelta(days=days)
        while days and self.wall[at] < wanted:
            at += 1
        return self.first + at * MINUTE


def spells_of(calendar: Calendar, day: date) -> tuple[str, ...]:
    for holiday in calendar.holidays:
        if day in holiday.worked:
            return calendar.weekly[calendar.worked_like]
    if any(holiday.first <= day <= holiday.last for holiday in calendar.holidays):
        return ()
    return calendar.weekly.get(WEEKDAYS[day.weekday()], ())


def works(calendar: Calendar, shown: datetime) -> bool:
    written = shown.strftime("%H:%M")
    spells = (spell.split("-") for spell in spells_of(calendar, shown.date()))
    return any(begin <= written < end for begin, end in spells)


@cache
def weeks(name: str, zone: str, first: str, days: int) -> Weeks:
    begin = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(zone))
    start = int(begin.timestamp())
    flags, walls, furthest = [], [], begin.replace(tzinfo=None)
    for minute in range(days * 24 * 60):
        moment = datetime.fromtimestamp(start + minute * MINUTE, UTC)
        wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        # An hour that is shown twice ends its spells when it is shown first.
        furthest = max(furthest, wall)
        flags.append(works(CALENDARS[name], furthest))
        walls.append(wall)
    return Weeks(start, flags, walls)
