"""Web Mercator: degrees to metres of the map plane, and the boxes of its tiles."""

from __future__ import annotations

from math import ceil, log2, pi
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

RADIUS_M: Final = 6_378_137.0
WORLD_M: Final = 2 * pi * RADIUS_M
TILE_PX: Final = 256


class Box(NamedTuple):
    """A rectangle of the map plane."""

    west: float
    south: float
    east: float
    north: float

    def grown(self, margin: float) -> Box:
        """Give the box with a margin on every side."""
        return Box(self.west - margin, self.south - margin, self.east + margin, self.north + margin)


def to_metres(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Project degrees to metres of the map plane."""
    return np.radians(lon) * RADIUS_M, np.arctanh(np.sin(np.radians(lat))) * RADIUS_M


def to_degrees(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Metres of the map plane as degrees."""
    return np.degrees(x / RADIUS_M), np.degrees(np.arcsin(np.tanh(y / RADIUS_M)))


def project(shapes: Shapes) -> Shapes:
    """Project shapes from degrees; nothing stays nothing."""

    def flat(points: Floats) -> Floats:
        return np.column_stack(to_metres(points[:, 0], points[:, 1]))

    return np.asarray(shapely.transform(shapes, flat))


def tile_box(z: int, x: int, y: int) -> Box:
    """Rectangle of a tile; tiles are counted from the north-west."""
    side = WORLD_M / (1 << z)
    west, north = x * side - WORLD_M / 2, WORLD_M / 2 - y * side
    return Box(west, north - side, west + side, north)


def pixel_m(z: int) -> float:
    """Side of a screen pixel in metres of the map plane."""
    return WORLD_M / TILE_PX / (1 << z)


def tiles_over(box: Box, z: int) -> list[tuple[int, int]]:
    """Columns and rows of the tiles that a box of the map plane touches at a zoom."""
    side, last = WORLD_M / (1 << z), (1 << z) - 1

    def steps(low: float, high: float) -> range:
        first, final = (min(last, max(0, int(edge // side))) for edge in (low, high))
        return range(first, final + 1)

    columns = steps(box.west + WORLD_M / 2, box.east + WORLD_M / 2)
    lines = steps(WORLD_M / 2 - box.north, WORLD_M / 2 - box.south)
    return [(x, y) for y in lines for x in columns]


def fitting_zoom(box: Box, width_px: float) -> int:
    """The zoom at which the longer side of a box is at least so many pixels long."""
    side = max(box.east - box.west, box.north - box.south, 1.0)
    return max(0, ceil(log2(width_px * WORLD_M / TILE_PX / side)))
