from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import shapely

from geodata.ingest import measures

if TYPE_CHECKING:
    from geodata.store.snapshots import City

pytestmark = pytest.mark.usefixtures("bare")
M = 1 / 110_574  # degrees of latitude of a metre at the equator
BUILDINGS = """
[[buildings]]
path = "houses.geojson"
columns = {code = "id", name_zh = "name", kind = "use"}
pieces = "PIECES"
"""
WORDS = """
[buildings.words.kind]
home = "housing"
shop = "retail"
"""


def thing(code: object, shape: shapely.Geometry, **more: object) -> dict[str, object]:
    geometry = json.loads(shapely.to_geojson(shape))
    properties = {"id": code, "name": None, "use": "home", **more}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def box(west: float, width: float = 0.1, south: float = 0.4) -> shapely.Polygon:
    return shapely.box(west, south, west + width, south + 0.1)


def publish(files: Any, houses: list[dict[str, object]], more: str) -> City:  # noqa: ANN401
    files.areas(houses, "houses.geojson")
    files.cases([])
    return files.publish(files.profile().read_text(encoding="utf-8") + more)


def rows(city: City, file: str) -> dict[str, int]:
    mine = city.findings[city.findings["file"] == file]
    return mine.groupby("reason")["rows"].sum().to_dict()


def by_code(city: City) -> dict[str, shapely.Geometry]:
    shapes = city.footprints.shapes(range(len(city.buildings)))
    return dict(zip(city.buildings["code"], shapes, strict=True))


TILED = [
    thing("a", box(0.1), name="甲楼", use="home"),
    thing("a", box(0.2), name=None, use="home"),
    thing("a", shapely.Point(0.2, 0.45), name="甲", use="home"),
    thing("b", box(0.6, 0.02), name=None, use="shop"),
    thing("b", box(0.62, 0.08), name="乙楼", use="shop"),
    thing("c", shapely.Point(0.9, 0.5), name="丙", use="home"),
]


def test_pieces_of_tiles_are_joined_and_labels_dropped(files: Any) -> None:  # noqa: ANN401
    city = publish(files, TILED, BUILDINGS.replace("PIECES", "union"))
    shapes = by_code(city)
    assert shapes["a"].equals(box(0.1, 0.2))
    assert shapes["b"].area == pytest.approx(box(0.6, 0.1).area)
    assert shapes["c"].equals(shapely.Point(0.9, 0.5))
    names = dict(zip(city.buildings["code"], city.buildings["name_zh"], strict=True))
    assert names == {"a": "甲楼", "b": "乙楼", "c": "丙"}
    assert rows(city, "houses.geojson") == {"read": 6, "piece_joined": 3}


def test_or_the_largest_piece_stands_for_all(files: Any) -> None:  # noqa: ANN401
    city = publish(files, TILED, BUILDINGS.replace("PIECES", "largest"))
    assert by_code(city)["b"].equals(box(0.62, 0.08))


def test_without_a_word_of_it_a_code_twice_is_an_error(files: Any) -> None:  # noqa: ANN401
    city = publish(files, TILED, BUILDINGS.replace("PIECES", ""))
    assert rows(city, "houses.geojson") == {"read": 6, "code_twice": 3}


def test_parts_of_one_shape_become_things_of_their_own(files: Any) -> None:  # noqa: ANN401
    bow = shapely.Polygon([(0.5, 0.4), (0.6, 0.5), (0.6, 0.4), (0.5, 0.5)])
    many = shapely.MultiPolygon([box(0.1), box(0.3), bow])
    houses = [thing("a", many), thing("b", shapely.MultiPolygon([box(0.8)]))]
    houses.append({**thing("c", box(0)), "geometry": None})
    city = publish(files, houses, BUILDINGS.replace("PIECES", "apart"))
    assert sorted(by_code(city)) == ["a-1", "a-2", "a-3", "b"]
    found = rows(city, "houses.geojson")
    assert (found["read"], found["parts_apart"], found["invalid_polygon"]) == (3, 3, 1)
    assert found["shape_missing"] == 1


def test_words_of_the_file_become_ours_and_others_belong_elsewhere(files: Any) -> None:  # noqa: ANN401
    houses = [thing("a", box(0.1), use="home"), thing("b", box(0.3), use="shed")]
    city = publish(files, houses, BUILDINGS.replace("PIECES", "") + WORDS)
    assert city.buildings[["code", "kind"]].to_numpy().tolist() == [["a", "housing"]]
    assert rows(city, "houses.geojson") == {"read": 2, "belongs_elsewhere": 1}


def test_a_base_map_draws_what_it_can(files: Any) -> None:  # noqa: ANN401
    line = shapely.LineString([(0, 0), (1, 1)])
    water = [thing(1, box(0.1), what="river"), thing(2, line), thing(3, shapely.Point(0, 0))]
    roads = [thing(1, line, c="primary_link"), thing(2, line, c="2"), thing(3, box(0.2), c="1")]
    files.areas(water, "water.geojson")
    files.areas(roads, "roads.geojson")
    layers = """
[[basemap.water]]
path = "water.geojson"
columns = {kind = "what"}
[[basemap.roads]]
path = "roads.geojson"
columns = {cls = "c"}
"""
    city = publish(files, [thing("a", box(0.1))], BUILDINGS.replace("PIECES", "") + layers)
    assert len(city.basemap("water")) == 1
    drawn = city.basemap("roads")
    assert drawn["cls"].tolist() == ["arterial", "secondary"]
    assert drawn["width_m"].tolist() == [22.0, 14.0]
    assert rows(city, "water.geojson") == {"read": 3, "not_drawn": 2}
    assert rows(city, "roads.geojson") == {"read": 3, "not_drawn": 1}


