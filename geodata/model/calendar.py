"""When a city works, and how it counts the time that its departments have for a case."""

from __future__ import annotations

import re
from datetime import date  # noqa: TC003 - pydantic reads it
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from geodata.model.parts import Part

Kind = Literal["urgent_hours", "working_hours", "working_days", "calendar_days"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)
Policy = Literal["goes_on", "starts_anew"]
MINUTE_S: Final = 60
DAY_MIN: Final = 24 * 60
YEARS: Final = range(1970, 2106)  # moments are kept in 32 bits
SPELL: Final = re.compile(r"(\d{2}):([0-5]\d)-(\d{2}):([0-5]\d)")


def spell_s(written: str) -> tuple[int, int]:
    """Seconds since midnight at which a spell of work (08:00-12:00) begins and ends.

    Raises:
        ValueError: it is none within one day.
    """
    if found := SPELL.fullmatch(written):
        first, minute, last, minutes = map(int, found.groups())
        begin, end = first * 60 + minute, last * 60 + minutes
        if begin < end <= DAY_MIN:
            return begin * MINUTE_S, end * MINUTE_S
    message = f"{written!r} is no spell of work; write it as 08:00-12:00, the end at most 24:00"
    raise ValueError(message)


def _in_order(spells: tuple[str, ...]) -> tuple[str, ...]:
    ends = [moment for spell in spells for moment in spell_s(spell)]
    if sorted(ends) != ends:
        message = f"the spells {', '.join(spells)} overlap or are not in order; put them in order"
        raise ValueError(message)
    return spells


Spells = Annotated[tuple[str, ...], AfterValidator(_in_order)]


class Holiday(Part):
    """Days off, and days at other times that are worked for them."""

    name_zh: str
    name_en: str
    first: date
    last: date
    worked: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.last < self.first:
            message = f"{self.name_en} ends on {self.last}, before it begins; mend `last`"
            raise ValueError(message)
        for day in (self.first, self.last, *self.worked):
            if day.year not in YEARS:
                message = f"{self.name_en}: {day} is before {YEARS[0]} or after {YEARS[-1]}"
                raise ValueError(message)
        return self


class Calendar(Part):
    """Hours of work by weekday, and the days that differ; wall time of the city's zone.

    since, until: the days (half-open) of which holidays are known; beyond them every week is an
    ordinary one. None = it holds on any day.
    """

    name_zh: str
    name_en: str
    file: str = ""  # in which it stands, for messages
    since: date | None = None
    until: date | None = None
    day_hours: float = Field(default=8.0, gt=0, le=24)  # of work in what is called a working day
    weekly: dict[Weekday, Spells]
    worked_like: Weekday = "monday"  # whose hours the days have that are worked for a holiday
    holidays: tuple[Holiday, ...] = ()

    @model_validator(mode="after")
    def _works(self) -> Self:
        if not any(self.weekly.values()):
            message = "weekly: no day has a spell of work; give at least one, as 08:00-12:00"
            raise ValueError(message)
        if not self.weekly.get(self.worked_like) and any(day.worked for day in self.holidays):
            message = f"worked_like: {self.worked_like} has no spell of work; name a day that has"
            raise ValueError(message)
        return self


class Clock(Part):
    """How the time for a case is counted, where its matter has a limit.

    calendar: name of one that is shipped, a file beside the profile (….toml), or the calendar
    itself; starts_at: the stage from which time counts; returned, reopened: whether a case that
    was sent back or opened again starts anew; extensions: how many may add one limit each;
    suspension_days: how long a suspension may stop the clock.
    """

    calendar: Calendar | str = "weekdays"
    starts_at: Literal["reported", "accepted", "dispatched", "taken"] = "reported"
    returned: Policy = "goes_on"
    reopened: Policy = "goes_on"
    extensions: int = Field(default=2, ge=0)
    suspension_days: int = Field(default=365, ge=0)
