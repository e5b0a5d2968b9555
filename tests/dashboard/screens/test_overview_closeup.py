"""A building from close by: what the discs count, names on the ground, the band of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from dashboard.place import Place
from dashboard.screens.overview import closeup, drawer, floors, near
from dashboard.screens.overview.legend import legend
from dashboard.screens.overview.map_state import map_state
from tests.dashboard.screens.conftest import all_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

    MakeScene = Callable[..., Scene]

STEP = 0.0005  # degrees, about 55 m
SIDE = 0.0001
ROW = 25  # buildings of a row


def _buildings(count: int, **columns: object) -> gpd.GeoDataFrame:
    """Rows of towers from west to east, the chosen one first; they stand in one estate."""
    at = np.arange(count)
    lon, lat = 1.2 + at % ROW * STEP, 0.5 + at // ROW * STEP
    shapes = [box(x - SIDE, y - SIDE, x + SIDE, y + SIDE) for x, y in zip(lon, lat, strict=True)]
    frame = gpd.GeoDataFrame({"code": [f"B{n:06d}" for n in at]}, geometry=shapes, crs="EPSG:4326")
    frame.loc[0, "code"] = "B008651"
    return frame.assign(
        name_zh=[f"颐槐雅居 {n} 栋" for n in at], name_en=[f"Yihuai Court Bldg {n}" for n in at],
        estate="E1", kind="tower", floors=33, rooms_per_floor=3, households=75, people=196,
        key_people=3, organisations=2, year=2011, unit=6, site=at, lon=lon, lat=lat,
    ).assign(**columns)  # fmt: skip


def _estates() -> gpd.GeoDataFrame:
    row = {
        "code": ["E0", "E1"], "name_zh": ["远处", "颐槐雅居"], "name_en": ["Far", "Yihuai Court"],
        "unit": [0, 6], "kind": "tower", "year": [0, 2011], "households": [-1, 2330],
        "people": 6_000,
    }  # fmt: skip
    shapes = [box(3, 2, 3.1, 2.1), box(1.1995, 0.4995, 1.2045, 0.5025)]
    return gpd.GeoDataFrame(row, geometry=shapes, crs="EPSG:4326")


@pytest.fixture
def towers(make_scene: MakeScene) -> Callable[..., Scene]:
    def make(count: int = 30, place: Place | None = None, **columns: object) -> Scene:
        parts = {"buildings": _buildings(count, **columns), "estates": _estates()}
        return make_scene(place or Place(at="B008651"), **parts)

    return make


@pytest.mark.parametrize("period", ["24h", "7d"])
def test_discs_beside_the_drawer_count_its_days_whatever_the_period(
    towers: Callable[..., Scene], text: Callable[..., str], period: str
) -> None:
    scene = towers(3, Place(at="B008651", period=period))
    assert [disc["n"] for disc in map_state(scene)["discs"]] == [5, 5, 5]
    assert "近 90 日事件" in text(legend(scene))


def test_discs_without_a_drawer_count_the_period(
    towers: Callable[..., Scene], text: Callable[..., str]
) -> None:
    scene = towers(3, Place(at="9901001", level="building"))
    assert len(map_state(scene)["discs"]) == 1
    assert "事件 · 近 7 日" in text(legend(scene))


def test_buildings_out_of_reach_have_no_disc(towers: Callable[..., Scene]) -> None:
    scene = towers(ROW)
    assert scene.near is not None
    assert len(scene.near.buildings) == int(near.REACH_M // (STEP * 111_320)) + 1
    assert scene.near.buildings[0] == 0  # the nearest is itself


def test_the_legend_shows_the_signs_of_the_map(
    towers: Callable[..., Scene], find: Callable[..., list[Node]], text: Callable[..., str]
) -> None:
    scene = towers()
    rows = [text(row) for row in find(legend(scene), "Li")]
    counts = {disc["n"] for disc in map_state(scene)["discs"]}
    assert counts == {5}
    ends = ("未处置预警", "楼栋件数 ≥3", "社区界")  # no house has fewer
    assert all(row.endswith(end) for row, end in zip(rows, ends, strict=True))
    signs = {str(getattr(sign, "className", "")) for sign in find(legend(scene), "Span")}
    assert {"ring-key level-1", "disc-key"} <= signs
    assert "dot-key" not in signs


def test_the_legend_knows_an_alert_that_is_seen(
    towers: Callable[..., Scene], find: Callable[..., list[Node]]
) -> None:
    scene = towers()
    here = scene.city.buildings.iloc[0]
    mark = {"lon": float(here["lon"]), "lat": float(here["lat"]), "level": 2}
    for far, shown in ((0.0, True), (0.1, False)):
        with pytest.MonkeyPatch.context() as patch:
            seen = {**mark, "lon": mark["lon"] + far}
            patch.setattr("dashboard.screens.overview.legend.marks", lambda _, seen=seen: [seen])
            signs = {str(getattr(sign, "className", "")) for sign in find(legend(scene), "Span")}
        assert ("ring-key level-2" in signs) == shown


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", ("0\u2009栋", "颐槐雅居", "2011 · 2,330\u2009户")),
     ("en", ("Bldg 0", "Yihuai Court", "2011 · 2,330 homes"))],
)  # fmt: skip
def test_the_building_and_its_estate_are_named(
    towers: Callable[..., Scene], language: str, said: tuple[str, str, str]
) -> None:
    tag, *estates = closeup.names(towers(place=Place(at="B008651", language=language)))
    assert (tag["text"], tag["above"]) == (said[0], True)
    assert [(each["text"], each["value"]) for each in estates] == [said[1:]]


def test_a_name_stands_where_nothing_is_built(towers: Callable[..., Scene]) -> None:
    scene = towers()
    (label,) = closeup.names(scene)[1:]
    spot = Point(label["lon"], label["lat"])
    assert scene.city.estates is not None
    assert scene.city.estates.geometry.iloc[1].contains(spot)
    assert not scene.city.buildings.geometry.intersects(spot).any()


def test_estates_are_named_inside_the_place_alone(towers: Callable[..., Scene]) -> None:
    inside = towers(place=Place(at="9901002001"))
    assert inside.building is None
    assert [label["text"] for label in closeup.names(inside)] == ["颐槐雅居"]
    assert closeup.names(towers(place=Place(at="9901003"))) == []


def test_the_estate_is_outlined(towers: Callable[..., Scene]) -> None:
    assert map_state(towers())["selected"] == {"layer": "buildings", "id": 0, "estate": 1}


def test_the_band_is_of_buildings_of_its_kind_and_size(towers: Callable[..., Scene]) -> None:
    homes = np.where(np.arange(60) < 40, 75, 500)
    scene = towers(60, households=homes)
    assert scene.near is not None
    assert scene.near.alike == 39
    assert scene.near.high.tolist() == [0.0] * 10 + [1.0, 0.0, 4.0]  # the oldest week first


def test_too_few_alike_are_no_band(towers: Callable[..., Scene], text: Callable[..., str]) -> None:
    kinds = np.where(np.arange(40) < near.LEAST_ALIKE, "tower", "slab")
    scene = towers(40, kind=kinds)
    assert scene.near is not None
    assert scene.near.alike == 0  # one less without itself
    assert "灰带" not in text(drawer.drawer(scene))
    assert "灰带为同类楼栋" in text(drawer.drawer(towers(40)))


@pytest.mark.parametrize(("share", "said"), [(0.95, "多于 95% 的同类楼栋"), (0.4, "同类楼栋相当")])
def test_the_weeks_say_how_the_building_stands_among_its_kind(
    towers: Callable[..., Scene], text: Callable[..., str], share: float, said: str
) -> None:
    scene = towers()
    quiet = pd.DataFrame({"reported": scene.now - 86_400.0 * np.arange(1, 80, 7)})
    blank: dict[str, Any] = dict.fromkeys(("accepted", "dispatched", "taken", "arrived"), np.nan)
    cases = quiet.assign(floor=0, room=0, matter=0, category=0, department=0, **blank)
    cases = cases.assign(resolved=np.nan, closed=np.nan)
    found = near.Near(**(vars(scene.near) | {"share": share}))
    changed = type(scene)(**(vars(scene) | {"near": found, "cases": cases}))
    assert said in text(drawer.drawer(changed))


@pytest.mark.parametrize(
    ("height", "rooms", "lines"),
    [
        (33, 3, 11),
        (5, 8, 5),
        (16, 6, 8),
        (0, 3, 0),
        (6, 9, 6),
        (18, 11, 9),
        (33, 10, 17),
        (6, 12, 0),
    ],
)
def test_lines_of_the_floor_table(height: int, rooms: int, lines: int) -> None:
    assert floors.lines(pd.Series({"floors": height, "rooms_per_floor": rooms})) == lines


def _floors(make_scene: Callable[..., Scene], **row: object) -> tuple[Any, str]:
    """The table of a building with so many floors, rooms and homes, and what it says."""
    scene = make_scene(Place(at="B008651", language="en"))
    building = scene.city.buildings.iloc[0].copy()
    for name, value in row.items():
        building[name] = value
    node = floors.floors(scene, building, pd.DataFrame())
    return node, text_of(node).replace("\u2009", " ")


def test_a_wide_building_has_two_columns_of_floors(make_scene: Callable[..., Scene]) -> None:
    node, _ = _floors(make_scene, floors=18, rooms_per_floor=11, households=198)
    classes = [str(getattr(div, "className", "")) for div in all_of(node, "Div")]
    table = all_of(node, "Div")[classes.index("floors tight")]
    assert table.style == {"--columns": "2"}
    assert len(all_of(table, "B")) == 18


def test_too_wide_a_building_says_why_it_is_not_drawn(make_scene: Callable[..., Scene]) -> None:
    _, said = _floors(make_scene, floors=6, rooms_per_floor=24, households=140)
    assert said == "24 homes a floor are too many to draw; cases below name their floor"
    assert _floors(make_scene, floors=0, rooms_per_floor=24, households=140)[0] is None


@pytest.mark.parametrize(
    ("homes", "said"),
    [
        (158, "198 rooms, 158 homes; vacancy not recorded"),
        (198, "floor × room"),
        (-1, "floor × room"),
    ],
)
def test_rooms_without_a_home_are_not_passed_over(
    make_scene: Callable[..., Scene], homes: int, said: str
) -> None:
    assert said in _floors(make_scene, floors=18, rooms_per_floor=11, households=homes)[1]
