"""What the overview is about to show: the place, the question and the answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from dashboard import question
from dashboard.i18n import named, t
from dashboard.i18n.moments import clock, local, span_ends, stamp
from dashboard.place import DESK, GRIDS, SUM, THEMES
from dashboard.question import SHORT, ask
from dashboard.screens.overview import busiest, scattered
from dashboard.screens.overview import near as around
from dashboard.screens.overview.called import Called
from dashboard.screens.overview.grids import evaluated
from dashboard.screens.overview.kept import OPTIONAL, kept, needed
from geodata.model.periods import DAY, HOUR, ROLLING, Window, playable
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from dashboard.access import Live
    from dashboard.place import Place
    from dashboard.question import Question
    from dashboard.screens.overview.grids.evaluated import Evaluated
    from geodata.engine.numbers import Numbers
    from geodata.store.divisions import Division
    from geodata.store.snapshots import City

T = TypeVar("T")
MOST_REPORTS: Final = 50_000
LONG: Final = 2 * 366 * DAY  # beyond it a sentence names only the years


@dataclass(frozen=True)
class Scene(Called):
    """Everything a panel may ask; panels read nothing else.

    city: as the boundaries asked for divide it; today: as those in force do; division: what was
        asked for, None = those in force.
    unit: row of the place; building: row of the chosen building, or None.
    level: key of the cells' level, or "building".
    window: what the numbers cover; span: the period, of which a played heat shows a window.
    children: the same with the direct children as cells (no norm), where the cells are finer.
    cases: the chosen building's cases of 90 days, newest first; near: what stands round it.
    day_reports: moments reported in the played day, for the player's bars; None: too many.
    made: what the clearest hot spots are made of, in words, by cell.
    rights: what the actor holds.
    rings: lines round where the cases of hot spots lie, by cell.
    points: how many cases of the window lie where; None where they are too many for points.
    course: cases of the clearest hot spot by step, up to the end of the window.
    over: numbers of the whole span, where the others are of a played window of it.
    axis: numbers of the period whose line a brushed period stays on, where the address names one.
    evaluated: how the units fit their load, where the page is arranged for that.
    busiest: cases of the buildings with most of them, where they are asked for.
    routes: which way settled cases went, likewise; see `Engine.routes`.
    kept: columns of which this city's cases ever know anything; see `OPTIONAL`.
    notice: what had to be mended in the address, in words, or "".
    """

    place: Place
    city: City
    today: City
    unit: int
    building: int | None
    level: str
    window: Window
    span: Window
    now: int
    numbers: Numbers
    children: Numbers
    language: str
    division: Division | None = None
    kept: frozenset[str] = OPTIONAL
    notice: str = ""
    cases: pd.DataFrame | None = None
    near: around.Near | None = None
    day_reports: npt.NDArray[np.int64] | None = field(default_factory=lambda: np.zeros(0, np.int64))
    over: Numbers | None = None
    axis: Numbers | None = None
    made: Mapping[int, str] = field(default_factory=dict)
    rights: frozenset[str] = frozenset()
    rings: Mapping[int, Sequence[Sequence[float]]] = field(default_factory=dict)
    points: Mapping[tuple[float, float], int] | None = None
    course: pd.DataFrame | None = None
    evaluated: Evaluated | None = None
    busiest: pd.Series | None = None
    routes: pd.DataFrame | None = None

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What several panels want of this scene, made by the first of them; not to be changed."""
        if key not in self._found:
            self._found[key] = make()
        found: T = self._found[key]
        return found

    @cached_property
    def _found(self) -> dict[Hashable, Any]:
        return {}

    @property
    def whole(self) -> Numbers:
        """Numbers of the whole span, of which `numbers` may be a played window."""
        return self.over or self.numbers

    @property
    def line(self) -> Numbers:
        """Numbers whose trend the timeline draws."""
        return self.axis or self.numbers

    def href(self, **changes: object) -> str:
        """A link to this place with some fields changed."""
        return self.place.href(**changes)

    @property
    def has_buildings(self) -> bool:
        """Whether a building is known anywhere in the city."""
        return bool(self.city.tree.built_up[0])

    @property
    def zone(self) -> str:
        """The city's time zone."""
        return self.city.profile.time_zone

    @property
    def theme(self) -> str:
        """The colours in use."""
        return self.place.theme or THEMES[0]

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
        return "heat" if self.place.heat and self.has_cases else "cells"

    @property
    def at_desk(self) -> bool:
        """Whether the page is arranged for one department."""
        chosen = self.place.arrangement == DESK and self.department is not None
        return chosen and self.mode == "cells" and self.has_cases

    @property
    def at_compare(self) -> bool:
        """Whether the page sets the departments beside each other."""
        chosen = self.place.arrangement == DESK and self.department is None
        return chosen and self.mode == "cells" and self.has_cases

    @property
    def at_grids(self) -> bool:
        """Whether the page judges how units fit their load."""
        return self.evaluated is not None and self.mode == "cells"

    @property
    def arranged(self) -> str:
        """Which arrangement of panels the page takes, as its style sheets name it."""
        return (
            "compare" if self.at_compare or self.at_grids else "desk" if self.at_desk else self.mode
        )

    @property
    def played(self) -> bool:
        """Whether the numbers are of one window of the heat: a chosen one, or the newest."""
        chosen = self.place.play not in {"", SUM}
        return self.mode == "heat" and (chosen or self.window != self.span)

    @cached_property
    def has_cases(self) -> bool:
        """Whether the city keeps incidents at all; without them nothing may read as zero."""
        return bool(self.city.meta.get("months")) or bool(self.numbers.total["reported"])

    def keeps(self, metric: str) -> bool:
        """Whether this city's cases hold what a metric is counted from."""
        columns = needed(metric)
        return not columns or bool(columns & self.kept)

    def period_word(self, kind: str = "") -> str:
        """The period in words; kind "short_" as a label, "in_" inside of a sentence."""
        if kind == "in_" and self.played and self.window != self.span:
            hours = self.window.length // HOUR
            end = self.window.end
            today = local(end, self.zone).date() == local(self.now, self.zone).date()
            at = clock(end, self.zone) if today else stamp(end, self.zone, self.language)
            return self.t("time.in_hour" if hours == 1 else "time.in_play", at=at, hours=hours)
        if self.period in ROLLING or self.period == "today":
            return self.t(f"time.{kind}{self.period}")
        if kind == "in_" and self.span.length > LONG:
            first, last = local(self.span.start, self.zone), local(self.span.end - 1, self.zone)
            return self.t("time.in_years", a=first.year, b=last.year)
        edges = span_ends(
            (self.span.start, self.span.end), self.now, self.zone, self.language,
            clocks=kind != "short_",  # beside a title there is no room for them
        )  # fmt: skip
        if edges["a"] == edges["b"]:
            return self.t("time.in_one_day" if kind == "in_" else "time.one_day", a=edges["a"])
        return self.t("time.in_range" if kind == "in_" else "time.range", **edges)


