"""Parts of a graph made better by giving single nodes over a border; each part stays connected."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geodata.kernels.settings import kernel
from geodata.kernels.trees import NEVER, Graph, halve, small

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]

WITHIN = 0.02  # what a part may miss its target by still counts that little
BEYOND = 30.0
EACH = 1e-4  # what a node that holds nothing counts for, so that it is not moved for nothing


class Aim(NamedTuple):
    """What is wanted of the parts.

    target: load of each; slack: share of it that a part may miss it by; even: what missing it
    costs, 0 or 1; bend: what a metre of border costs; stay: what a unit of weight costs that is not
    where it was, as a share of target.
    flow: load that is to go from part to part (rows give, what comes back is negative), kept up to
    date; steer: what it costs to be away from that, 0 = flow is not looked at and may be empty.
    """

    target: Floats
    slack: float
    even: float
    bend: float
    stay: float
    flow: Floats
    steer: float


@kernel
def miss(load: float, target: float, slack: float) -> float:
    """What it costs that a part does not have its target."""
    off = abs(load - target) / target
    return WITHIN * off * off + max(0.0, off - slack) * BEYOND


@kernel
def missed(one_load: float, two_load: float, aim: Aim, one: int, two: int) -> float:
    """The same of two parts that would have these loads."""
    return miss(one_load, aim.target[one], aim.slack) + miss(two_load, aim.target[two], aim.slack)


@kernel
def holds_without(graph: Graph, part: Ints, node: int, seen: Ints, stack: Ints, mark: int) -> bool:
    """Whether the part of a node is one piece, and not nothing, without it; mark: never used."""
    wanted, reached, top = 0, 0, 0
    for k in range(graph.start[node], graph.start[node + 1]):
        if part[graph.other[k]] == part[node]:
            wanted += 1
            stack[0] = graph.other[k]
    if wanted <= 1:
        return wanted == 1
    seen[node] = seen[stack[0]] = mark
    top = 1
    while top > 0:
        top -= 1
        at = stack[top]
        for k in range(graph.start[node], graph.start[node + 1]):
            if graph.other[k] == at:
                reached += 1
        if reached == wanted:
            return True
        for k in range(graph.start[at], graph.start[at + 1]):
            to = graph.other[k]
            if seen[to] != mark and part[to] == part[node]:
                seen[to] = mark
                stack[top] = to
                top += 1
    return False


@kernel
def gain(
    graph: Graph, part: Ints, before: Ints, load: Floats, aim: Aim, node: int, to: int
) -> float:
    """What it would cost to give a node to another part; below 0 it is better there."""
    of, weight = part[node], graph.weight[node]
    here = there = 0.0
    for k in range(graph.start[node], graph.start[node + 1]):
        if part[graph.other[k]] == of:
            here += graph.length[k]
        elif part[graph.other[k]] == to:
            there += graph.length[k]
    cost = aim.bend * (here - there)
    after = missed(load[of] - weight, load[to] + weight, aim, of, to)
    cost += aim.even * (after - missed(load[of], load[to], aim, of, to))
    if aim.steer > 0:
        left = aim.flow[of, to]
        cost += aim.steer * (abs(left - weight) - abs(left)) / aim.target[to]
    moved = (to != before[node]) - (of != before[node])
    return float(cost + moved * aim.stay * (weight / aim.target[to] + EACH))


@kernel
def anneal(
    graph: Graph,
    part: Ints,
    before: Ints,
    aim: Aim,
    sweeps: int,
    hot: float,
    cold: float,
    chance: np.random.Generator,
) -> None:
    """Change parts in place by simulated annealing; each node is tried `sweeps` times on average.

    before: part of each node that it had best keep, −1 where it does not matter.
    """
    count = len(part)
    load = np.zeros(len(aim.target))
    for node in range(count):
        load[part[node]] += graph.weight[node]
    seen, stack = np.full(count, -1, dtype=np.int32), np.empty(count, dtype=np.int32)
    tries = sweeps * count
    heat = hot
    cooling = (cold / hot) ** (1.0 / max(tries, 1))
    for mark in range(tries):
        heat *= cooling
        node = int(chance.random() * count)
        degree = graph.start[node + 1] - graph.start[node]
        if degree == 0:
            continue
        beside = graph.start[node] + int(chance.random() * degree)
        of, to = part[node], part[graph.other[beside]]
        if of == to:
            continue
        cost = gain(graph, part, before, load, aim, node, to)
        if cost > 0 and chance.random() >= np.exp(-cost / heat):
            continue
        if holds_without(graph, part, node, seen, stack, mark):
            part[node] = to
            load[of] -= graph.weight[node]
            load[to] += graph.weight[node]
            if aim.steer > 0:
                aim.flow[of, to] -= graph.weight[node]
                aim.flow[to, of] += graph.weight[node]


@kernel
def worst(load: Floats, aim: Aim, chance: np.random.Generator) -> int:
    """A part that misses its target by more than the slack, mostly the worst; −1 = none does."""
    found, most = -1, 0.0
    for number in range(len(load)):
        off = abs(load[number] - aim.target[number]) / aim.target[number]
        drawn = off * (0.7 + 0.6 * chance.random())
        if off > aim.slack and drawn > most:
            found, most = number, drawn
    return found


@kernel
def partners(graph: Graph, part: Ints, load: Floats, aim: Aim, number: int) -> Ints:
    """The parts next to one, first those that even it out best."""
    near = np.zeros(len(load), dtype=np.bool_)
    for node in range(len(part)):
        if part[node] == number:
            for k in range(graph.start[node], graph.start[node + 1]):
                near[part[graph.other[k]]] = True
    near[number] = False
    parts = np.flatnonzero(near)
    off = np.abs(load[parts] + load[number] - aim.target[parts] - aim.target[number])
    return parts[np.argsort(off)].astype(np.int32)


@kernel
def recut(
    graph: Graph, part: Ints, aim: Aim, tries: int, rounds: int, chance: np.random.Generator
) -> None:
    """Put the worst part together with a neighbour and cut both anew, in place, again and again."""
    load = np.zeros(len(aim.target))
    for node in range(len(part)):
        load[part[node]] += graph.weight[node]
    place = np.full(len(part), -1, dtype=np.int32)
    for turn in range(rounds):
        one = worst(load, aim, chance)
        if one < 0:
            return
        near = partners(graph, part, load, aim, one)
        if not len(near):
            continue
        two = near[0] if turn % 2 == 0 else near[int(chance.random() * len(near))]
        nodes = np.flatnonzero((part == one) | (part == two)).astype(np.int32)
        share = aim.target[one] / (aim.target[one] + aim.target[two])
        side, cost = halve(graph, nodes, place, share, tries, aim.slack * 0.8, chance)
        if cost >= NEVER or side.min() == side.max():
            continue
        first = graph.weight[nodes[side == 0]].sum()
        second = load[one] + load[two] - first
        old = miss(load[one], aim.target[one], aim.slack) + miss(
            load[two], aim.target[two], aim.slack
        )
        new = miss(first, aim.target[one], aim.slack) + miss(second, aim.target[two], aim.slack)
        if new <= old + WITHIN:
            part[nodes[side == 0]], part[nodes[side == 1]] = one, two
            load[one], load[two] = first, second


def warm() -> None:
    """Compile the kernels of this module."""
    part, chance = np.array([0, 0, 1, 1], dtype=np.int32), np.random.default_rng(1)
    aim = Aim(np.array([1.0, 3.0]), 0.1, 1.0, 0.001, 0.0, np.zeros((2, 2)), 0.0)
    anneal(small(), part, part.copy(), aim, 1, 0.3, 0.003, chance)
    recut(small(), part, aim, 1, 1, chance)
