"""What the overview is about to show: the place, the question and the answer, read once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np

from dashboard.i18n import named, t
from dashboard.i18n.moments import local, stamp
from geodata.engine.request import Request
from geodata.metrics.registry import METRICS
from geodata.model.errors import RequestError
from geodata.model.periods import DAY, HOUR, ROLLING, Window, day_start, read_period

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    import pandas as pd

    from dashboard.access import Live
    from dashboard.place import Place
    from geodata.engine.numbers import Numbers
    from geodata.store.snapshots import City

BUILDING: Final = "building"
FEW_CHILDREN: Final = 20  # below it the level under the children tells more
MOST_CELLS: Final = 600
MOST_REPORTS: Final = 50_000
SHORT: Final = 36 * HOUR  # a period up to this long is played by quarter hours of one day
HOURLY_UP_TO: Final = 14 * DAY


OPTIONAL: Final = frozenset(
    ("due", "dispatched", "arrived", "arrival_n", "whistle_due", "asked",
     "settled_1", "settled_2", "settled_3", "settled_4")
)  # fmt: skip  # what not every city keeps
USUAL: Final = frozenset(("due", "arrival_n", "whistle_due", "asked", "settled_1"))
_OF_CITY: Final[WeakKeyDictionary[object, frozenset[str]]] = WeakKeyDictionary()  # by engine


@dataclass(frozen=True)
class Scene:
    """Everything a panel may ask; panels read nothing else.

    unit: row of the place; building: row of the chosen building, or None.
    level: key of the cells' level, or "building".
    window: what the numbers cover; span: the period, of which a played heat shows a window.
    children: numbers by direct child, where the cells are finer than these, else `numbers`.
    cases: the chosen building's cases of 90 days, newest first.
    day_reports: moments reported in the played day, for the player's bars.
    kept: columns of which this city's cases ever know anything; see `OPTIONAL`.
    notice: what had to be changed in the address to make sense of it, in words, or "".
    """

    place: Place
    city: City
    unit: int
    building: int | None
    level: str
    window: Window
    span: Window
    now: int
    numbers: Numbers
    children: Numbers
    language: str
    kept: frozenset[str] = OPTIONAL
    notice: str = ""
    cases: pd.DataFrame | None = None
    day_reports: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def t(self, key: str, /, **values: object) -> str:
        """The text of a key in the scene's language."""
        return t(key, self.language, **values)

    def href(self, **changes: object) -> str:
        """A link to this place with some fields changed."""
        return self.place.href(**changes)

    def name(self, unit: int) -> str:
        """The name of a unit."""
        return named(self.city.places.iloc[unit], self.language)

    def short(self, unit: int) -> str:
        """The name of a unit without the word for its level: 鹤湾 for 鹤湾街道."""
        full = self.name(unit)
        for ending in self.t("place.endings").split(" "):
            if full.endswith(ending) and len(full) > len(ending) + 1:
                return full.removesuffix(ending).strip()
        return full

    def inner(self, unit: int) -> str:
        """The name of a unit without its parent's, as it stands behind that in a path."""
        above = self.city.tree.parent(unit)
        full = self.name(unit)
        if above <= 0:
            return full
        rest = full.removeprefix(self.name(above)).lstrip(" -·,")
        if rest.isdigit():
            return f"{self.level_name(self.city.tree.level(unit))} {rest}"
        return rest or full

    def entry(self, frame: pd.DataFrame, row: int) -> str:
        """The name of a row of a code list; rows below 0 are "none yet"."""
        return named(frame.iloc[row], self.language) if row >= 0 else self.t("place.nobody")

    def level_name(self, key: str) -> str:
        """The name of a level key."""
        if key == BUILDING:
            return self.t("place.building")
        return named(next(x for x in self.city.profile.levels if x.key == key), self.language)

    def level_plural(self, key: str) -> str:
        """The name of a level key after a number."""
        if key == BUILDING:
            return self.t("place.buildings")
        level = next(x for x in self.city.profile.levels if x.key == key)
        return level.plural_en or level.name_en if self.language == "en" else level.name_zh

    @property
    def zone(self) -> str:
        """The city's time zone."""
        return self.city.profile.time_zone

    @property
    def theme(self) -> str:
        """The colours in use."""
        return self.place.theme or "dark"

    @property
    def period(self) -> str:
        """The period as the URL writes it."""
        return self.place.period or self.city.profile.default_period

    @property
    def department(self) -> int | None:
        """Row of the one department that was chosen, if one was."""
        rows = self.numbers.request.departments
        return rows[0] if len(rows) == 1 else None

    @property
    def mode(self) -> str:
        """Which of the three arrangements the page takes: cells, heat or building."""
        if self.building is not None:
            return "building"
        return "heat" if self.place.heat else "cells"

    @cached_property
    def has_cases(self) -> bool:
        """Whether the city keeps incidents at all; without them nothing may read as zero."""
        return bool(self.city.meta.get("months")) or bool(self.numbers.total["reported"])

    def keeps(self, metric: str) -> bool:
        """Whether this city's cases hold what a metric is counted from."""
        needed = OPTIONAL.intersection(METRICS[metric].counted)
        return not needed or bool(needed & self.kept)

    def period_word(self, kind: str = "") -> str:
        """The period in words; kind "short_" as a label, "in_" inside of a sentence."""
        if kind == "in_" and self.place.play and self.window != self.span:
            hours = self.window.length // HOUR
            return self.t("time.in_play", at=stamp(self.window.end, self.zone), hours=hours)
        if self.period in ROLLING or self.period == "today":
            return self.t(f"time.{kind}{self.period}")
        edges = self._edges()
        if edges["a"] == edges["b"]:
            return self.t("time.in_one_day" if kind == "in_" else "time.one_day", a=edges["a"])
        return self.t("time.in_range" if kind == "in_" else "time.range", **edges)

    def _edges(self) -> dict[str, str]:
        """The ends of the span as they are said: whole days without a clock, one day once."""
        ends = (local(self.span.start, self.zone), local(self.span.end - 1, self.zone))
        if ends[0].year != ends[1].year:
            return {"a": f"{ends[0]:%Y-%m-%d}", "b": f"{ends[1]:%Y-%m-%d}"}
        first, last = stamp(self.span.start, self.zone), stamp(self.span.end, self.zone)
        if first.endswith("00:00") and last.endswith("00:00"):
            first, last = first[:5], stamp(self.span.end - 1, self.zone)[:5]
        elif first[:5] == last[:5]:
            last = last[6:]
        return {"a": first, "b": last}


