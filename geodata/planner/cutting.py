"""Blocks between lines, and heavy blocks cut between their buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    Counts = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.intp]
    Shapes = npt.NDArray[np.object_]

NODE_M: Final = 0.01  # lines that come this near meet
BEYOND_M: Final = 0.05  # how far a cut reaches over the edge of its block, to meet it for certain
LEAST_APART: Final = 2  # buildings; of one alone nothing can be cut


def faces(lines: Shapes) -> Shapes:
    """The areas that lines enclose; neighbours share every vertex."""
    noded = shapely.union_all(lines, grid_size=NODE_M)
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))


def cuts(blocks: Shapes, where: Floats, households: Counts, most: int) -> Shapes:
    """Lines that cut blocks with more households than `most` between groups of buildings."""
    building, block = shapely.STRtree(blocks).query(shapely.points(where), predicate="intersects")
    order = np.argsort(block, kind="stable")
    building, block = building[order], block[order]
    starts = np.flatnonzero(np.diff(block, prepend=-1))
    heavy = np.add.reduceat(households[building], starts) > most if len(starts) else starts > 0
    ends = np.append(starts[1:], len(block))
    lines = [
        _between(blocks[block[start]], where[rows], group)
        for start, end in zip(starts[heavy], ends[heavy], strict=True)
        if len(rows := building[start:end]) >= LEAST_APART
        and len(np.unique(group := groups(where[rows], households[rows], most))) > 1
    ]
    return np.array([line for line in lines if not shapely.is_empty(line)], dtype=object)


def groups(where: Floats, households: Counts, most: int) -> Rows:
    """A number for each building: halved across the longer side until no group is too heavy."""
    found = np.zeros(len(where), dtype=np.intp)
    waiting, count = [np.arange(len(where))], 1
    while waiting:
        rows = waiting.pop()
        if households[rows].sum() <= most or len(rows) < LEAST_APART:
            continue
        axis = int(np.argmax(np.ptp(where[rows], axis=0)))
        rows = rows[np.argsort(where[rows, axis], kind="stable")]
        sums = np.cumsum(households[rows])
        middle = int(np.searchsorted(sums, sums[-1] / 2)) + 1
        middle = min(max(middle, 1), len(rows) - 1)
        found[rows[middle:]] = count
        count += 1
        waiting += [rows[:middle], rows[middle:]]
    return found


def _between(block: shapely.Geometry, where: Floats, group: Rows) -> shapely.Geometry:
    """The borders between the Voronoi cells of different groups, a little beyond the block."""
    apart, row = np.unique(where, axis=0, return_index=True)
    if len(apart) < LEAST_APART:
        return shapely.MultiLineString()
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(apart), extend_to=block, ordered=True)
    )
    of = group[row]
    parts = [shapely.coverage_union_all(cells[of == each]) for each in np.unique(of)]
    edges = shapely.union_all(shapely.boundary(parts))
    return shapely.intersection(edges, shapely.buffer(block, BEYOND_M))
