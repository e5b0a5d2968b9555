"""Hot spots are outlined where their cases lie."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from shapely import buffer, points, union_all
from shapely.geometry import Point, Polygon, box

from dashboard.screens.overview.extent import METRES_A_DEGREE
from dashboard.screens.overview.outlined import CORE, DETAIL, DIGITS, FINE, around, gathered
from dashboard.screens.overview.spots import LEAST

PLACE = box(113.90, 22.40, 114.10, 22.60)


def test_cases_are_outlined_and_not_the_empty_land_round_them() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.normal(113.95, 0.001, 40), rng.normal(22.55, 0.001, 40)
    line = Polygon(gathered(PLACE, lon, lat, 220.0))
    assert line.contains(Point(np.median(lon), np.median(lat)))
    assert 0 < line.area < PLACE.area / 50
    narrow = np.cos(np.radians(22.5))
    west, south, east, north = line.bounds
    assert (east - west) * narrow == pytest.approx(north - south, rel=0.35)


def test_the_denser_of_two_gatherings_is_outlined() -> None:
    lon, lat = np.repeat([113.92, 114.08], [30, 12]), np.repeat([22.42, 22.58], [30, 12])
    line = Polygon(gathered(PLACE, lon, lat, 220.0))
    assert line.contains(Point(113.92, 22.42))
    assert not line.contains(Point(114.08, 22.58))


def _by_pairs(lon: np.ndarray, lat: np.ndarray, blur_m: float) -> list[list[float]]:
    """The outline as every case warms every other, however far apart they are."""
    narrow, reach = np.cos(np.radians(PLACE.centroid.y)), blur_m / METRES_A_DEGREE
    cases = np.column_stack([lon * narrow, lat]) / (reach / FINE)
    bins, counts = np.unique(np.rint(cases), axis=0, return_counts=True)
    bins *= reach / FINE
    apart = ((bins[:, None] - bins[None]) ** 2).sum(axis=2)
    warm = np.exp(-apart / (2 * reach**2)) @ counts
    area = union_all(buffer(points(bins[warm >= CORE * warm.max()]), reach))
    whole = area.buffer(reach).buffer(-reach)
    peak = points(bins[int(warm.argmax())])
    part = next(each for each in getattr(whole, "geoms", [whole]) if each.intersects(peak))
    line = np.array(part.simplify(DETAIL * reach).exterior.coords)[:-1] / (narrow, 1)
    return np.round(line, DIGITS).tolist()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("spread", "blur_m"), [(0.001, 220.0), (0.01, 140.0), (0.02, 650.0)])
def test_the_outline_is_that_of_all_pairs_of_cases(seed: int, spread: float, blur_m: float) -> None:
    rng = np.random.default_rng(seed)
    lon, lat = rng.normal(114.0, spread, 200), rng.normal(22.5, spread, 200)
    inside = (abs(lon - 114.0) < 0.1) & (abs(lat - 22.5) < 0.1)
    lon, lat = lon[inside], lat[inside]
    assert gathered(PLACE, lon, lat, blur_m) == _by_pairs(lon, lat, blur_m)


def test_memory_does_not_grow_with_the_pairs_of_cases() -> None:
    across, down = np.meshgrid(np.linspace(114, 114.015, 50), np.linspace(22.5, 22.515, 50))
    tracemalloc.start()
    try:
        gathered(PLACE, across.ravel(), down.ravel(), 90.0)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 8 * across.size**2 / 4  # a quarter of one number for each pair


def test_cases_elsewhere_and_without_a_place_do_not_count() -> None:
    lon = np.append(np.full(LEAST - 1, 114.0), [np.nan, 115.0])
    lat = np.append(np.full(LEAST - 1, 22.5), [np.nan, 22.5])
    assert gathered(PLACE, lon, lat, 220.0) == []
    assert gathered(None, lon, lat, 220.0) == []


def test_without_its_cases_the_place_is_outlined_and_stands_inside() -> None:
    line = Polygon(around(PLACE))
    assert line.contains(PLACE.centroid)
    assert PLACE.area < line.area < 2 * PLACE.area
    assert around(None) == around(Polygon()) == []
