"""What is redrawn at once: the atoms of a community that hang together and are not locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geodata.kernels.trees import Graph
from geodata.planner.ground import Barrier

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Region:
    """A connected piece of a community, with a graph of its own.

    atoms: by node of the graph; grids: numbers of the grids that it has today, as many as it is to
    have; part: today's grid of each node, as a place in `grids`.
    """

    community: int
    atoms: Ints
    graph: Graph
    grids: Ints
    part: Ints

    @property
    def load(self) -> float:
        """What all its atoms weigh."""
        return float(self.graph.weight.sum())


def regions(
    ground: Ground, plan: Plan, load: Floats, walls: Barrier = Barrier.NARROW
) -> list[Region]:
    """The regions of a plan, by community.

    walls: the least of the barriers that no new grid may cross. Where today's grids cross it the
    pieces on both sides stay one region, since its grids could not be kept apart.
    """
    edges = ground.edges
    free = ~np.isin(plan.grid, np.fromiter(plan.locked, dtype=np.int32))
    open_ = free[edges.first] & free[edges.second] & (edges.barrier < Barrier.NARROW)
    own = plan.grid[edges.first] == plan.grid[edges.second]
    joined = open_ & ((edges.barrier < walls) | own)
    ends = (edges.first[joined], edges.second[joined])
    ones = np.ones(len(ends[0]), dtype=np.int8)
    links = coo_matrix((ones, ends), shape=(len(ground), len(ground)))
    _, piece = connected_components(links, directed=False)
    order = np.argsort(piece, kind="stable")
    starts = np.flatnonzero(np.diff(piece[order], prepend=-1))
    inside = open_ & (piece[edges.first] == piece[edges.second])
    graph = _Local(ground, load, inside)
    return [
        _region(ground, plan, graph, np.sort(atoms).astype(np.int32))
        for atoms in np.split(order, starts[1:])
        if free[atoms[0]]
    ]


class _Local:
    """The links that may be used, by atom; and a graph of any atoms among them."""

    def __init__(self, ground: Ground, load: Floats, inside: npt.NDArray[np.bool_]) -> None:
        edges, rows = ground.edges, np.flatnonzero(inside)
        ends = np.concatenate((edges.first[rows], edges.second[rows]))
        self._order = np.argsort(ends, kind="stable")
        self._other = np.concatenate((edges.second[rows], edges.first[rows]))[self._order]
        self._length = np.tile(edges.length_m[rows], 2)[self._order]
        self._start = np.zeros(len(ground) + 1, dtype=np.int64)
        np.cumsum(np.bincount(ends, minlength=len(ground)), out=self._start[1:])
        self._load = load
        self._place = np.zeros(len(ground), dtype=np.int32)

    def graph(self, atoms: Ints) -> Graph:
        """The graph of some atoms that have no links to others."""
        self._place[atoms] = np.arange(len(atoms))
        degree = self._start[atoms + 1] - self._start[atoms]
        start = np.zeros(len(atoms) + 1, dtype=np.int32)
        np.cumsum(degree, out=start[1:])
        rows = np.repeat(self._start[atoms] - start[:-1], degree) + np.arange(int(start[-1]))
        return Graph(
            start,
            self._place[self._other[rows]],
            np.ascontiguousarray(self._length[rows]),
            np.ascontiguousarray(self._load[atoms]),
        )


def _region(ground: Ground, plan: Plan, local: _Local, atoms: Ints) -> Region:
    grids, part = np.unique(plan.grid[atoms], return_inverse=True)
    community = int(ground.community[atoms[0]])
    return Region(
        community, atoms, local.graph(atoms), grids.astype(np.int32), part.astype(np.int32)
    )
