"""Points in the finest areas of a city, beside geopandas and shapely."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.bench.figures import median, timed
from geodata.locate import areas
from geodata.locate.tree import TreeAreas

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.bench.figures import Figures, Limits
    from geodata.store.snapshots import City

    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

RUNS: Final = 5
FEWER: Final = 10  # times as few points for the peers, who take so much longer


def run(city: City, limits: Limits) -> Figures:
    """Points a second, and how many of the same points others put elsewhere."""
    shapes = finest(city)
    x, y = _points(shapes, limits.points)
    few = slice(0, max(1, limits.points // FEWER))
    made_ms, ours = timed(partial(areas, shapes))
    ours.rows_at(x[few], y[few])
    tree = TreeAreas.of(shapes)
    times: dict[str, list[float]] = {"ours": [], "geopandas": [], "shapely": []}
    for _ in range(RUNS):
        times["ours"].append(timed(partial(ours.rows_at, x, y))[0] / len(x))
        taken, joined = timed(partial(_joined, shapes, x[few], y[few]))
        times["geopandas"].append(taken / len(joined))
        taken, found = timed(partial(tree.rows_at, x[few], y[few]))
        times["shapely"].append(taken / len(found))
    mine = ours.rows_at(x[few], y[few])
    per_point = {name: median(each) for name, each in times.items()}
    return {
        "assign_areas": len(shapes),
        "assign_points": len(x),
        "assign_mpoints_s": 1e-3 / per_point["ours"],
        "assign_made_ms": made_ms,
        "assign_vs_geopandas": per_point["geopandas"] / per_point["ours"],
        "assign_vs_shapely": per_point["shapely"] / per_point["ours"],
        "assign_unlike_geopandas": int((mine != joined).sum()),
        "assign_unlike_shapely": int((mine != found).sum()),
    }


def finest(city: City) -> Shapes:
    """The areas of the finest level that has any."""
    shapes = np.asarray(city.places.geometry.array, dtype=object)
    known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    found: Shapes = shapes[known & (city.tree.levels == city.tree.levels[known].max())]
    return found


def _points(shapes: Shapes, count: int) -> tuple[Floats, Floats]:
    west, south, east, north = shapely.total_bounds(shapes)
    chance = np.random.default_rng(1)
    return chance.uniform(west, east, count), chance.uniform(south, north, count)


def _joined(shapes: Shapes, x: Floats, y: Floats) -> npt.NDArray[np.int64]:
    """Row of the area by point as geopandas says, the lowest where there are several; −1 = none."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y))
    joined = gpd.sjoin(points, gpd.GeoDataFrame(geometry=shapes), predicate="intersects")
    lowest = joined["index_right"].groupby(level=0).min()
    return np.asarray(lowest.reindex(points.index, fill_value=-1).to_numpy(dtype=np.int64))
