"""Points in polygons by a raster of cells that mostly know the answer; exact everywhere."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.kernels.raster import Raster, build, locate
from geodata.kernels.strips import Edges, Net

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

CELLS_AN_EDGE: Final = 16
CELLS_A_POLYGON: Final = 1 << 10
CELLS_A_POINT: Final = 8
MANY: Final = 1 << 40
LEAST_CELLS, MOST_CELLS = 1 << 10, 1 << 24
INSIDE: Final = 1 - 1e-9  # so that the eastern and northern rim lie in the last cells
PIECE: Final = 1 << 17  # points that a thread takes at a time


@dataclass(frozen=True)
class RasterAreas:
    """A raster over polygons."""

    net: Net
    raster: Raster

    @classmethod
    def of(cls, shapes: Shapes, points: int = MANY) -> RasterAreas:
        """Lay a raster over polygons: the finer, the more they are and the more points come."""
        edges = _edges(shapes)
        fine = max(CELLS_AN_EDGE * len(edges.x1), CELLS_A_POLYGON * len(edges.owners))
        net = _net(edges, min(fine, CELLS_A_POINT * points))
        return cls(net, build(edges, net))

    def rows_at(self, x: Floats, y: Floats) -> Rows:
        """Row of the polygon at each point, the lowest where there are several; -1 = none."""
        across, up = (np.ascontiguousarray(side, dtype=np.float64) for side in (x, y))
        found = np.empty(len(across), dtype=np.int32)

        def fill(start: int) -> None:
            piece = slice(start, start + PIECE)
            locate(across[piece], up[piece], self.net, self.raster, found[piece])

        starts = range(0, len(found), PIECE)
        if len(starts) <= 1:
            fill(0)
            return found
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(fill, starts))
        return found


def _edges(shapes: Shapes) -> Edges:
    """Lay the polygons out part by part; what is missing or empty has none."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    areal = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    parts, owners = parts[areal], owners[areal]
    if not len(parts):
        none = np.empty(0)
        return Edges(none, none, none, none, np.zeros(1, dtype=np.int64), owners.astype(np.int32))
    _, points, (rings, polygons) = shapely.to_ragged_array(parts, include_z=False)
    starts = np.ones(len(points), dtype=np.bool_)
    starts[rings[1:] - 1] = False  # the last point of a ring begins no edge
    first = np.flatnonzero(starts)
    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    firsts = (rings - np.arange(len(rings)))[polygons]
    return Edges(
        x[first], y[first], x[first + 1], y[first + 1], firsts.astype(np.int64),
        owners.astype(np.int32),
    )  # fmt: skip


def _net(edges: Edges, wanted: int) -> Net:
    """Cells about as high as wide, so many that few edges cross one."""
    if not len(edges.owners):
        return Net(0.0, 0.0, 0.0, 0.0, 1, 1)
    west, south = float(edges.x1.min()), float(edges.y1.min())
    width, height = float(np.ptp(edges.x1)), float(np.ptp(edges.y1))
    count = min(MOST_CELLS, max(LEAST_CELLS, wanted))
    side = max(np.sqrt(width * height / count), max(width, height) / count)
    columns, rows = (max(1, int(length / side)) if side else 1 for length in (width, height))
    per_x, per_y = (
        cells * INSIDE / length if length else 0.0
        for cells, length in ((columns, width), (rows, height))
    )
    return Net(west, south, per_x, per_y, columns, rows)
