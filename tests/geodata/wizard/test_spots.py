from __future__ import annotations

import pytest
from pyproj import Transformer

from geodata.wizard.places import turned
from geodata.wizard.spots import Box, spot, zone_of

CITY: Box = (116.1, 40.1, 116.5, 40.4)


def projected(crs: str, box: Box = CITY) -> Box:
    change = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    found = change.transform_bounds(*box)
    return found[0], found[1], found[2], found[3]


@pytest.mark.parametrize("crs", ["EPSG:4527", "EPSG:3857"])
def test_metres_tell_their_crs(crs: str) -> None:
    assert spot(projected(crs), "").crs == crs


def test_the_zone_stands_at_the_front_of_the_easting() -> None:
    for zone in (36, 39, 41):
        crs = f"EPSG:{4513 + zone - 25}"
        lon = zone * 3.0
        assert spot(projected(crs, (lon - 0.2, 30.0, lon + 0.2, 30.4)), "").crs == crs


def test_without_a_zone_the_meridian_must_be_named() -> None:
    found = spot(projected("EPSG:4548"), "")
    assert (found.crs, found.reason) == ("", "crs_meridian")
    assert "EPSG:4548" in found.others


def test_feet_are_not_guessed() -> None:
    box = projected("EPSG:2263", (-74.2, 40.5, -73.7, 40.9))
    assert (spot(box, "").crs, spot(box, "").reason) == ("", "crs_feet")


def test_degrees_in_china_may_be_shifted_and_are_not_mended() -> None:
    found = spot(CITY, "")
    assert found.crs == "EPSG:4490"
    assert {"GCJ-02", "BD-09"} <= set(found.others)
    assert spot((-74.2, 40.5, -73.7, 40.9), "").others == ()


def test_what_a_file_declares_stands() -> None:
    assert spot(CITY, "EPSG:4610").crs == "EPSG:4610"


def test_time_zones_by_place() -> None:
    assert zone_of(CITY)[0] == "Asia/Shanghai"
    assert zone_of((-76.7, 39.2, -76.5, 39.4))[0] == "America/New_York"
    assert zone_of((0.0, -50.0, 1.0, -49.0)) == ("UTC", 0.0)


def test_turning_there_and_back() -> None:
    back = turned(projected("EPSG:4527"), "EPSG:4527")
    assert back is not None
    assert back == pytest.approx(CITY, abs=0.02)
