"""The player of the heat, on a real engine: what is played is always the same period."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.place import Place
from dashboard.screens.overview import scene as scenes
from dashboard.screens.overview.legend import legend
from dashboard.screens.overview.map_state import map_state
from dashboard.screens.overview.player import frames
from geodata.engine import Engine
from geodata.engine.request import Request
from geodata.model.periods import DAY, HOUR
from geodata.store.snapshots import open_city
from tests.browser.tiny import publish_tiny
from tests.dashboard.screens.conftest import text_of

if TYPE_CHECKING:
    from dashboard.access import Live


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Live:
    folder = tmp_path_factory.mktemp("tiny")
    publish_tiny(folder)
    city = open_city(folder)
    return SimpleNamespace(city=city, engine=Engine(city), actor=None)  # type: ignore[return-value]


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
    for name in ("start", "to", "step_s", "window_s", "bars"):
        assert getattr(after, name) == getattr(before, name), name


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
        "time": "7 days", "note": "Sum of the period; play it in steps",
    }  # fmt: skip
    assert "play=" not in summed["url"]
    hour = map_state(played(tiny, period="7d", play="2026-11-18T09:00"))["heat"]
    assert "whole" not in hour["frames"]
    assert "{date}" in hour["frames"]["note"]


def test_the_legend_has_the_unit_of_the_picture_and_of_what_is_played(tiny: Live) -> None:
    day, hour = "Cases per km² and day", "Cases per km² and hour"
    summed = text_of(legend(played(tiny, period="7d", language="en")))
    assert summed.index(day) < summed.index(hour)
    assert day not in text_of(legend(played(tiny, period="today", language="en")))
    long = text_of(legend(played(tiny, period="30d", play="2026-11-18T00:00", language="en")))
    assert day in long
    assert hour not in long
