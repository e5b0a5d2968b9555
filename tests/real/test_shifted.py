"""GCJ-02 on the outline of Shenzhen: against a published library, and as something to suspect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata import crs
from geodata.ingest import shift

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real
# First vertex of each district, taken to GCJ-02 by the package coord-convert 0.2.1.
CONVERTED = {
    "罗湖": (114.10518190749531, 22.531627144856454),
    "福田": (113.99073490210017, 22.510567294998943),
    "盐田": (114.20289476589271, 22.553908000276927),
    "宝安": (113.82335160393485, 22.543818623892726),
    "光明": (114.00268245562789, 22.763601695464263),
    "坪山": (114.43073738786275, 22.662426319499325),
    "龙华": (114.11337277721326, 22.72103348718271),
    "南山": (113.81994644529078, 22.396352927671167),
    "大鹏": (114.33928484467172, 22.623348265108756),
    "龙岗": (114.07158872808421, 22.592739703645332),
}
RAW_IOU = 0.940  # of the outline with the same outline in GCJ-02, as measured by others


@pytest.fixture(scope="module")
def districts(real_data: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(real_data / "cn_shenzhen_districts10" / "sz.json")


def moved(shapes: np.ndarray) -> np.ndarray:
    return shapely.transform(
        shapes, lambda c: np.column_stack(crs.from_wgs84("GCJ-02", c[:, 0], c[:, 1]))
    )


def test_vertices_stand_where_another_library_puts_them(districts: gpd.GeoDataFrame) -> None:
    shapes = moved(np.asarray(districts.geometry.array))
    for name, shape in zip(districts["qh"], shapes, strict=True):
        first = shapely.get_coordinates(shape)[0]
        assert first == pytest.approx(CONVERTED[name], abs=1e-10), name


def test_the_whole_outline_comes_back(districts: gpd.GeoDataFrame) -> None:
    before = shapely.get_coordinates(np.asarray(districts.geometry.array))
    there = crs.from_wgs84("GCJ-02", *before.T)
    assert np.abs(np.column_stack(crs.to_wgs84("GCJ-02", *there)) - before).max() < 1e-9


def test_an_undeclared_shift_is_suspected_with_its_offset(districts: gpd.GeoDataFrame) -> None:
    known = np.asarray(districts.geometry.array)
    fit = shift.areas(moved(known), known)
    assert fit is not None
    assert fit.suspect
    assert fit.before == pytest.approx(RAW_IOU, abs=0.001)
    assert fit.after > 0.9999
    # Latitude 22.6: a degree of longitude is 102.9 km.
    east, north = (
        np.array(list(CONVERTED["福田"]))
        - shapely.get_coordinates(districts.loc[districts["qh"] == "福田"].geometry.iloc[0])[0]
    )
    assert fit.offset_m == pytest.approx(np.hypot(east * 102_900, north * 110_700), rel=0.05)
    same = shift.areas(known, known)
    assert same is not None
    assert not same.suspect
