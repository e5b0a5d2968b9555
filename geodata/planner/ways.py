"""Ways on foot: the network of roads as arrays, and how far it is over it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]

    Box = tuple[float, float, float, float]

NODE_M: Final = 0.01  # ends of roads that come this near meet
STEP_M: Final = 50.0  # along a straight road there is a node so often, for the houses beside it


@dataclass(frozen=True, eq=False)
class Roads:
    """A network; where: (n, 2) metres of its nodes; first, second: of each stretch; length_m."""

    where: Floats
    first: Ints
    second: Ints
    length_m: Floats

    @cached_property
    def graph(self) -> csr_matrix:
        """Lengths from node to node, both ways."""
        ends = np.concatenate((self.first, self.second))
        others = np.concatenate((self.second, self.first))
        lengths = np.maximum(np.tile(self.length_m, 2), NODE_M)  # 0 would be no stretch at all
        size = len(self.where)
        order = np.lexsort((lengths, others, ends))
        ends, others, lengths = ends[order], others[order], lengths[order]
        # Of two stretches between the same nodes the shorter; a sparse matrix would add them up.
        once = np.append(True, (np.diff(ends) != 0) | (np.diff(others) != 0))[: len(ends)]
        return coo_matrix((lengths[once], (ends[once], others[once])), (size, size)).tocsr()

    @cached_property
    def tree(self) -> cKDTree:
        """The nodes, to find the nearest one."""
        return cKDTree(self.where)

    def inside(self, box: Box) -> Roads | None:
        """What hangs together in a box, the largest piece of it; None where there are no roads."""
        west, south, east, north = box
        x, y = self.where.T
        near = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        piece = _only(self, near)
        if not len(piece.first):
            return None
        _, label = connected_components(piece.graph, directed=False)
        return _only(piece, label == np.bincount(label).argmax())

    def nearest(self, where: Floats) -> tuple[Ints, Floats]:
        """The nearest node of each point (n, 2), and the way to it in a straight line."""
        off, node = self.tree.query(where)
        return np.asarray(node, dtype=np.int32), np.asarray(off, dtype=np.float64)

    def ways(self, start: int, most_m: float) -> Floats:
        """Metres from a node to every other one, infinite where it is farther than `most_m`."""
        return np.asarray(dijkstra(self.graph, indices=start, limit=most_m), dtype=np.float64)


def _only(roads: Roads, nodes: Bools) -> Roads:
    """The part of a network that some of its nodes are."""
    row = np.cumsum(nodes, dtype=np.int32) - np.int32(1)
    kept = nodes[roads.first] & nodes[roads.second]
    return Roads(
        roads.where[nodes], row[roads.first[kept]], row[roads.second[kept]], roads.length_m[kept]
    )


def roads_of(lines: Shapes) -> Roads:
    """The network of some lines in metres; roads that cross meet there."""
    drawn = shapely.get_parts(shapely.union_all(lines, grid_size=NODE_M))
    drawn = shapely.segmentize(drawn, STEP_M)
    at, line = shapely.get_coordinates(drawn, return_index=True)
    on = np.flatnonzero(line[1:] == line[:-1])
    where, node = np.unique(at, axis=0, return_inverse=True)
    first, second = (node.ravel()[rows].astype(np.int32) for rows in (on, on + 1))
    return Roads(where, first, second, np.hypot(*(at[on + 1] - at[on]).T))
