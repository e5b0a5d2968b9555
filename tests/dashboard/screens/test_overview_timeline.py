"""The title over the line: as many days as the period has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from dashboard.figures.trends import FAINT_PX
from dashboard.place import Place
from dashboard.screens.overview.peak import Peak
from dashboard.screens.overview.timeline import timeline
from geodata.model.periods import DAY, HOUR, day_start
from tests.dashboard.screens.conftest import NOW, PROFILE, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.screens.overview.scene import Scene


def _daily(scene: Scene) -> Scene:
    """The scene with a line of whole local days from the first of its period to now."""
    zone, at = ZoneInfo(scene.zone), []
    last = min(scene.span.end, scene.now + 1)
    while not at or day_start(at[-1], zone, 1) < last:
        at.append(day_start(at[-1] if at else scene.span.start, zone, 1 if at else 0))
    trend = pd.DataFrame({"at": at, "reported": 100.0, "low": 90.0, "high": 110.0})
    return replace(scene, numbers=replace(scene.numbers, trend=trend, trend_step_s=DAY))


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2026-10-01..2026-10-21", 21),
        ("2026-10-20..2026-11-09", 21),
        ("2026-11-01..2026-12-31", 21),
        ("30d", 30),
        ("90d", 90),
    ],
)
def test_the_title_has_the_days_of_the_period(
    make_scene: Callable[..., Scene], zone: str, period: str, days: int
) -> None:
    profile = PROFILE.model_copy(update={"time_zone": zone})
    scene = _daily(make_scene(Place(period=period, language="en"), profile=profile))
    assert scene.now == NOW
    assert f"Cases, {days} days" in text_of(timeline(scene)).replace("\u2009", " ")


def test_hours_are_always_of_fourteen_days(make_scene: Callable[..., Scene]) -> None:
    said = text_of(timeline(make_scene(Place(period="24h", language="en"))))
    assert "Cases, 14 days" in said.replace("\u2009", " ")


@pytest.mark.parametrize(
    ("cause", "reported", "noted"), [("", 300.0, True), ("", 200.0, False), ("停水", 200.0, True)]
)
def test_a_lesser_peak_is_noted_only_with_its_cause(
    make_scene: Callable[..., Scene],
    find: Callable[..., list[Any]],
    cause: str,
    reported: float,
    *,
    noted: bool,
) -> None:
    scene = make_scene(Place())
    trend = scene.numbers.trend.copy()
    trend["reported"] = 100.0
    trend.loc[trend.index[3], "reported"] = 250.0
    scene = replace(scene, numbers=replace(scene.numbers, trend=trend))
    peak = Peak(5, int(trend["at"].iloc[5]), reported, cause)
    (graph,) = find(timeline(scene, peak), "Graph")
    assert (
        any(f"{reported:.0f}" in note["text"] for note in graph.figure["layout"]["annotations"])
        is noted
    )


def _chart(scene: Scene, find: Callable[..., list[Any]]) -> tuple[Any, Any]:
    """The box of the chart, and its figure."""
    nodes = timeline(scene)
    (graph,) = find(nodes, "Graph")
    box = next(node for node in find(nodes, "Div") if node.className == "trend")
    return box, graph.figure


def test_hours_before_the_data_are_not_drawn_as_zero(
    make_scene: Callable[..., Scene], find: Callable[..., list[Any]]
) -> None:
    scene = make_scene(Place())
    at = scene.numbers.trend["at"]
    meta = {"months": ["2026-11"], "first": int(at.iloc[10]) + 60}
    _, figure = _chart(make_scene(Place(), meta=meta), find)
    (line,) = (
        trace["y"] for trace in figure["data"] if trace.get("line", {}).get("width") == FAINT_PX
    )
    assert line[:11] == [None] * 11
    assert None not in line[11:]


@pytest.mark.parametrize(
    ("place", "axis"),
    [
        (Place(), "7d"),
        (Place(period="30d"), "30d"),
        (Place(period="2026-11-18..2026-11-19"), "2026-11-18..2026-11-19"),
        (Place(period="2026-11-18..2026-11-19", axis="30d"), "30d"),
        (Place(period="2026-01-18..2026-01-19", axis="30d"), "2026-01-18..2026-01-19"),
    ],
)
def test_a_stretch_is_brushed_on_the_axis_that_is_shown(
    make_scene: Callable[..., Scene], find: Callable[..., list[Any]], place: Place, axis: str
) -> None:
    box, _ = _chart(make_scene(place), find)
    assert getattr(box, "data-brush").endswith(f"t=PERIOD&ax={axis}")


def test_a_brushed_period_keeps_the_line_it_was_drawn_on(
    make_scene: Callable[..., Scene], find: Callable[..., list[Any]]
) -> None:
    _, before = _chart(make_scene(Place(period="7d")), find)
    brushed = make_scene(Place(period="2026-11-18..2026-11-19", axis="7d"))
    _, after = _chart(brushed, find)
    assert after["layout"]["xaxis"]["range"] == before["layout"]["xaxis"]["range"]
    shown = after["layout"]["shapes"][0]
    assert (shown["x0"], shown["x1"]) == ("2026-11-18T00:00", "2026-11-20T00:00")


@pytest.mark.parametrize(
    ("period", "played"),
    [
        ("today", "2026-11-21T01:00"),
        ("24h", "2026-11-20T15:45"),
        ("2026-11-18..2026-11-20", "2026-11-18T01:00"),
        ("2026-10-01..2026-10-21", "2026-10-02T00:00"),
    ],
)
def test_the_replay_begins_with_the_first_whole_window_of_the_period(
    make_scene: Callable[..., Scene], find: Callable[..., list[Any]], period: str, played: str
) -> None:
    scene = make_scene(Place(period=period))
    (href,) = [node.href for node in find(timeline(scene), "A") if "replay" in node.className]
    place = Place(period=period, heat=True, play=played)
    assert href == scene.href(heat=True, play=played)
    shown = make_scene(place)
    assert shown.window.start >= shown.span.start
    assert shown.window.end <= shown.span.end


def test_a_period_without_a_whole_window_is_replayed_as_its_sum(
    make_scene: Callable[..., Scene], find: Callable[..., list[Any]]
) -> None:
    early = day_start(NOW, ZoneInfo(PROFILE.time_zone)) + 1_800
    scene = make_scene(Place(period="today"), now=lambda: early)
    (href,) = [node.href for node in find(timeline(scene), "A") if "replay" in node.className]
    assert href == scene.href(heat=True, play="")


def _sparse(scene: Scene, each: float) -> Scene:
    """The scene with so many cases in every hour of fourteen days up to the running one."""
    at = scene.now - 60 - 40 - 31 * 60 - HOUR * np.arange(335, -1, -1)
    trend = pd.DataFrame({"at": at, "reported": 0.0, "low": 0.0, "high": 1.0})
    trend.loc[::2, "reported"] = each * 2
    return replace(scene, numbers=replace(scene.numbers, trend=trend))


def test_few_cases_are_drawn_by_the_day_and_without_a_band(
    make_scene: Callable[..., Scene], find: Callable[..., list[Any]]
) -> None:
    scene = _sparse(make_scene(Place(language="en")), 0.5)
    box, figure = _chart(scene, find)
    assert getattr(box, "data-step") == "day"
    assert not [trace for trace in figure["data"] if trace.get("fill")]
    (line,) = [trace for trace in figure["data"] if trace.get("line", {}).get("width") == FAINT_PX]
    assert [at[10:] for at in line["x"]] == ["T00:00"] * 13
    assert set(line["y"]) == {12.0}
    assert [t for t in figure["data"] if t["mode"] == "markers" and t.get("name")]
    said = text_of(timeline(scene)).replace("\u2009", " ")
    assert said.startswith("Cases, 14 daysper dayPlay")


def test_many_cases_stay_by_the_hour(
    make_scene: Callable[..., Scene], find: Callable[..., list[Any]]
) -> None:
    box, figure = _chart(_sparse(make_scene(Place(language="en")), 2), find)
    assert getattr(box, "data-step") == "hour"
    assert [trace for trace in figure["data"] if trace.get("fill")]
