"""Strokes of a planner's brush and cuts, each verified and weighed, on a street and on a city."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.bench.figures import median, p95, timed
from geodata.bench.lots import Lots, city, made_up, street
from geodata.planner.checks import checks
from geodata.planner.compared import compared
from geodata.planner.facts import Facts, land_of
from geodata.planner.history import History
from geodata.planner.invariants import faults
from geodata.planner.operations import reassign
from geodata.planner.refusals import PlanRefusedError
from geodata.planner.rules import rules_of
from geodata.planner.ways import roads_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.bench.figures import Figures, Limits
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]

STROKES: Final = 400
ATOMS: Final = 4
LOOKS: Final = 100


def run(_city: object, limits: Limits) -> Figures:
    """Milliseconds of a stroke; no city is needed."""
    drawn = _figures(street(limits.atoms), "stroke") | _figures(city(limits.atoms), "stroke_city")
    return drawn | _looks(street(limits.atoms))


def _figures(lots: Lots, name: str) -> Figures:
    ground, today = made_up(lots)
    history, load, chance = History(today), ground.load(), np.random.default_rng(7)
    times, refused = [], 0
    for _ in range(STROKES):
        atoms, code = _stroke(ground, history.plan, chance)
        try:
            took, (history, _) = timed(partial(_drawn, ground, history, atoms, code, load))
        except PlanRefusedError:
            refused += 1
            continue
        times.append(took)
    return {
        "grids" if name == "stroke_city" else f"{name}_grids": float(len(today.living)),
        f"{name}_ms": median(times),
        f"{name}_p95_ms": p95(times),
        f"{name}_done": float(len(times)),
        f"{name}_refused": float(refused),
        f"{name}_broken": float(len(faults(ground, history.plan, today))),
    }


def _looks(lots: Lots) -> Figures:
    """Milliseconds until all checks and figures of a street have followed a stroke."""
    ground, plan = made_up(lots)
    today, chance, times = plan, np.random.default_rng(7), []
    asked = np.arange(len(ground.communities), dtype=np.int32)
    look = partial(_looked, ground, today, asked, _homes(ground))
    first, _ = timed(partial(look, today))
    for _ in range(LOOKS):
        atoms, code = _stroke(ground, plan, chance)
        try:
            plan = reassign(ground, plan, atoms, code, with_cut_off=True)
        except PlanRefusedError:
            continue
        times.append(timed(partial(look, plan))[0])
    return {
        "stroke_checked_ms": median(times),
        "stroke_checked_p95_ms": p95(times),
        "stroke_checked_first_ms": first,
    }


def _homes(ground: Ground) -> Facts:
    """A building on each atom, and roads along all borders."""
    where = shapely.get_coordinates(shapely.point_on_surface(ground.shapes))
    atom = np.arange(len(ground), dtype=np.int32)
    roads = roads_of(shapely.boundary(ground.shapes))
    return Facts(where, atom, ground.households, roads=roads, land=land_of(ground))


def _looked(ground: Ground, today: Plan, asked: Ints, facts: Facts, plan: Plan) -> int:
    rules = rules_of()
    found = checks(ground, today, plan, asked, rules, facts)
    return len(found) + len(compared(ground, today, plan, asked, rules, facts))


def _stroke(ground: Ground, plan: Plan, chance: np.random.Generator) -> tuple[list[int], str]:
    """A few atoms on one side of a border between two grids, and the code of the other side."""
    edges = ground.edges
    kept = ground.community[edges.first] == ground.community[edges.second]
    borders = np.flatnonzero(kept & (plan.grid[edges.first] != plan.grid[edges.second]))
    edge = int(chance.choice(borders))
    first, other = int(edges.first[edge]), int(edges.second[edge])
    brushed = [first]
    for atom in brushed:
        near = [n for n in ground.neighbours.of(atom).tolist() if plan.grid[n] == plan.grid[first]]
        brushed += [n for n in near if n not in brushed][: ATOMS - len(brushed)]
        if len(brushed) >= ATOMS:
            break
    return brushed, plan.codes[int(plan.grid[other])]


def _drawn(
    ground: Ground, history: History, atoms: list[int], code: str, load: Floats
) -> tuple[History, Floats]:
    """The stroke checked, kept in the history, and its grids weighed anew."""
    plan = reassign(ground, history.plan, atoms, code, with_cut_off=True)
    after = history.done(plan, "reassign", "bench", "", 0)
    touched = after.steps[after.head].numbers
    weighed = np.bincount(plan.grid, load, len(plan.codes))
    return after, np.asarray(weighed[list(touched)], dtype=np.float64)
