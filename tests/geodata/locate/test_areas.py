"""Points in polygons by the raster: what shapely says, everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import locate
from geodata.kernels.settings import COMPILED
from geodata.locate import FEW, areas
from geodata.locate import raster as rastered
from geodata.locate.raster import RasterAreas
from geodata.locate.tree import TreeAreas
from tests.geodata.kernels.shapes import SIZE, in_general, on_lines, seeds
from tests.geodata.tiles.shapes import make_places


def objects(shapes: list[Any]) -> Any:  # noqa: ANN401
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def asked_of(shapes: Any, seed: int) -> tuple[Any, Any]:  # noqa: ANN401
    """Points everywhere, on corners, on edges, beside edges by the smallest step there is."""
    rng = np.random.default_rng(seed)
    corners = shapely.get_coordinates(shapes)
    share = rng.random((len(corners) - 1, 1))
    on_edges = corners[:-1] * (1 - share) + corners[1:] * share
    points = np.concatenate(
        [
            rng.uniform(-1, SIZE + 1, (2000, 2)),
            rng.integers(-1, int(SIZE) + 1, (300, 2)).astype(float),
            corners,
            on_edges,
            np.nextafter(on_edges, np.inf),
            np.nextafter(corners, -np.inf),
        ]
    )
    return np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(in_general, on_lines), min_size=1, max_size=8), seeds)
def test_equal_to_shapely_where_polygons_overlap_too(shapes: list[Any], seed: int) -> None:
    given_ = objects([*shapes, None, shapely.Polygon(), shapely.Point(3, 3)])
    x, y = asked_of(given_, seed)
    known = TreeAreas.of(given_[:-1]).rows_at(x, y)
    for points in (1, 1 << 10, 1 << 40):  # a coarse raster and a fine one
        assert (RasterAreas.of(given_, points).rows_at(x, y) == known).all()


def test_equal_to_shapely_on_a_coverage_in_degrees() -> None:
    """Cells that fit together, one with a hole and an exclave, and the district over all."""
    places = make_places()
    for rows in (slice(1, -1), slice(0, -1)):
        shapes = np.asarray(places.geometry.array, dtype=object)[rows]
        west, south, east, north = shapely.total_bounds(shapes)
        rng = np.random.default_rng(5)
        corners = shapely.get_coordinates(shapes)
        x = np.concatenate([rng.uniform(west, east, 200_000), corners[:, 0]])
        y = np.concatenate([rng.uniform(south, north, 200_000), corners[:, 1]])
        found = areas(shapes).rows_at(x, y)
        assert (found == TreeAreas.of(shapes).rows_at(x, y)).all()
        assert len(set(found)) == (1 if rows.start == 0 else len(shapes)) + 1


def test_the_lowest_row_counts() -> None:
    shapes = objects([shapely.box(4, 4, 6, 6), shapely.box(0, 0, 8, 8), shapely.box(5, 5, 9, 9)])
    for made in (RasterAreas.of(shapes), TreeAreas.of(shapes)):
        at = np.array([5.5, 1.0, 7.0, 8.5, 8.0, 6.0, 20.0, np.nan, np.inf])
        assert made.rows_at(at, at).tolist() == [0, 1, 1, 2, 1, 0, -1, -1, -1]
        beside = made.rows_at(np.array([4.0, 6.1, 9.0]), np.array([5.0, 6.1, 5.0]))
        assert beside.tolist() == [0, 1, 2]


def test_many_points_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rastered, "PIECE", 100)
    shapes = objects([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    x = np.linspace(-0.5, 2.5, 1001)
    found = RasterAreas.of(shapes).rows_at(x, np.full(1001, 0.5))
    assert (
        found.tolist() == np.where(x < 0, -1, np.where(x <= 1, 0, np.where(x <= 2, 1, -1))).tolist()
    )


@pytest.mark.parametrize("shapes", [[], [None], [shapely.Polygon()]])
def test_no_polygons_hold_nothing(shapes: list[Any]) -> None:
    for made in (RasterAreas.of(objects(shapes)), TreeAreas.of(objects(shapes))):
        assert made.rows_at(np.array([0.0, 1.0]), np.array([0.0, 1.0])).tolist() == [-1, -1]
        assert made.rows_at(np.empty(0), np.empty(0)).tolist() == []


def test_slivers_thinner_than_a_cell() -> None:
    thin = objects([shapely.box(0, 0, 1000, 1e-7), shapely.box(0, 1e-7, 1e-7, 1000)])
    x, y = np.array([500.0, 500.0, 5e-8, 5e-8, 1e-7]), np.array([5e-8, 1.0, 500.0, 5e-8, 1e-7])
    assert RasterAreas.of(thin).rows_at(x, y).tolist() == [0, -1, 1, 0, 0]


def test_polygons_without_a_surface() -> None:
    upright, spot = shapely.Polygon([(1, 0), (1, 9), (1, 4)]), shapely.Polygon([(1, 1)] * 4)
    for shapes in ([upright], [spot], [upright, spot]):
        found = RasterAreas.of(objects(shapes)).rows_at(np.array([1.5, 0.5]), np.array([1.0, 1.0]))
        assert found.tolist() == [-1, -1]


def test_without_compiled_kernels_shapely_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert COMPILED
    assert isinstance(areas(objects([])), RasterAreas)
    assert isinstance(areas(objects([]), FEW), TreeAreas)
    monkeypatch.setattr(locate, "COMPILED", False)
    assert isinstance(areas(objects([])), TreeAreas)
