"""What the six figures are compared with, in words."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from dashboard.access import NOBODY
from dashboard.place import Place
from dashboard.screens.overview import scene as scenes
from dashboard.screens.overview.kept import OPTIONAL
from dashboard.screens.overview.kpis import CITY, _more, chosen, kpis
from dashboard.screens.overview.spent import written
from geodata.model.periods import DAY
from tests.dashboard.screens.conftest import NOW, FakeEngine, make_city, tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.screens.overview.scene import Scene
    from geodata.engine.numbers import Numbers
    from geodata.engine.request import Request


@pytest.mark.parametrize(
    ("language", "satisfied", "said"),
    [
        ("zh", 0, "— 与上期持平 · n 1,204"),
        ("zh", 0.2, "— 与上期持平 · n 1,204"),
        ("zh", -30, "↑ 2.5 点较上期 · n 1,204"),
        ("zh", 30, "↓ 2.5 点较上期 · n 1,204"),
        ("en", 0, "— as before · n 1,204"),
    ],
)
def test_a_share_that_did_not_change_says_so_without_a_zero(
    make_scene: Callable[..., Scene],
    text: Callable[[Any], str],
    language: str,
    satisfied: float,
    said: str,
) -> None:
    scene = make_scene(Place(language=language))
    total = scene.numbers.total
    previous = total.copy()
    previous["satisfied"] = total["satisfied"] + satisfied
    scene = replace(scene, numbers=replace(scene.numbers, previous=previous))
    found = text(kpis(scene))
    assert said in found
    assert " 0.0 " not in found


def test_nothing_more_than_before_is_said_in_the_same_words(
    make_scene: Callable[..., Scene], text: Callable[[Any], str]
) -> None:
    scene = make_scene(Place())
    numbers = replace(scene.numbers, previous=scene.numbers.total.copy())
    assert "— 与一周前持平" in text(kpis(replace(scene, numbers=numbers)))


@pytest.mark.parametrize(
    ("median", "slow", "said"),
    [
        (19.4, 772.8, ("0.8 days", "32.2 days")),
        (19.4, 71.0, ("19.4 h", "71.0 h")),
        (36.0, 96.0, ("1.5 days", "4.0 days")),
        (0.5, 96.0, ("30 min", "4.0 days")),
    ],
)
def test_both_durations_are_in_days_where_the_longer_one_is(
    make_scene: Callable[..., Scene], median: float, slow: float, said: tuple[str, str]
) -> None:
    scene = make_scene(Place(language="en"))
    total = scene.numbers.total.copy()
    total["resolution_median_min"], total["resolution_p90_min"] = median * 60, slow * 60
    scene = replace(scene, numbers=replace(scene.numbers, total=total))
    shown = tuple(
        " ".join(written(scene, float(total[f"resolution_{name}_min"])))
        for name in ("median", "p90")
    )
    assert shown == said


def test_without_deadlines_nothing_is_said_to_be_in_time(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene()
    assert "超期未结38件" in text(kpis(scene))
    assert "超期未结38件" not in text(kpis(replace(scene, kept=frozenset({"arrival_n"}))))


class _Silent(FakeEngine):
    """A city whose cases know nothing optional, all from long before its clock."""

    def screen(self, request: Request) -> Numbers:
        found = super().screen(request)
        reported = 500.0 if request.start < NOW - 300 * DAY else 0.0
        due = 90.0 if request.start < NOW - 3_000 * DAY else 0.0  # deadlines of another time
        return replace(found, total=pd.Series(tally(reported=reported, due=due)))


def test_what_no_case_knows_is_not_kept_because_the_last_90_days_are_empty() -> None:
    city = make_city(meta={"months": ["2026-01"], "first": NOW - 4_000 * DAY})
    live = SimpleNamespace(city=city, engine=_Silent(city), actor=NOBODY)
    scene = scenes.read(Place(), live)  # type: ignore[arg-type]
    assert scene.kept == frozenset()
    metrics = [kpi.metric for kpi in chosen(scene)]
    assert metrics[:4] == [
        "reported", "resolution_median_min", "resolution_p90_min", "backlog_open",
    ]  # fmt: skip
    assert "backlog_overdue" not in metrics


def test_a_city_without_any_case_tells_nobody_what_it_keeps() -> None:
    city = make_city()
    live = SimpleNamespace(city=city, engine=FakeEngine(city, empty=True), actor=NOBODY)
    assert scenes.read(Place(), live).kept == OPTIONAL  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "more", "level"), [(380, 3, 0), (380, 8, 2), (20, 1, 0), (0, 3, 2)]
)
def test_a_few_more_overdue_of_many_are_no_warning(
    make_scene: Callable[..., Scene], before: int, more: int, level: int
) -> None:
    overdue = next(kpi for kpi in CITY if kpi.metric == "backlog_overdue")
    words, found = _more(overdue, before, more, make_scene(Place(period="7d")))
    assert found == level
    assert f"↑ {more}" in words.replace("\u2009", " ")
