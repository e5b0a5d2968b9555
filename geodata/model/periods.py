"""Time windows: what a period means in local days, and which earlier windows it is compared with.

Moments are epoch seconds; windows are half-open. Weeks and days are counted on the local clock, so
that a change to summer time does not shift a Monday morning.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.model.errors import RequestError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import numpy.typing as npt

MINUTE: Final = 60
QUARTER: Final = 900  # seconds; every local clock on earth is a whole number of them from UTC
HOUR: Final = 3_600
DAY: Final = 86_400
WEEK: Final = 7 * DAY
ROLLING: Final = {"24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY, "365d": 365 * DAY}
NORM_WEEKS: Final = 8
NORM_WEEKS_LONG: Final = 4  # for windows longer than a week
EARLIEST: Final = date(1971, 1, 1)


@dataclass(frozen=True)
class Window:
    """A half-open stretch of time in epoch seconds."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Seconds from start to end."""
        return self.end - self.start

    @property
    def days(self) -> float:
        """Length in days of 24 hours."""
        return self.length / DAY


def read_period(text: str, now: int, zone: ZoneInfo) -> Window:
    """Turn a period as the URL writes it into a window.

    `text` is 24h, 7d, 30d, 90d, 365d (up to now), today, two local days or two local ISO minutes
    joined by "..", both days included.

    Raises:
        RequestError: the text is no period, or it ends before it begins.
    """
    if text in ROLLING:
        return Window(now - ROLLING[text], now)
    if text == "today":
        return Window(day_start(now, zone), now)
    first, dots, last = text.partition("..")
    if not dots:
        message = f"period {text!r} is not known; use one of {', '.join(ROLLING)} or a..b"
        raise RequestError(message)
    window = Window(_edge(first, zone, 0), _edge(last, zone, 1))
    if window.length <= 0:
        message = f"period {text!r} ends before it begins; swap the two moments"
        raise RequestError(message)
    return window


def _edge(text: str, zone: ZoneInfo, days: int) -> int:
    """Start of a local day, `days` later, or a local moment as it is."""
    try:
        if len(text) == len("2026-11-21"):
            day = date.fromisoformat(text) + timedelta(days=days)
            moment = datetime.combine(day, time(), zone)
        else:
            moment = datetime.fromisoformat(text).replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:
        message = f"{text!r} is no date; write it as 2026-11-21"
        raise RequestError(message) from error
    if moment.date() < EARLIEST:
        message = f"{text!r} is before any record; choose a later day"
        raise RequestError(message)
    return int(moment.timestamp())


def local(moment: int, zone: ZoneInfo) -> datetime:
    """Local date and time of a moment."""
    return datetime.fromtimestamp(moment, zone)


def day_start(moment: int, zone: ZoneInfo, days: int = 0) -> int:
    """Local midnight that begins the day of a moment, or of `days` later."""
    day = local(moment, zone).date() + timedelta(days=days)
    return int(datetime.combine(day, time(), zone).timestamp())


def playable(window: Window, zone: ZoneInfo) -> Window:
    """Give the local day in which a window lies, else the whole quarters of an hour around it."""
    if local(window.start, zone).date() == local(window.end - 1, zone).date():
        return Window(day_start(window.start, zone), day_start(window.start, zone, 1))
    first, last = window.start // QUARTER, -(-window.end // QUARTER)
    return Window(first * QUARTER, last * QUARTER)


def shift_weeks(moment: int, weeks: int, zone: ZoneInfo) -> int:
    """Give the same weekday and local time a number of weeks later (earlier where negative)."""
    return int((local(moment, zone) + timedelta(weeks=weeks)).timestamp())


def wall_seconds(moments: npt.NDArray[np.int64], zone: ZoneInfo) -> npt.NDArray[np.int64]:
    """Seconds shown by the local clock since its own 1970-01-01 00:00, for bucketing."""
    stamps = pd.DatetimeIndex(moments.astype("datetime64[s]"), tz=UTC).tz_convert(zone)
    return np.asarray(stamps.tz_localize(None).astype("datetime64[s]").astype(np.int64))


def from_wall(walls: npt.NDArray[np.int64], zone: ZoneInfo) -> npt.NDArray[np.int64]:
    """Give the moments at which the local clock shows these seconds, the first of two."""
    naive = pd.DatetimeIndex(walls.astype("datetime64[s]"))
    first = np.ones(len(naive), dtype=np.bool_)  # ambiguous hours: still summer time
    stamps = naive.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
    return np.asarray(stamps.tz_convert(UTC).tz_localize(None).astype("datetime64[s]"), "int64")


def wall_later(moment: int, seconds: int, zone: ZoneInfo) -> int:
    """Give the moment at which the local clock shows so many seconds more."""
    return int(from_wall(wall_seconds(np.array([moment]), zone) + seconds, zone)[0])


def norm_shift_weeks(length: int) -> int:
    """How many whole weeks earlier the nearest window to compare with lies."""
    return max(1, ceil(length / WEEK))


def norm_windows(window: Window, first: int, zone: ZoneInfo) -> tuple[Window, ...]:
    """Earlier windows of the same weekdays and hours, nearest first, fully inside the data.

    first: the moment at which the data begin.
    """
    shift = norm_shift_weeks(window.length)
    most = NORM_WEEKS if window.length <= WEEK else NORM_WEEKS_LONG
    found = []
    for number in range(1, most + 1):
        start = shift_weeks(window.start, -shift * number, zone)
        if start < first:
            break
        found.append(Window(start, shift_weeks(window.end, -shift * number, zone)))
    return tuple(found)


def last_days(end: int, count: int, zone: ZoneInfo) -> tuple[int, ...]:
    """Edges of the `count` local days up to and with the one in which `end` lies; count + 1."""
    return tuple(day_start(end - 1, zone, back) for back in range(1 - count, 2))
