"""Cases to buildings: all shapes at hand, or bytes of which only those near the cases are made."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.ingest.houses import Houses
from geodata.locate.footprints import Footprints
from geodata.model.code_index import CodeIndex
from geodata.model.draft import Arranged

STEP = 4e-4  # degrees between buildings, about forty metres
SIDE = 14  # buildings along a side


@pytest.fixture(scope="module")
def both() -> tuple[Houses, Houses]:
    """The same buildings of two units, as shapes and as bytes."""
    rng = np.random.default_rng(5)
    west, south = (each.ravel() * STEP for each in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    size = rng.uniform(STEP / 10, STEP / 2, (2, SIDE**2))
    shapes = shapely.box(114 + west, 22 + south, 114 + west + size[0], 22 + south + size[1])
    shapes[5] = None
    sites = np.arange(SIDE**2, dtype=np.int32)
    codes = [f"h{number:03d}" for number in sites]
    plain = pd.DataFrame({"code": codes, "site": sites})
    ranges = {"site_from": [0, 0, SIDE**2 // 2], "site_to": [SIDE**2, SIDE**2 // 2, SIDE**2]}
    places = gpd.GeoDataFrame(ranges)
    shaped = gpd.GeoDataFrame(plain, geometry=shapes, crs="EPSG:4326")
    packed = (Footprints.of(shapes), CodeIndex(codes))
    without = Arranged(places, pd.DataFrame(), gpd.GeoDataFrame(plain), gpd.GeoDataFrame())
    whole = Arranged(places, pd.DataFrame(), shaped, gpd.GeoDataFrame())
    return Houses(whole), Houses(without, packed)


@pytest.mark.parametrize("nearest_m", [0.0, 12.0, 60.0])
def test_bytes_and_shapes_find_the_same(both: tuple[Houses, Houses], nearest_m: float) -> None:
    rng = np.random.default_rng(int(nearest_m))
    count = 400
    lon = pd.Series(rng.uniform(114 - STEP, 114 + SIDE * STEP, count))
    lat = pd.Series(rng.uniform(22 - STEP, 22 + SIDE * STEP, count))
    lon.iloc[:20] = np.nan
    building = pd.Series([""] * (count - 3) + ["h007", "h100", "gone"])
    units = rng.integers(0, 3, count).astype(np.int32)
    named = rng.random(count) < 0.5
    found, packed = (
        each.find(building, lon, lat, units, named, nearest_m) for each in both
    )  # fmt: skip
    for name in ("row", "strange", "across", "far"):
        assert getattr(packed, name).tolist() == getattr(found, name).tolist(), name
    np.testing.assert_allclose(packed.off_m, found.off_m, rtol=1e-9)
    assert (found.row[-3:-1] == [7, 100]).all()
    assert found.strange[-1]
    assert (found.row >= 0).sum() > 10
