"""Blocks between lines, and heavy blocks cut between their buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.spatial import Voronoi

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.land import Land

    Counts = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.intp]
    Shapes = npt.NDArray[np.object_]

NODE_M: Final = 0.01  # lines that come this near meet
BEYOND_M: Final = 0.05  # how far a cut reaches over the edge of its block, to meet it for certain
WALL_M: Final = 10.0  # between points along a wall
EVEN_M: Final = 1.0  # by which a line between walls may be made straight
DIGITS: Final = 1  # of a metre, to which walls are known
FAR: Final = 10.0  # times as far as the block reaches
CORNERS: Final = np.array([(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)])
NOBODY: Final = -1
LEAST_APART: Final = 2  # buildings; of one alone nothing can be cut


def faces(lines: Shapes) -> Shapes:
    """The areas that lines enclose; neighbours share every vertex."""
    noded = shapely.union_all(lines, grid_size=NODE_M)
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))


def cuts(blocks: Shapes, land: Land, most: int) -> Shapes:
    """Lines that cut blocks with more households than `most` between groups of buildings."""
    where, households = land.where, land.households
    building, block = shapely.STRtree(blocks).query(shapely.points(where), predicate="intersects")
    order = np.argsort(block, kind="stable")
    building, block = building[order], block[order]
    starts = np.flatnonzero(np.diff(block, prepend=-1))
    heavy = np.add.reduceat(households[building], starts) > most if len(starts) else starts > 0
    ends = np.append(starts[1:], len(block))
    lines = [
        _between(blocks[block[start]], land, rows, group)
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


def _between(block: shapely.Geometry, land: Land, rows: Rows, group: Rows) -> shapely.Geometry:
    """The borders between the Voronoi cells of different groups, a little beyond the block."""
    where, of = _points(land, rows, group)
    apart, first = np.unique(where.round(DIGITS), axis=0, return_index=True)
    if len(apart) < LEAST_APART:
        return shapely.MultiLineString()
    middle, reach = apart.mean(axis=0), FAR * (shapely.length(block) + np.ptp(apart, axis=0).max())
    cells = Voronoi(np.concatenate((apart - middle, reach * CORNERS)))
    # The corners stand for the open country around, so that no border in the block is endless.
    pair = np.append(of[first], np.full(len(CORNERS), NOBODY))[cells.ridge_points]
    between = (pair[:, 0] != pair[:, 1]) & (pair != NOBODY).all(axis=1)
    ends = cells.vertices[np.array(cells.ridge_vertices)[between]] + middle
    ends = ends[(ends[:, 0] != ends[:, 1]).any(axis=1)]
    edges = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends)))
    if land.footprints is not None:
        edges = shapely.simplify(edges, EVEN_M)
    lines: shapely.Geometry = shapely.intersection(edges, shapely.buffer(block, BEYOND_M))
    return lines


def _points(land: Land, rows: Rows, group: Rows) -> tuple[Floats, Rows]:
    """The points of buildings and along their walls, and the group of each."""
    where = land.where[rows]
    if land.footprints is None:
        return where, group
    walls = shapely.segmentize(land.footprints[rows], WALL_M)
    at, wall = shapely.get_coordinates(walls, return_index=True)
    return np.concatenate((where, at)), np.concatenate((group, group[wall]))
