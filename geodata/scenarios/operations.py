"""One operation on the plan of a scenario: a new plan, and the cuts that it took."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.planner import operations
from geodata.planner.carving import carved
from geodata.planner.halving import around, crossed, inside, prolonged, sides
from geodata.planner.invariants import faults
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.shapes import outline
from geodata.scenarios import asked, fitting
from geodata.scenarios.evened import evened
from geodata.scenarios.given import fresh
from geodata.scenarios.grounded import metres
from geodata.scenarios.parcels import parcels
from geodata.scenarios.recutting import recut, standing

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.carving import Cut
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.scenarios.fitting import Proposal
    from geodata.scenarios.grounded import Grounded

    Ints = npt.NDArray[np.int32]

BEYOND_M: Final = 200.0  # how far the end of a line goes on to leave its grid
NEAR_M: Final = 1.0  # beyond an area, where buildings are looked at
FAULTS: Final = {"I2": Why.OTHER_COMMUNITY, "I3": Why.IN_PIECES, "I6": Why.LOCKED}


@dataclass(frozen=True)
class Done:
    """What an operation made.

    there: the ground, cut where it had to be; plan: on it; cuts: in their order; crosses: buildings
    through which the drawing ran; the border goes around them; fitted: of an import, what did not
    fit.
    """

    there: Grounded
    plan: Plan
    cuts: tuple[Cut, ...] = ()
    crosses: int = 0
    fitted: Proposal | None = None


@singledispatch
def done(what: asked.Operation, there: Grounded, plan: Plan) -> Done:
    """Do one operation.

    Raises:
        PlanRefusedError: a rule forbids it; the grids are named.
    """
    raise NotImplementedError(what)


@done.register(asked.Reassign)
def _reassign(what: asked.Reassign, there: Grounded, plan: Plan) -> Done:
    made = operations.reassign(
        there.ground, plan, what.atoms, what.to, with_cut_off=what.with_cut_off
    )
    return Done(there, made)


@done.register(asked.Carve)
def _carve(what: asked.Carve, there: Grounded, plan: Plan) -> Done:
    """Only land of the grid's community goes over: no grid lies in two."""
    ring = np.array(what.polygon, dtype=np.float64)
    area = shapely.make_valid(metres(there, np.array([shapely.polygons(ring)]))[0])
    number = plan.number(what.to)
    own = there.ground.community == plan.community[number]
    return _given(
        there, plan, area, np.flatnonzero(own & (plan.grid != number)).astype(np.int32), what
    )


def _given(
    there: Grounded, plan: Plan, area: shapely.Geometry, atoms: Ints,
    what: asked.Carve | asked.Transfer,
) -> Done:  # fmt: skip
    """Give what lies inside an area, of some atoms, to a grid."""
    atoms = atoms[shapely.intersects(there.ground.shapes[atoms], area)].astype(np.int32)
    done, given = _divided(there, plan, area, atoms)
    if not len(given):
        raise PlanRefusedError(Why.NOTHING_INSIDE, [what.to])
    made = operations.reassign(
        done.there.ground, done.plan, given, what.to, with_cut_off=what.with_cut_off
    )
    return replace(done, plan=made)


def _divided(there: Grounded, plan: Plan, area: shapely.Geometry, atoms: Ints) -> tuple[Done, Ints]:
    """Atoms cut along the border of an area, around buildings; and those of them inside it."""
    houses = there.buildings
    near = np.flatnonzero(np.isin(houses.atom, atoms) & ~shapely.is_missing(houses.footprints))
    footprints = houses.footprints[near]
    where = np.column_stack((houses.x[near], houses.y[near]))
    crosses = len(crossed(area, footprints))
    area = around(area, footprints, where)
    cut = carved(there.ground, area, atoms, standing(there))
    if cut is not None:
        there = recut(there, cut)
        plan = plan.with_grid(plan.grid[cut.lineage], ground=there.ground.key)
        atoms = np.append(atoms, cut.size + np.flatnonzero(np.isin(cut.parents, atoms)))
        atoms = atoms.astype(np.int32)
    given = atoms[inside(there.ground.shapes[atoms], area)]
    return Done(there, plan, () if cut is None else (cut,), crosses), given