def read(place: Place, live: Live) -> Scene:
    """Find the place, ask the engine once (twice where names stand over finer cells)."""
    city, now = live.city, live.city.now()
    unit, building, notice = find(place.at, city)
    place, span = _window(place, city, now)
    window = _played(place, span, city) if place.heat and building is None else span
    level = cell_level(place.level, city, unit) if building is None else BUILDING
    request = Request(
        place=unit, level=level, start=window.start, end=window.end, now=now,
        categories=rows(city.categories, place.categories),
        departments=rows(city.departments, place.departments),
        sources=rows(city.sources, place.sources),
    )  # fmt: skip
    numbers = live.engine.screen(request)
    below = city.tree.next_level(unit)
    coarser = building is None and below not in {"", BUILDING, level}
    language = place.language or city.profile.language
    return Scene(
        place=place, city=city, unit=unit, building=building, level=level, window=window,
        span=span, now=now, numbers=numbers, language=language,
        children=live.engine.screen(replace(request, level=below)) if coarser else numbers,
        kept=_kept(live, numbers),
        notice=t(f"notice.{notice}", language) if notice else "",
        cases=live.engine.building_cases(building, now) if building is not None else None,
        day_reports=_day_reports(place, live, request, span),
    )  # fmt: skip


def _kept(live: Live, numbers: Numbers) -> frozenset[str]:
    """What the answer knows, else what the city's last 90 days know; asked once a city."""
    known = _known(numbers)
    if known >= USUAL:
        return known
    if live.engine not in _OF_CITY:
        newest = numbers.newest
        whole = Request(
            place=0, level=live.city.tree.level(0), start=newest - ROLLING["90d"], end=newest + 1,
            now=numbers.request.now,
        )  # fmt: skip
        _OF_CITY[live.engine] = _known(live.engine.screen(whole))
    return known | _OF_CITY[live.engine] or OPTIONAL  # nothing at all: nobody can tell


def _known(numbers: Numbers) -> frozenset[str]:
    return frozenset(column for column in OPTIONAL if numbers.total[column] > 0)


def _played(place: Place, span: Window, city: City) -> Window:
    """The stretch that ends at the played minute: an hour, or a day of a long period."""
    try:
        local = datetime.fromisoformat(place.play).replace(tzinfo=ZoneInfo(city.profile.time_zone))
    except ValueError:
        return span
    minute = int(local.timestamp())
    return Window(minute - (DAY if span.length > HOURLY_UP_TO else HOUR), minute)


def _day_reports(place: Place, live: Live, request: Request, span: Window) -> npt.NDArray[np.int64]:
    """When the cases of the played day were reported; nothing where no day is played."""
    if not place.heat or span.length > SHORT:
        return np.zeros(0, np.int64)
    start = day_start(request.end - 1, ZoneInfo(live.city.profile.time_zone))
    day = replace(request, start=start, end=start + DAY)
    cases = live.engine.incidents(day, MOST_REPORTS)
    return cases["reported"].to_numpy(dtype=np.int64)


def find(code: str, city: City) -> tuple[int, int | None, str]:
    """Unit, building and notice for a code; an unknown one leads to its nearest ancestor."""
    if not code:
        return 0, None, ""
    for length in range(len(code), 0, -1):
        notice = "" if length == len(code) else "nearest"
        unit = city.tree.find(code[:length])
        if unit is not None:
            return unit, None, notice
        building = city.building(code[:length])
        if building is not None and not notice:
            return int(city.buildings["unit"].iloc[building]), building, ""
    return 0, None, "unknown"


def cell_level(asked: str, city: City, unit: int) -> str:
    """The level the map counts by: as asked where it makes sense, else what shows most."""
    tree = city.tree
    if asked == BUILDING or (asked and len(tree.cells(unit, asked)) > 0):
        return asked
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


def _window(place: Place, city: City, now: int) -> tuple[Place, Window]:
    """The window of the place; a period that is none falls back to the city's default."""
    zone = ZoneInfo(city.profile.time_zone)
    default = city.profile.default_period
    try:
        return place, read_period(place.period or default, now, zone)
    except RequestError:
        return place.moved(period=""), read_period(default, now, zone)
