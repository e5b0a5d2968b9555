"""Borders of real districts against what was measured on them by other means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from geodata.ingest.topology import snap, survey
from geodata.model.profile import Level

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real
UTM = CRS(32650)  # in which the published measurements were made
# By district: m² of overlap and number of holes between streets.
MEASURED = {"changping": (0, 0), "pinggu": (0, 0), "daxing": (8_250, 7)}
PLANE = CRS.from_proj4("+proj=laea +lat_0=0 +lon_0=0 +R=6371000 +units=m")


def district(real_data: Path, name: str) -> gpd.GeoDataFrame:
    folder = real_data / "cn_beijing_subdistricts"
    outline = gpd.read_file(folder / "district" / f"{name}-outline.geojson")
    streets = gpd.read_file(folder / "subdistrict" / f"{name}-all.geojson")
    parts = [
        outline.assign(level="district", parent=""),
        streets.assign(level="street", parent=streets["parentCode"].astype(str)),
    ]
    whole = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=4326)
    return whole.assign(code=whole["code"].astype(str))


@pytest.mark.parametrize(("name", "wanted"), MEASURED.items())
def test_districts_of_beijing(real_data: Path, name: str, wanted: tuple[int, int]) -> None:
    table = survey(district(real_data, name), ["street"], UTM)
    square_metres, holes = wanted
    assert table.loc[table["kind"] == "overlap", "area_m2"].sum() == pytest.approx(
        square_metres, abs=0.5
    )
    gaps = table[table["kind"] == "gap"]
    assert (len(gaps), gaps["sliver"].all()) == (holes, True)
    assert (table["kind"] == "uncovered").sum() == 0


def test_a_local_equal_area_measure_differs_by_the_scale_of_utm(real_data: Path) -> None:
    units = district(real_data, "daxing")
    table = survey(units, ["street"])
    overlap = table.loc[table["kind"] == "overlap", "area_m2"].sum()
    assert overlap == pytest.approx(8_250, rel=1e-3)
    # UTM shrinks lengths by 4 in 10,000 at its middle meridian, which runs by.
    assert overlap > 8_250


def test_several_parts_are_facts(real_data: Path) -> None:
    units = district(real_data, "daxing")
    several = units[(units["level"] == "street") & (units.geometry.count_geometries() > 1)]
    table = survey(units, ["street"])
    apart = table[table["kind"].isin(["exclave", "multi_part"]) & (table["other"] == "")]
    assert set(apart["unit"]) == set(several["code"])
    assert len(apart) == (several.geometry.count_geometries() - 1).sum()


def test_a_repaired_district_is_a_coverage(real_data: Path) -> None:
    level = Level(key="street", name_zh="镇街", name_en="Street", repair="snap")
    units, findings = district(real_data, "daxing"), []
    mended, moved = snap(units, level, findings)
    streets = mended[mended["level"] == "street"].geometry
    assert shapely.coverage_is_valid(np.asarray(streets.array))
    after = survey(mended, ["street"])
    assert not (after["kind"] == "overlap").any()
    before = units[units["level"] == "street"].to_crs(UTM).geometry
    changed = before.symmetric_difference(streets.to_crs(UTM)).area.sum()
    assert moved["area_m2"].sum() == pytest.approx(changed, rel=2e-3)


def coverage_cases(real_data: Path, call: str) -> list[dict[str, Any]]:
    path = real_data / "robustness" / "jts" / "coverage_cases.json"
    cases = json.loads(path.read_text(encoding="utf-8"))
    return [case for case in cases if case["calls"][:1] == [call]]


def on_earth(texts: list[str]) -> gpd.GeoDataFrame:
    """Polygons of a test of JTS, each unit of which becomes a hundred metres."""
    shapes = [shapely.force_2d(shapely.from_wkt(text)) for text in texts]
    placed = [shapely.transform(shape, lambda c: c * 100) for shape in shapes]
    frame = gpd.GeoDataFrame(
        {"code": [f"u{n}" for n in range(len(shapes))], "parent": "", "level": "unit"},
        geometry=gpd.GeoSeries(placed, crs=PLANE),
    )
    return frame.to_crs(4326)


def test_cases_of_jts_that_are_valid_leave_nothing(real_data: Path) -> None:
    cases = coverage_cases(real_data, "checkValid")
    assert len(cases) == 4
    for case in cases:
        table = survey(on_earth(case["wkt"][:2]), ["unit"], PLANE)
        assert not table["kind"].isin(["overlap", "gap"]).any(), case["test"]


def test_cases_of_jts_that_overlap_are_found_with_their_area(real_data: Path) -> None:
    found = 0
    for case in coverage_cases(real_data, "checkInvalid"):
        parsed = shapely.from_wkt(case["wkt"][:2], on_invalid="ignore")
        if shapely.is_missing(parsed).any():
            continue  # one text of the collection is not WKT
        # Multi-polygons whose parts touch along an edge are mended on arrival.
        target, other = shapely.make_valid(parsed, method="structure", keep_collapsed=False)
        shared = shapely.intersection(target, other).area * 10_000
        table = survey(on_earth([target.wkt, other.wkt]), ["unit"], PLANE)
        area = table.loc[table["kind"] == "overlap", "area_m2"].sum()
        assert area == pytest.approx(shared, rel=1e-4, abs=0.5), case["test"]
        found += shared > 0
    assert found == 15


def test_the_gap_of_jts_is_found(real_data: Path) -> None:
    (case,) = coverage_cases(real_data, "checkGaps")
    parts = [part.wkt for part in shapely.get_parts(shapely.from_wkt(case["wkt"][0]))]
    table = survey(on_earth(parts), ["unit"], PLANE)
    wanted = shapely.from_wkt(case["wkt"][1]).area * 10_000
    assert table.loc[table["kind"] == "gap", "area_m2"].tolist() == pytest.approx(
        [wanted], rel=1e-4
    )
