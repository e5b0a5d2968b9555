"""The note beside the peak: what made it is told only where one thing did."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dashboard.access import NOBODY
from dashboard.i18n.moments import local
from dashboard.place import Place
from dashboard.screens.overview import peak
from dashboard.screens.overview import scene as scenes
from geodata.model.periods import DAY, HOUR
from tests.dashboard.screens.conftest import FakeEngine, make_city

if TYPE_CHECKING:
    from geodata.engine.request import Request
    from geodata.model.places import Tree

USUAL, PEAK = 20, 80


class Told(FakeEngine):
    """An engine whose peak has these columns; every earlier week is spread evenly."""

    def __init__(self, peak_cases: dict[str, object]) -> None:
        super().__init__(_city())
        self.peak_cases, self.listed = peak_cases, 0
        self.windows: list[Request] = []

    def traits(self, request: Request, _limit: int) -> pd.DataFrame:
        self.listed += 1
        self.windows.append(request)
        count = PEAK if request.end > self.asked[0].end - 37 * HOUR else USUAL
        spread = np.arange(count)
        cases = {"site": spread % 12, "matter": -1, "category": spread % 7}
        told = self.peak_cases if count == PEAK else {}
        return pd.DataFrame({**cases, **told}, index=spread)


def _city() -> SimpleNamespace:
    """Every street has one site."""
    city = make_city()
    tree: Tree = city.tree
    for site, unit in enumerate(tree.children(0)):
        city.places.loc[unit, ["site_from", "site_to"]] = [site, site + 1]
    city.sites = pd.DataFrame({"unit": tree.children(0)})
    return city


def _read(engine: Told, place: Place | None = None) -> peak.Peak:
    live = SimpleNamespace(city=engine.city, engine=engine, actor=NOBODY)
    found = peak.read(scenes.read(place or Place(), live), live)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("cases", "cause"),
    [
        ({}, ""),
        ({"site": 1}, "丹坪"),
        ({"category": 1}, "物业服务"),
        ({"site": 1, "category": 1}, "丹坪物业服务"),
        ({"site": 0, "category": 1, "matter": 0}, "鹤湾燃气异味"),
        ({"site": 99}, ""),
    ],
)
def test_the_cause_is_what_holds_most_of_the_peak(cases: dict[str, object], cause: str) -> None:
    assert _read(Told(cases)).cause == cause


def test_the_cause_is_written_as_within_a_sentence() -> None:
    told = Told({"category": 1})
    assert _read(told, Place(language="en")).cause == "name 1"
    told.city.categories["name_en"] = "NGO matters"
    assert _read(Told({"category": 1}), Place(language="en")).cause == "name 1"
    assert _read(told, Place(language="en")).cause == "NGO matters"


def test_what_was_asked_for_alone_is_no_cause() -> None:
    assert not _read(Told({"category": 1}), Place(categories=("k1",))).cause


def test_a_cause_is_looked_up_once() -> None:
    engine = Told({"site": 1})
    _read(engine)
    asked = engine.listed
    assert _read(engine).cause == "丹坪"
    assert engine.listed == asked == peak.WEEKS + 1


def test_the_note_tells_moment_distance_and_cause() -> None:
    engine = Told({"category": 1})
    live = SimpleNamespace(city=engine.city, engine=engine, actor=NOBODY)
    scene = scenes.read(Place(), live)  # type: ignore[arg-type]
    found = peak.read(scene, live)  # type: ignore[arg-type]
    assert found is not None
    said = "11-20 02:31 高出常态区间 82%，主要来自物业服务"
    assert found.reported == 400
    assert peak.words(scene, found).replace("\u2009", " ") == said
    bare = peak.Peak(found.row, found.at, 12.0)
    assert peak.words(scene, bare).replace("\u2009", " ") == "11-20 02:31 12 件，高于常态"


@pytest.mark.parametrize(("further", "named"), [(5, "high"), (60, "far")])
def test_of_steps_as_far_above_the_usual_the_highest_is_named(further: int, named: str) -> None:
    """Within the spread of a count it is chance which is further; the eye meets the highest."""
    scene, _ = _scene(Told({}))
    trend = scene.numbers.trend.copy()
    trend["reported"], trend["high"] = 200.0, 200.0
    far, high = trend.index[3], trend.index[9]
    trend.loc[high, ["reported", "high"]] = [340.0, 240.0]
    trend.loc[far, ["reported", "high"]] = [290.0 + further, 190.0]
    found = peak.find(replace(scene, numbers=replace(scene.numbers, trend=trend)))
    assert found is not None
    assert found.row == {"far": 3, "high": 9}[named]


def test_a_calm_line_has_no_peak() -> None:
    engine = Told({})
    live = SimpleNamespace(city=engine.city, engine=engine, actor=NOBODY)
    scene = scenes.read(Place(), live)  # type: ignore[arg-type]
    scene.numbers.trend["high"] = 1_000.0
    assert peak.read(scene, live) is None  # type: ignore[arg-type]
    assert not engine.listed


def _scene(engine: Told, **numbers: object) -> tuple[scenes.Scene, SimpleNamespace]:
    """A scene with some of its numbers changed, and where it comes from."""
    live = SimpleNamespace(city=engine.city, engine=engine, actor=NOBODY)
    scene = scenes.read(Place(), live)  # type: ignore[arg-type]
    return replace(scene, numbers=replace(scene.numbers, **numbers)), live  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed", [{"version": "v2"}, {"norm_weeks": 3}, {"trend_step_s": 2 * HOUR}]
)
def test_another_state_of_the_data_has_a_cause_of_its_own(changed: dict[str, object]) -> None:
    engine = Told({"site": 1})
    peak.read(*_scene(engine))  # type: ignore[arg-type]
    before = engine.listed
    peak.read(*_scene(engine, **changed))  # type: ignore[arg-type]
    assert engine.listed > before


def test_too_few_weeks_are_not_even_read() -> None:
    engine = Told({"site": 1})
    found = peak.read(*_scene(engine, norm_weeks=1))  # type: ignore[arg-type]
    assert found is not None
    assert not found.cause
    assert not engine.listed


def test_a_chart_by_weeks_names_no_peak_and_looks_for_no_cause() -> None:
    engine = Told({"site": 1})
    scene, live = _scene(engine)
    trend = scene.numbers.trend
    scene = replace(scene, numbers=replace(scene.numbers, trend=trend, trend_step_s=DAY))
    assert len(trend) > 200
    assert peak.read(scene, live) is None  # type: ignore[arg-type]
    assert not engine.listed


def test_earlier_weeks_are_of_the_same_hour_where_summer_time_ended() -> None:
    engine = Told({"site": 1})
    zone = "America/New_York"
    profile = engine.city.profile.model_copy(update={"time_zone": zone})
    engine.city.profile = profile
    _read(engine)
    clocks = {
        (f"{local(each.start, zone):%a %H:%M}", f"{local(each.end, zone):%a %H:%M}")
        for each in engine.windows
    }
    assert len(engine.windows) == peak.WEEKS + 1
    assert len(clocks) == 1
