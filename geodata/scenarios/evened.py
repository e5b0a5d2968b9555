"""A grid in even parts: of whole atoms where these allow it, else atoms are cut by straight lines.

Only those atoms are cut whose pieces come into different parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from geodata.planner.atoms import standing as on_which
from geodata.planner.carving import carved
from geodata.planner.evenly import TOLERANCE, Parting, free_atoms, parting
from geodata.planner.grains import lines
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.splitting import parted
from geodata.scenarios.marked import marks_of
from geodata.scenarios.recutting import recut, standing

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.carving import Cut
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.scenarios.asked import SplitK
    from geodata.scenarios.grounded import Grounded

    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]


GRAIN: Final = 0.15  # of the mean of the parts: atoms that hold no more hinder nothing
NONE: Final = -1


class Evened(NamedTuple):
    """The ground, the plan on it, and the cut that it took, None of whole atoms."""

    there: Grounded
    plan: Plan
    cut: Cut | None


def evened(what: SplitK, there: Grounded, plan: Plan) -> Evened:
    """A grid in so many parts of about as many households.

    Raises:
        PlanRefusedError: there is no such grid, it is locked, or it cannot be parted so.
    """
    atoms = free_atoms(plan, what.grid)
    whole = _parting(what, there, atoms)
    if whole is not None and whole.off <= TOLERANCE:
        return _plan(what, there, plan, whole)
    finer = _finer(what, there, plan, atoms)
    if finer is not None and (whole is None or finer[1].cost < whole.cost):
        return finer[0]
    if whole is None:
        raise PlanRefusedError(Why.TOO_FEW_ATOMS, [what.grid], atoms)
    return _plan(what, there, plan, whole)


def _parting(what: SplitK, there: Grounded, atoms: Ints) -> Parting | None:
    return parting(there.ground, atoms, what.k, what.seed, marks_of(there, atoms))


def _plan(what: SplitK, there: Grounded, plan: Plan, found: Parting) -> Evened:
    made = parted(there.ground, plan, plan.number(what.grid), found.part, found.held)
    return Evened(there, made, None)


def _finer(what: SplitK, there: Grounded, plan: Plan, atoms: Ints) -> tuple[Evened, Parting] | None:
    """The grid in parts once heavy atoms are cut; None where none can be, or it does not help."""
    number = plan.number(what.grid)
    heavy, drawn = _lines(there, atoms, what.k)
    tried = _cut(there, plan, heavy, drawn)
    own = tried.plan.atoms(number)
    found = None if tried.cut is None else _parting(what, tried.there, own)
    if tried.cut is None or found is None:
        return None
    part = np.full(len(tried.there.ground), NONE, dtype=np.int32)
    part[own] = found.part
    asunder, drawn = _borders(tried.there.ground, tried.cut, part)
    done = _cut(there, plan, asunder, drawn)
    inner = shapely.point_on_surface(done.there.ground.shapes[done.plan.atoms(number)])
    piece = on_which(tried.there.ground.shapes[own], shapely.get_coordinates(inner))
    made = parted(done.there.ground, done.plan, number, found.part[piece], found.held)
    return done._replace(plan=made), found


def _borders(ground: Ground, cut: Cut, part: Ints) -> tuple[Ints, Shapes]:
    """Of the lines through atoms what lies between two parts: atoms, and the lines in each."""
    of, edges = cut.lineage, ground.edges
    inside = (of[edges.first] == of[edges.second]) & (part[edges.first] != part[edges.second])
    atom = of[edges.first[inside]]
    one, two = (
        shapely.boundary(ground.shapes[ends[inside]]) for ends in (edges.first, edges.second)
    )
    shared = shapely.intersection(one, two)
    asunder = np.unique(atom)
    drawn = [shapely.union_all(shared[atom == each]) for each in asunder]
    return asunder, np.array(drawn, dtype=object)


def _lines(there: Grounded, atoms: Ints, k: int) -> tuple[Ints, Shapes]:
    """Atoms so heavy that they hinder even parts, and the lines that would cut each."""
    ground, houses = there.ground, there.buildings
    mean = float(ground.households[atoms].sum()) / k
    found: dict[int, shapely.Geometry] = {}
    for atom in atoms[ground.households[atoms] > GRAIN * mean].tolist():
        rows = np.flatnonzero(houses.atom == atom)
        where = np.column_stack((houses.x[rows], houses.y[rows]))
        held, footprints = houses.households[rows], houses.footprints[rows]
        if drawn := lines(ground.shapes[atom], where, footprints, held, GRAIN * mean):
            found[atom] = shapely.union_all(drawn)
    return np.array(list(found), dtype=np.int32), np.array(list(found.values()), dtype=object)


def _cut(there: Grounded, plan: Plan, atoms: Ints, drawn: Shapes) -> Evened:
    """The ground with some atoms cut, and the same plan on it."""
    cut = None
    if len(atoms):
        cut = carved(there.ground, shapely.union_all(drawn), atoms, standing(there))
    if cut is None:
        return Evened(there, plan, None)
    there = recut(there, cut)
    return Evened(there, plan.with_grid(plan.grid[cut.lineage], ground=there.ground.key), cut)
