"""An address as a question to the engine: screen, picture and file ask the same way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from geodata.engine import Request
from geodata.engine.plan import HOURLY_UP_TO
from geodata.model.errors import RequestError, UnknownPlaceError
from geodata.model.periods import DAY, HOUR, Window, read_period
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from dashboard.place import Place
    from geodata.store.snapshots import City

FEW_CHILDREN: Final = 20  # below it the level under the children tells more
MOST_CELLS: Final = 600  # on a map nobody asked to be so fine
MOST_ASKED: Final = 20_000  # cells of one answer, whoever asks
SHORT: Final = 36 * HOUR  # a period up to this long is played by quarter hours of one day
NEAREST, UNKNOWN, TOO_FINE, BOUNDARY = "nearest", "unknown", "too_fine", "boundary"

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Question:
    """What an address asks of a city.

    place: the address, with what made no sense in it mended.
    unit: row of the place; building: row of the chosen building, or None.
    span: the period; the request covers it, or the window of it that a played heat shows.
    notices: keys of what had to be mended, as in the texts `notice.…`.
    """

    place: Place
    unit: int
    building: int | None
    span: Window
    request: Request
    notices: tuple[str, ...]

    @property
    def window(self) -> Window:
        """What the numbers cover."""
        return Window(self.request.start, self.request.end)


def ask(place: Place, city: City, played: int | None = None) -> Question:
    """The question behind an address; `played`: end of the played window in epoch seconds."""
    now, zone = city.now(), ZoneInfo(city.profile.time_zone)
    unit, building, lost = find(place.at, city)
    level, coarser = BUILDING, ""
    if building is None:
        level, coarser = cell_level(place.level, city, unit)
    other = BOUNDARY if place.division not in {"", city.id} else ""
    period, span = _span(place.period, city, now, zone)
    if played is None and place.heat and building is None:
        played = _minute(place.play, zone)
    window = span if played is None else _played(span, played)
    request = Request(
        place=unit, level=level, start=window.start, end=window.end, now=now,
        categories=rows(city.categories, place.categories),
        departments=rows(city.departments, place.departments),
        sources=rows(city.sources, place.sources),
    )  # fmt: skip
    mended = place.moved(
        at=(city.tree.codes[unit] if unit else "") if lost else place.at,
        level=level if coarser else place.level,
        division="",
        period=period,
    )
    notices = tuple(filter(None, (lost, coarser, other)))
    return Question(mended, unit, building, span, request, notices)


def exact(asked: Question, place: Place) -> Question:
    """The question, if nothing of the address it was made of had to be mended.

    Raises:
        UnknownPlaceError: no unit and no building has the place's code.
        RequestError: there are too many cells, or the boundaries are not those of this city.
    """
    if {NEAREST, UNKNOWN}.intersection(asked.notices):
        message = f"no unit and no building has the code {place.at}"
        raise UnknownPlaceError(message)
    if TOO_FINE in asked.notices:
        message = f"lv: more than {MOST_ASKED} cells; ask for a coarser level or a smaller place"
        raise RequestError(message)
    if BOUNDARY in asked.notices:
        message = f"bv: boundaries {place.division} are not kept; leave bv out for today's"
        raise RequestError(message)
    return asked


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


def cell_level(asked: str, city: City, unit: int) -> tuple[str, str]:
    """The level to count by, and a notice where the one asked for has too many cells."""
    count = count_cells(asked, city, unit) if asked else 0
    if count > MOST_ASKED:
        keys = (*city.tree.level_keys, BUILDING)
        above = keys[: keys.index(asked)]
        fitting = [key for key in above if 0 < count_cells(key, city, unit) <= MOST_ASKED]
        return fitting[-1], TOO_FINE
    # A place without buildings has an empty map of them, as was asked.
    return (asked if count or asked == BUILDING else _telling_level(city, unit)), ""


def count_cells(level: str, city: City, unit: int) -> int:
    """How many cells of a level lie inside a unit."""
    if level != BUILDING:
        return len(city.tree.cells(unit, level))
    place = city.places.iloc[unit]
    built = city.sites["building"].iloc[int(place["site_from"]) : int(place["site_to"])]
    return int((built >= 0).sum())


def _telling_level(city: City, unit: int) -> str:
    """The level that shows most of a place."""
    tree = city.tree
    below = tree.next_level(unit)
    if not below:
        return tree.level(unit)
    children = tree.children(unit)
    if unit == 0 and len(children) < FEW_CHILDREN and below != BUILDING:
        finer = tree.next_level(int(children[0]))
        if finer not in {"", BUILDING} and len(tree.cells(unit, finer)) <= MOST_CELLS:
            return finer
    return below


def rows(codes: pd.DataFrame, keys: Iterable[str]) -> tuple[int, ...]:
    """Rows of a code list for the keys it knows."""
    index = {str(key): row for row, key in enumerate(codes["key"])}
    return tuple(index[key] for key in keys if key in index)


def box(city: City, unit: int) -> Box:
    """The box of the unit, or of what is below it, or of the city; NaN without any shape."""
    places = city.places
    for units in ([unit], list(city.tree.subtree(unit)), list(range(len(places)))):
        found = places.iloc[units]
        if found.geometry.notna().any():
            break
    west, south, east, north = np.asarray(found.total_bounds, dtype=np.float64).tolist()
    return west, south, east, north


def _span(period: str, city: City, now: int, zone: ZoneInfo) -> tuple[str, Window]:
    """The period and its window; one that is none falls back to the city's default."""
    default = city.profile.default_period
    try:
        return period, read_period(period or default, now, zone)
    except RequestError:
        return "", read_period(default, now, zone)


def _minute(text: str, zone: ZoneInfo) -> int | None:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())
    except ValueError:
        return None


def _played(span: Window, end: int) -> Window:
    """The stretch that ends at the played moment: an hour, or a day of a long period."""
    length = DAY if span.length > HOURLY_UP_TO else HOUR
    return Window(max(0, end - length), max(0, end))
