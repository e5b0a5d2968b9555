"""What a drawn number stands for: a grid, a border, some atoms that hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.planner.history import ROOT

if TYPE_CHECKING:
    from geodata.planner.ground import Ground
    from geodata.planner.history import History
    from geodata.planner.plan import Plan


def parting(one: History, two: History) -> str:
    """The last step that two lines have in common."""
    shared = {step.key for step in one.way(one.head)}
    return next((s.key for s in reversed(two.way(two.head)) if s.key in shared), ROOT)


def code(plan: Plan, pick: int) -> str:
    """The code of any living grid."""
    living = plan.living
    return plan.codes[int(living[pick % len(living)])]


def code_of(plan: Plan, atom: int) -> str:
    """The code of the grid of an atom."""
    return plan.codes[int(plan.grid[atom])]


def border(
    ground: Ground, plan: Plan, pick: int, between: tuple[int, int] | None = None
) -> tuple[int, int]:
    """Two atoms on both sides of a border between grids, of one community if there are such.

    between: two atoms, of whose grids the border is to be; the first is of the first one's.
    """
    edges = ground.edges
    one, two = plan.grid[edges.first], plan.grid[edges.second]
    there = one != two
    if between is not None:
        of = plan.grid[list(between)]
        there = ((one == of[0]) & (two == of[1])) | ((one == of[1]) & (two == of[0]))
    kept = there & (ground.community[edges.first] == ground.community[edges.second])
    rows = np.flatnonzero(kept if kept.any() and pick % 7 else there)
    row = rows[(pick // 2) % len(rows)]
    ends = int(edges.first[row]), int(edges.second[row])
    straight = pick % 2 == 0 if between is None else plan.grid[ends[0]] == plan.grid[between[0]]
    return ends if straight else ends[::-1]


def grown(ground: Ground, plan: Plan, atom: int, size: int) -> list[int]:
    """An atom and others of its grid around it, connected."""
    found = [atom]
    for each in found:  # grows while it is walked
        near = ground.neighbours.of(each).tolist()
        found += [n for n in near if plan.grid[n] == plan.grid[atom] and n not in found]
        if len(found) >= size:
            break
    return found[:size]
