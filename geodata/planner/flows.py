"""How load has to flow between neighbouring grids to even them out: a linear program.

Its optimum is a bound as well, sharper than that of `rebalance.bound` but conditional: it holds
while atoms go only to a grid that touches theirs today.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, vstack

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.regions import Region

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]


def flow(region: Region, tolerance: float) -> Floats:
    """Load that goes from grid to grid (rows give), least in sum; zeros where it is impossible."""
    pairs, count = _touching(region), len(region.grids)
    found = np.zeros((count, count))
    if not len(pairs):
        return found
    load = np.bincount(region.part, region.graph.weight, count)
    mean = region.load / count
    row = np.arange(len(pairs))
    ones = np.ones(len(pairs))
    come = coo_matrix((ones, (pairs[:, 1], row)), shape=(count, len(pairs)))
    go = coo_matrix((ones, (pairs[:, 0], row)), shape=(count, len(pairs)))
    more = (come - go).tocsr()
    limits = np.concatenate((mean * (1 + tolerance) - load, load - mean * (1 - tolerance)))
    answer = linprog(
        ones, A_ub=vstack((more, -more)), b_ub=limits, bounds=(0, None), method="highs"
    )
    if answer.status == 0:
        found[pairs[:, 0], pairs[:, 1]] = answer.x
    return found


def _touching(region: Region) -> Ints:
    """Pairs of grids that touch, both ways."""
    graph, part = region.graph, region.part
    ends = np.repeat(np.arange(len(part)), np.diff(graph.start))
    pairs = np.column_stack((part[ends], part[graph.other]))
    return np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
