"""Grids that lie on both sides of a wall, parted there before everything is drawn anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geodata.planner.barriers import newly
from geodata.planner.ground import Barrier
from geodata.planner.splitting import with_new

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.planner.regions import Region
    from geodata.planner.rules import Rules

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]


def apart(
    ground: Ground, plan: Plan, todo: Sequence[Region], load: Floats, rules: Rules
) -> Plan:  # fmt: skip
    """A plan whose grids lie on one side of the walls of their region each.

    A region with a side too light for a grid of its own stays as it is: such a side has to go with
    land beyond the wall. So does one in which a grid hangs together only by way of the other side.
    """
    piece = _pieces(ground, rules)
    for region in todo:
        side = np.unique(piece[region.atoms], return_inverse=True)[1].astype(np.int32)
        held = np.bincount(side, ground.households[region.atoms])
        if len(held) > 1 and held.min() >= rules.least:
            made = _parted(ground, plan, region, side, load)
            plan = made if _whole(ground, made, region) else plan
    return plan


def uncrossed(plan: Plan, *, ground: Ground, today: Plan, atoms: Ints, rules: Rules) -> Plan:
    """A plan with today's grids in the communities in which another grid would cross a barrier.

    plan: made of today's, so that its numbers mean the same grids; atoms: those it may change.
    """
    rows = [int(plan.community[plan.number(code)])
            for code in newly(ground, plan, today, atoms, rules)]  # fmt: skip
    back = np.zeros(len(ground), dtype=np.bool_)
    back[atoms] = np.isin(ground.community[atoms], rows)
    return plan.with_grid(np.where(back, today.grid, plan.grid)) if rows else plan


def _pieces(ground: Ground, rules: Rules) -> Ints:
    """By atom, the piece of land it hangs together with without a way over a wall."""
    return _connected(ground, ground.edges.barrier < rules.walls)


def _connected(ground: Ground, joined: npt.NDArray[np.bool_]) -> Ints:
    """By atom, what hangs together by some of the common borders."""
    edges = ground.edges
    ends = (edges.first[joined], edges.second[joined])
    ones = np.ones(len(ends[0]), dtype=np.int8)
    links = coo_matrix((ones, ends), shape=(len(ground), len(ground)))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int32)


def _whole(ground: Ground, plan: Plan, region: Region) -> bool:
    """Whether every grid of a region hangs together."""
    edges, mine = ground.edges, np.zeros(len(ground), dtype=np.bool_)
    mine[region.atoms] = True
    own = (plan.grid[edges.first] == plan.grid[edges.second]) & (edges.barrier < Barrier.NARROW)
    own &= mine[edges.first]
    piece = _connected(ground, own)[region.atoms]
    return len(np.unique(piece)) == len(np.unique(plan.grid[region.atoms]))


def _parted(ground: Ground, plan: Plan, region: Region, side: Ints, load: Floats) -> Plan:
    """A region's grids on one side each; the side with most of its load keeps the code."""
    grid = plan.grid.copy()
    for number in region.grids.tolist():
        rows = np.flatnonzero(plan.grid[region.atoms] == number)
        weight = np.bincount(side[rows], load[region.atoms[rows]])
        present = np.unique(side[rows])
        others = present[present != present[np.argmax(weight[present])]]
        plan, fresh = with_new(ground, plan, region.community, len(others))
        for other, new in zip(others.tolist(), fresh, strict=True):
            grid[region.atoms[rows[side[rows] == other]]] = new
    return plan.with_grid(grid)
