"""Beside the heat stands the course of its clearest hot spot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dashboard.place import Place
from dashboard.screens.overview import rising, spots
from dashboard.screens.overview.headline import sentence
from geodata.model.periods import HOUR
from tests.dashboard.screens.conftest import text_of
from tests.dashboard.screens.test_overview_heat import story

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from dashboard.screens.overview.scene import Scene
    from geodata.engine.request import Request

DAY_OF = Place(heat=True, period="today", language="en")
PLAYED = replace(DAY_OF, play="2026-11-21T14:00")


def test_without_a_hot_spot_the_whole_place_is_followed(
    make_scene: Callable[..., Scene], live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = make_scene(DAY_OF)
    calm = scene.numbers.cells.assign(reported=20.0, norm=20.0)
    scene = replace(scene, numbers=replace(scene.numbers, cells=calm))
    asked: list[Request] = []

    def incidents(request: Request, _limit: int) -> pd.DataFrame:
        asked.append(request)
        return pd.DataFrame({"reported": [scene.window.end - 60] * 7})

    monkeypatch.setattr(live.engine, "incidents", incidents)
    told = rising.followed(scene, live)  # type: ignore[arg-type]
    assert [request.place for request in asked] == [scene.unit]
    assert f"{scene.short(scene.unit)} rose to 7 in" in text_of(rising.rising(told))


def test_a_calm_course_says_where_it_lies_against_the_norm(
    make_scene: Callable[..., Scene],
) -> None:
    scene = story(make_scene, PLAYED)
    at = scene.window.end - np.arange(3, -1, -1) * HOUR // 4
    for reported, said in ((6, "as usual"), (10, "above norm"), (0, "below norm")):
        course = pd.DataFrame({"at": at, "reported": reported, "low": 1.0, "high": 9.0})
        words = text_of(rising.rising(replace(scene, course=course)))
        assert f": {reported}, {said}" in words


def test_an_hour_is_followed_by_the_quarter_and_its_rise_is_the_title(
    make_scene: Callable[..., Scene], live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = story(make_scene, PLAYED)
    end = scene.window.end
    reported = np.concatenate([[end - 5 * HOUR // 2], np.full(12, end - 1800), [end - 60]])
    asked: list[Request] = []

    def incidents(request: Request, _limit: int) -> pd.DataFrame:
        asked.append(request)
        return pd.DataFrame({"reported": reported})

    monkeypatch.setattr(live.engine, "incidents", incidents)
    told = rising.followed(scene, live)  # type: ignore[arg-type]
    assert told.course is not None
    assert [request.place for request in asked] == [spots.hot(scene)[0].row]
    assert list(told.course["at"].diff().dropna().unique()) == [HOUR / 4]
    assert int(told.course["at"].iloc[-1]) == end
    assert int(told.course["reported"].iloc[-1]) == 13
    name = scene.short(spots.hot(scene)[0].row)
    assert f"{name} rose to 13 in" in text_of(rising.rising(told))


def test_a_rise_read_by_the_hour_is_told_in_hours(
    make_scene: Callable[..., Scene], live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = story(make_scene, PLAYED)
    at = scene.window.end - np.arange(5, 0, -1) * HOUR
    hours = pd.DataFrame({"at": at, "reported": [9, 3, 9, 9, 40], "low": 1.0, "high": 9.0})
    numbers = replace(scene.numbers, trend=hours)
    monkeypatch.setattr(live.engine, "screen", lambda _request: numbers)
    many = pd.DataFrame({"reported": np.full(rising.MOST_CASES, scene.window.end - 60)})
    monkeypatch.setattr(live.engine, "incidents", lambda _request, _limit: many)
    told = rising.followed(scene, live)  # type: ignore[arg-type]
    said = text_of(rising.rising(told))
    assert "rose to 40 in 3" in said
    assert "45" not in said


def test_a_course_that_falls_again_names_its_highest_hour(
    make_scene: Callable[..., Scene],
) -> None:
    scene = story(make_scene, PLAYED)
    at = scene.window.end - np.arange(11, -1, -1) * HOUR // 4
    reported = [*[9] * 9, 20, 25, 22]
    course = pd.DataFrame({"at": at, "reported": reported, "low": 1.0, "high": 9.0})
    told = text_of(rising.rising(replace(scene, course=course)))
    assert "peak 25 (13:45)" in told
    assert "rose" not in told
    risen = course.assign(reported=[*[9] * 9, 20, 22, 25])
    assert "rose to 25" in text_of(rising.rising(replace(scene, course=risen)))


def test_a_course_that_stays_low_has_no_rise(
    make_scene: Callable[..., Scene],
) -> None:
    scene = story(make_scene, PLAYED)
    at = scene.window.end - np.arange(3, -1, -1) * HOUR // 4
    course = pd.DataFrame({"at": at, "reported": 6, "low": 1.0, "high": 9.0})
    assert "rose" not in text_of(rising.rising(replace(scene, course=course)))


def test_the_sentence_names_the_clearest_hot_spot_beside_its_norm(
    make_scene: Callable[..., Scene],
) -> None:
    scene = story(make_scene)
    name = scene.inner(spots.hot(scene)[0].row)
    said = "".join(words for words, _ in sentence(scene))
    assert f"{name} stands out: 80 cases, norm 20" in said


@pytest.mark.parametrize(
    ("norm", "norms", "said"),
    # The side is the one that headline and figure tell of the same hour, whatever band it has.
    [(20_000.0, (1.0, 9.0), "below norm"), (6.0, (1.0, 9.0), "10 in the last hour")],
)
def test_the_side_is_that_of_the_headline_and_none_of_a_norm_too_small(
    make_scene: Callable[..., Scene], norm: float, norms: tuple[float, float], said: str
) -> None:
    scene = make_scene(PLAYED)
    calm = scene.numbers.cells.assign(reported=20.0, norm=20.0)
    scene = replace(scene, numbers=replace(scene.numbers, cells=calm, norm=norm))
    at = scene.window.end - np.arange(3, -1, -1) * HOUR // 4
    course = pd.DataFrame({"at": at, "reported": 10, "low": norms[0], "high": norms[1]})
    told = text_of(rising.rising(replace(scene, course=course)))
    assert said in told
    assert ("norm" in told) == (said == "below norm")


def _hours(scene: Scene, reported: list[int], high: float = 90.0) -> Scene:
    at = scene.now - HOUR * np.arange(len(reported), 0, -1)
    course = pd.DataFrame({"at": at, "reported": reported, "low": 1.0, "high": high})
    return replace(scene, course=course)


def test_the_highest_hour_is_dated_and_tells_of_how_many(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene(Place(heat=True, language="en"))
    calm = scene.numbers.cells.assign(reported=20.0, norm=20.0)
    scene = replace(scene, numbers=replace(scene.numbers, cells=calm))
    told = text_of(rising.rising(_hours(scene, [5, 22, *[6] * 22])))
    assert "Lanting: peak 22 (20 Nov 15:31)" in told
    told = text_of(rising.rising(_hours(scene, [5, *[6] * 21, 22, 4])))
    assert "Lanting: peak 22 (12:31)" in told


def test_an_hour_above_the_norm_that_is_not_the_highest_is_not_called_so(
    make_scene: Callable[..., Scene],
) -> None:
    scene = story(make_scene, Place(heat=True, language="en"))
    scene = _hours(scene, [30, *[6] * 20, 22, 5, 5])
    assert scene.course is not None
    scene.course.loc[21, "high"] = 8.0
    told = text_of(rising.rising(scene))
    assert ": 22 at 11:31, above norm" in told
    assert "peak" not in told


def test_without_a_norm_nothing_is_drawn_as_usual(
    make_scene: Callable[..., Scene], find: Callable[..., list[Any]]
) -> None:
    scene = make_scene(Place(heat=True, language="en"))
    for norm, traces in ((17_568.0, 4), (np.nan, 2)):
        numbers = replace(scene.numbers, norm=norm)
        (graph,) = find(rising.rising(_hours(replace(scene, numbers=numbers), [6] * 24)), "Graph")
        assert len(graph.figure["data"]) == traces


def test_a_rise_takes_whole_or_half_hours(make_scene: Callable[..., Scene]) -> None:
    scene = story(make_scene, PLAYED)
    for quarters, said in (
        (7, "in about 2 h"),
        (6, "in 1.5 h"),
        (5, "in about 1 h"),
        (3, "45 min"),
    ):
        at = scene.window.end - np.arange(quarters, -1, -1) * HOUR // 4
        reported = [1, *[8] * quarters]
        course = pd.DataFrame({"at": at, "reported": reported, "low": 1.0, "high": 9.0})
        assert said in text_of(rising.rising(replace(scene, course=course)))
