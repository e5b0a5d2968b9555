"""Which units lie side by side under one parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd


def neighbours(places: gpd.GeoDataFrame) -> list[tuple[int, int]]:
    """Pairs of rows (by index) of one parent that share more of a border than a corner."""
    shapes = places.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    parents, units = places["parent"].to_numpy(), places.index.to_numpy()
    use = (first < second) & (parents[first] == parents[second])
    first, second = first[use], second[use]
    shared = shapely.intersection(shapes[first], shapes[second])
    beside = shapely.length(shared) > 0
    pairs = np.column_stack([units[first], units[second]])[beside]
    return [(int(a), int(b)) for a, b in pairs]
