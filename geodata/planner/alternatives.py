"""Three ways to draw the grids of a place anew, from least change to most compact, on one scale."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from geodata.planner.apart import apart, uncrossed
from geodata.planner.barriers import newly
from geodata.planner.binding import Binding, binding
from geodata.planner.choosing import chosen
from geodata.planner.compared import gini, over
from geodata.planner.extent import extent_of, seen
from geodata.planner.kinds import KINDS, THREE
from geodata.planner.loads import loads
from geodata.planner.numbering import with_count
from geodata.planner.rebalance import ROUNDING, least_moved, rebalance
from geodata.planner.redraw import WORKERS, Wish, drawn
from geodata.planner.regions import Region, regions
from geodata.planner.sizes import Size
from geodata.planner.splitting import split_over, with_new
from geodata.planner.task import Goal, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from geodata.planner.facts import Facts
    from geodata.planner.ground import Ground
    from geodata.planner.kinds import Kind
    from geodata.planner.plan import Plan
    from geodata.planner.rules import Rules

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]


SEEDS, SEED_STEP, MOST_ATOMS = 4, 1000, 4000  # drawings of each way, where there are few atoms
FURTHER: Final = 2  # grids beyond what is needed, where households are not spread as load is


@dataclass(frozen=True, eq=False)
class Alternative:
    """One proposal, against the plan it was made from.

    grids, over: how many, and above the limit of households; moved_households: in another grid.
    bound_share, moved_share: of the load, what has to change its grid at least so that so many
    grids are within the tolerance, whoever draws them, and what does here; far: grids that are
    beyond it all the same; deviation: of the worst; gini: of households by grid;
    reasons: what makes more impossible; wished: grids by the size that is wished, 0 = none is;
    crossing: grids that lie on both sides of what none may cross, and did not before.
    """

    key: str
    plan: Plan
    grids: int
    over: int
    moved_households: int
    bound_share: float
    moved_share: float
    deviation: float
    far: int
    compactness: float
    gini: float
    reasons: tuple[Binding, ...]
    wished: int = 0
    crossing: int = 0


def alternatives(  # noqa: PLR0913, PLR0917 (what is wished of a plan)
    ground: Ground,
    plan: Plan,
    communities: Ints,
    rules: Rules,
    facts: Facts,
    goal: Goal,
    told: Callable[[float], None] = lambda _: None,
    keys: Sequence[str] = THREE,
) -> list[Alternative]:
    """Draw the grids of some communities anew in several ways; locked ones stay.

    told: how far it is, 0 to 1; what it raises ends the work. keys: of `KINDS`; of the three each
    is the best of all that were drawn in what it is named after.

    Raises:
        RequestError: the weights say nothing.
    """
    extent = extent_of(ground, communities, facts)
    load = loads(ground, goal.weights, facts.industries)
    asked = set(extent.communities.tolist())
    found = regions(ground, plan, load, rules.walls)
    todo = [region for region in found if region.community in asked]
    task = Task(ground, plan, extent, rules, goal, load, todo)
    if not set(keys) <= set(THREE):
        return [_judged(task, key, made) for key, made in _drawings(task, keys, told)]
    drawn = _all_drawn(task, told)
    best = partial(chosen, drawn, extent=extent, today=plan, rules=rules, wished=task.wished)
    return [_judged(task, key, best(name=key)) for key in keys]


def _all_drawn(task: Task, told: Callable[[float], None]) -> list[tuple[str, Plan]]:
    """Every plan of which the three are chosen, with the way it was drawn."""
    drawn: list[tuple[str, Plan]] = []
    seeds = SEEDS if len(task.atoms) <= MOST_ATOMS else 1
    for number in range(seeds):
        goal = replace(task.goal, seed=task.goal.seed + SEED_STEP * number)
        say = partial(_part_of, told, number, seeds)
        drawn += _drawings(replace(task, goal=goal), THREE, say)
    drawn += _drawn_apart(task, told)
    drawn += [(key, _within(task, made)) for key, made in drawn]
    parted = task.plan if task.goal.size else _within(task, task.plan)
    if parted.key != task.plan.key:  # no change is no proposal
        drawn.append(("least", parted))
    keep = partial(uncrossed, ground=task.ground, today=task.plan, atoms=task.atoms,
                   rules=task.rules)  # fmt: skip
    kept = [(key, keep(made)) for key, made in drawn]
    return [*drawn, *kept, *((key, _within(task, made)) for key, made in kept)]


def _drawn_apart(task: Task, told: Callable[[float], None]) -> list[tuple[str, Plan]]:
    """The same once every grid lies on one side of the walls, as many as there are; often none."""
    plan = apart(task.ground, task.plan, task.todo, task.load, task.rules)
    if plan.key == task.plan.key:
        return []
    mine = set(task.extent.communities.tolist())
    found = regions(task.ground, plan, task.load, task.rules.walls)
    todo = [region for region in found if region.community in mine]
    now = sum(len(region.grids) for region in task.todo) + task.shut
    size = task.goal.size or Size(grids=now)
    other = replace(task, plan=plan, todo=todo, goal=replace(task.goal, size=size))
    return _drawings(other, THREE, lambda _: told(1.0))  # may still be cancelled


def _drawings(
    task: Task, keys: Sequence[str], told: Callable[[float], None]
) -> list[tuple[str, Plan]]:
    """A plan by each way to draw."""
    made = []
    for done, key in enumerate(keys):
        say = partial(_part_of, told, done, len(keys))
        drawing = _anew if KINDS[key].anew else _nudged
        made.append((key, drawing(task, KINDS[key], say)))
    return made


def _part_of(told: Callable[[float], None], done: int, of: int, share: float) -> None:
    told((done + share) / of)


def _anew(task: Task, kind: Kind, told: Callable[[float], None]) -> Plan:
    """Grids from nothing; each keeps the code with which it has most in common."""
    plan, counts = task.plan, task.counts(kind)
    with ThreadPoolExecutor(WORKERS) as pool:
        parts = pool.map(partial(_parted, task, kind), task.todo, counts)
        for done, (region, part) in enumerate(zip(task.todo, parts, strict=True), 1):
            more = max(0, int(part.max()) + 1 - len(region.grids))
            plan, fresh = with_new(task.ground, plan, region.community, more)
            grid = plan.grid.copy()
            grid[region.atoms] = _named(region, part, [*region.grids.tolist(), *fresh])
            plan = plan.with_grid(grid)
            told(done / len(task.todo))
    return _within(task, plan) if kind.within else plan


def _within(task: Task, plan: Plan) -> Plan:
    """The plan with every grid above the limit of households in parts, where it can be parted."""
    if task.goal.size.grids:  # so many it is to have, and no more
        return plan
    return split_over(task.ground, plan, task.atoms, task.rules.most, task.goal.seed)


def _parted(task: Task, kind: Kind, region: Region, count: int) -> Ints:
    """The part of each node; of the counts tried the first without a grid above the limit."""
    more = FURTHER if kind.grids == "fit" and not task.goal.size.grids else 0
    held = task.ground.households[region.atoms]
    best, fewest = region.part, np.inf
    for wished in range(count, min(count + more, len(region.atoms)) + 1):
        part = _drawn(region, wished, task.wish(kind))
        beyond = int((np.bincount(part, held) > task.rules.most).sum())
        if beyond < fewest:
            best, fewest = part, beyond
        if not beyond:
            break
    return best


def _drawn(region: Region, count: int, wish: Wish) -> Ints:
    if count == 1:
        return np.zeros(len(region.atoms), dtype=np.int32)
    if not region.load:
        return region.part
    return drawn(replace(region, grids=np.arange(count, dtype=np.int32)), wish)


def _named(region: Region, part: Ints, numbers: list[int]) -> Ints:
    """The number of each node's grid, so that as much load as can be keeps its own."""
    common = np.zeros((int(part.max()) + 1, len(numbers)))
    np.add.at(common, (part, region.part), region.graph.weight + ROUNDING)
    rows, columns = linear_sum_assignment(-common)
    to = np.empty(len(common), dtype=np.int32)
    to[rows] = np.array(numbers, dtype=np.int32)[columns]
    return to[part]


