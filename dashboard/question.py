"""An address as a question to the engine: screen, picture and file ask the same way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from dashboard import divided, levels
from dashboard.place import GRIDS, LETTERS, SUM
from geodata.engine import Request
from geodata.engine.plan import HOURLY_UP_TO
from geodata.metrics.schemes import schemes_of
from geodata.model.errors import RequestError, UnknownPlaceError
from geodata.model.periods import DAY, HOUR, QUARTER, Window, read_period, wall_later, wall_seconds
from geodata.model.places import BUILDING
from geodata.store.under import under

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from dashboard.place import Place
    from geodata.store.divisions import Division
    from geodata.store.snapshots import City

SHORT: Final = 36 * HOUR  # a period up to this long is played by quarter hours of one day
NEAREST, UNKNOWN, BOUNDARY = "nearest", "unknown", "boundary"
HOLDER: Final = "holder"  # the place is none of these boundaries, what holds it is shown
FILTERS: Final = ("categories", "departments", "sources")
SOME: Final = "_some"  # a filter of which only some keys are known


@dataclass(frozen=True)
class Question:
    """What an address asks of a city.

    place: the address, with what made no sense in it mended.
    city: as the boundaries that are asked for divide it; division: these, None = those in force.
    unit: row of the place; building: row of the chosen building, or None.
    span: the period; the request covers it, or the window of it that a played heat shows.
    notices: keys of what had to be mended, as in the texts `notice.…`.
    """

    place: Place
    city: City
    division: Division | None
    unit: int
    building: int | None
    span: Window
    request: Request
    notices: tuple[str, ...]

    @property
    def window(self) -> Window:
        """What the numbers cover."""
        return Window(self.request.start, self.request.end)


def ask(
    place: Place, today: City, played: int | None = None, *, now: int | None = None
) -> Question:
    """The question behind an address; `played`: end of the played window in epoch seconds.

    today: the city under the boundaries in force; now: another moment than the city's own.
    """
    now, zone = today.now() if now is None else now, ZoneInfo(today.profile.time_zone)
    division, bounds, other = _divided(place.division, today, now)
    city = under(today, division.key) if division else today
    unit, building, lost = _placed(place.at, city, today)
    given, unread = _known(place, city, given_play=played is not None)
    period, span = _span(given.period, city, now, zone)
    level, coarser = BUILDING, ""
    if building is None:
        wanted = given.level or (
            levels.judged_level(city, unit) if given.arrangement == GRIDS else ""
        )
        level, coarser = levels.cell_level(wanted, city, unit, None if given.heat else span)
    if played is None and given.heat and building is None:
        played = _moment(given.play, span, zone)
    window = span if played is None else _played(span, played, zone)
    request = Request(
        place=unit, level=level, start=window.start, end=window.end, now=now,
        categories=rows(city.categories, given.categories),
        departments=rows(city.departments, given.departments),
        sources=rows(city.sources, given.sources),
        division=division.key if division else "",
    )  # fmt: skip
    mended = given.moved(
        at=(city.tree.codes[unit] if unit else "") if lost else given.at,
        level=level if coarser else given.level,
        division=bounds,
        period=period,
    )
    mistaken = "period" if period != given.period else ""
    notices = tuple(filter(None, (lost, coarser, other, mistaken, *unread)))
    return Question(mended, city, division, unit, building, span, request, notices)


def exact(asked: Question, place: Place) -> Question:
    """The question, if nothing of the address it was made of had to be mended.

    Raises:
        UnknownPlaceError: no unit and no building has the place's code.
        RequestError: there are too many cells, the boundaries are not those of this city, or
            something of the address is not known here.
    """
    if {NEAREST, UNKNOWN, HOLDER}.intersection(asked.notices):
        message = f"no unit and no building has the code {place.at}"
        raise UnknownPlaceError(message)
    if levels.TOO_FINE in asked.notices:
        message = (
            f"lv: more than {levels.MOST_ASKED} cells; ask for a coarser level or a smaller place"
        )
        raise RequestError(message)
    if BOUNDARY in asked.notices:
        message = f"bv: boundaries {place.division} are not known; leave bv out for today's"
        raise RequestError(message)
    for notice in asked.notices:
        letter = LETTERS.get(notice.removesuffix(SOME), notice)
        message = f"{letter}: holds what is not known here; correct it or leave it out"
        raise RequestError(message)
    return asked


def _known(place: Place, city: City, *, given_play: bool) -> tuple[Place, tuple[str, ...]]:
    """The place without what this city does not know, and a notice for each field of that.

    given_play: the moment is given beside the address, whose own does not count.
    """
    notices = [name for name in place.dropped if not (name == "play" and given_play)]
    kept: dict[str, object] = {}
    for name in FILTERS:
        asked: tuple[str, ...] = getattr(place, name)
        keys = set(getattr(city, name)["key"])
        known = tuple(key for key in asked if key in keys)
        if known != asked:
            kept[name] = known
            notices.append(name + SOME if known else name)
    if place.level not in {"", *city.tree.level_keys, BUILDING}:
        kept["level"] = ""
        notices.append("level")
    if place.scheme not in {"", *(each.key for each in schemes_of(city.profile.schemes))}:
        kept["scheme"] = ""
        notices.append("scheme")
    return place.moved(**kept), tuple(notices)


def _divided(asked: str, city: City, now: int) -> tuple[Division | None, str, str]:
    """The division, how the address says so, and a notice where nobody knows of it."""
    try:
        found = divided.find(asked, city, now)
    except KeyError:
        return None, "", BOUNDARY
    return found, "" if asked == city.id else asked, ""


def _placed(code: str, city: City, today: City) -> tuple[int, int | None, str]:
    """Unit, building and notice for a code that may be one of today's only."""
    found = find(code, city)
    if not found[-1] or city is today or today.tree.find(code) is None:
        return found
    return (*find(divided.nearest(code, today, city.tree), city)[:2], HOLDER)


