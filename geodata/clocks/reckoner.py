"""Deadlines by the working calendar: of many cases at once, or of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geodata.clocks.calendars import calendar_of
from geodata.clocks.hours import EPOCH, LATEST, Hours, hours_of
from geodata.clocks.zone import DAY_S, zone_of
from geodata.model.calendar import KINDS, Calendar, Clock

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.clocks.zone import Zone
    from geodata.model.calendar import Kind
    from geodata.model.profile import Profile

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[Any]

HOUR_S: Final = 3_600
CALENDAR_DAYS: Final = KINDS.index("calendar_days")
WORKED: Final = tuple(kind in {"working_hours", "working_days"} for kind in KINDS)


class Terms(NamedTuple):
    """What deadlines rest on, a row a case: kinds as rows of `KINDS`, moments 0 = not yet.

    start: when the clock first started; begun: when it last did, where it starts anew.
    """

    start: Ints
    kind: Numbers
    amount: Numbers
    extended: Numbers
    suspended_s: Numbers
    begun: Ints | None = None


class Due(NamedTuple):
    """Deadlines in force, and as they were before any extension and suspension; 0 = none."""

    due: Ints
    original: Ints


@dataclass(frozen=True, eq=False)
class Reckoner:
    """Reckons with one calendar in one zone.

    A limit of 0 is none. A suspension of which only its length is known counts as one just before
    the deadline: it moves it on by that, and to the next time of work where nobody works then.
    """

    clock: Clock
    calendar: Calendar
    zone: Zone
    hours: Hours

    def due(self, terms: Terms) -> Due:
        """The deadlines of cases."""
        start, kind, amount = terms.start, terms.kind, terms.amount
        limited = (start > 0) & (amount > 0)
        original = np.where(limited, self.deadlines(start, kind, amount), 0)
        begun = start if terms.begun is None else np.maximum(start, terms.begun)
        times = 1 + np.clip(terms.extended, 0, self.clock.extensions)
        moved = limited & ((times > 1) | (terms.suspended_s > 0) | (begun > start))
        due, at = original.copy(), np.flatnonzero(moved)
        if len(at):
            later = self.deadlines(begun[at], kind[at], amount[at] * times[at])
            due[at] = self._suspended(later, kind[at], terms.suspended_s[at])
        return Due(due, original)

    def deadlines(self, start: Ints, kind: Numbers, amount: Numbers) -> Ints:
        """When limits that begin at `start` end."""
        seconds = np.rint(amount * self._seconds[kind]).astype(np.int64)
        found = start + seconds
        working = np.flatnonzero(_WORKED[kind])
        if len(working):
            since, spent = start[working], seconds[working]
            found[working] = np.maximum(since, self.hours.until(self.hours.at(since) + spent))
        by_day = np.flatnonzero(kind == CALENDAR_DAYS)
        if len(by_day):
            found[by_day] = self._days_later(start[by_day], seconds[by_day])
        kept: Ints = np.minimum(found, LATEST)
        return kept

    def deadline(self, start: int, kind: Kind, amount: float) -> int:
        """When one limit ends."""
        number = KINDS.index(kind)
        seconds = round(amount * float(self._seconds[number]))
        if number == CALENDAR_DAYS:
            return int(self._days_later(np.array([start]), np.array([seconds]))[0].clip(max=LATEST))
        return self.after(start, kind, seconds)

    def between(self, start: int, end: int, kind: Kind) -> int:
        """Seconds from one moment to a later one as a kind of limit counts them."""
        if not WORKED[KINDS.index(kind)]:
            return end - start
        return self.hours.one_at(end) - self.hours.one_at(start)

    def after(self, start: int, kind: Kind, seconds: int) -> int:
        """When so many seconds, as a kind of limit counts them, have passed."""
        if not WORKED[KINDS.index(kind)]:
            return min(start + seconds, LATEST)
        return max(start, self.hours.one_until(self.hours.one_at(start) + seconds))

    def moved(self, deadline: int, kind: Kind, pause_s: int) -> int:
        """A deadline after a suspension of which only the length is known."""
        later = min(deadline + pause_s, LATEST)
        return self.hours.one_open(later) if WORKED[KINDS.index(kind)] and pause_s else later

    def beyond(self, start: Ints, due: Ints, kind: Numbers) -> Flags:
        """Whether a deadline rests on days of which the calendar does not know the holidays."""
        unknown = np.zeros(len(start), np.bool_)
        if self.calendar.since is not None:
            unknown |= start < self._midnight(self.calendar.since.toordinal())
        if self.calendar.until is not None:
            # A deadline at the very end of the last day does not look at the next.
            unknown |= due > self._midnight(self.calendar.until.toordinal())
        told: Flags = unknown & _WORKED[kind] & (due > 0)
        return told

    @property
    def _seconds(self) -> npt.NDArray[np.float64]:
        """Of one of each kind."""
        return np.array([HOUR_S, HOUR_S, self.calendar.day_hours * HOUR_S, DAY_S])

    def _days_later(self, start: Ints, seconds: Ints) -> Ints:
        """A day lasts until the clock on the wall shows the same time; what is left, as it is."""
        days, rest = np.divmod(seconds, DAY_S)
        there = self.zone.moments(self.zone.wall(start) + days * DAY_S)
        return np.where(days > 0, there, start) + rest

    def _suspended(self, due: Ints, kind: Numbers, suspended_s: Numbers) -> Ints:
        pause = np.clip(suspended_s, 0, self.clock.suspension_days * DAY_S).astype(np.int64)
        later = np.minimum(due + pause, LATEST)
        return np.where(_WORKED[kind] & (pause > 0), self.hours.open(later), later)

    def _midnight(self, ordinal: int) -> int:
        return int(self.zone.moments(np.array([(ordinal - EPOCH) * DAY_S]))[0])


_WORKED: Final = np.array(WORKED)


def reckoner_of(profile: Profile) -> Reckoner:
    """The reckoner of a city, made once for equal clocks.

    Raises:
        ProfileError: the profile names a calendar that there is not.
    """
    clock = profile.clock
    return _made(profile.time_zone, clock.model_dump_json())


@lru_cache(maxsize=16)
def _made(zone: str, written: str) -> Reckoner:
    clock, where = Clock.model_validate_json(written), zone_of(zone)
    calendar = calendar_of(clock)
    return Reckoner(clock, calendar, where, hours_of(calendar, where))
