"""The step of the timeline that stands out most, and what made it, where one thing did."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from dashboard.i18n.amounts import count
from dashboard.i18n.moments import date, stamp
from dashboard.screens.overview.weeks import is_summed, known
from geodata.engine.cache import Recent
from geodata.metrics import deviation
from geodata.model.periods import DAY, day_start, shift_weeks, wall_later

if TYPE_CHECKING:
    from dashboard.access import Live
    from dashboard.screens.overview.scene import Scene
    from geodata.engine.request import Request

MOST_OF_IT: Final = 0.5  # of the cases above the norm; less does not explain a peak
FEW_EXTRA: Final = 8  # cases above its norm below which a row explains nothing
WEEKS: Final = 4  # earlier weeks that the step is compared with
LEAST_WEEKS: Final = 2
MOST_CASES: Final = 5_000  # of one step
MOST_KNOWN: Final = 1_000
NOTHING: Final = (-1, -1, -1)
# By engine, so that what was found goes with the city it was found in.
_CAUSES: Final[WeakKeyDictionary[object, Recent[tuple[int, int, int]]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Peak:
    """A step far above what is usual: its row in the trend, its moment, its cases, its cause.

    share: how far it is above the end of the usual range, in shares of that.
    """

    row: int
    at: int
    reported: float
    cause: str = ""
    share: float = math.nan


def find(scene: Scene) -> Peak | None:
    """The finished step that stands out most, if any does.

    Of steps that are as far above what is usual as the furthest, but for the chance in a count,
    the highest is what the eye meets.
    """
    frame = finished(scene)
    if not len(frame):
        return None
    above = (frame["reported"] - frame["high"]).fillna(-math.inf)
    highest = frame["high"].max()
    chance = math.sqrt(max(highest, 1))
    if not above.max() > 2 * chance:
        return None
    far = above >= max(above.max() - chance, 2 * chance)
    row = int(frame["reported"].where(far, -math.inf).to_numpy().argmax())
    at, reported, high = (float(frame[name].iloc[row]) for name in ("at", "reported", "high"))
    return Peak(row, int(at), reported, share=reported / high - 1 if high >= 1 else math.nan)


def finished(scene: Scene) -> pd.DataFrame:
    """The trend without a step that still runs."""
    trend = known(scene)
    return trend.iloc[:-1] if runs(scene) else trend


def runs(scene: Scene) -> bool:
    """Whether the last step of the trend is not over yet."""
    if scene.city.profile.as_of != "now" or not len(scene.line.trend):
        return False
    return step_end(scene, int(scene.line.trend["at"].iloc[-1])) > scene.now


def is_today(scene: Scene, day: int) -> bool:
    """Whether a day has begun and is not over yet."""
    return scene.city.profile.as_of == "now" and day_start(day, ZoneInfo(scene.zone), 1) > scene.now


def step_end(scene: Scene, at: int) -> int:
    """Where the step of the trend that begins at a moment ends, by the local clock."""
    return wall_later(at, scene.line.trend_step_s, ZoneInfo(scene.zone))


def read(scene: Scene, live: Live) -> Peak | None:
    """The peak with its cause, looked up once for a question; none in a line of sums."""
    numbers = scene.line
    found = find(scene) if scene.mode == "cells" and not is_summed(scene) else None
    if found is None:
        return None
    asked = numbers.request
    question = (
        asked.division, scene.unit, asked.categories, asked.departments, asked.sources, found.at,
        numbers.trend_step_s, numbers.norm_weeks, numbers.version,
    )  # fmt: skip
    causes = _CAUSES.setdefault(live.engine, Recent(MOST_KNOWN))
    row, matter, category = causes.get(question, lambda: _cause(scene, live, found.at))
    place = scene.short(row) if row >= 0 else ""
    kind = _kind(scene, matter, category)
    key = "timeline.cause" if place and kind else "timeline.cause_one"
    return replace(found, cause=scene.t(key, a=place or kind, b=kind) if place or kind else "")


def _kind(scene: Scene, matter: int, category: int) -> str:
    """What it was about, as closely as the cases tell; what was asked for alone is no finding."""
    name = ""
    if matter >= 0:
        name = scene.entry(scene.city.matters, matter)
    elif category >= 0 and len(scene.numbers.request.categories) != 1:
        name = scene.entry(scene.city.categories, category)
    # Within a sentence; an abbreviation stays as it is.
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _cause(scene: Scene, live: Live, at: int) -> tuple[int, int, int]:
    """Child, matter and category that made the peak, each −1 where none did alone."""
    asked = _requests(scene, at)
    weeks = len(asked) - 1
    if weeks < LEAST_WEEKS:
        return NOTHING
    windows: list[pd.DataFrame] = []
    for request in asked:
        windows.append(live.engine.traits(request, MOST_CASES))
        if len(windows[-1]) >= MOST_CASES:
            return NOTHING  # too many to look through in passing
    extra = len(windows[0]) - sum(map(len, windows[1:])) / weeks
    child, matter, category = (
        _most([of(cases) for cases in windows], extra)
        for of in (partial(_children, scene), itemgetter("matter"), itemgetter("category"))
    )
    return child, matter, category


def _requests(scene: Scene, at: int) -> list[Request]:
    """The step and the same one of earlier weeks, without an hour that the clock left out."""
    zone, end = ZoneInfo(scene.zone), step_end(scene, at)
    edges = [
        (shift_weeks(at, -week, zone), shift_weeks(end, -week, zone))
        for week in range(min(scene.line.norm_weeks, WEEKS) + 1)
    ]
    request = scene.line.request
    return [replace(request, start=start, end=stop) for start, stop in edges if stop > start]


def _children(scene: Scene, cases: pd.DataFrame) -> pd.Series:
    """The direct child of each case's site, −1 where it is known only to lie somewhere here."""
    children = scene.city.tree.children(scene.unit)
    if not len(children):
        return pd.Series(-1, index=cases.index)
    children, units = np.sort(children), scene.city.sites["unit"].to_numpy()
    sites = cases["site"].to_numpy()
    known = (sites >= 0) & (sites < len(units))
    mine = np.where(known, units[np.where(known, sites, 0)], -1)
    place = np.searchsorted(children, mine, side="right") - 1
    inside = (place >= 0) & (mine < scene.city.tree.ends[children[place]])
    return pd.Series(np.where(inside, children[place], -1), index=cases.index)


