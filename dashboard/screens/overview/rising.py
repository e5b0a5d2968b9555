"""The course of the clearest hot spot: how its cases came together, beside what is usual there."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from dashboard.components.panels import Head
from dashboard.i18n.amounts import count
from dashboard.i18n.moments import clock, date
from dashboard.question import SHORT
from dashboard.screens.overview import peak, spots, timeline
from geodata.engine.plan import HOURLY_UP_TO
from geodata.engine.sql import QUARTER
from geodata.model.periods import DAY, HOUR
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.access import Live
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

STEPS: Final = 12  # quarters of an hour before the end of a played hour
MOST_CASES: Final = 5_000
MINUTE: Final = 60
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
    step = int(table["at"].diff().median()) if len(table) > 1 else HOUR
    note = scene.t("timeline.per_day" if step >= DAY else "timeline.per_hour")
    return timeline.line(scene, Head("recent", _title(scene, table, step), note), table, step)


def _title(scene: Scene, table: pd.DataFrame, step: int) -> str:
    """The finding: how fast it rose, or when it was far above what is usual."""
    if not len(table):
        return scene.t("panel.recent")
    name, values = scene.short(_row(scene)), table["reported"].to_numpy()
    if _is_hour(scene):
        lowest = len(values) - 1 - int(values[::-1].argmin())
        if values[-1] >= RISEN * max(1, values[lowest]):
            spent = (len(values) - 1 - lowest) * step
            said = count(values[-1], scene.language)
            if spent < HOUR:
                minutes = spent // MINUTE
                return scene.t("spots.rose_minutes", name=name, minutes=minutes, n=said)
            return scene.t("spots.rose", name=name, hours=f"{spent / HOUR:.2g}", n=said)
        return _level(scene, name, table)
    above = (table["reported"] - table["high"]).fillna(-np.inf).to_numpy()
    top = int(above.argmax())
    # Of many quiet steps one is a little above its norm; only a hot spot is known not to be quiet.
    least = 0 if spots.hot(scene) else 2 * math.sqrt(max(table["high"].max(), 1))
    if not above[top] > least or values[top] < spots.LEAST:
        top = int(values.argmax())  # calm: its highest step is what there is to tell
    at = int(table["at"].iloc[top])
    said = date(at, scene.zone) if step >= DAY else clock(at, scene.zone)
    key = "spots.peak_day" if step >= DAY else "spots.peak_hour"
    return scene.t(key, name=name, at=said, n=count(values[top], scene.language))


def _level(scene: Scene, name: str, table: pd.DataFrame) -> str:
    """Where the last step lies against what is usual."""
    last = table.iloc[-1]
    if np.isnan(last["low"]) or np.isnan(last["high"]):
        return scene.t("spots.course", name=name)
    side = "below" if last["reported"] < last["low"] else "usual"
    side = "above" if last["reported"] > last["high"] else side
    return scene.t(f"spots.last_{side}", name=name, n=count(last["reported"], scene.language))
