"""Links between the pieces of a grid that is in several today, so that it may stay so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geodata.planner.ground import Barrier, Edges

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]


def bridged(shapes: Shapes, owner: Ints, edges: Edges) -> tuple[Edges, list[int]]:
    """The edges with one of no length between each piece of a grid and the next nearest one.

    Returns also the rows of grids that needed any.
    """
    piece = _pieces(owner, edges)
    pairs = np.unique(np.column_stack((owner, piece)), axis=0)
    grids, counts = np.unique(pairs[:, 0], return_counts=True)
    apart = grids[counts > 1].tolist()
    links = [
        link for grid in apart for link in _links(shapes, np.flatnonzero(owner == grid), piece)
    ]
    if not links:
        return edges, []
    first, second = np.sort(np.array(links, dtype=np.int32), axis=1).T
    none = np.zeros(len(links))
    return Edges(
        np.concatenate((edges.first, first)),
        np.concatenate((edges.second, second)),
        np.concatenate((edges.length_m, none)),
        np.concatenate((edges.barrier, none.astype(np.uint8))),
    ), apart


def _pieces(owner: Ints, edges: Edges) -> npt.NDArray[np.int32]:
    kept = (owner[edges.first] == owner[edges.second]) & (edges.barrier < Barrier.NARROW)
    ends = (edges.first[kept], edges.second[kept])
    ones = np.ones(int(kept.sum()), dtype=np.int8)
    links = coo_matrix((ones, ends), shape=(len(owner), len(owner)))
    return np.asarray(connected_components(links, directed=False)[1])


def _links(
    shapes: Shapes, atoms: npt.NDArray[np.intp], piece: npt.NDArray[np.int32]
) -> list[tuple[int, int]]:
    """One pair of atoms for each further piece: the nearest to what is linked already."""
    left = list(np.unique(piece[atoms]))
    linked = atoms[piece[atoms] == left.pop(0)]
    found = []
    while left:
        rest = atoms[np.isin(piece[atoms], left)]
        near, distance = shapely.STRtree(shapes[linked]).query_nearest(
            shapes[rest], return_distance=True, all_matches=False
        )
        best = int(np.argmin(distance))
        one, two = int(rest[near[0][best]]), int(linked[near[1][best]])
        found.append((one, two))
        left.remove(piece[one])
        linked = np.concatenate((linked, atoms[piece[atoms] == piece[one]]))
    return found
