"""What the wall says, from the figures of one story."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from dashboard.components.tree import said
from dashboard.screens.overview.registered import definition
from dashboard.screens.wall import alerts, ground, trend, view
from dashboard.screens.wall.reading import Reading, read
from geodata.metrics.classes import PER_THOUSAND_OF_MANY
from geodata.metrics.registry import METRICS
from geodata.model.tuning import Wall
from geodata.tour.tour import Focus, Pace, Tour, focus, step
from tests.dashboard.screens.conftest import NOW, FakeEngine, make_city

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOKS = [view.Look(language, theme) for language in ("zh", "en") for theme in ("dark", "light")]
EN = view.Look("en", "dark")


def _live(**parts: object) -> Any:  # noqa: ANN401 - as `access.Live`
    city = make_city(**parts)
    return SimpleNamespace(city=city, engine=FakeEngine(city), actor=None)


def _read(live: Any) -> Reading:  # noqa: ANN401
    live.actor = SimpleNamespace(rights=frozenset())
    return read("", NOW, live)


def _state(reading: Reading, look: view.Look, **moving: Any) -> dict[str, Any]:  # noqa: ANN401
    given = {"now": NOW, "clock": "now", "focus": _at_first(reading)} | moving
    return view.state(view.still(reading, look, given["clock"]), view.Moving(**given))


def _at_first(reading: Reading) -> Focus:
    order = view.called(reading, NOW, ()).order
    return focus(step(Tour(), NOW, order, {}, Pace()), order, Pace())


@pytest.fixture(scope="module")
def reading() -> Reading:
    return _read(_live())


def nodes(tree: Any) -> Iterator[Any]:  # noqa: ANN401
    if isinstance(tree, list):
        if len(tree) > 1 and isinstance(tree[0], str) and isinstance(tree[1], dict):
            yield tree
            tree = tree[2:]
        for each in tree:
            yield from nodes(each)


def named(tree: Any, name: str) -> list[Any]:  # noqa: ANN401
    return [node for node in nodes(tree) if name in node[1].get("className", "").split()]


@pytest.mark.parametrize("look", LOOKS)
def test_every_panel_has_a_finding_its_period_and_room_for_its_age(
    reading: Reading, look: view.Look
) -> None:
    panels = _state(reading, look)["panels"]
    assert set(panels) == {
        "head", "figures", "trend", "map", "alerts", "departments", "focus",
    }  # fmt: skip
    for name in ("figures", "trend", "map", "alerts", "departments"):
        head = named(panels[name]["tree"], "wall-head")[0]
        assert said(head[2])
        assert [node[1]["data-wall"] for node in nodes(head) if "data-wall" in node[1]] == ["age"]
        assert panels[name]["since"] == NOW - 5
    json.dumps(panels)  # nothing but plain values


@pytest.mark.parametrize("look", LOOKS)
def test_no_figure_of_the_wall_without_its_definition(reading: Reading, look: view.Look) -> None:
    panels = _state(reading, look)["panels"]
    here: Any = SimpleNamespace(language=look.language, city=make_city())
    for name in ("figures", "trend", "map", "departments"):
        told = [node[1]["title"] for node in nodes(panels[name]["tree"]) if "title" in node[1]]
        assert told, name
        for each in told:
            assert any(each == definition(key, here) for key in METRICS), name
    assert len(named(panels["figures"]["tree"], "wall-figure")) == 4


def test_the_four_figures_are_those_of_the_overview(reading: Reading) -> None:
    four = named(_state(reading, LOOKS[0])["panels"]["figures"]["tree"], "wall-figure")
    assert [node[1]["key"] for node in four] == [
        "reported", "backlog_overdue", "on_time_rate", "whistle_rate",
    ]  # fmt: skip
    assert [said(node[3]) for node in four] == ["18,964件", "38件", "96.4%", "93.1%"]


def test_departments_stand_the_slowest_first_and_those_over_the_target_say_so(
    reading: Reading,
) -> None:
    tree = _state(reading, EN)["panels"]["departments"]["tree"]
    rows = named(tree, "wall-department")
    assert [said(row[4]) for row in rows][:4] == ["47 min", "38 min", "33 min", "27 min"]
    assert [len(named(row, "level-2")) for row in rows][:4] == [1, 1, 1, 0]
    shares = [float(row[3][1]["style"]["--median"].rstrip("%")) for row in rows]
    assert shares == sorted(shares, reverse=True)
    assert "30" in said(named(tree, "wall-target"))


def test_the_line_ends_now_and_the_band_goes_on_to_the_end_of_the_day(reading: Reading) -> None:
    tree = _state(reading, LOOKS[0])["panels"]["trend"]["tree"]
    line = named(tree, "line")[0][1]["points"].split()
    now = (NOW - reading.today.span.start) / 86_400 * 100
    assert len(line) == 14  # the hour that runs would look like a fall
    assert float(line[-1].split(",")[0]) <= now
    assert float(named(tree, "band")[0][1]["points"].split()[15].split(",")[0]) > now
    assert [said(node) for node in named(tree, "wall-x")[0][2:]] == [
        "00:00", "06:00", "12:00", "18:00", "24:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("least", "step"),
    [(0, 1), (1, 1), (1.2, 2), (3.5, 4), (11, 15), (24, 25), (110, 150), (900, 1000), (1001, 1500)],
)
def test_the_axis_has_round_whole_numbers(least: float, step: float) -> None:
    assert trend.step_of(least) == step


def test_classes_of_the_map_stay_what_they_are(reading: Reading) -> None:
    assert reading.scales["density"].breaks == PER_THOUSAND_OF_MANY
    again = read("", NOW + 3_600, SimpleNamespace(
        city=reading.main.city, engine=FakeEngine(reading.main.city), actor=reading.main
    ), reading)  # fmt: skip
    assert again.scales is reading.scales


def test_a_city_without_people_has_classes_of_the_time_before_its_publication() -> None:
    """Quintiles of what is shown would change with every refresh."""
    live = _live(
        meta={
            "months": ["2026-11"],
            "first": NOW - 10**7,
            "last": NOW - 86_400,
            "counts": {"incidents": 10**6},
        }
    )
    live.city.places["people"] = 0
    found = _read(live)
    ends = [asked.end for asked in live.engine.asked]
    assert NOW - 86_400 in ends
    live.engine.asked.clear()
    again = read("", NOW + 60, live, found)
    assert again.scales == found.scales
    assert NOW - 86_400 not in [asked.end for asked in live.engine.asked]


def test_the_map_has_few_names_with_values_seven_marks_and_the_outline(reading: Reading) -> None:
    state = _state(reading, LOOKS[0])
    shown = state["map"]
    assert sum(bool(label["value"]) for label in shown["labels"]) in {1, 2}
    assert len(shown["marks"]) <= 7
    focus_ = state["focus"]
    assert shown["strong"] == [{"layer": "street", "id": focus_["unit"]}]
    (named_,) = (label for label in shown["labels"] if label["unit"] == focus_["unit"])
    assert named_["strong"], "what is shown is named in any case"
    assert "href" not in json.dumps(shown["labels"] + shown["marks"])
    assert ground.MARKS == 7


def _row(number: int, **more: object) -> dict[str, Any]:
    base = make_city().alerts.iloc[0].to_dict()
    return base | {"alert": number, "title_zh": f"事{number}", "topic": "", "kind": "x"} | more


def test_a_flood_of_one_kind_in_a_street_is_one_line_that_counts() -> None:
    rows = [
        _row(n, level=3, topic="matter:gas", raised=NOW - 400 + n, cleared=pd.NA) for n in range(12)
    ]
    apart = [_row(20, level=1, topic="a", raised=NOW - 60, cleared=pd.NA)]
    slow = [
        _row(30 + n, level=4, topic="b", raised=NOW - 9_000 + 600 * n, cleared=pd.NA)
        for n in range(12)
    ]
    scene = _read(_live(alerts=pd.DataFrame(rows + apart + slow))).main
    lines = alerts.lines(scene, ())
    assert [(line.alert.level, line.count) for line in lines][:3] == [(1, 1), (3, 12), (4, 1)]
    assert len(lines) == 2 + 12
    tree = alerts.panel(replace(scene, language="en"), ())
    assert "12 alerts of one kind" in said(named(tree, "flood"))


def test_a_flood_of_another_system_is_one_line_as_well() -> None:
    rows = [
        _row(n, level=2, topic=f"id:{n}", title_zh="燃气泄漏", raised=NOW - 400 + n, cleared=pd.NA)
        for n in range(12)
    ]
    other = _row(20, level=2, topic="id:20", title_zh="停水", raised=NOW - 60, cleared=pd.NA)
    scene = _read(_live(alerts=pd.DataFrame([*rows, other]))).main
    assert sorted(line.count for line in alerts.lines(scene, ())) == [1, 12]


def test_an_alert_that_came_after_the_numbers_is_told_at_once() -> None:
    row = _row(1, level=1, raised=NOW + 4, cleared=pd.NA)
    found = _read(_live(alerts=pd.DataFrame([row])))
    assert view.called(found, NOW, ()).reds == {}
    (key,) = view.called(found, NOW + 4, ()).reds
    assert view.called(found, NOW + 5, (key,)).reds == {}
    shown = Focus("alert:x:2", "alert", "", key, 5.0, 185.0, 1, 12)
    state = _state(found, LOOKS[0], now=NOW + 5, focus=shown)
    card = said(state["panels"]["focus"]["tree"])
    assert "事1" in card
    assert (state["focus"]["lon"], state["focus"]["lat"]) == (row["lon"], row["lat"])
    told = said(state["panels"]["alerts"]["tree"])
    assert "事1" in told
    seen = _state(found, LOOKS[0], now=NOW + 5, focus=shown, seen={key: 1.0})
    assert "已确认" in said(seen["panels"]["alerts"]["tree"])


def test_the_tour_goes_where_the_worst_alert_is_and_then_by_the_map() -> None:
    calm = _read(_live(alerts=make_city().alerts.iloc[:0]))
    order = view.called(calm, NOW, ()).order
    streets = calm.main.city.tree.children(0)
    assert len(order) == len(streets)
    assert order[0] == calm.main.city.tree.codes[streets[1]]  # 18.2 per 1,000
    last = int(streets[[calm.main.city.tree.codes[u] for u in streets].index(order[-1])])
    alarmed = _read(_live(alerts=pd.DataFrame([_row(1, unit=last, level=2, cleared=pd.NA)])))
    assert view.called(alarmed, NOW, ()).order[0] == order[-1]


def test_a_place_whose_people_nobody_knows_has_no_rate() -> None:
    live = _live(meta={"months": ["2026-11"]})
    assert "per 1,000" in said(_state(_read(live), EN)["panels"]["focus"]["tree"])
    live.city.places["people"] = -1
    card = said(_state(_read(live), EN)["panels"]["focus"]["tree"])
    assert "people" not in card
    assert "per 1,000" not in card


def test_where_the_clock_stands_the_day_is_not_called_today() -> None:
    profile = make_city().profile.model_copy(update={"as_of": "data"})
    panels = _state(_read(_live(profile=profile)), EN)["panels"]
    assert "that day" in said(panels["trend"]["tree"])


def test_a_past_moment_says_so(reading: Reading) -> None:
    zh = _state(reading, LOOKS[0], clock="replay")["panels"]
    assert "回放" in said(zh["head"]["tree"])
    assert "当日" in said(zh["trend"]["tree"])
    assert "定格" in said(_state(reading, LOOKS[0], clock="frozen")["panels"]["head"]["tree"])
    assert not said(_state(reading, LOOKS[0])["panels"]["head"]["tree"][2])


def test_a_city_without_cases_shows_no_zeros() -> None:
    live = _live(meta={}, alerts=make_city().alerts.iloc[:0])
    live.engine = FakeEngine(live.city, empty=True)
    panels = _state(_read(live), EN)["panels"]
    for name in ("figures", "trend", "departments", "map"):
        assert "wall-none" in json.dumps(panels[name]["tree"])
        assert not re.search(r"(?<!\d)0(?!\d)", said(panels[name]["tree"]))


@pytest.mark.parametrize(
    ("pitch", "metres", "base"),
    [(1.25, 5, 26), (1.25, 8, 42), (1.5625, 8, 34), (2.5, 10, 26), (0.565, 8, 92), (0.63, 8, 83),
     (2.5, 2, 20)],
)  # fmt: skip
def test_letters_are_as_large_as_the_eye_needs_them(pitch: float, metres: float, base: int) -> None:
    assert view.calibration(Wall(pitch_mm=pitch, distance_m=metres))["base"] == base
