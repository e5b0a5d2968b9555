"""Two scenarios that grew out of one, put together: their cuts, then their grids."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geodata.planner.ground import Edges
from geodata.planner.history import ROOT
from geodata.planner.lineage import ancestors, uncut
from geodata.planner.merging import merge_plans
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.scenarios.given import instead
from geodata.scenarios.operations import Done
from geodata.scenarios.recutting import recut

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.carving import Cut
    from geodata.planner.history import History
    from geodata.planner.plan import Plan
    from geodata.scenarios.state import Scenario

    Ints = npt.NDArray[np.int32]


def touched(before: Plan, made: Done) -> set[int]:
    """Numbers of the grids of a plan that an operation on it changed."""
    old = before.grid
    for cut in made.cuts:
        old = old[cut.lineage]
    changed = old != made.plan.grid
    numbers = np.union1d(old[changed], made.plan.grid[changed])
    known = len(before.codes)
    return {int(n) for n in numbers if n < known} | set(before.locked ^ made.plan.locked)


def merged(ours: Scenario, theirs: Scenario) -> Done:
    """What ours becomes with theirs.

    Raises:
        PlanRefusedError: they do not stand on the same city and place, or disagree on grids.
    """
    if (ours.base, ours.scope) != (theirs.base, theirs.scope):
        raise PlanRefusedError(Why.OTHER_BASE)
    shared = _shared_cuts(ours.cuts, theirs.cuts)
    cuts, number = _moved(ours, theirs, shared)
    there = ours.grounded
    for cut in cuts:
        there = recut(there, cut)
    base = ours.history.at(_last_common(ours.history, theirs.history))
    parents = _lineage(ours, cuts)
    spread = ancestors(parents, len(ours.grounded.ground))
    key = there.ground.key
    before, mine = (each.with_grid(each.grid[spread], ground=key) for each in (base, ours.plan))
    # Theirs knows the pieces that it cut; of those that we cut it knows the whole.
    known = ancestors(parents, len(ours.grounded.ground) - _added(ours.cuts[shared:]))
    grid = theirs.plan.grid[known].copy()
    grid[number] = theirs.plan.grid
    found = merge_plans(there.ground, before, mine, theirs.plan.with_grid(grid, ground=key))
    if found.plan is None:
        raise PlanRefusedError(Why.DISAGREE, found.conflicts)
    return Done(there, instead(there, found.plan, found.recoded.values()), cuts)


def _added(cuts: tuple[Cut, ...]) -> int:
    return sum(len(cut.parents) for cut in cuts)


def _last_common(one: History, two: History) -> str:
    """The last step on the ways to both heads."""
    last = ROOT
    for a, b in zip(one.way(one.head), two.way(two.head), strict=False):
        if a.key != b.key:
            break
        last = a.key
    return last


def _shared_cuts(one: tuple[Cut, ...], two: tuple[Cut, ...]) -> int:
    """How many cuts both have had before they parted."""
    count = 0
    for a, b in zip(one, two, strict=False):
        if a is not b and not _same(a, b):
            break
        count += 1
    return count


def _same(one: Cut, two: Cut) -> bool:
    return (
        one.size == two.size
        and np.array_equal(one.rows, two.rows)
        and np.array_equal(one.parents, two.parents)
        and all(a.equals_exact(b) for a, b in zip(one.shapes, two.shapes, strict=True))
    )


def _lineage(ours: Scenario, cuts: tuple[Cut, ...]) -> Ints:
    parents = ours.history.parents
    parents = uncut(len(ours.grounded.ground)) if parents is None else parents
    for cut in cuts:
        parents = np.concatenate((parents, cut.parents))
    return parents


def _moved(ours: Scenario, theirs: Scenario, shared: int) -> tuple[tuple[Cut, ...], Ints]:
    """Their later cuts on our ground, and the number that each of their atoms has there.

    Raises:
        PlanRefusedError: both cut, or moved the border of, the same atoms.
    """
    mine, yours = ours.cuts[shared:], theirs.cuts[shared:]
    common = len(theirs.grounded.ground) - _added(yours)
    number = uncut(len(theirs.grounded.ground))
    number[common:] += _added(mine)
    both = np.intersect1d(_rows(mine, common), _rows(yours, common))
    if len(both) and yours:
        grids = {ours.plan.codes[int(ours.plan.grid[atom])] for atom in both}
        raise PlanRefusedError(Why.DISAGREE, sorted(grids), both)
    found, there = [], ours.grounded
    for cut in yours:
        moved = _renumbered(cut, number, len(there.ground), there.ground.edges)
        found.append(moved)
        there = recut(there, moved)
    return tuple(found), number


def _rows(cuts: tuple[Cut, ...], common: int) -> Ints:
    """Atoms of the common ground that cuts gave another border."""
    rows = [np.zeros(0, dtype=np.int32), *(cut.rows for cut in cuts)]
    whole = np.concatenate(rows)
    return whole[whole < common]


def _renumbered(cut: Cut, number: Ints, size: int, edges: Edges) -> Cut:
    """A cut with the numbers that atoms have on another ground of `size` atoms."""
    ends = [number[each] for each in (cut.edges.first, cut.edges.second)]
    first, second = np.sort(np.stack(ends), axis=0)
    atoms = number[cut.atoms]
    gone = np.flatnonzero(np.isin(edges.first, atoms) | np.isin(edges.second, atoms))
    return replace(
        cut, size=size, atoms=atoms, parents=number[cut.parents], rows=number[cut.rows],
        gone=gone.astype(np.int32), to=number[cut.to],
        edges=Edges(first, second, cut.edges.length_m, cut.edges.barrier),
    )  # fmt: skip
