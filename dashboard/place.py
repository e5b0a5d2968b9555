"""Where the user stands, to and from the URL: the only state a screen has."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qs

from geodata.model import address

MAX_QUERY: Final = 4_000
MAX_ITEMS: Final = 64
LANGUAGES: Final = ("zh", "en")
THEMES: Final = ("dark", "light")
LETTERS: Final = address.LETTERS
DESK: Final = address.DESK
GRIDS: Final = "grids"  # the arrangement that judges whether grids fit their load
ARRANGEMENTS: Final = ("", DESK, GRIDS)
LAYERS: Final = ("heat", "buildings", "borders")  # of the map, that can be hidden
MEASURES: Final = (
    "density",
    "area",
    "count",
    "arrival",
    "arrival_p90",
    "resolution",
    "resolution_p90",
    "on_time",
    "absorbed",
)
LISTS: Final = frozenset(("categories", "departments", "sources", "selected", "hidden"))
SWITCHES: Final = frozenset(("heat", "motion"))  # anything but 0 is yes
FIRST_YEAR, LAST_YEAR = 1971, 2100
MAX_DAYS: Final = 3_660  # a longer period is a mistake, or somebody's wish to keep us busy
DAY_OR_MINUTE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?"
PERIOD: Final = re.compile(rf"today|24h|7d|30d|90d|365d|{DAY_OR_MINUTE}\.\.{DAY_OR_MINUTE}")
MINUTE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
SUM: Final = (
    "all"  # instead of a played minute: the whole of a period that opens at its newest hour
)
CODE: Final = re.compile(r"[\w.:\- ]{0,64}")
CASE: Final = re.compile(r"[0-9]{1,18}")
SORT: Final = re.compile(r"-?[a-z][a-z0-9_]{0,39}")
# What a field belongs to: a link that changes the latter takes the former out of the address.
BELONGS: Final = {"axis": "period", "sort": "table", "case": "departments", "scheme": "measure"}


@dataclass(frozen=True)
class Place:
    """The state of the overview; every field has its letter in the URL (`LETTERS`).

    An empty string or tuple means the city's default, so that a short URL stays short.
    """

    at: str = ""
    arrangement: str = ""  # of ARRANGEMENTS; "" = the overview
    case: str = ""  # id of the one case that is looked at
    period: str = ""
    axis: str = ""  # the period whose line the period was brushed on, and stays on
    categories: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    measure: str = ""
    scheme: str = ""  # of evaluation, by which departments are ranked instead of by a measure
    level: str = ""
    heat: bool = False
    play: str = ""  # local minute, 2026-11-21T14:30, or SUM
    hidden: tuple[str, ...] = ()  # layers of the map, of LAYERS
    division: str = ""
    selected: tuple[str, ...] = ()
    table: str = ""  # key of the panel shown as a table
    sort: str = ""  # key of the column it is sorted by; with a minus, the highest first
    language: str = ""
    theme: str = ""
    motion: bool = True
    # Fields of the URL that made no sense ("query": all of it); told, and never written again.
    dropped: tuple[str, ...] = field(default=(), compare=False)

    def moved(self, **changes: object) -> Place:
        """The same place with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def href(self, **changes: object) -> str:
        """A relative link to this place with some fields changed; what belonged to them goes."""
        gone = dict.fromkeys((name for name, to in BELONGS.items() if to in changes), "")
        return to_query(self.moved(**{**gone, **changes})) or "?"


WRITTEN: Final = tuple((each.name, each.default) for each in fields(Place) if each.name in LETTERS)


def to_query(place: Place) -> str:
    """The place as `?at=…`, without what is at its default."""
    said = {name: getattr(place, name) for name, default in WRITTEN}
    return address.query({name: said[name] for name, default in WRITTEN if said[name] != default})


def from_query(query: str) -> Place:
    """Read a place from a query string; a field that makes no sense falls back and is `dropped`."""
    if len(query) > MAX_QUERY:
        return Place(dropped=("query",))
    read = {key: values[-1] for key, values in parse_qs(query.lstrip("?")).items()}
    given = {name: read[letter] for name, letter in LETTERS.items() if letter in read}
    dropped = tuple(name for name, text in given.items() if not _sensible(name, text))
    found = {name: _value(name, text) for name, text in given.items() if name not in dropped}
    return Place(**found, dropped=dropped)  # type: ignore[arg-type]


def _value(name: str, text: str) -> object:
    if name == "hidden":
        return tuple(layer for layer in LAYERS if layer in text.split(","))
    if name in LISTS:
        return _items(text)
    return text != "0" if name in SWITCHES else text


def _items(text: str) -> tuple[str, ...]:
    return tuple(item for item in text.split(",") if item)


def _sensible(name: str, text: str) -> bool:
    choices = {"language": LANGUAGES, "theme": THEMES, "measure": MEASURES}
    allowed = {**choices, "arrangement": ARRANGEMENTS}.get(name)
    if allowed is not None:
        return text in allowed
    if name in SWITCHES:
        return True
    if name in LISTS:
        items = _items(text)
        fitting = all(CODE.fullmatch(item) for item in items) and len(items) <= MAX_ITEMS
        return fitting and (name != "hidden" or set(items) <= set(LAYERS))
    if name in {"period", "axis"}:
        return PERIOD.fullmatch(text) is not None and _is_period(text)
    if name == "play":
        return text == SUM or (MINUTE.fullmatch(text) is not None and _moment(text) is not None)
    return {"sort": SORT, "case": CASE}.get(name, CODE).fullmatch(text) is not None


def _is_period(text: str) -> bool:
    """Whether both ends exist in the calendar and lie in order, not too far apart."""
    first, dots, last = text.partition("..")
    if not dots:
        return True
    start, end = _moment(first), _moment(last)
    if start is None or end is None:
        return False
    if len(last) == len("2026-11-21"):
        end += timedelta(days=1)  # the last day is part of the period
    return timedelta() < end - start <= timedelta(days=MAX_DAYS)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None
