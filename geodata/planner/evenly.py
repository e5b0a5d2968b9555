"""A grid in even parts with calm borders: along streets, estates whole where that can be.

Many divisions are tried with seeds of their own, first of whole estates, then of single atoms.
Among those within the tolerance the one with the calmest borders counts, else the most even one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geodata.kernels.flips import Aim, anneal, recut
from geodata.kernels.trees import Graph, divide
from geodata.planner.calm import costs
from geodata.planner.facts import NOBODY
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.splitting import LEAST_PARTS, graph_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from geodata.planner.calm import Marks
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]

TOLERANCE: Final = 0.1  # how far a part may be from the mean, for a calmer border
# What a division costs, where a straight border across a square costs about 1: that a part is
# beyond the tolerance at all, and by how far; an estate in several parts; that a part is off the
# mean; that its load is beyond the tolerance.
BEYOND: Final = 50.0
UNEVEN: Final = 200.0
ASUNDER: Final = 5.0
OFF: Final = 1.5
LOAD: Final = 1.0
SLACKS: Final = (0.03, 0.06, TOLERANCE)
BENDS: Final = (30.0, 12.0, 4.0, 0.5)
AT_ANY_PRICE: Final = (0.5, 0.05)
HARDER: Final = 2  # times as many tries where nothing was within the tolerance
HOTS: Final = (0.3, 4.0)
WARM: Final = 0.08
COLD: Final = 0.003
SWEEPS: Final = 200
TREES: Final = 6
RECUTS: Final = 4
NODES: Final = 4_000  # nodes times parts times tries
TRIES: Final = (12, 48)
OPENED: Final = 6  # estates of which one is cut where not all can stay whole


@dataclass(frozen=True)
class Task:
    """A grid that is to be parted: its atoms as a graph whose lengths are what border costs.

    estate: of each node, -1 = none; load: of each, what counts beside its weight; side_m: of a
    square of its size, by which border is measured.
    """

    graph: Graph
    estate: Ints
    load: Floats
    side_m: float
    k: int
    seed: int


@dataclass(frozen=True)
class Parting:
    """A division that was found.

    part: of each atom; held: what each part has; off: how far one is from the mean, as a share of
    it; cost: by which divisions of one grid are compared.
    """

    part: Ints
    held: Floats
    off: float
    cost: float


def free_atoms(plan: Plan, code: str) -> Ints:
    """The atoms of a grid that may be parted.

    Raises:
        PlanRefusedError: there is no such grid, or it is locked.
    """
    number = plan.number(code)
    if number in plan.locked:
        raise PlanRefusedError(Why.LOCKED, [code])
    return plan.atoms(number)


def parting(ground: Ground, atoms: Ints, k: int, seed: int, marks: Marks) -> Parting | None:
    """Some atoms of one piece in k parts; None where that cannot be had.

    As many households are to be in each; where nobody lives people and cases count, else ground.
    """
    if k < LEAST_PARTS or len(atoms) < k:
        return None
    task = task_of(ground, atoms, k, seed, marks)
    part = best(task)
    if not np.bincount(part, minlength=k).all():
        return None
    weight = task.graph.weight
    held = np.bincount(part, weight, k).astype(np.float64)
    return Parting(part, held, deviation(part, weight, k), worth(task, part))


def task_of(ground: Ground, atoms: Ints, k: int, seed: int, marks: Marks) -> Task:
    """Some atoms of one piece as they are to be shared out."""
    edges, place = ground.edges, np.zeros(len(ground), dtype=np.bool_)
    place[atoms] = True
    rows = np.flatnonzero(place[edges.first] & place[edges.second])
    length = np.zeros(len(edges.first))
    length[rows] = costs(ground, rows, marks)
    load = ground.load()[atoms]
    columns = (ground.households[atoms].astype(np.float64), load, ground.area_m2[atoms])
    weight = next(column for column in columns if column.sum() > 0)
    graph = graph_of(ground, atoms, length, weight)
    side_m = float(np.sqrt(ground.area_m2[atoms].sum()))
    return Task(graph, marks.estate[atoms], load, side_m, k, seed)


def best(task: Task) -> Ints:
    """The part of each node in the best division that is found.

    Of the first way to keep estates whole by which there is one within the tolerance.
    """
    found, least = np.zeros(len(task.estate), dtype=np.int32), np.inf
    for way in _ways(task):
        for part in _tried(task, *way):
            cost = worth(task, part)
            if cost < least:
                found, least = part, cost
        if deviation(found, task.graph.weight, task.k) <= TOLERANCE:
            break
    return found


def worth(task: Task, part: Ints) -> float:
    """What a division costs: parts beyond the tolerance first, then estates, then border."""
    off, other = (deviation(part, each, task.k) for each in (task.graph.weight, task.load))
    border = border_of(task.graph, part) / (task.side_m * np.sqrt(task.k - 1))
    beyond = max(0.0, off - TOLERANCE)
    uneven = (
        BEYOND * (beyond > 0) + UNEVEN * beyond + OFF * off + LOAD * max(0.0, other - TOLERANCE)
    )
    return float(uneven + ASUNDER * _asunder(task.estate, part) + border)


def _asunder(estate: Ints, part: Ints) -> int:
    """In how many more parts estates lie than there are of them."""
    inside = estate != NOBODY
    pairs = np.unique(np.stack((estate[inside], part[inside])), axis=1)
    return len(pairs[0]) - len(np.unique(pairs[0]))


def border_of(graph: Graph, part: Ints) -> float:
    """What the borders between parts cost."""
    end = np.repeat(np.arange(len(part)), np.diff(graph.start))
    return float(graph.length[part[end] != part[graph.other]].sum()) / 2


def deviation(part: Ints, weight: Floats, k: int) -> float:
    """How far the worst part is from the mean, as a share of it."""
    whole = weight.sum()
    if not whole:
        return 0.0
    return float(np.abs(np.bincount(part, weight, k) * k / whole - 1).max())


def _ways(task: Task) -> Iterator[tuple[list[Ints], tuple[float, ...]]]:
    """Groups of nodes that stay together, and what border costs: all estates, all but one, none.

    The same list has what is worth as much: which estate is the one. At last border is cheap.
    """
    together, alone = _together(task), np.arange(len(task.estate), dtype=np.int32)
    several = np.flatnonzero(np.bincount(together) > 1)
    if len(several):
        yield [together], BENDS
    if len(several) > 1:
        held = np.bincount(together, task.graph.weight)[several]
        opened = several[np.argsort(-held, kind="stable")[:OPENED]]
        groups = [np.where(together == one, len(alone) + alone, together) for one in opened]
        yield [_numbered(group) for group in groups], BENDS
    yield [alone], BENDS
    yield [alone], AT_ANY_PRICE


def _numbered(group: Ints) -> Ints:
    return np.unique(group, return_inverse=True)[1].ravel().astype(np.int32)


def _tried(task: Task, groups: list[Ints], bends: tuple[float, ...]) -> Iterator[Ints]:
    """Divisions that keep groups of nodes together."""
    for group in groups:
        graph = joined(task.graph, group)
        if len(graph.weight) >= task.k:
            tries = int(np.clip(NODES // (len(graph.weight) * task.k), *TRIES))
            tries *= HARDER if bends is AT_ANY_PRICE else 1
            for turn in range(-(-tries // len(groups))):
                yield _once(task, graph, turn, bends)[group]


def _once(task: Task, graph: Graph, turn: int, bends: tuple[float, ...]) -> Ints:
    chance = np.random.default_rng((task.seed, len(graph.weight), turn))
    slack, bend = SLACKS[turn % len(SLACKS)], bends[turn // len(SLACKS) % len(bends)]
    target = np.full(task.k, graph.weight.sum() / task.k)
    free = np.full(len(graph.weight), NOBODY, dtype=np.int32)
    aim = Aim(target, slack, 1.0, bend / task.side_m, 0.0, np.zeros((0, 0)), 0.0)
    part = divide(graph, task.k, TREES, slack, chance)
    hot = HOTS[turn % len(HOTS)]
    anneal(graph, part, free, aim, SWEEPS, hot, COLD, chance)
    recut(graph, part, aim, TREES, RECUTS * task.k, chance)
    anneal(graph, part, free, aim, SWEEPS // 2, WARM, COLD, chance)
    return part


def _together(task: Task) -> Ints:
    """A group of each node: estates that are one piece and no heavier than a part are one each."""
    graph, estate = task.graph, task.estate
    end = np.repeat(np.arange(len(estate)), np.diff(graph.start))
    same = (estate[end] == estate[graph.other]) & (estate[end] != NOBODY)
    size = len(estate)
    links = coo_matrix((same[same], (end[same], graph.other[same])), shape=(size, size))
    _, group = connected_components(links, directed=False)
    held = np.bincount(group, graph.weight)
    heavy = held > graph.weight.sum() / task.k * (1 + TOLERANCE)
    return _numbered(np.where(heavy[group], len(held) + np.arange(size), group))


def joined(graph: Graph, group: Ints) -> Graph:
    """A graph whose nodes are groups of those of another."""
    size = int(group.max()) + 1
    end = group[np.repeat(np.arange(len(group)), np.diff(graph.start))]
    links = coo_matrix((graph.length, (end, group[graph.other])), shape=(size, size)).tocsr()
    links.setdiag(0)
    links.eliminate_zeros()
    links.sort_indices()
    weight = np.bincount(group, graph.weight, size).astype(np.float64)
    return Graph(links.indptr.astype(np.int32), links.indices.astype(np.int32), links.data, weight)
