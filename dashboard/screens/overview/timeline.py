"""Cases over time with the band of what is usual; a brush over it chooses the period."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np
from dash import dcc, html

from dashboard.components.marks import attributes, icon, link
from dashboard.components.panels import Head, state
from dashboard.figures.trends import Words, small, trend
from dashboard.i18n.moments import clock, date, day, local, minute, month
from dashboard.ids import Overview
from dashboard.question import SHORT
from dashboard.screens.overview import peak as peaks
from dashboard.screens.overview import states
from dashboard.screens.overview.weeks import DAYS, drawn, is_summed, known
from geodata.engine.plan import HOURLY_UP_TO
from geodata.model.periods import DAY, HOUR, QUARTER, wall_later, wall_seconds

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.components.marks import Node
    from dashboard.screens.overview.peak import Peak
    from dashboard.screens.overview.scene import Scene

KEY: Final = "timeline"
MOST_TICKS: Final = 15
MOST_MONTHS: Final = 12
MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
ROOM_FOR_ZERO: Final = 0.02  # of the axis at its start, where the 0 of the other axis stands
RECENT_STEPS: Final = 24
STEPS: Final = {0: "hour", 1: "day", DAYS: "week"}  # of the chart, by length in days
HOVER: Final = {"zh": "%Y-%m-%d", "en": "%-d %b %Y"}  # as the browser writes the date
YEAR: Final = 330  # days from which the year must be told


def timeline(scene: Scene, peak: Peak | None = None) -> list[Node]:
    """Caption and chart; the peak is named where there is one."""
    if scene.mode != "cells":
        return []
    if not scene.has_cases or known(scene)["reported"].count() < 2:  # noqa: PLR2004  a line needs two
        title = html.H2(scene.t("panel.timeline"))
        return [
            html.Div(title, className="caption"),
            state("inbox", scene.t("panel.no_cases"), [], tight=True),
        ]
    said = None if is_summed(scene) else _peak(scene, peak)
    return [_caption(scene, said[2] if said else ""), _chart(scene, said)]


def _caption(scene: Scene, peak: str) -> Node:
    frame, step = drawn(scene)
    hourly = step == 0
    note = what = scene.t(f"timeline.per_{STEPS[step]}")
    if frame["low"].notna().any():
        weeks = scene.line.norm_weeks or 8
        band = scene.t("timeline.band_hour" if hourly else "timeline.band_day", weeks=weeks)
        note = f"{what} · {band}"
    replay = link(
        [html.Span(icon("play"), className="disc"), scene.t("timeline.replay")],
        scene.href(heat=True, play=_first_played(scene)),
        "replay",
    )
    title = _title(scene, frame, step)
    to_table = link(
        scene.t("panel.table"), scene.href(table=KEY), "to-table",
        aria_label=scene.t("panel.table_of", title=title),
    )  # fmt: skip
    foot = html.Div([replay, to_table], className="caption-foot")
    # A phone's chart has no room for what is said of the peak.
    told = html.P(peak, className="peak-note") if peak else None
    lines = [html.H2(title, id="timeline-title"), html.P(note), told, foot]
    return html.Div(lines, className="caption")


def _first_played(scene: Scene) -> str:
    """Where the first whole window of the period ends; nothing where it has none."""
    zone, window = ZoneInfo(scene.zone), scene.window
    length = DAY if window.length > HOURLY_UP_TO else HOUR
    step = QUARTER if window.length <= SHORT else length
    past = int(wall_seconds(np.array([window.start]), zone)[0]) % step
    begin = wall_later(window.start, step - past, zone) if past else window.start
    end = wall_later(begin, length, zone)
    return minute(end, scene.zone) if end <= window.end else ""


def _title(scene: Scene, frame: pd.DataFrame, step: int) -> str:
    if step == DAYS:
        years = {f"{local(int(frame['at'].iloc[end]), scene.zone):%Y}" for end in (0, -1)}
        if len(years) == 1:
            return scene.t("timeline.title_weeks", weeks=len(frame))
        return scene.t("timeline.title_years", a=min(years), b=max(years))
    first, last = int(frame["at"].iloc[0]), int(frame["at"].iloc[-1])
    # Calendar days have a point each; a period up to now begins and ends inside of a day.
    of_days = step and (first == scene.line.request.start or is_summed(scene))
    days = len(frame) if of_days else round((last - first) / DAY)
    if scene.department is not None and scene.language == "zh":
        name = scene.entry(scene.city.departments, scene.department)
        return scene.t("timeline.title_of", days=days, name=name[:4])
    return scene.t("timeline.title", days=days)


def _chart(scene: Scene, peak: tuple[str, float, str] | None) -> Node:
    frame, step = drawn(scene)
    moments = frame["at"].to_numpy()
    frame = frame.assign(at=[_iso(at, scene.zone) for at in moments])
    unfinished = peaks.runs(scene) or (step == 1 and peaks.is_today(scene, int(moments[-1])))
    words = Words(
        ticks=_ticks(scene, int(moments[0]), int(moments[-1]), hourly=step == 0),
        line=scene.t("kpi.reported"),
        band=scene.t("timeline.band"),
        peak=peak,
        last=scene.t("timeline.until", at=clock(scene.now, scene.zone))
        if unfinished and step == 1
        else "",
        hover=HOVER[scene.language] + (" %H:%M" if step == 0 else ""),
    )
    window = (_iso(scene.window.start, scene.zone), _iso(scene.window.end, scene.zone))
    figure = trend(frame, window, words, scene.theme, unfinished=unfinished)
    return html.Div(
        dcc.Graph(
            id=Overview.TREND,
            figure=figure,
            responsive=True,
            config={"displayModeBar": False, "doubleClick": False},
            className="trend",
            style={"height": "100%"},
        ),
        className="trend peaked" if peak else "trend",
        **attributes({"data-brush": scene.href(period="PERIOD", axis=_axis(scene)),
           "data-step": "day" if step else "hour", "role": "group",
           "aria-label": scene.t("panel.timeline")}),
    )  # fmt: skip


def _axis(scene: Scene) -> str:
    """The period whose line is drawn: a stretch that is brushed on it stays on it."""
    return scene.place.axis if scene.axis else scene.period


def _iso(epoch_s: float, zone: str) -> str:
    return f"{local(epoch_s, zone):%Y-%m-%dT%H:%M}"


def _peak(scene: Scene, peak: Peak | None) -> tuple[str, float, str] | None:
    """The note at a peak; a lesser step that nothing explains would only puzzle."""
    if peak is None:
        return None
    if not peak.cause and peak.reported < peaks.finished(scene)["reported"].max():
        return None
    return _iso(peak.at, scene.zone), peak.reported, peaks.words(scene, peak)


def _ticks(scene: Scene, first: int, last: int, *, hourly: bool) -> list[tuple[str, str]]:
    """Days named at noon for hourly lines, every few days for daily ones."""
    start = local(first, scene.zone).replace(hour=0, minute=0)
    if not hourly and _is_long(scene):
        return _months(scene, start, local(last, scene.zone))
    days = (local(last, scene.zone) - start).days + 1
    every = max(1, math.ceil(days / MOST_TICKS)) if hourly else max(1, math.ceil(days / 11))
    ticks, room = [], (last - first) * ROOM_FOR_ZERO
    for number in range(0 if hourly else 1, days, every):
        at = start + timedelta(days=number, hours=12 if hourly else 0)
        if first + room <= at.timestamp() <= last:
            ticks.append((f"{at:%Y-%m-%dT%H:%M}", _tick_word(scene, at, hourly=hourly)))
    return ticks


def _tick_word(scene: Scene, at: datetime, *, hourly: bool) -> str:
    moment = at.timestamp()
    if hourly:
        return day(moment, scene.zone, scene.language)
    return date(moment, scene.zone, scene.language)


def _is_long(scene: Scene) -> bool:
    """Whether a day needs its year to be told."""
    return scene.line.request.end - scene.line.request.start > YEAR * DAY


def _months(scene: Scene, start: datetime, end: datetime) -> list[tuple[str, str]]:
    """First days of months that divide a year evenly, or of years, as many as have room."""
    first, last = start.year * 12 + start.month, end.year * 12 + end.month - 1
    every = next((n for n in MONTHS if (last - first) // n < MOST_MONTHS), MONTHS[-1])
    begun = (divmod(number, 12) for number in range(first, last + 1) if number % every == 0)
    starts = [start.replace(year=year, month=number + 1, day=1) for year, number in begun]
    return [
        (f"{at:%Y-%m-%dT%H:%M}", month(at.timestamp(), scene.zone, scene.language)) for at in starts
    ]


def latest(scene: Scene) -> pd.DataFrame:
    """The last steps of the trend up to the last whole one, for a panel beside the heat."""
    table = peaks.finished(scene)
    return table[table["at"] < scene.window.end].tail(RECENT_STEPS)


def line(scene: Scene, head: Head, table: pd.DataFrame, step: int) -> Node:
    """A short trend as a panel; `step` in seconds."""
    if not scene.has_cases or len(table) < 2:  # noqa: PLR2004  a line needs two
        return states.empty(head, scene)
    frame = table.copy()
    frame["at"] = [_iso(at, scene.zone) for at in table["at"]]
    moments = [int(table["at"].iloc[place]) for place in (0, len(table) // 2, -1)]
    words = Words(
        ticks=[
            (
                _iso(at, scene.zone),
                date(at, scene.zone, scene.language) if step >= DAY else clock(at, scene.zone),
            )
            for at in moments
        ],
        line=scene.t("kpi.reported"),
        band=scene.t("timeline.band"),
    )
    figure = small(frame, words, scene.theme)
    graph = dcc.Graph(
        id=Overview.RECENT, figure=figure, responsive=True, config={"displayModeBar": False},
        style={"height": "100%"},
    )  # fmt: skip
    return states.normal(head, html.Div(graph, className="recent"), scene)
