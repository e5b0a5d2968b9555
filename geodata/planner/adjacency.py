"""Which atoms touch, how long their common border is, and what lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.planner.ground import Barrier, Edges

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]

LEAST_M: Final = 1.0  # of common border, over which a grid hangs together
NEAR_M: Final = 12.0  # a border this near to the middle of a road or river lies in it
ASKED: Final = np.array([0.25, 0.5, 0.75])  # where along a border


def edges_of(
    shapes: Shapes, community: Ints, roads: Shapes | None = None, rivers: Shapes | None = None
) -> Edges:
    """The pairs of a coverage; roads, rivers: lines or areas that make a border a barrier.

    shapes: polygons that meet in common vertices; community: row of each, whose borders no grid
    crosses.
    """
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    shared = shapely.intersection(shapely.boundary(shapes[first]), shapely.boundary(shapes[second]))
    length = np.asarray(shapely.length(shared), dtype=np.float64)
    kept = length > 0
    first, second, shared, length = first[kept], second[kept], shared[kept], length[kept]
    barrier = np.full(len(first), Barrier.NONE, dtype=np.uint8)
    for lines, kind in ((roads, Barrier.ARTERIAL), (rivers, Barrier.RIVER)):
        if lines is not None and len(lines):
            inner = np.flatnonzero(community[first] == community[second])
            barrier[inner[_along(shared[inner], lines)]] = kind
    barrier[length < LEAST_M] = Barrier.NARROW
    barrier[community[first] != community[second]] = Barrier.COMMUNITY
    order = np.lexsort((second, first))
    return Edges(
        first[order].astype(np.int32), second[order].astype(np.int32), length[order], barrier[order]
    )


def _along(shared: Shapes, lines: Shapes) -> npt.NDArray[np.bool_]:
    """Which common borders run along some lines, by three points of their longest part."""
    parts, border = shapely.get_parts(shared, return_index=True)
    order = np.lexsort((shapely.length(parts), border))
    longest = parts[order][np.append(np.diff(border[order]) > 0, True)]  # the last of each
    points = shapely.line_interpolate_point(longest[:, None], ASKED, normalized=True)
    near = _near(points.ravel(), lines)
    return np.bincount(near // len(ASKED), minlength=len(shared)) > len(ASKED) / 2


def _near(points: Shapes, lines: Shapes) -> npt.NDArray[np.intp]:
    """Rows of points that lie in areas, or near lines or the borders of areas."""
    areas = lines[shapely.get_dimensions(lines) > 1]
    inside = shapely.STRtree(points).query(areas, "contains")[1]
    # Line by line and not as a whole: a long river has a vertex near everything.
    beside = shapely.STRtree(_segments(lines)).query(points, "dwithin", NEAR_M)[0]
    return np.union1d(inside, beside)


def _segments(lines: Shapes) -> Shapes:
    """Every stretch between two vertices as a line of its own."""
    rings = shapely.get_parts(lines)
    rings = np.concatenate((
        rings[shapely.get_dimensions(rings) == 1],
        shapely.get_rings(rings[shapely.get_dimensions(rings) > 1]),
    ))  # fmt: skip
    at, line = shapely.get_coordinates(rings, return_index=True)
    on = np.flatnonzero(line[1:] == line[:-1])
    return np.asarray(shapely.linestrings(np.stack((at[on], at[on + 1]), axis=1)))
