"""Arterial roads, railways and rivers that no grid may cross, and the grids that do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geodata.planner.extent import point_in

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.extent import Extent
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.planner.rules import Rules

    Bools = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int32]
    Point = tuple[float, float]


def crossing(ground: Ground, plan: Plan, atoms: Ints, rules: Rules) -> frozenset[str]:
    """Codes of the grids that lie on both sides of a barrier that no grid may cross."""
    return _of(ground, plan, _over(ground, plan, atoms, rules))


def newly(ground: Ground, plan: Plan, today: Plan, atoms: Ints, rules: Rules) -> frozenset[str]:
    """Those that no grid of their name crossed today, with land that is not in one grid today.

    A part of a grid that crosses today may go on doing so, whatever its code.
    """
    over = _over(ground, plan, atoms, rules)
    over &= today.grid[ground.edges.first] != today.grid[ground.edges.second]
    return _of(ground, plan, over) - crossing(ground, today, atoms, rules)


def _over(ground: Ground, plan: Plan, atoms: Ints, rules: Rules) -> Bools:
    """The common borders of atoms along such a barrier that lie inside a grid."""
    edges, mine = ground.edges, np.zeros(len(ground), dtype=np.bool_)
    mine[atoms] = True
    hard = np.isin(edges.barrier, [int(each) for each in rules.crossed])
    inside = plan.grid[edges.first] == plan.grid[edges.second]
    return np.asarray(hard & inside & mine[edges.first] & mine[edges.second])


def _of(ground: Ground, plan: Plan, over: Bools) -> frozenset[str]:
    grids = np.unique(plan.grid[ground.edges.first[over]]).tolist()
    return frozenset(plan.codes[number] for number in grids)


def middle(extent: Extent, edge: int) -> Point:
    """The middle of a common border of two atoms."""
    row = ("middle", extent.ground.key, int(extent.edge[edge]))
    one, two = (
        extent.ground.shapes[extent.atoms[each[edge]]] for each in (extent.first, extent.second)
    )

    def make() -> Point:
        shared = shapely.intersection(shapely.boundary(one), shapely.boundary(two))
        return point_in(shared if shapely.length(shared) else one)

    return extent.facts.kept.of(row, make)