NAMELESS = """
[[buildings]]
path = "houses.geojson"
columns = {name_zh = "name"}
[[buildings]]
path = "west.geojson"
columns = {name_zh = "name"}
"""


def test_buildings_without_codes_of_two_files_are_all_there(files: Any) -> None:  # noqa: ANN401
    files.areas([thing("", box(0.1), name="甲"), thing("", box(0.3), name="乙")], "west.geojson")
    city = publish(files, [thing("", box(1.1), name="丙")], NAMELESS)
    assert set(city.buildings["name_zh"]) == {"甲", "乙", "丙"}
    assert set(city.buildings["code"]) == {
        "houses.geojson-b1",
        "west.geojson-b1",
        "west.geojson-b2",
    }


def test_a_code_of_an_earlier_file_is_rejected_in_its_own_file(files: Any) -> None:  # noqa: ANN401
    files.areas([thing("a", box(0.1)), thing("b", box(0.3))], "more.geojson")
    layer = BUILDINGS.replace("PIECES", "")
    more = layer + layer.replace("houses", "more")
    city = publish(files, [thing("b", box(1.1))], more)
    assert sorted(by_code(city)) == ["a", "b"]
    (told,) = city.findings[city.findings["reason"] == "code_twice"].to_dict("records")
    assert (told["file"], told["row"], told["key"]) == ("more.geojson", 2, "b")


def test_parts_of_a_row_that_came_before_are_one_row(files: Any) -> None:  # noqa: ANN401
    many = shapely.MultiPolygon([box(0.1), box(0.3)])
    houses = [thing("a", many), thing("a", many), thing("b", shapely.MultiPolygon())]
    city = publish(files, houses, BUILDINGS.replace("PIECES", "apart"))
    assert sorted(by_code(city)) == ["a-1", "a-2"]
    found = rows(city, "houses.geojson")
    assert (found["read"], found["code_twice"], found["shape_missing"]) == (3, 1, 1)


CASE = {"in": "2024-01-02 03:04", "what": "x", "how": "y", "dept": "z"}
NEAREST = 'place_by = "name"\nnearest_m = 30'


def test_cases_go_to_the_nearest_building_of_their_unit_within_the_stated_distance(
    files: Any,  # noqa: ANN401
) -> None:
    # West of the border x = 1 a house, 10 m east of it another.
    west, east = box(0.5, 0.1, 0.4), shapely.box(1 + 10 * M, 0.2, 1.1, 0.3)
    spots = {
        "inside": (0.55, 0.45),
        "beside": (0.6 + 20 * M, 0.45),
        "far": (0.6 + 40 * M, 0.45),
        "other side": (1 - 5 * M, 0.25),
        "nowhere": ("", ""),
    }
    cases = [{**CASE, "no": n, "x": str(x), "y": str(y)} for n, (x, y) in spots.items()]
    # Says the eastern area, though it lies in the western house.
    cases.append({**CASE, "no": "named", "where": "东片", "x": "0.55", "y": "0.45"})
    files.areas([thing("w", west), thing("e", east)], "houses.geojson")
    files.cases(cases)
    text = files.profile().read_text(encoding="utf-8").replace('place_by = "name"', NEAREST)
    city = files.publish(text + BUILDINGS.replace("PIECES", ""))
    got = pd.concat([pd.read_parquet(path) for path in city.incident_files()])
    site = city.sites.iloc[got["site"]]
    codes = [city.buildings["code"][b] if b >= 0 else "" for b in site["building"]]
    units = city.places["name_zh"].to_numpy()[site["unit"]]
    found = dict(zip(got["key"], zip(codes, units, strict=True), strict=True))
    assert found == {
        "inside": ("w", "西片"),
        "beside": ("w", "西片"),
        "far": ("", "西片"),
        "other side": ("", "西片"),
        "nowhere": ("", "试验市"),
        "named": ("", "东片"),
    }
    mine = city.findings[city.findings["file"] == "cases.csv"].set_index("reason")
    assert mine.loc["building_by_nearest", "rows"] == 1
    measured = measures.read(mine.loc["building_by_nearest", "detail"])
    assert measured == ("nearest", {"middle": 20.1, "largest": 20.1})
    assert mine.loc["building_too_far", "rows"] == 1
    assert mine.loc["building_across_border", "rows"] == 2
    # Every case keeps its own coordinates, whatever building it counts at.
    there = got.set_index("key").loc["beside", "lon"]
    assert there == pytest.approx(spots["beside"][0], abs=1e-6)


def test_buildings_outside_every_unit_go_to_the_nearest_within_a_stated_distance(
    files: Any,  # noqa: ANN401
) -> None:
    houses = [
        thing("near", shapely.Point(-50 * M, 0.5)),
        thing("far", shapely.Point(-150 * M, 0.5)),
    ]
    files.areas(houses, "houses.geojson")
    files.cases([])
    text = files.profile().read_text(encoding="utf-8") + BUILDINGS.replace("PIECES", "")
    city = files.publish("building_nearest_m = 100\n" + text)
    units = city.places["name_zh"].to_numpy()[city.buildings["unit"]]
    assert dict(zip(city.buildings["code"], units, strict=True)) == {
        "near": "西片",
        "far": "试验市",
    }
    told = city.findings[city.findings["file"] == "buildings"].set_index("reason")
    reasons = ("unit_by_nearest", "outside_every_unit")
    near, far = (measures.read(told.loc[reason, "detail"]) for reason in reasons)
    assert near is not None
    assert far is not None
    assert near[1]["largest"] == pytest.approx(50, rel=0.1)
    assert far[1]["smallest"] == pytest.approx(150, rel=0.1)
    assert told.loc["outside_every_unit", ["action", "rows"]].tolist() == ["kept", 1]
