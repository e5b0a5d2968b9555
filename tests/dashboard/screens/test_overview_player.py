"""The player of the heat, on a real engine: what is played is always the same period."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import numpy as np
import pytest

from dashboard.access import NOBODY
from dashboard.i18n.moments import local
from dashboard.place import Place
from dashboard.screens.overview import case_points
from dashboard.screens.overview import scene as scenes
from dashboard.screens.overview.legend import legend
from dashboard.screens.overview.map_state import map_state
from dashboard.screens.overview.player import QUARTER, frames, player
from dashboard.server.heat import ask
from geodata.engine import Engine
from geodata.engine.request import Request
from geodata.model.periods import DAY, HOUR
from geodata.publish import publish
from geodata.store.snapshots import open_city
from tests.browser import tiny as made
from tests.browser.tiny import publish_tiny
from tests.dashboard.screens.conftest import text_of

if TYPE_CHECKING:
    from dashboard.access import Live


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Live:
    folder = tmp_path_factory.mktemp("tiny")
    publish_tiny(folder)
    city = open_city(folder)
    return SimpleNamespace(city=city, engine=Engine(city), actor=NOBODY)  # type: ignore[return-value]


@pytest.fixture(scope="module")
def new_york(tmp_path_factory: pytest.TempPathFactory) -> Live:
    """The same cases where summer time ended on the first of November."""
    folder = tmp_path_factory.mktemp("new-york")
    draft = made.tiny()
    profile = draft.profile.model_copy(update={"time_zone": "America/New_York"})
    publish(replace(draft, profile=profile), folder)
    city = open_city(folder)
    return SimpleNamespace(city=city, engine=Engine(city), actor=NOBODY)  # type: ignore[return-value]


def played(tiny: Live, **parts: Any) -> scenes.Scene:  # noqa: ANN401 - any field of a place
    return scenes.read(Place(heat=True, **parts), tiny)


@pytest.mark.parametrize(
    ("period", "moment"),
    [
        ("7d", "2026-11-16T09:00"),
        ("7d", "2026-11-21T14:00"),
        ("30d", "2026-11-01T00:00"),
        ("2026-11-10..2026-11-12", "2026-11-11T05:00"),
        ("24h", "2026-11-21T09:15"),
    ],
)
def test_a_played_moment_changes_nothing_but_the_moment(
    tiny: Live, period: str, moment: str
) -> None:
    before = frames(played(tiny, period=period))
    after = frames(played(tiny, period=period, play=moment))
    for name in ("edges", "step_s", "window_s", "bars"):
        assert getattr(after, name) == getattr(before, name), name


@pytest.mark.parametrize(
    ("period", "bars", "clock"),
    [
        ("2026-10-20..2026-11-09", 21, "%H:%M"),
        ("2026-10-29..2026-11-03", 6 * 24, "%M"),
        ("2026-11-01..2026-11-01", 25 * 4, ""),
    ],
)
def test_steps_follow_the_clock_where_summer_time_ends(
    new_york: Live, period: str, bars: int, clock: str
) -> None:
    scene = played(new_york, period=period)
    shown = frames(scene)
    assert len(shown.bars) == bars
    assert (shown.start, shown.to) == (scene.span.start, scene.span.end)
    whole = {"%H:%M": "00:00", "%M": "00", "": ""}[clock]
    assert all(f"{local(edge, scene.zone):{clock}}" == whole for edge in shown.edges if clock)
    asked = replace(scene.numbers.request, start=shown.start, end=shown.to)
    assert sum(shown.bars) == new_york.engine.screen(asked).total["reported"] > 0


@pytest.mark.parametrize("period", ["2026-10-20..2026-11-09", "2026-10-30..2026-11-03"])
def test_what_is_played_is_what_its_bar_counts(new_york: Live, period: str) -> None:
    shown = frames(played(new_york, period=period))
    steps = list(zip(shown.bars, pairwise(shown.edges), strict=True))
    longer = [step for step in steps if step[1][1] - step[1][0] > shown.step_s]
    assert len(longer) == 1
    for bar, (start, end) in [*steps[:2], *longer, *steps[-2:]]:
        moment = f"{local(end, 'America/New_York'):%Y-%m-%dT%H:%M}"
        scene = played(new_york, period=period, play=moment)
        assert (scene.window.start, scene.window.end) == (start, end)
        assert scene.numbers.total["reported"] == bar


def test_a_day_of_too_many_cases_has_no_bars_rather_than_an_empty_morning(
    tiny: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = frames(played(tiny, period="today"))
    assert sum(whole.bars) > 3
    monkeypatch.setattr(scenes, "MOST_REPORTS", 3)
    scene = played(tiny, period="today")
    assert frames(scene).bars == ()
    assert frames(scene).edges == whole.edges
    assert len(np.diff(whole.edges)) == DAY // QUARTER
    assert player(scene) is not None


@pytest.mark.parametrize(("period", "step_s"), [("7d", HOUR), ("30d", DAY)])
def test_bars_count_every_case_of_the_period(tiny: Live, period: str, step_s: int) -> None:
    scene = played(tiny, period=period, play="2026-11-18T09:00")
    shown = frames(scene)
    assert shown.step_s == step_s
    assert len(shown.bars) == (shown.to - shown.start) // step_s
    request = Request(
        place=0, level="street", start=shown.start, end=min(shown.to, scene.now), now=scene.now
    )
    assert sum(shown.bars) == tiny.engine.screen(request).total["reported"]


def test_the_sum_of_a_period_is_not_said_to_be_an_hour(tiny: Live) -> None:
    summed = map_state(played(tiny, period="7d", language="en"))["heat"]
    assert summed["frames"]["whole"] == {
        "time": "7 days", "note": "Whole period; plays by the hour",
    }  # fmt: skip
    assert "play=" not in summed["url"]
    hour = map_state(played(tiny, period="7d", play="2026-11-18T09:00"))["heat"]
    assert "whole" not in hour["frames"]
    assert "{date}" in hour["frames"]["note"]


def test_the_legend_has_the_unit_of_the_picture_and_of_what_is_played(tiny: Live) -> None:
    day, hour = "Cases per km² and day", "Cases per km² and hour"
    summed = text_of(legend(played(tiny, period="7d", language="en")))
    assert summed.index(day) < summed.index(hour)
    today = text_of(legend(played(tiny, period="today", play="all", language="en")))
    assert today.index(day) < today.index(hour)
    moment = text_of(legend(played(tiny, period="today", play="2026-11-21T14:00", language="en")))
    # Only the alert is of the newest hour alone.
    newest = text_of(legend(played(tiny, period="today", language="en")))
    assert newest.startswith(moment)
    assert day not in moment
    assert hour in moment
    long = text_of(legend(played(tiny, period="30d", play="2026-11-18T00:00", language="en")))
    assert day in long
    assert hour not in long


@pytest.mark.parametrize("period", ["today", "24h", "7d", "30d"])
def test_the_picture_counts_what_the_panels_count(tiny: Live, period: str) -> None:
    for play in ("", "all", "2026-11-21T14:00"):
        scene = played(tiny, period=period, play=play)
        state = map_state(scene)["heat"]
        newest = not play and period in {"today", "24h"}
        assert ("whole" in state["frames"]) == (play in {"", "all"} and not newest)
        asked = parse_qs(state["url"].partition("?")[2])
        said = asked.get("play", ["all"])[0]
        moment = None if said == "all" else int(said)
        found = ask(Place(heat=True, period=period, play="all"), tiny.city, moment)
        assert found.request.start == scene.numbers.request.start
        assert found.request.end == scene.numbers.request.end


def pointed(tiny: Live, **parts: Any) -> scenes.Scene:  # noqa: ANN401 - any field of a place
    return case_points.found(played(tiny, **parts), tiny)


def test_few_cases_of_a_window_are_points_where_the_heat_has_them(tiny: Live) -> None:
    for filters in ({}, {"categories": ("b",)}, {"sources": ("a",)}, {"at": "9911"}):
        scene = pointed(tiny, period="7d", play="2026-11-18T09:00", **filters)
        lon, lat = tiny.engine.points(scene.numbers.request)
        state = map_state(scene)["heat"]["points"]
        assert 0 < len(lon) == sum(point["n"] for point in state) <= case_points.MOST
        where = {(point["lon"], point["lat"]) for point in state}
        assert len(where) == len(state)
        assert where == set(zip(np.round(lon, 5), np.round(lat, 5), strict=True))


def test_many_cases_and_other_maps_have_no_points(tiny: Live) -> None:
    many = pointed(tiny, period="30d")
    assert many.numbers.total["reported"] > case_points.MOST
    assert map_state(many)["heat"]["points"] == []
    assert case_points.found(scenes.read(Place(period="today"), tiny), tiny).points is None
    assert pointed(tiny, period="today").points
    assert pointed(tiny, period="today", hidden=("heat",)).points is None


def test_the_legend_knows_points_and_how_many_cases_have_none(tiny: Live) -> None:
    scene = pointed(tiny, period="7d", play="2026-11-18T09:00", language="en")
    assert scene.points is not None
    n = int(scene.numbers.total["reported"])
    both = replace(scene, points={(104.0, 30.5): n - 2})
    assert "location of a case" in text_of(legend(scene))
    assert "larger: of several; 2 without one" in text_of(legend(both))
    assert "location" not in text_of(legend(pointed(tiny, period="30d", language="en")))
