"""A file that lies aside as a web map does is known by its borders; a redrawn one is not."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from geodata import crs as shifted
from geodata.scenarios import exports, grounds
from geodata.scenarios.drawn import Drawn
from geodata.scenarios.exports import Moved
from geodata.scenarios.grounded import WGS84, mover
from geodata.scenarios.shifts import shift_of

if TYPE_CHECKING:
    from geodata.scenarios.grounded import Grounded
    from geodata.store.snapshots import City

CGCS2000 = "EPSG:4490"


@pytest.fixture(scope="module")
def street(made: City) -> Grounded:
    return grounds.opened(grounds.folder_of(made), "101")


@pytest.fixture(scope="module")
def today(street: Grounded) -> Drawn:
    moved = Moved(street, street.today, np.arange(len(street.ground.communities), dtype=np.int32))
    frame = exports.grids(moved, "p@1")
    shapes = np.asarray(frame.to_crs(street.crs).geometry.array, dtype=object)
    rows = tuple(range(1, len(shapes) + 1))
    return Drawn("grids.gpkg", shapes, tuple(frame["code"]), rows, WGS84, "", own=False)


def read_as(drawn: Drawn, metric: str, written: str, read: str) -> Drawn:
    """A file whose degrees are of one system, read as another."""

    def turned(at: np.ndarray) -> np.ndarray:
        lon, lat = mover(metric, WGS84)(at).T
        if shifted.known(written):
            lon, lat = shifted.from_wgs84(written, lon, lat)
        if shifted.known(read):
            lon, lat = shifted.to_wgs84(read, lon, lat)
        return np.asarray(mover(WGS84, metric)(np.column_stack((lon, lat))))

    return replace(drawn, shapes=shapely.transform(drawn.shapes, turned), crs=read)


@pytest.mark.parametrize(
    ("written", "read"),
    [("GCJ-02", WGS84), ("GCJ-02", CGCS2000), ("BD-09", CGCS2000), ("BD-09", "GCJ-02"),
     (WGS84, "GCJ-02"), (WGS84, "BD-09")],
)  # fmt: skip
def test_the_system_it_is_in_is_named(
    street: Grounded, today: Drawn, written: str, read: str
) -> None:
    found = shift_of(read_as(today, street.crs, written, read), street)
    assert found is not None
    assert (found.system, found.degrees) == (written, True)
    assert 300 < found.far_m < 2_000


@pytest.mark.parametrize("read", [WGS84, CGCS2000, "GCJ-02", "BD-09"])
def test_what_is_read_as_what_it_is_lies_where_it_should(
    street: Grounded, today: Drawn, read: str
) -> None:
    assert shift_of(read_as(today, street.crs, read, read), street) is None


def test_metres_can_be_of_a_shifted_map_too(street: Grounded, today: Drawn) -> None:
    metric = replace(read_as(today, street.crs, "GCJ-02", WGS84), crs=street.crs)
    found = shift_of(metric, street)
    assert found is not None
    assert (found.system, found.degrees) == ("GCJ-02", False)


def test_some_of_the_borders_may_be_new(street: Grounded, today: Drawn) -> None:
    aside = read_as(today, street.crs, "BD-09", WGS84)
    merged = shapely.union_all(aside.shapes[:2])
    shapes = np.array([merged, *aside.shapes[2:]], dtype=object)
    found = shift_of(replace(aside, shapes=shapes), street)
    assert found is not None
    assert found.system == "BD-09"


def test_half_of_the_grids_tell_it_too(street: Grounded, today: Drawn) -> None:
    aside = read_as(today, street.crs, "GCJ-02", WGS84)
    found = shift_of(replace(aside, shapes=aside.shapes[::2]), street)
    assert found is not None
    assert found.system == "GCJ-02"


def test_grids_that_somebody_redrew_do_not_lie_aside(street: Grounded, today: Drawn) -> None:
    west, south, east, north = shapely.total_bounds(today.shapes)
    edges = np.linspace(west, east, 8)
    strips = [shapely.box(a, south, b, north) for a, b in pairwise(edges)]
    whole = shapely.union_all(today.shapes)
    anew = shapely.intersection(np.array(strips, dtype=object), whole)
    rows = tuple(range(1, len(anew) + 1))
    assert shift_of(replace(today, shapes=anew, codes=("",) * len(anew), rows=rows), street) is None


@pytest.mark.parametrize(
    ("read", "size", "grids"),
    [(WGS84, 80.0, 1), ("GCJ-02", 160.0, 2), (WGS84, 300.0, 1), (WGS84, 300.0, 3)],
)
def test_a_few_small_grids_drawn_anew_are_no_false_alarm(
    street: Grounded, today: Drawn, grids: int, size: float, read: str
) -> None:
    """Rectangles anywhere in a town whose blocks repeat themselves, read as what they are."""
    random = np.random.default_rng(int(size) + grids)
    west, south, east, north = shapely.total_bounds(today.shapes)
    for _ in range(25):
        at = random.uniform((west, south), (east - size, north - size), (grids, 2))
        anew = shapely.box(at[:, 0], at[:, 1], at[:, 0] + size, at[:, 1] + size)
        drawn = replace(today, shapes=anew, codes=("",) * grids, rows=tuple(range(grids)), crs=read)
        assert shift_of(drawn, street) is None


def test_where_no_grid_is_near_nothing_is_said(street: Grounded, today: Drawn) -> None:
    far = shapely.transform(today.shapes, lambda at: at + 50_000.0)
    assert shift_of(replace(today, shapes=far), street) is None