def read(place: Place, live: Live) -> Scene:
    """Find the place and answer what its address asks."""
    return answer(ask(place, live.city), live)


def answer(asked: Question, live: Live) -> Scene:
    """Read what the panels of a question show; each read is consistent in itself."""
    city, place = asked.city, asked.place
    request, building = asked.request, asked.building
    below = city.tree.next_level(asked.unit)
    coarser = building is None and below not in {"", BUILDING, request.level}
    judged = place.arrangement == GRIDS
    told = None
    if coarser and not (place.level or place.heat or judged):
        # So many cells that tell nothing hide what the others do: their parents tell it.
        told = replace(asked, request=replace(request, level=below))
    # To read few cases by cell takes no time; to read all of a screen that is not shown does.
    if told and scattered.is_narrow(asked) and scattered.is_scattered(live.engine.cells(request)):
        return answer(told, live)
    numbers = live.engine.screen(request)
    if told and scattered.is_scattered(numbers.cells):
        return answer(told, live)
    found = evaluated.read(asked, live, numbers) if judged else None
    if found is not None:
        numbers = evaluated.with_loads(numbers, found)
    language = place.language or city.profile.language
    return Scene(
        place=asked.place, city=city, today=live.city, division=asked.division,
        unit=asked.unit, building=building, level=request.level,
        window=asked.window, span=asked.span, now=request.now, numbers=numbers, language=language,
        children=numbers if not coarser else evaluated.without_loads(
            replace(numbers, cells=live.engine.cells(replace(request, level=below)))
        ),
        kept=kept(live, numbers),
        rights=live.actor.rights,
        notice=t("notice.between", language).join(
            t(f"notice.{each}", language, city=named(city.profile, language))
            for each in asked.notices
        ),
        cases=None if building is None else live.engine.building_cases(
            building, request.now, around.DAYS
        ),
        near=None if building is None else around.read(live, building, request.now),
        day_reports=_day_reports(asked, live),
        over=_over(asked, live),
        axis=_axis(asked, live),
        evaluated=found,
        busiest=busiest.read(asked, live),
        routes=live.engine.routes(request) if place.arrangement == DESK else None,
    )  # fmt: skip


def _over(asked: Question, live: Live) -> Numbers | None:
    """Numbers of the period of which a window is played by hours or days."""
    if asked.window == asked.span or asked.span.length <= SHORT:
        return None
    return live.engine.screen(replace(asked.request, start=asked.span.start, end=asked.span.end))


def _axis(asked: Question, live: Live) -> Numbers | None:
    """Numbers of the period that the asked one was brushed on, if that still reaches around it."""
    axis = question.axis(asked, live.city)
    if axis is None or asked.place.heat or asked.building is not None:
        return None
    return live.engine.screen(replace(asked.request, start=axis.start, end=axis.end))


def _day_reports(asked: Question, live: Live) -> npt.NDArray[np.int64] | None:
    """When the cases of the played day were reported; none where no day is, None if too many."""
    if not asked.place.heat or asked.span.length > SHORT:
        return np.zeros(0, np.int64)
    day = playable(asked.span, ZoneInfo(live.city.profile.time_zone))
    request = replace(asked.request, start=day.start, end=day.end)
    cases = live.engine.incidents(request, MOST_REPORTS)
    if len(cases) >= MOST_REPORTS:
        return None  # the newest alone would show an empty morning
    return cases["reported"].to_numpy(dtype=np.int64)