@done.register(asked.SplitLine)
def _split_line(what: asked.SplitLine, there: Grounded, plan: Plan) -> Done:
    number = plan.number(what.grid)
    whole = outline(there.ground, plan, number)
    line = metres(there, np.array([shapely.linestrings(what.line)]))[0]
    line = prolonged(shapely.remove_repeated_points(line), whole, BEYOND_M)
    half = sides(whole, line)
    if half is None:
        raise PlanRefusedError(Why.NOT_ACROSS, [what.grid])
    done, part = _divided(there, plan, half, plan.atoms(number))
    if not 0 < len(part) < len(done.plan.atoms(number)):
        raise PlanRefusedError(Why.TOO_SMALL, [what.grid])
    ground = done.there.ground
    rest = np.setdiff1d(done.plan.atoms(number), part).astype(np.int32)
    # The larger half keeps the code.
    smaller = min(part, rest, key=lambda atoms: float(ground.area_m2[atoms].sum()))
    return replace(
        done, plan=fresh(there, plan, operations.split(ground, done.plan, what.grid, smaller))
    )


@done.register(asked.SplitAtoms)
def _split_atoms(what: asked.SplitAtoms, there: Grounded, plan: Plan) -> Done:
    made = operations.split(there.ground, plan, what.grid, what.atoms)
    return Done(there, fresh(there, plan, made))


@done.register(asked.SplitK)
def _split_k(what: asked.SplitK, there: Grounded, plan: Plan) -> Done:
    """Of whole atoms where these allow even parts; else some are cut, between their buildings."""
    made = evened(what, there, plan)
    cuts = () if made.cut is None else (made.cut,)
    return Done(made.there, fresh(there, plan, made.plan), cuts)


@done.register(asked.Merge)
def _merge(what: asked.Merge, there: Grounded, plan: Plan) -> Done:
    return Done(there, operations.merge(there.ground, plan, what.survivor, what.other))


@done.register(asked.Exchange)
def _exchange(what: asked.Exchange, there: Grounded, plan: Plan) -> Done:
    return Done(there, operations.exchange(there.ground, plan, what.first, what.second))


@done.register(asked.Transfer)
def _transfer(what: asked.Transfer, there: Grounded, plan: Plan) -> Done:
    """Buildings go with their parcels: what of their atoms is nearest to them."""
    wanted = set(what.buildings)
    rows = np.flatnonzero(np.isin(there.buildings.id, list(wanted)))
    lost = sorted(wanted - set(there.buildings.id[rows].tolist()))
    if lost or (there.buildings.atom[rows] < 0).any():
        raise PlanRefusedError(Why.NO_BUILDING, lost or [what.to])
    number = plan.number(what.to)
    rows = rows[plan.grid[there.buildings.atom[rows]] != number]
    if not len(rows):
        return Done(there, plan)
    atoms = np.unique(there.buildings.atom[rows]).astype(np.int32)
    return _given(there, plan, parcels(there, rows), atoms, what)


@done.register(asked.Lock)
def _lock(what: asked.Lock, there: Grounded, plan: Plan) -> Done:
    change = operations.lock if what.do == "lock" else operations.unlock
    return Done(there, change(plan, what.grids))


@done.register(asked.Renumber)
def _renumber(what: asked.Renumber, there: Grounded, plan: Plan) -> Done:
    if what.code in there.codes:
        raise PlanRefusedError(Why.CODE_GIVEN, [what.code])
    return Done(there, operations.renumber(plan, what.grid, what.code))


@done.register(asked.Adopt)
def _adopt(what: asked.Adopt, there: Grounded, plan: Plan) -> Done:
    made = what.plan
    if made.codes[: len(plan.codes)] != plan.codes or len(made.grid) > len(plan.grid):
        raise PlanRefusedError(Why.CHANGED_MEANWHILE)
    if len(made.grid) == len(plan.grid) and made.ground != plan.ground:
        raise PlanRefusedError(Why.OTHER_GROUND)
    if made.ground == plan.ground:
        check_sound(there.ground, made, plan)
    return Done(there, fresh(there, plan, made))


def check_sound(ground: Ground, made: Plan, before: Plan) -> None:
    """Refuse a plan that breaks a rule; before: the one that it was made of.

    Raises:
        PlanRefusedError: by the first rule that is broken; the grids are named.
    """
    if wrong := faults(ground, made, before):
        why = FAULTS.get(wrong[0].rule, Why.OTHER_GROUND)
        raise PlanRefusedError(why, [each.grid for each in wrong if each.grid])


@done.register(asked.Import)
def _import(what: asked.Import, there: Grounded, plan: Plan) -> Done:
    """Drawn grids onto atoms, which are cut along their borders where that is asked for."""
    outlines = fitting.gathered(what.drawn, there.ground)
    cuts: tuple[Cut, ...] = ()
    if what.cut:
        there, plan, cuts = fitting.cut_along(there, plan, outlines)
    fitted = fitting.proposed(there, plan, what.drawn, outlines, cut=what.cut)
    done = _adopt(asked.Adopt(do="adopt", plan=fitted.plan), there, plan)
    return replace(done, cuts=cuts, fitted=fitted)
