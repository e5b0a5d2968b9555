"""Points in polygons by shapely, for machines without compiled kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class TreeAreas:
    """Polygons asked one by one, each about the points in its box."""

    shapes: Shapes

    @classmethod
    def of(cls, shapes: Shapes) -> TreeAreas:
        """Keep the shapes."""
        return cls(shapes)

    def rows_at(self, x: Floats, y: Floats) -> Rows:
        """Row of the polygon at each point, the lowest where there are several; -1 = none."""
        found = np.full(len(x), -1, dtype=np.int32)
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        # The tree holds the points, because the polygon asked for is the side that is prepared.
        points = np.array(shapely.points(np.column_stack([x[known], y[known]])), dtype=np.object_)
        tree = shapely.STRtree(points)
        rows, hits = tree.query(self.shapes, predicate="intersects")
        order = np.argsort(rows, kind="stable")[::-1]
        found[known[hits[order]]] = rows[order]
        return found
