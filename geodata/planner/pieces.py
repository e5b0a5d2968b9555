"""Whether atoms hang together, over borders that a grid may cross."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geodata.planner.ground import Barrier

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.ground import Ground

    Ints = npt.NDArray[np.int32]


def pieces(ground: Ground, atoms: Ints) -> list[Ints]:
    """The connected parts of some atoms, the largest first, then by their first atom."""
    left = set(atoms.tolist())
    found = []
    near = ground.neighbours
    while left:
        reached = [left.pop()]
        for atom in reached:  # grows while it is walked
            fresh = left.intersection(near.of(atom).tolist())
            left -= fresh
            reached.extend(fresh)
        found.append(np.sort(np.array(reached, dtype=np.int32)))
    return sorted(found, key=lambda part: (-len(part), int(part[0])))


def is_connected(ground: Ground, atoms: Ints) -> bool:
    """Whether some atoms are one piece; none are not."""
    return len(pieces(ground, atoms)) == 1


def broken(ground: Ground, grid: Ints) -> Ints:
    """Numbers of the grids of a whole plan that are in more than one piece."""
    edges = ground.edges
    kept = (grid[edges.first] == grid[edges.second]) & (edges.barrier < Barrier.NARROW)
    ends = (edges.first[kept], edges.second[kept])
    size = len(ground)
    links = coo_matrix((np.ones(int(kept.sum()), dtype=np.int8), ends), shape=(size, size))
    _, piece = connected_components(links, directed=False)
    once = np.unique(np.column_stack((grid, piece)), axis=0)
    return np.flatnonzero(np.bincount(once[:, 0]) > 1).astype(np.int32)
