from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from geodata.ingest.nesting import nested


def boxes(*bounds: tuple[float, float, float, float]) -> np.ndarray:
    return np.array([shapely.box(*each) for each in bounds], dtype=np.object_)


def test_a_unit_belongs_where_most_of_it_lies() -> None:
    areas = boxes((0, 0, 1, 1), (1, 0, 2, 1))
    units = boxes((0.1, 0, 0.2, 1), (0.9, 0, 1.3, 1), (1.5, 0, 1.6, 1), (5, 5, 6, 6))
    found = nested(units, areas)
    assert found.row.tolist() == [0, 1, 1, -1]
    assert found.straddles.tolist() == [False, True, False, False]
    assert found.outside_m2[1] == pytest.approx(0.1 * 111_300 * 110_600, rel=1e-2)
    assert found.outside_m2[[0, 2, 3]].tolist() == pytest.approx([0, 0, 0], abs=1e-3)


def test_of_equal_shares_the_first_area_is_taken() -> None:
    assert nested(boxes((0.5, 0, 1.5, 1)), boxes((0, 0, 1, 1), (1, 0, 2, 1))).row.tolist() == [0]


def test_units_and_areas_without_ground_belong_nowhere() -> None:
    shapes = np.array([None, shapely.Point(0.5, 0.5), *boxes((0, 0, 1, 1))], dtype=np.object_)
    assert nested(shapes, boxes((0, 0, 2, 2))).row.tolist() == [-1, -1, 0]
    assert nested(shapes, np.array([None], dtype=np.object_)).row.tolist() == [-1, -1, -1]


def test_a_level_that_names_no_parents_nests_by_ground_and_the_rest_is_told(
    files: Any,  # noqa: ANN401
    feature: Any,  # noqa: ANN401
) -> None:
    files.areas([feature("甲", 0.2), feature("乙", 0.8), feature("丙", 1)], "spots.geojson")
    level = """
  {key = "spot", name_zh = "点", name_en = "Spot", sources = [
    {path = "spots.geojson", columns = {name_zh = "name", code = "id"}}]},
]
[[divisions]]
key = "beat"
name_zh = "警务区"
name_en = "Beat"
sources = [{path = "beats.geojson", columns = {name_zh = "name", code = "id"}}]
"""
    files.areas([feature("一", 0.1), feature("二", 1.1), feature("三", 7)], "beats.geojson")
    head = (files.profile().read_text(encoding="utf-8")).split("]\n\n[[incidents]]")[0]
    city = files.publish(head + level)
    spots = city.places[city.places["level"] == "spot"].set_index("name_zh")
    parents = city.places["name_zh"].to_numpy()[spots["parent"]]
    assert dict(zip(spots.index, parents, strict=True)) == {
        "甲": "西片",
        "乙": "东片",
        "丙": "东片",
    }
    straddling = city.findings[city.findings["reason"] == "units_straddle"]
    assert straddling["rows"].tolist() == [2, 3]
    assert straddling["file"].tolist() == ["spots.geojson", "division beat"]
    assert straddling["detail"].str.startswith("@areas ").all()
    beats = city.division_places("beat")["name_zh"]
    assert set(beats) & {"一", "二", "三"} == {"一", "二"}
    named = beats.to_numpy()[city.division("beat").units]
    spot_of_site = city.places["name_zh"].to_numpy()[city.sites["unit"]]
    assert set(zip(spot_of_site, named, strict=True)) >= {("甲", "一"), ("乙", "二"), ("丙", "二")}
    empty = city.findings[city.findings["reason"] == "division_area_empty"]
    assert empty["key"].tolist() == ["三"]
