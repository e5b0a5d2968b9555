"""Which polygon each of many points lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import shapely

from geodata.kernels.settings import COMPILED
from geodata.locate.raster import MANY, RasterAreas
from geodata.locate.tree import TreeAreas

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

FEW: Final = 50_000


class Areas(Protocol):
    """Polygons to be asked about points."""

    def rows_at(self, x: Floats, y: Floats) -> Rows:
        """Row of the polygon that holds each point or has it on its border; -1 = none.

        Where several do, the lowest row counts.
        """


def areas(shapes: Shapes, points: int = MANY) -> Areas:
    """Prepare polygons and multipolygons.

    Args:
        shapes: in the plane in which the points will be given.
        points: about how many will be asked; for few a raster is not worth its making.
    """
    edges = int(shapely.get_num_coordinates(shapes).sum())
    if COMPILED and points > max(FEW, edges // 2):
        return RasterAreas.of(shapes, points)
    return TreeAreas.of(shapes)
