"""What the map is told: classes, labels, marks, links."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dashboard.place import Place
from dashboard.screens.overview import measures
from dashboard.screens.overview.legend import legend
from dashboard.screens.overview.map_state import map_state
from geodata.metrics.classes import NO_DATA, TOO_FEW
from geodata.model.places import Tree
from tests.dashboard.screens.conftest import PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene


def _classes(state: dict[str, Node]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(base64.b64decode(state["cells"]["class"]), dtype=np.uint8)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_state_is_plain_json(make_scene: Callable[..., Scene], language: str) -> None:
    state = map_state(make_scene(Place(language=language)))
    assert json.loads(json.dumps(state, allow_nan=False))["level"] == "community"


def test_classes_by_fixed_breaks(make_scene: Callable[..., Scene]) -> None:
    found = _classes(map_state(make_scene()))
    assert len(found) == 36
    assert found[0] == 4  # 17.4 lies above 15
    assert found[9] == 1  # 10.2 lies in 10–11


def test_a_city_that_only_buildings_divide_is_shown_where_they_stand(
    make_scene: Callable[..., Scene],
) -> None:
    scene = make_scene()
    places = scene.city.places.iloc[:1].assign(site_to=60)
    spread = np.linspace(1.0, 1.1, 60)
    alone = make_scene(
        places=places,
        tree=Tree.of(places, PROFILE, np.ones(60, np.bool_)),
        sites=pd.DataFrame({"building": [0] * 60, "lon": spread, "lat": spread}),
    )
    west, south, east, north = map_state(alone)["box"]
    assert 0.98 < west < east < 1.12
    assert 0.98 < south < north < 1.12


def test_breaks_follow_the_length_of_the_period(make_scene: Callable[..., Scene]) -> None:
    measure = measures.MEASURES["density"]
    breaks = measures.scale(measure, make_scene(Place(period="30d"))).breaks
    assert breaks == (42, 48, 54, 64)


def test_at_most_twelve_labels_and_the_named_first(make_scene: Callable[..., Scene]) -> None:
    labels = map_state(make_scene())["labels"]
    assert len(labels) == 12
    assert [label["text"] for label in labels[:2]] == ["丹坪街道", "鹤湾街道"]  # the worst first
    assert [label["strong"] for label in labels] == [True] * 2 + [False] * 10
    assert labels[1]["value"] == "17.4"


def test_a_department_turns_the_colours_round_its_target(make_scene: Callable[..., Scene]) -> None:
    state = map_state(make_scene(Place(departments=("k0",))))
    assert len(state["palette"]) == 7
    assert state["marks"] == []
    assert len(state["strong"]) == 2
    assert _classes(state)[0] == 6


def test_too_few_cases_are_hatched_and_no_data_is_not_a_class(
    make_scene: Callable[..., Scene],
) -> None:
    assert set(_classes(map_state(make_scene(empty=True)))) == {TOO_FEW}
    nothing = make_scene(empty=True, meta={"months": []})
    assert set(_classes(map_state(nothing))) == {NO_DATA}


def test_the_legend_explains_hatching_only_where_there_is_some(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    assert "n<20" not in text(legend(make_scene()))
    scene = make_scene()
    scene.numbers.cells.loc[scene.numbers.cells.index[3], "reported"] = 4
    assert "n<20" in text(legend(scene))
    assert "≥" in text(legend(scene))


def test_where_all_is_hatched_no_class_is_explained(
    make_scene: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = make_scene()
    scene.numbers.cells["reported"] = 4
    assert "n<20" in text(legend(scene))
    assert "≥" not in text(legend(scene))


def test_the_legend_has_a_ground_where_the_map_goes_on_under_it(
    make_scene: Callable[..., Scene],
) -> None:
    assert "backed" not in legend(make_scene()).className
    assert "backed" in legend(make_scene(Place(at="9901001"))).className


@pytest.mark.parametrize(
    ("language", "names", "label"),
    [("zh", ("鹤湾1社区", "鹤湾1社区第4网格"), "第4网格"),
     ("en", ("Hewan Community", "Hewan Community Grid 4"), "Grid 4")],
)  # fmt: skip
def test_inside_a_place_a_label_does_not_repeat_its_name(
    make_scene: Callable[..., Scene], language: str, names: tuple[str, str], label: str
) -> None:
    scene = make_scene(Place(at="9901001", language=language))
    places = scene.city.places.copy()
    places[f"name_{language}"] = places[f"name_{language}"].where(places["unit"] != 1, names[0])
    places[f"name_{language}"] = places[f"name_{language}"].where(places["unit"] != 2, names[1])
    state = map_state(make_scene(Place(at="9901001", language=language), places=places))
    assert label in [each["text"] for each in state["labels"]]


def test_the_view_learns_whether_there_is_a_list_of_alerts(
    make_scene: Callable[..., Scene],
) -> None:
    assert map_state(make_scene())["page"]["alerts"] is True
    one_department = Place(departments=("k0",))
    assert map_state(make_scene(one_department))["page"]["alerts"] is True  # the view stays
    assert map_state(make_scene(Place(at="9901009")))["page"]["alerts"] is False


def test_no_label_shows_a_value_that_is_not_known(make_scene: Callable[..., Scene]) -> None:
    state = map_state(make_scene(empty=True, meta={"months": []}))
    assert {label["value"] for label in state["labels"]} == {""}


def test_links_lead_down_and_up(make_scene: Callable[..., Scene]) -> None:
    state = map_state(make_scene(Place(at="9901001", period="30d")))
    assert state["href"] == {"cell": "?at={code}&t=30d", "up": "?t=30d"}


def test_an_unknown_code_leads_to_its_nearest_ancestor(make_scene: Callable[..., Scene]) -> None:
    scene = make_scene(Place(at="9901001999"))
    assert scene.city.tree.codes[scene.unit] == "9901001"
    assert scene.notice
    assert make_scene(Place(at="X")).unit == 0


def test_a_building_is_selected_and_framed(make_scene: Callable[..., Scene]) -> None:
    state = map_state(make_scene(Place(at="B008651")))
    assert state["selected"] == {"layer": "buildings", "id": 0, "estate": None}
    assert state["page"]["mode"] == "building"
    west, south, east, north = state["box"]
    assert west < 1.2 < east
    assert south < 0.5 < north


def test_heat_has_frames_that_cover_the_day(make_scene: Callable[..., Scene]) -> None:
    state = map_state(make_scene(Place(heat=True, period="today", play="2026-11-21T14:30")))
    frames = state["heat"]["frames"]
    assert frames["edges"][-1] - frames["edges"][0] == 86_400
    assert len(frames["bars"]) == 96
    assert sum(frames["bars"]) == 2
    assert "play=" in state["heat"]["url"]
