"""Coordinate systems as people write them, those around a plan, and which one a file fits."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest
import shapely

from geodata.scenarios import systems
from geodata.scenarios.grounded import WGS84
from geodata.scenarios.systems import Land

OWN: Final = "EPSG:4544"
LAND: Final = Land(OWN, (493_000, 3_379_000, 499_000, 3_385_000))
SHAPES: Final = np.array(
    [shapely.box(x, 3_380_000, x + 300, 3_380_300) for x in range(494_000, 497_000, 500)]
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("4547", "EPSG:4547"), (" 4547 ", "EPSG:4547"), ("epsg：4547", "EPSG:4547"),
        ("EPSG 4547", "EPSG:4547"), ("gcj02", "GCJ-02"), ("百度", "百度"), ("", ""), ("12", "12"),
    ],
)  # fmt: skip
def test_a_code_may_be_written_in_many_ways(written: str, plain: str) -> None:
    assert systems.plain(written) == plain


def test_only_systems_of_places_on_a_map_are_understood() -> None:
    assert systems.understood(OWN) is not None
    assert systems.understood("EPSG:5773") is None  # of heights
    assert systems.understood("百度") is None
    assert systems.understood("IAU_2015:30100") is None  # of the moon
    assert systems.in_degrees("EPSG:4490")
    assert systems.in_degrees("GCJ-02")
    assert not systems.in_degrees(OWN)


def test_a_list_has_the_plans_own_those_in_degrees_and_the_zones_beside_it() -> None:
    own = [OWN, "EPSG:4490", WGS84, "GCJ-02", "BD-09"]
    assert list(systems.offered(LAND)) == [*own, "EPSG:4543", "EPSG:4545", "EPSG:4523"]
    abroad = Land("EPSG:32618", (430_000, 4_340_000, 440_000, 4_350_000))
    assert systems.around(abroad) == ()
    assert systems.zone_of(104.1) == OWN
    assert systems.zone_of(-76.6) == ""


@pytest.mark.parametrize(
    "crs",
    [OWN, "EPSG:4543", "EPSG:4547", "EPSG:4523", "EPSG:4496", "EPSG:32648", "EPSG:3857", WGS84],
)
def test_the_system_of_a_file_is_found_by_where_it_lies(crs: str) -> None:
    assert systems.fitting(systems.moved(SHAPES, OWN, crs), LAND) == crs


def test_what_lies_elsewhere_fits_nothing() -> None:
    away = shapely.transform(SHAPES, lambda at: at + 300_000)
    assert systems.fitting(away, LAND) == ""
    assert systems.fitting(shapely.transform(SHAPES, lambda at: at * 1e-6), LAND) == ""


def test_boxes_that_are_nowhere_touch_no_land() -> None:
    lost = np.array([[np.inf] * 4, [np.nan] * 4, [0, 0, 1, 1]])
    assert not LAND.touched(lost)
    assert LAND.touched(np.vstack([lost, shapely.bounds(SHAPES[:1])]))
