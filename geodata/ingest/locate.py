"""Points to the deepest unit whose polygon holds them; exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geodata.locate import areas

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]
    Flags = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Points = npt.NDArray[np.object_]

WGS84: Final = "EPSG:4326"


class Bounded(Protocol):
    """Shapes that know the box around them."""

    @property
    def total_bounds(self) -> Floats:
        """West, south, east, north; NaN where there is none."""


def local_crs(shapes: Bounded) -> CRS:
    """Make an equal-area CRS in metres about the middle of some WGS-84 shapes."""
    bounds = shapes.total_bounds
    west, south, east, north = np.where(np.isfinite(bounds), bounds, 0.0)
    lat, lon = (south + north) / 2, (west + east) / 2
    return CRS.from_proj4(f"+proj=laea +lat_0={lat:.4f} +lon_0={lon:.4f} +datum=WGS84 +units=m")


def has_shape(shapes: gpd.GeoSeries) -> Flags:
    """Say which geometries are there and hold something."""
    return np.asarray(~(shapes.isna() | shapes.is_empty), dtype=np.bool_)


def units_at(places: gpd.GeoDataFrame, points: gpd.GeoSeries, nearest_m: float = 0.0) -> Ints:
    """Row of the deepest unit at each WGS-84 point; −1 = none.

    A point in no lowest polygon belongs to the nearest one within `nearest_m`, else to the deepest
    higher polygon that holds it. Where polygons of a level overlap, the lower row wins.
    """
    return units_near(places, points, nearest_m)[0]


def units_near(
    places: gpd.GeoDataFrame, points: gpd.GeoSeries, nearest_m: float
) -> tuple[Ints, Floats]:
    """Units as `units_at` finds them, and metres to those that were only the nearest; else NaN."""
    off_m = np.full(len(points), np.nan)
    found = np.full(len(points), -1, dtype=np.int32)
    there = has_shape(points)
    shaped = has_shape(places.geometry)
    above = shaped & _shaped_below(places, shaped)
    lowest = np.flatnonzero(shaped & ~above)
    array = np.asarray(points.array, dtype=np.object_)
    _inside(places, lowest, array, there, found)
    if nearest_m > 0:
        wanted = there & (found < 0)
        near, units, distance = _nearest(places.iloc[lowest], points, wanted, nearest_m)
        found[near], off_m[near] = lowest[units], distance
    depth = depths(places["parent"].to_numpy(dtype=np.int32))
    for level in sorted(set(depth[above]), reverse=True):
        _inside(places, np.flatnonzero(above & (depth == level)), array, there & (found < 0), found)
    return found, off_m


def depths(parents: Ints) -> Ints:
    """By unit, how many units are above it; parents come before their children."""
    found = np.zeros(len(parents), dtype=np.int32)
    for unit in range(len(parents)):
        if parents[unit] >= 0:
            found[unit] = found[parents[unit]] + 1
    return found


def _shaped_below(places: gpd.GeoDataFrame, shaped: Flags) -> Flags:
    """Which units have a unit with a polygon somewhere below them."""
    parents = places["parent"].to_numpy(dtype=np.int32)
    below = np.zeros(len(parents), dtype=np.bool_)
    for unit in range(len(parents) - 1, -1, -1):
        if parents[unit] >= 0 and (shaped[unit] or below[unit]):
            below[parents[unit]] = True
    return below


def _inside(
    places: gpd.GeoDataFrame, rows: npt.NDArray[np.intp], points: Points, wanted: Flags, found: Ints
) -> None:
    """Fill in `found` for the wanted points that lie in one of the polygons."""
    index = np.flatnonzero(wanted)
    if not len(index) or not len(rows):
        return
    polygons = areas(np.asarray(places.geometry.array, dtype=np.object_)[rows], len(index))
    at = polygons.rows_at(shapely.get_x(points[index]), shapely.get_y(points[index]))
    found[index[at >= 0]] = rows[at[at >= 0]]


def _nearest(
    places: gpd.GeoDataFrame, points: gpd.GeoSeries, wanted: Flags, nearest_m: float
) -> tuple[Rows, Rows, Floats]:
    """Which of the wanted points have a polygon near them, whose it is, and how many metres off."""
    index = np.flatnonzero(wanted)
    if not len(index) or not len(places):
        nothing = np.empty(0, dtype=np.intp)
        return nothing, nothing, np.empty(0)
    metres = local_crs(places.geometry)
    tree = shapely.STRtree(np.asarray(places.geometry.to_crs(metres).array, dtype=np.object_))
    moved = gpd.GeoSeries(points.iloc[index]).to_crs(metres)
    near = np.asarray(moved.array, dtype=np.object_)
    (hit, which), distance = tree.query_nearest(
        near, max_distance=nearest_m, return_distance=True, all_matches=False
    )
    return index[hit], which, distance
