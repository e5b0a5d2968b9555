"""Pieces of ground: polygons as the overlay gives them, measured in metres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.ingest.locate import WGS84

if TYPE_CHECKING:
    import numpy.typing as npt
    from pyproj import CRS

    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]
    Rows = npt.NDArray[np.intp]

SMALLEST_M2: Final = 0.01  # below it lies the noise of the arithmetic
SLIVER_M: Final = 5.0  # of mean width; what is narrower is a fault of drawing, not a place
POLYGONS: Final = (3, 6)
_NONE: Final = np.empty(0, dtype=np.intp)


def polygons(shapes: Shapes) -> tuple[Shapes, Rows]:
    """Single polygons with some area in each of the shapes, and which shape each is of."""
    parts, owner = _parts(np.asarray(shapes, dtype=np.object_))
    deeper, row = _parts(parts)  # collections of multi-polygons
    kept = (shapely.get_type_id(deeper) == POLYGONS[0]) & (shapely.area(deeper) > 0)
    return deeper[kept], owner[row[kept]]


def _parts(shapes: Shapes) -> tuple[Shapes, Rows]:
    if not len(shapes):
        return shapes, _NONE
    return shapely.get_parts(shapes, return_index=True)


def united(shapes: Shapes, *, matching: bool = False) -> shapely.Geometry:
    """Union of shapes; `matching` says that their borders meet, which is faster and exact."""
    if matching:
        return shapely.coverage_union_all(shapes)
    return shapely.union_all(shapes)


def holes(shape: shapely.Geometry) -> Shapes:
    """Ground that a shape surrounds without holding it; what lies in a hole is cut out."""
    bodies = shapely.get_parts(shape)
    found = [
        shapely.polygons(shapely.get_interior_ring(body, number))
        for body in bodies
        for number in range(shapely.get_num_interior_rings(body))
    ]
    rings = np.array(found, dtype=np.object_)
    if not len(rings) or len(bodies) == 1:
        return rings
    tree = shapely.STRtree(bodies)
    for number, ring in enumerate(rings):
        if len(within := tree.query(ring, predicate="contains")):
            rings[number] = shapely.difference(ring, shapely.union_all(bodies[within]))
    return polygons(rings)[0]


def projected(shapes: Shapes, metres: CRS) -> Shapes:
    """WGS-84 shapes in a CRS of metres."""
    moved = gpd.GeoSeries(shapes, crs=WGS84).to_crs(metres)
    return np.asarray(moved.array, dtype=np.object_)


def measured(shapes: Shapes, metres: CRS) -> gpd.GeoDataFrame:
    """Area, mean width and a point of polygons in metres, which become WGS-84; no noise."""
    area, rim = shapely.area(shapes), shapely.length(shapes)
    real = area >= SMALLEST_M2
    shapes, area, rim = shapes[real], area[real], rim[real]
    points = gpd.GeoSeries(shapely.point_on_surface(shapes), crs=metres).to_crs(WGS84)
    width = 2 * area / rim
    columns = {
        "row": np.flatnonzero(real),
        "area_m2": area,
        "width_m": width,
        "sliver": width < SLIVER_M,
        "lon": points.x.to_numpy(),
        "lat": points.y.to_numpy(),
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=metres).to_crs(WGS84)
