"""Points in no unit at all: those that look turned round, and how far off the others are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geodata.ingest.files import ROW, SWAPPED
from geodata.ingest.locate import WGS84, has_shape, local_crs, units_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from geodata.ingest.findings import Ledger

    Flags = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]


def turned(places: gpd.GeoDataFrame, points: gpd.GeoSeries) -> Flags:
    """Say which points lie in a unit once longitude and latitude are turned round.

    The points are those that lie in none as they are; none of them is moved.
    """
    back = gpd.GeoSeries(gpd.points_from_xy(points.y, points.x), crs=WGS84)
    return np.asarray(units_at(places, back) >= 0, dtype=np.bool_)


def note_units(
    units: gpd.GeoDataFrame, known: Mapping[str, shapely.Geometry], ledger: Ledger
) -> None:
    """Note units that lie in no unit above, but would if they were turned round."""
    mine = units[has_shape(units.geometry)]
    if mine.empty or not known:
        return
    above = np.array(list(known.values()), dtype=np.object_)
    points = np.asarray(mine.representative_point().array, dtype=np.object_)
    back = np.asarray(shapely.points(shapely.get_coordinates(points)[:, ::-1]), dtype=np.object_)
    # The trees hold the points, because the polygon asked for is the side that is prepared.
    here, there = (
        np.isin(np.arange(len(mine)), shapely.STRtree(each).query(above, predicate="intersects")[1])
        for each in (points, back)
    )
    wrong = mine[~here & there]
    ledger.keep(SWAPPED, wrong[ROW].tolist(), keys=wrong["code"].astype(str).tolist())


def off_m(places: gpd.GeoDataFrame, points: gpd.GeoSeries) -> Floats:
    """Metres from each point to the nearest unit; NaN where that cannot be said."""
    found = np.full(len(points), np.nan)
    shaped = places[has_shape(places.geometry)]
    if shaped.empty or not len(points):
        return found
    # What holds all the others is enough.
    top = shaped[shaped["parent"].eq(shaped["parent"].min())]
    metres = local_crs(shaped.geometry)
    tree = shapely.STRtree(np.asarray(top.geometry.to_crs(metres).array, dtype=np.object_))
    moved = np.asarray(points.to_crs(metres).array, dtype=np.object_)
    near = np.flatnonzero(np.isfinite(shapely.bounds(moved)).all(axis=1))
    (hit, _), distance = tree.query_nearest(moved[near], return_distance=True, all_matches=False)
    found[near[hit]] = distance
    return found