def find(code: str, city: City) -> tuple[int, int | None, str]:
    """Unit, building and notice for a code; an unknown one leads to its nearest ancestor."""
    if not code:
        return 0, None, ""
    for length in range(len(code), 0, -1):
        notice = "" if length == len(code) else NEAREST
        unit = city.tree.find(code[:length])
        if unit is not None:
            return unit, None, notice
        building = city.building(code[:length])
        if building is not None and not notice:
            return int(city.buildings["unit"].iloc[building]), building, ""
    return 0, None, UNKNOWN


def rows(codes: pd.DataFrame, keys: Iterable[str]) -> tuple[int, ...]:
    """Rows of a code list for the keys it knows."""
    index = {str(key): row for row, key in enumerate(codes["key"])}
    return tuple(index[key] for key in keys if key in index)


def _span(period: str, city: City, now: int, zone: ZoneInfo) -> tuple[str, Window]:
    """The period and its window; one that is none falls back to the city's default."""
    default = city.profile.default_period
    try:
        return period, read_period(period or default, now, zone)
    except RequestError:
        return "", read_period(default, now, zone)


def axis(asked: Question, city: City) -> Window | None:
    """The period whose line the asked one was brushed on, unless it has moved on since."""
    place, zone = asked.place, ZoneInfo(city.profile.time_zone)
    if not place.axis or place.axis == place.period:
        return None
    found = _span(place.axis, city, asked.request.now, zone)[1]
    # What is drawn of a short period begins earlier than the period itself.
    drawn = min(found.start, found.end - HOURLY_UP_TO)
    return found if drawn < asked.span.end and asked.span.start < found.end else None


def _moment(text: str, span: Window, zone: ZoneInfo) -> int | None:
    """Where the played window ends; None for the sum of the period."""
    if text or span.length > SHORT:
        return None if text == SUM else _minute(text, zone)
    # Within one day the newest hour is what is asked about; one that began before is not of it.
    newest = span.end - int(wall_seconds(np.array([span.end]), zone)[0]) % QUARTER
    return newest if newest - HOUR >= span.start else None


def _minute(text: str, zone: ZoneInfo) -> int | None:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())
    except ValueError:
        return None


def _played(span: Window, end: int, zone: ZoneInfo) -> Window:
    """The stretch that ends at the played moment: an hour, or a day of a long period.

    A step of the local clock is longer or shorter where the clock changes.
    """
    daily = span.length > HOURLY_UP_TO
    length = DAY if daily else HOUR
    start = end - length
    if span.length > SHORT and span.start < end <= span.end + DAY:
        wall = wall_later(end, -length, zone)
        start = wall if daily else min(wall, start)
    return Window(max(0, start), max(0, end))
