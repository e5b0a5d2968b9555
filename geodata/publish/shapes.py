"""What is measured on the polygons of units: area, a point for the name, and whether they fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.ingest.locate import WGS84, has_shape, local_crs

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

SQUARE_M_PER_KM2: Final = 1e6
LABEL_PRECISION: Final = 0.02  # of the part's size; a name need not sit more exactly


def to_wgs84(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Project a frame to lon lat; one without a CRS is taken to be there already."""
    return frame.to_crs(WGS84) if frame.crs else frame.set_crs(WGS84)


def measure(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Fill in `area_km2` (0 without geometry) and the label point (NaN without)."""
    there = has_shape(places.geometry)
    area, lon, lat = (np.full(len(places), value) for value in (0.0, np.nan, np.nan))
    if there.any():
        shapes = gpd.GeoSeries(places.geometry[there])
        metres = local_crs(shapes)
        projected = np.asarray(shapes.to_crs(metres).array, dtype=np.object_)
        area[there] = shapely.area(projected) / SQUARE_M_PER_KM2
        points = gpd.GeoSeries(label_points(projected), crs=metres).to_crs(WGS84)
        lon[there], lat[there] = points.x.to_numpy(), points.y.to_numpy()
    return places.assign(area_km2=area, label_lon=lon, label_lat=lat)


def label_points(shapes: Shapes) -> Shapes:
    """Middle of the largest circle inside each shape's largest part (shapes in metres)."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    areas = shapely.area(parts)
    order = np.lexsort((areas, owner))
    last = np.flatnonzero(np.diff(owner[order], append=-1))
    largest = parts[order[last]]
    size = np.sqrt(np.maximum(shapely.area(largest), 1e-6))
    # The rounder outline keeps the search short on borders with thousands of corners.
    plain = shapely.simplify(largest, size * LABEL_PRECISION)
    sound = shapely.is_valid(plain) & (shapely.area(plain) > 0)
    plain = np.where(sound, plain, largest)
    found = shapely.point_on_surface(largest)
    flat = shapely.area(plain) <= 0
    circles = shapely.maximum_inscribed_circle(plain[~flat], size[~flat] * LABEL_PRECISION)
    middles = shapely.get_point(circles, 0)
    inside = shapely.contains(largest[~flat], middles)
    found[~flat] = np.where(inside, middles, found[~flat])
    return np.asarray(found, dtype=np.object_)


def misfits(shapes: gpd.GeoSeries) -> int:
    """Count the units of a level whose border crosses, overlaps or does not match a neighbour's."""
    array = np.asarray(shapes[has_shape(shapes)].array, dtype=np.object_)
    polygons = array[np.isin(shapely.get_type_id(array), (3, 6))]
    if not len(polygons):
        return 0
    edges = shapely.coverage_invalid_edges(polygons)
    return int((~shapely.is_empty(edges)).sum())
