"""The title over the line: as many days as the period has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from dashboard.place import Place
from dashboard.screens.overview.peak import Peak
from dashboard.screens.overview.timeline import timeline
from geodata.model.periods import DAY, day_start
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