def _nudged(task: Task, kind: Kind, told: Callable[[float], None]) -> Plan:
    """The plan evened out, after its grids are as many as they are to be."""
    plan, ground = task.plan, task.ground
    for region, count in zip(task.todo, task.counts(kind), strict=True):
        plan = with_count(ground, plan, region, count, task.goal.seed)
    found = regions(ground, plan, task.load, task.rules.walls)
    mine = np.zeros(len(ground), dtype=np.bool_)
    mine[task.atoms] = True
    todo = [region for region in found if mine[region.atoms[0]]]
    return rebalance(plan, todo, task.wish(kind), told)[0]


def _judged(task: Task, key: str, made: Plan) -> Alternative:
    """A proposal with what it costs and reaches."""
    extent, goal = task.extent, task.goal
    draft, changed = seen(extent, made), made.grid != task.plan.grid
    off = _deviations(task, made)
    whole = max(float(task.load[extent.atoms].sum()), ROUNDING)
    least = sum(
        least_moved(region, len(np.unique(made.grid[region.atoms])), goal.tolerance)
        for region in task.todo
    )
    across = newly(task.ground, made, task.plan, extent.atoms, task.rules)
    reasons = binding(task.ground, made, extent.communities, task.rules, task.load, goal.tolerance)
    return Alternative(
        key, made, len(draft.numbers), int(over(draft, task.rules)),
        int(task.ground.households[changed].sum()), least / whole,
        float(task.load[changed].sum()) / whole, float(off.max(initial=0.0)),
        int((off > goal.tolerance + ROUNDING).sum()), float(draft.compactness.mean()),
        gini(draft.households) or 0.0, tuple(reasons), task.wished, len(across),
    )  # fmt: skip


def _deviations(task: Task, made: Plan) -> Floats:
    """How far each grid is from the mean of its region, as a share of it."""
    found = [np.zeros(0)]
    for region in task.todo:
        _, part = np.unique(made.grid[region.atoms], return_inverse=True)
        load = np.bincount(part.ravel(), region.graph.weight)
        if region.load:
            found.append(np.abs(load * len(load) / region.load - 1))
    return np.concatenate(found)
