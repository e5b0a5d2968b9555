"""Edges of polygons by line of a raster: those at the height of a point, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geodata.kernels.settings import kernel, whole

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Rows = npt.NDArray[np.int32]

REACH: Final = 1e-6  # of a cell: an edge this near may touch it


class Edges(NamedTuple):
    """Edges of polygons, of outer rings and holes alike.

    firsts: first edge of each polygon, and one more; owners: row of each polygon, ascending.
    """

    x1: Floats
    y1: Floats
    x2: Floats
    y2: Floats
    firsts: Ints
    owners: Rows


class Net(NamedTuple):
    """Where the cells lie: the south-western corner, and cells a unit of length."""

    west: float
    south: float
    per_x: float
    per_y: float
    columns: int
    rows: int


class Strips(NamedTuple):
    """Edges by polygon and line of cells.

    edges: x1, y1, x2, y2; starts: where each strip's edges begin, and where the last one's end.
    bases: of each polygon, the number of its strip at line 0, if it reached down there.
    lows, highs: of each polygon, its lowest and its highest line.
    """

    edges: Floats
    starts: Ints
    bases: Ints
    lows: Ints
    highs: Ints


@kernel
def strips_of(edges: Edges, net: Net) -> Strips:
    """List the edges of every polygon by line."""
    count = len(edges.owners)
    lows, highs = np.full(count, net.rows, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    bases = np.empty(count, dtype=np.int64)
    slots = 0
    y1, y2 = in_lines(edges, net)
    for polygon in range(count):
        for i in range(edges.firsts[polygon], edges.firsts[polygon + 1]):
            low, high = between(y1[i], y2[i], net.rows)
            lows[polygon], highs[polygon] = min(lows[polygon], low), max(highs[polygon], high)
        bases[polygon] = slots - lows[polygon]
        slots += highs[polygon] + 1 - lows[polygon]
    ends = np.zeros(slots + 1, dtype=np.int64)
    strips = Strips(np.empty((0, 4)), ends, bases, lows, highs)
    _deal(edges, net, strips)
    starts = np.append(0, np.cumsum(ends[:-1]))
    filled = Strips(np.empty((starts[-1], 4)), starts[:-1].copy(), bases, lows, highs)
    _deal(edges, net, filled)
    return Strips(filled.edges, starts, bases, lows, highs)


@kernel
def _deal(edges: Edges, net: Net, strips: Strips) -> None:
    """Count the edges of each strip in `starts`; or put them there, where there is room."""
    edge, starts, bases = strips.edges, strips.starts, strips.bases
    filling = len(edge) > 0
    y1, y2 = in_lines(edges, net)
    for polygon in range(len(bases)):
        for i in range(edges.firsts[polygon], edges.firsts[polygon + 1]):
            low, high = between(y1[i], y2[i], net.rows)
            for strip in range(bases[polygon] + low, bases[polygon] + high + 1):
                if filling:
                    at = starts[strip]
                    edge[at, 0], edge[at, 1] = edges.x1[i], edges.y1[i]
                    edge[at, 2], edge[at, 3] = edges.x2[i], edges.y2[i]
                starts[strip] += 1


@kernel
def in_columns(edges: Edges, net: Net) -> tuple[Floats, Floats]:
    """Both ends of every edge across, in cells."""
    return (edges.x1 - net.west) * net.per_x, (edges.x2 - net.west) * net.per_x


@kernel
def in_lines(edges: Edges, net: Net) -> tuple[Floats, Floats]:
    """Both ends of every edge upwards, in cells."""
    return (edges.y1 - net.south) * net.per_y, (edges.y2 - net.south) * net.per_y


@kernel
def between(one: float, other: float, count: int) -> tuple[int, int]:
    """First and last of so many cells that lie between two places, or as good as touch them."""
    low, high = min(one, other) - REACH, max(one, other) + REACH
    return max(0, whole(np.floor(low))), min(count - 1, whole(np.floor(high)))


def warm() -> None:
    """Compile the kernels of this module."""
    x, owners = np.array([0.0, 4.0, 4.0]), np.zeros(1, dtype=np.int32)
    edges = Edges(x, x, x, x, np.array([0, 3]), owners)
    strips_of(edges, Net(0.0, 0.0, 1.0, 1.0, 4, 4))
