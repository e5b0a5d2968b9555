from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import crs
from geodata.crs.gcj02 import EAST, NORTH, SOUTH, WEST

# Published with the coordtransform libraries: where one spot stands in each system.
SPOT = (116.404, 39.915)
PUBLISHED = {
    "GCJ-02": (116.41024449916938, 39.91640428150164),
    "BD-09": (116.41662724378733, 39.922699552216216),
}
# Published with eviltransform, whose earth is 108 m smaller in radius: equal to a centimetre.
EVIL = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
CENTIMETRE = 2e-7  # degrees, rounded up
IN_CHINA = (st.floats(WEST + 0.02, EAST - 0.02), st.floats(SOUTH + 0.02, NORTH - 0.02))
ABROAD = [(-74.0, 40.7), (-77.0, 39.0), (151.2, -33.9), (WEST - 0.1, 30.0), (110.0, NORTH + 0.1)]


def one(lon: float, lat: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([lon]), np.array([lat])


@pytest.mark.parametrize(("name", "wanted"), PUBLISHED.items())
def test_published_values(name: str, wanted: tuple[float, float]) -> None:
    found = crs.from_wgs84(name, *one(*SPOT))
    assert np.ravel(found) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize(("earth", "wanted"), EVIL)
def test_published_values_of_another_library(
    earth: tuple[float, float], wanted: tuple[float, float]
) -> None:
    found = crs.from_wgs84("gcj02", *one(*earth))
    assert np.ravel(found) == pytest.approx(wanted, abs=CENTIMETRE)


@given(*IN_CHINA, st.sampled_from(["GCJ-02", "BD-09"]))
def test_there_and_back_is_the_same_to_a_billionth_of_a_degree(
    lon: float, lat: float, name: str
) -> None:
    back = crs.to_wgs84(name, *crs.from_wgs84(name, *one(lon, lat)))
    assert np.ravel(back) == pytest.approx((lon, lat), abs=1e-9, rel=0)


@given(*IN_CHINA, st.sampled_from(["GCJ-02", "BD-09"]))
def test_back_and_there_is_the_same(lon: float, lat: float, name: str) -> None:
    there = crs.from_wgs84(name, *crs.to_wgs84(name, *one(lon, lat)))
    assert np.ravel(there) == pytest.approx((lon, lat), abs=1e-9, rel=0)


@pytest.mark.parametrize("spot", ABROAD)
def test_gcj02_leaves_what_is_abroad(spot: tuple[float, float]) -> None:
    assert np.ravel(crs.from_wgs84("GCJ-02", *one(*spot))).tolist() == list(spot)
    assert np.ravel(crs.to_wgs84("GCJ-02", *one(*spot))).tolist() == list(spot)
    moved = crs.from_wgs84("BD-09", *one(*spot))
    assert np.ravel(crs.to_wgs84("BD-09", *moved)) == pytest.approx(spot, abs=1e-9, rel=0)


def test_many_points_are_each_as_if_alone() -> None:
    source = np.random.default_rng(1)
    lon, lat = source.uniform(60, 140, 500), source.uniform(-5, 60, 500)
    lon[7], lat[9] = np.nan, np.nan
    for name in ("GCJ-02", "BD-09"):
        found = crs.to_wgs84(name, lon, lat)
        alone = [np.ravel(crs.to_wgs84(name, *one(x, y))) for x, y in zip(lon, lat, strict=True)]
        np.testing.assert_allclose(np.stack(found, axis=1), alone, atol=1e-12)
        assert np.isnan(found[0][7])
        assert np.isnan(found[1][9])


def test_names() -> None:
    for name in ("GCJ-02", "gcj02", "GCJ_02", "BD-09", "bd09ll"):
        assert crs.known(name)
    for name in ("", "EPSG:4490", "WGS84"):
        assert not crs.known(name)
    with pytest.raises(KeyError):
        crs.to_wgs84("EPSG:4326", *one(*SPOT))