def _most(windows: list[pd.Series], extra: float) -> int:
    """The row clearly above its norm that holds most of what came on top, else −1."""
    now, *earlier = (window[window >= 0].value_counts() for window in windows)
    weeks = pd.DataFrame([counts.reindex(now.index, fill_value=0) for counts in earlier])
    norm = weeks.mean(axis=0)
    table = pd.DataFrame({"reported": now, "norm": norm.clip(lower=1)})
    rows = deviation.changes(table, len(earlier))
    clear = [row for row in rows if row.z >= deviation.CLEAR_AMONG_MANY]
    first = max(clear, key=lambda row: (row.extra, -row.row), default=None)
    return first.row if first and first.extra >= max(FEW_EXTRA, MOST_OF_IT * extra) else -1


def words(scene: Scene, peak: Peak) -> str:
    """The note beside the peak: why it is marked, which a higher one nearby need not be."""
    daily = scene.line.trend_step_s == DAY
    at = (date if daily else stamp)(peak.at, scene.zone, scene.language)
    if math.isnan(peak.share):
        said = scene.t("timeline.peak_count", n=count(peak.reported, scene.language), at=at)
    else:
        said = scene.t("timeline.peak", percent=f"{max(1, round(peak.share * 100)):,}", at=at)
    return said + scene.t("timeline.mainly", cause=peak.cause) if peak.cause else said
