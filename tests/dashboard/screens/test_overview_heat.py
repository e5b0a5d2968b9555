"""The heat: hot spots on the map and in the list, and layers that can be hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely

from dashboard.place import LAYERS, Place
from dashboard.screens.overview import headline, significant, spots
from dashboard.screens.overview.legend import legend
from dashboard.screens.overview.map_state import map_state
from dashboard.screens.overview.overlay import overlay
from tests.dashboard.screens.conftest import all_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from dashboard.screens.overview.scene import Scene
    from geodata.engine.request import Request

HEAT = Place(heat=True, period="today", language="en")


def story(make_scene: Callable[..., Scene], place: Place = HEAT) -> Scene:
    """A quiet city with three places above the norm, one of them by a handful of cases."""
    scene = make_scene(place)
    cells = scene.numbers.cells.copy()
    cells["reported"], cells["norm"] = 20.0, 20.0
    units = cells.index[cells.index >= 0]
    cells.loc[units[3], "reported"] = 60.0
    cells.loc[units[7], "reported"] = 80.0
    cells.loc[units[9], ["reported", "norm"]] = [4.0, 0.2]
    return replace(scene, numbers=replace(scene.numbers, cells=cells))


def test_hot_spots_have_the_same_numbers_on_the_map_and_in_the_list(
    make_scene: Callable[..., Scene],
) -> None:
    scene = story(make_scene)
    marked = map_state(scene)["hot"]
    units = [int(unit) for unit in scene.numbers.cells.index if unit >= 0]
    assert [(spot["id"], spot["n"]) for spot in marked] == [(units[7], 1), (units[3], 2)]
    assert {spot["layer"] for spot in marked} == {scene.level}
    rows = all_of(spots.spots(scene), "Li")
    assert [getattr(row, "data-unit") for row in rows] == [str(units[7]), str(units[3])]
    assert [text_of(row)[0] for row in rows] == ["1", "2"]
    assert "Above norm (99% confidence)" in text_of(legend(scene))
    hovers = [getattr(row, "title", "") for row in all_of(legend(scene), "Li")]
    assert any("z ≥ 2.6" in hover for hover in hovers)


def test_a_handful_of_cases_is_no_hot_spot(make_scene: Callable[..., Scene]) -> None:
    rows = {spot.row: spot for spot in spots.hot(story(make_scene))}
    assert all(spot.reported >= spots.LEAST and spot.z >= spots.HOT for spot in rows.values())
    assert len(rows) == 2


def test_a_hot_spot_tells_what_it_is_made_of(
    make_scene: Callable[..., Scene], live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    matters = pd.DataFrame({"name_zh": ["燃气异味", "噪声"], "name_en": ["gas smell", "noise"]})
    scene = story(make_scene)
    scene = replace(scene, city=type(scene.city)(**vars(scene.city) | {"matters": matters}))
    asked: list[Request] = []

    def incidents(request: Request, _limit: int) -> pd.DataFrame:
        asked.append(request)
        return pd.DataFrame({"matter": [0, 0, 0, 1, -1, -1]})

    monkeypatch.setattr(live.engine, "incidents", incidents)
    told = spots.explained(scene, live)  # type: ignore[arg-type]
    rows = all_of(spots.spots(told), "Li")
    assert [request.place for request in asked] == [spot.row for spot in spots.hot(scene)]
    assert all("gas smell 3" in text_of(row) for row in rows)
    assert not any("noise" in text_of(row) for row in rows)
    assert spots.explained(make_scene(Place()), live).made == {}  # type: ignore[arg-type]


def test_a_hot_spot_of_too_many_cases_is_not_told_by_the_newest_alone(
    make_scene: Callable[..., Scene], live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = story(make_scene)

    def incidents(_request: Request, limit: int) -> pd.DataFrame:
        return pd.DataFrame({"matter": [0] * limit})

    monkeypatch.setattr(live.engine, "incidents", incidents)
    made = spots.explained(scene, live).made  # type: ignore[arg-type]
    assert made
    assert not any(made.values())


def test_without_hot_spots_nothing_is_numbered(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene(HEAT)
    calm = scene.numbers.cells.assign(reported=20.0, norm=20.0)
    scene = replace(scene, numbers=replace(scene.numbers, cells=calm))
    assert map_state(scene)["hot"] == []
    rows = all_of(spots.spots(scene), "Li")
    assert rows
    assert not any(text_of(row)[0].isdigit() for row in rows)
    assert "Above norm" not in text_of(legend(scene))


def _normed(scene: Scene, norm: float, reported: float) -> Scene:
    total = scene.numbers.total.copy()
    total["reported"] = reported
    return replace(scene, numbers=replace(scene.numbers, norm=norm, total=total))


@pytest.mark.parametrize(
    ("norm", "reported", "said"),
    [
        (18.4, 12, "norm 18.4 · small base"),
        (0.6, 1, "norm 0.6 · small base"),
        (100.0, 150, "norm 100, +50%"),
    ],
)
def test_the_card_tells_no_change_that_the_sentence_refuses(
    make_scene: Callable[..., Scene], norm: float, reported: float, said: str
) -> None:
    scene = make_scene(HEAT)
    numbers = replace(scene.numbers, norm_low=norm * 0.9, norm_high=norm * 1.1)
    scene = _normed(replace(scene, numbers=numbers), norm, reported)
    card = text_of(spots.volume(scene))
    assert said in card
    sentence = "".join(words for words, _ in headline.sentence(scene))
    assert ("%" in card) == ("%" in sentence.split(";", maxsplit=1)[0])


def test_a_usual_place_is_called_so_on_the_card(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene(HEAT)
    numbers = replace(scene.numbers, norm_low=90.0, norm_high=120.0)
    card = text_of(spots.volume(_normed(replace(scene, numbers=numbers), 100.0, 110)))
    assert "norm 100, within the usual range" in card


def test_of_equal_hot_spots_the_larger_comes_first(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene(HEAT)
    cells = scene.numbers.cells.copy()
    cells["reported"], cells["norm"] = 20.0, 20.0
    units = cells.index[cells.index >= 0]
    cells.loc[units[2], ["reported", "norm"]] = [47.0, 20.0]  # z 5.7
    cells.loc[units[5], ["reported", "norm"]] = [154.0, 98.0]  # z 5.3
    cells.loc[units[6], ["reported", "norm"]] = [149.8, 94.0]  # z 5.4
    cells.loc[units[7], ["reported", "norm"]] = [155.2, 98.4]  # z 5.4
    found = spots.hot(replace(scene, numbers=replace(scene.numbers, cells=cells)))
    assert [spot.row for spot in found] == [units[2], units[7], units[6], units[5]]


def test_without_hot_spots_the_sentence_names_what_the_list_shows(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene(replace(HEAT, language="zh"))
    cells = scene.numbers.cells.copy()
    cells["reported"], cells["norm"] = 20.0, 20.0
    units = [int(unit) for unit in cells.index[cells.index >= 0]]
    cells.loc[units[4], "reported"], cells.loc[units[9], "reported"] = 26.0, 25.0
    scene = replace(scene, numbers=replace(scene.numbers, cells=cells))
    listed = [getattr(row, "data-unit") for row in all_of(spots.spots(scene), "Li")][:2]
    assert listed == [str(units[4]), str(units[9])]
    parts = headline.sentence(scene)
    codes = [f"at={scene.city.tree.codes[unit]}" for unit in (units[4], units[9])]
    asked = {
        code: [href for _, href in parts if code in href.strip("?").split("&")] for code in codes
    }
    assert [len(links) for links in asked.values()] == [1, 1]
    assert "".join(words for words, _ in parts).endswith("最多")
    assert "集中" not in "".join(words for words, _ in parts)


def test_places_that_lead_by_nothing_are_not_named(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene(replace(HEAT, language="zh"))
    calm = scene.numbers.cells.assign(reported=20.0, norm=20.0)
    scene = replace(scene, numbers=replace(scene.numbers, cells=calm))
    assert "最多" not in "".join(words for words, _ in headline.sentence(scene))


@pytest.mark.parametrize("cases", [[], [0.0], [2.0, 1.0], [9.0], [9.0, 4.0, 1.0]])
def test_a_heat_of_hardly_any_cases_names_no_two_places(
    make_scene: Callable[..., Scene], cases: list[float]
) -> None:
    scene = make_scene(replace(HEAT, language="zh"))
    calm = scene.numbers.cells.assign(reported=0.0, norm=20.0)
    calm.loc[calm.index[: len(cases)], "reported"] = cases
    scene = replace(scene, numbers=replace(scene.numbers, cells=calm))
    assert "最多" not in "".join(words for words, _ in headline.sentence(scene))


def test_hot_spots_belong_to_the_heat(make_scene: Callable[..., Scene]) -> None:
    assert map_state(story(make_scene, Place(period="today")))["hot"] == []


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_is_hidden_by_one_link_and_shown_by_the_next(
    make_scene: Callable[..., Scene], layer: str
) -> None:
    place = replace(HEAT, at="9901001")
    shown = make_scene(place)
    hidden = make_scene(replace(place, hidden=(layer,)))
    number = LAYERS.index(layer)
    for scene, other, words in ((shown, hidden, "Hide"), (hidden, shown, "Show")):
        toggles = next(n for n in all_of(overlay(scene), "Nav") if n.className == "toggles")
        link = toggles.children[number]
        assert link.href == other.place.href()
        assert link.title.startswith(words)
    assert map_state(shown)["show"]["hidden"] == ()
    assert map_state(hidden)["show"]["hidden"] == (layer,)


def test_the_state_names_the_level_that_a_click_leads_to(make_scene: Callable[..., Scene]) -> None:
    state = map_state(make_scene(Place(level="community")))
    assert (state["level"], state["next"]) == ("community", "street")


def test_the_border_of_the_place_is_known_to_the_view(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene(Place())
    west, south, east, north = scene.city.places.geometry.iloc[0].bounds
    rim = map_state(scene)["rim"]
    assert min(x for x, _ in rim) == west
    assert max(y for _, y in rim) == north
    assert all(x in {west, east} or y in {south, north} for x, y in rim)


def test_the_tips_of_islands_are_known_to_the_view(make_scene: Callable[..., Scene]) -> None:
    places = make_scene().city.places.copy()
    island = shapely.Polygon([(-2.0, -2.0), (-1.9, -1.5), (-1.5, -1.9)])
    speck = shapely.box(9, 9, 9.01, 9.01)
    land = shapely.MultiPolygon([shapely.box(0, 0, 4, 3), island, speck])
    places.loc[places.index[0], "geometry"] = land
    rim = map_state(make_scene(Place(), places=places))["rim"]
    assert [-2.0, -2.0] in rim
    assert sum(x < -1 for x, _ in rim) >= 6
    assert max(x for x, _ in rim) <= 4  # what is hardly seen may lie under a card


def test_a_city_without_a_shape_is_where_its_parts_are(make_scene: Callable[..., Scene]) -> None:
    places = make_scene().city.places.copy()
    places.loc[places.index[0], "geometry"] = None
    rim = map_state(make_scene(Place(), places=places))["rim"]
    assert {(0.0, 0.0), (4.0, 3.0)} <= {(x, y) for x, y in rim}
    assert len(rim) <= 160


def test_breaks_that_would_read_the_same_get_another_digit(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene(Place(measure="resolution_p90", language="en"))
    cells = scene.numbers.cells.copy()
    inside = cells.index >= 0
    cells.loc[inside, "resolution_n"] = 100
    cells.loc[inside, "resolution_p90_min"] = [720 + 3 * i for i in range(int(inside.sum()))]
    scene = replace(scene, numbers=replace(scene.numbers, cells=cells))
    buttons = all_of(legend(scene), "Button")
    words = [text_of(button) for button in buttons]
    assert len(set(words)) == len(words) == 5
    assert not any("–" in word and len(set(word.split("–"))) == 1 for word in words)


def test_the_legend_has_the_alerts_that_stand_on_the_heat(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene(HEAT)
    assert {mark["level"] for mark in map_state(scene)["marks"]} == {1, 2}
    shown = legend(scene)
    assert "open alert" in text_of(shown)
    signs = [sign.className for sign in all_of(shown, "Span") if "ring-key" in str(sign.className)]
    assert signs == ["ring-key level-1", "ring-key level-2"]
    calm = replace(
        scene, city=type(scene.city)(**vars(scene.city) | {"alerts": scene.city.alerts[:0]})
    )
    assert "open alert" not in text_of(legend(calm))


def test_significant_hot_spots_are_a_rate_of_people_and_not_a_change(
    make_scene: Callable[..., Scene],
) -> None:
    """Cells with far more cases than people are told, though all are at their norm."""
    scene = make_scene(HEAT)
    cells = scene.numbers.cells.copy()
    units = cells.index[cells.index >= 0]
    places = scene.city.places.assign(people=1_000.0)
    cells["reported"] = cells["norm"] = 20.0
    group = units[:2]
    cells.loc[group, ["reported", "norm"]] = 300.0
    city = type(scene.city)(**vars(scene.city) | {"places": places})
    scene = replace(scene, city=city, numbers=replace(scene.numbers, cells=cells))
    found = significant.judged(scene)
    assert found is not None
    assert set(found[0]) == set(group.tolist())
    assert [mark["id"] for mark in map_state(scene)["strong"]] == found[0]
    assert map_state(scene)["hot"] == []
    assert "Significant hot spots (by people): 2." in text_of(spots.spots(scene))
    assert "Significant cluster (95% confidence)" in text_of(legend(scene))
    hovers = [getattr(row, "title", "") for row in all_of(legend(scene), "Li")]
    assert any("Gi*" in hover for hover in hovers)
    even = replace(scene, numbers=replace(scene.numbers, cells=cells.assign(reported=20.0)))
    assert "No significant hot spots (by people)" in text_of(spots.spots(even))
    assert map_state(even)["strong"] == []
