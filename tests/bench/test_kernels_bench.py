"""Kernels beside what others do with the same work, in the same run, on a city of 18,000 cells."""

# ruff: noqa: T201 - measurements are printed

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from geodata.kernels import compile_all
from geodata.locate.raster import RasterAreas
from geodata.tiles import field
from geodata.tiles.heat import frame, scale
from geodata.tiles.mercator import Box, project, tile_box, tiles_over
from geodata.tiles.sheets import FlatSheet, ShapeSheet
from tests.bench.test_map_bench import BOX, cells

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.bench

RUNS: Final = 5
ZOOMS: Final = (9, 11, 12, 13, 15)
MOST_TILES: Final = 40
POINTS, POINTS_OF_PEER = 4_000_000, 400_000
CASES: Final = 190_000  # of a week
TIMES_SJOIN, TIMES_GEOS, TIMES_MVT, TIMES_SCIPY = 15, 3, 10, 1.2
PALETTE: Final = tuple((50 * step, 10, 0, 100 + 30 * step) for step in range(5))


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    compile_all(lambda _, __: None)


@pytest.fixture(scope="module")
def city() -> Any:  # noqa: ANN401
    return cells()


def seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def test_points_in_polygons(city: Any) -> None:  # noqa: ANN401
    rng = np.random.default_rng(1)
    x, y = rng.uniform(BOX[0], BOX[2], POINTS), rng.uniform(BOX[1], BOX[3], POINTS)
    made = RasterAreas.of(city)
    few = slice(0, POINTS_OF_PEER)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x[few], y[few]))
    polygons = gpd.GeoDataFrame(geometry=city)
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(seconds(lambda: made.rows_at(x, y)))
        theirs.append(seconds(lambda: gpd.sjoin(points, polygons, predicate="intersects")))
    joined = gpd.sjoin(points, polygons, predicate="intersects")["index_right"]
    lowest = joined.groupby(level=0).min().reindex(points.index, fill_value=-1)
    assert (made.rows_at(x[few], y[few]) == lowest.to_numpy()).all()
    speed, peer = POINTS / median(ours) / 1e6, POINTS_OF_PEER / median(theirs) / 1e6
    print(f"\npoints: {speed:.1f} M/s, sjoin {peer:.2f} M/s, {speed / peer:.0f} times")
    assert speed >= TIMES_SJOIN * peer


@pytest.mark.filterwarnings("ignore:The 'shapely.ops.transform:DeprecationWarning")
def test_tiles(city: Any) -> None:  # noqa: ANN401
    flat = project(city)
    ids = np.arange(len(flat))
    ours, geos = FlatSheet.of("cells", flat, ids), ShapeSheet.of("cells", flat, ids)
    boxes = [tile_box(z, x, y) for z in ZOOMS for x, y in _tiles(flat, z)]
    for sheet in (ours, geos):
        sheet.tile(boxes[0])
    times = np.array(
        [
            [seconds(lambda: sheet.tile(box)) for sheet in (ours, geos)] + [_peer(geos, box)]  # noqa: B023
            for box in boxes
        ]
    )
    known = ~np.isnan(times[:, 2])
    by_geos = times[:, 1].sum() / times[:, 0].sum()
    by_peer = times[known, 2].sum() / times[known, 0].sum()
    p95 = np.percentile(times[:, 0], 95) * 1e3
    print(f"\ntiles: p95 {p95:.1f} ms, {by_geos:.1f} x GEOS and numpy, {by_peer:.0f} x the peer")
    assert by_geos >= TIMES_GEOS
    assert by_peer >= TIMES_MVT


def _tiles(flat: Any, z: int) -> list[tuple[int, int]]:  # noqa: ANN401
    found = tiles_over(Box(*shapely.total_bounds(flat)), z)
    return found[:: -(-len(found) // MOST_TILES)]


def _peer(sheet: ShapeSheet, box: Box) -> float:
    """Seconds mapbox-vector-tile takes to write what GEOS has cut; NaN where that is most."""
    found = sheet.tree.query(shapely.box(*box))
    if len(found) > 3000:
        return float("nan")
    shapes = shapely.clip_by_rect(sheet.shapes[found], *box)
    features = [{"geometry": shape, "properties": {}} for shape in shapes if not shape.is_empty]
    layer = {"name": "cells", "features": features}
    options = {"quantize_bounds": tuple(box)}
    return seconds(lambda: mapbox_vector_tile.encode(layer, default_options=options))


def test_heat(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(BOX[0], BOX[2], CASES), rng.uniform(BOX[1], BOX[3], CASES)
    found = scale(BOX, 168.0)

    def paint() -> bytes:
        return frame(lon, lat, BOX, 168.0, PALETTE, found.breaks, blur_m=found.blur_m)

    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(RUNS):
        for by_kernels, taken in times.items():
            monkeypatch.setattr(field, "COMPILED", by_kernels)
            taken.append(seconds(paint))
    ours, theirs = (median(times[each]) * 1e3 for each in (True, False))
    print(f"\nheat of {CASES:,} cases: {ours:.1f} ms, numpy and scipy {theirs:.1f} ms")
    assert theirs >= TIMES_SCIPY * ours
