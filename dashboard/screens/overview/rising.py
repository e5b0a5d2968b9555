"""The course of the clearest hot spot: how its cases came together, beside what is usual there."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from dashboard.components.panels import Head
from dashboard.i18n.amounts import count
from dashboard.i18n.moments import clock, date, local, stamp
from dashboard.question import SHORT
from dashboard.screens.overview import against, peak, spots, timeline
from dashboard.screens.overview.registered import definition
from geodata.engine.plan import HOURLY_UP_TO
from geodata.model.periods import DAY, HOUR, QUARTER
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.access import Live
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

STEPS: Final = 12  # quarters of an hour before the end of a played hour
MOST_CASES: Final = 5_000
MINUTE: Final = 60
HALF_HOUR: Final = 1_800
RISEN: Final = 2  # times the lowest hour before it, from which an hour has risen


def followed(scene: Scene, live: Live) -> Scene:
    """The scene with the course of its clearest hot spot, where one is hot."""
    if scene.mode != "heat" or scene.level == BUILDING or not scene.has_cases:
        return scene
    if not spots.hot(scene) and not _is_hour(scene):
        return scene  # the numbers of the place have its course already
    return replace(scene, course=read(scene, _row(scene), live))


def _row(scene: Scene) -> int:
    """Whose course is told: the clearest hot spot's, or the place's where none is hot."""
    found = spots.hot(scene)
    return found[0].row if found else scene.unit


def read(scene: Scene, row: int, live: Live) -> pd.DataFrame:
    """Cases of a place by step: at (epoch s), reported, low and high of what is usual.

    Steps are hours that end by the quarter where an hour is played, else hours or days that are
    over.
    """
    asked = replace(scene.numbers.request, place=row, level=scene.level)
    if SHORT < scene.window.length <= HOURLY_UP_TO:  # longer than that is answered by the day
        asked = replace(asked, start=asked.end - HOURLY_UP_TO - DAY)
    numbers = live.engine.screen(asked)
    if _is_hour(scene):
        return _rolling(scene, row, numbers.trend, live)
    table = peak.finished(replace(scene, numbers=numbers))
    return table[table["at"] < scene.window.end].tail(timeline.RECENT_STEPS)


def _is_hour(scene: Scene) -> bool:
    return scene.played and scene.window.length < DAY


def _rolling(scene: Scene, row: int, hours: pd.DataFrame, live: Live) -> pd.DataFrame:
    """Hours that end by the quarter, each beside what is usual for the hour it begins in."""
    ends = scene.window.end - QUARTER * np.arange(STEPS - 1, -1, -1)
    asked = replace(scene.numbers.request, place=row, level=scene.level, start=int(ends[0]) - HOUR)
    cases = live.engine.incidents(asked, MOST_CASES)
    if len(cases) >= MOST_CASES:
        return hours[hours["at"] + HOUR <= scene.window.end].tail(timeline.RECENT_STEPS)
    reported = np.sort(cases["reported"].to_numpy(dtype=np.int64))
    counts = np.searchsorted(reported, ends) - np.searchsorted(reported, ends - HOUR)
    rows = np.searchsorted(hours["at"].to_numpy(), ends - HOUR, side="right") - 1
    usual = hours[["low", "high"]].iloc[np.maximum(rows, 0)].reset_index(drop=True)
    return usual.assign(at=ends, reported=counts)


def rising(scene: Scene) -> Node:
    """The course of the clearest hot spot; of the whole place where none is hot."""
    table = scene.course
    if table is None or not len(table):
        table = timeline.latest(scene)
    if against.side(scene) == "unknown":  # no norm is known: nor is what would be usual
        table = table.assign(low=np.nan, high=np.nan)
    step = int(table["at"].diff().median()) if len(table) > 1 else HOUR
    unit = "per_day" if step >= DAY else "per_60" if _is_hour(scene) else "per_hour"
    note = scene.t(f"timeline.{unit}")
    about = definition("reported", scene)
    head = Head("recent", _title(scene, table, step), note, definition=about)
    return timeline.line(scene, head, table, step)


def _title(scene: Scene, table: pd.DataFrame, step: int) -> str:
    """The finding: how fast it rose, or when it was far above what is usual."""
    if not len(table):
        return scene.t("panel.recent")
    name, values = scene.short(_row(scene)), table["reported"].to_numpy()
    if _is_hour(scene):
        return _rise(scene, name, table, step) or _level(scene, name, table)
    top = _top(scene, table)
    at, n = int(table["at"].iloc[top]), count(values[top], scene.language)
    if values[top] < values.max():  # above what is usual for its hour, but not the highest
        return scene.t("spots.above", name=name, at=_moment(scene, at, step), n=n)
    return _highest(scene, name, table, step)


def _highest(scene: Scene, name: str, table: pd.DataFrame, step: int) -> str:
    """The most of the steps and when it was; of how many, the axis below tells."""
    top = int(table["reported"].to_numpy().argmax())
    at = _moment(scene, int(table["at"].iloc[top]), step)
    n = count(table["reported"].iloc[top], scene.language)
    return scene.t("spots.peak", name=name, at=at, n=n)


def _top(scene: Scene, table: pd.DataFrame) -> int:
    """The step that is told of: far above what is usual, else the highest."""
    values = table["reported"].to_numpy()
    above = (table["reported"] - table["high"]).fillna(-np.inf).to_numpy()
    top = int(above.argmax())
    hot = spots.hot(scene)
    # Of many quiet steps one is a little above its norm; only a hot spot is known not to be quiet.
    least = 0 if hot else 2 * math.sqrt(max(table["high"].max(), 1))
    told = bool(hot) or against.is_told(scene)
    if told and above[top] > least and values[top] >= spots.LEAST:
        return top
    return int(values.argmax())  # calm: its highest step is what there is to tell


def _moment(scene: Scene, at: int, step: int) -> str:
    """When a step began: days by their date, hours of another day with it."""
    if step >= DAY:
        return date(at, scene.zone, scene.language)
    today = local(at, scene.zone).date() == local(scene.now, scene.zone).date()
    return clock(at, scene.zone) if today else stamp(at, scene.zone, scene.language)


def _rise(scene: Scene, name: str, table: pd.DataFrame, step: int) -> str:
    """How many there are after how long; nothing where they have not doubled."""
    values = table["reported"].to_numpy()
    lowest = len(values) - 1 - int(values[::-1].argmin())
    if values[-1] < RISEN * max(1, values[lowest]):
        return ""
    if values[-1] < values.max():  # it falls again: to tell of its rise would be to tell half
        return _highest(scene, name, table, step)
    spent, n = (len(values) - 1 - lowest) * step, count(values[-1], scene.language)
    if spent < HOUR:
        return scene.t("spots.rose_minutes", name=name, minutes=spent // MINUTE, n=n)
    halves = round(spent / HALF_HOUR)
    key = "spots.rose" if halves * HALF_HOUR == spent else "spots.rose_about"
    return scene.t(key, name=name, hours=f"{halves / 2:g}", n=n)


def _level(scene: Scene, name: str, table: pd.DataFrame) -> str:
    """Where the last step lies against what is usual, where that may be told."""
    last = table.iloc[-1]
    if np.isnan(last["low"]) or np.isnan(last["high"]):
        return scene.t("spots.course", name=name)
    n = count(last["reported"], scene.language)
    if not spots.hot(scene):  # it is the place itself, of which headline and figure speak too
        told = against.is_told(scene)
        key = f"spots.last_{against.side(scene)}" if told else "spots.last"
        return scene.t(key, name=name, n=n)
    side = "below" if last["reported"] < last["low"] else "usual"
    side = "above" if last["reported"] > last["high"] else side
    return scene.t(f"spots.last_{side}", name=name, n=n)
