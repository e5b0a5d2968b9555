"""How many grids a community needs, a grid in equal parts, light grids put together."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.kernels.trees import Graph
from geodata.planner.ground import Barrier
from geodata.planner.operations import free_code, merge
from geodata.planner.redraw import Wish, drawn
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.regions import Region, regions

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.planner.rules import Rules

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]

EVEN: Final = 0.05  # how far parts of a grid may be from each other, if that can be had
BEND: Final = 1.0
LEAST_PARTS: Final = 2


@dataclass(frozen=True)
class Suggestion:
    """How many grids a community has, and how many it needs for its households.

    least: so many at least, or some grid has too many; most: so many at most, or some has too few;
    suggested: with room for grids that are not of one size.
    """

    now: int
    least: int
    most: int
    suggested: int


def suggest_k(ground: Ground, plan: Plan, community: int, rules: Rules) -> Suggestion:
    """How many grids a community needs under the limits, what hangs together by itself.

    Locked grids stay, and count as one each.
    """
    found = [
        region for region in regions(ground, plan, ground.households.astype(float), rules.walls)
        if region.community == community
    ]  # fmt: skip
    own = plan.community[plan.living] == community
    shut = sum(int(number) in plan.locked for number in plan.living[own])
    counts = np.array([needed(ground, region, rules) for region in found]).reshape(-1, 3)
    least, most, suggested = (counts.sum(axis=0) + shut).tolist()
    return Suggestion(int(own.sum()), least, most, suggested)


def needed(ground: Ground, region: Region, rules: Rules) -> tuple[int, int, int]:
    """The least, the most and the suggested number of grids of a region."""
    held = int(ground.households[region.atoms].sum())
    least = max(1, ceil(held / rules.most))
    most = max(least, floor(held / max(rules.least, 1)))
    roomy = max(1, ceil(held * (1 + rules.tolerance.value) / rules.most))
    return least, most, min(roomy, len(region.atoms))


def split_into(ground: Ground, plan: Plan, code: str, k: int, seed: int = 1) -> Plan:
    """A grid in k parts of equal load, in one piece each; the heaviest kept part has its code.

    Raises:
        PlanRefusedError: there is no such grid, it is locked, it has fewer than k atoms, or it
            cannot be parted so.
    """
    number = plan.number(code)
    if number in plan.locked:
        raise PlanRefusedError(Why.LOCKED, [code])
    atoms = plan.atoms(number)
    if k < LEAST_PARTS or len(atoms) < k:
        raise PlanRefusedError(Why.TOO_FEW_ATOMS, [code], atoms)
    region = region_of(ground, plan, number)
    part = drawn(replace(region, grids=np.arange(k, dtype=np.int32)), _wish(seed))
    if not np.bincount(part, minlength=k).all():
        raise PlanRefusedError(Why.TOO_FEW_ATOMS, [code], atoms)
    load = np.bincount(part, region.graph.weight, k).astype(np.float64)
    return parted(ground, plan, number, part, load)


def parted(ground: Ground, plan: Plan, number: int, part: Ints, load: Floats) -> Plan:
    """A grid in parts; part: of each of its atoms; load: of each part, the heaviest is the grid."""
    order = np.argsort(-load, kind="stable")
    grown, numbers = with_new(ground, plan, int(plan.community[number]), len(load) - 1)
    to = np.empty(len(load), dtype=np.int32)
    to[order] = [number, *numbers]
    grid = grown.grid.copy()
    grid[plan.atoms(number)] = to[part]
    return grown.with_grid(grid)


def split_over(ground: Ground, plan: Plan, atoms: Ints, most: int, seed: int) -> Plan:
    """Every grid on some atoms above a limit of households in parts, where it can be parted."""
    waiting = np.unique(plan.grid[atoms]).tolist()
    while waiting:
        own = plan.atoms(waiting.pop())
        if ground.households[own].sum() > most:
            code = plan.codes[int(plan.grid[own[0]])]
            with suppress(PlanRefusedError):  # one piece of land alone: a reason tells of it
                plan = split_into(ground, plan, code, LEAST_PARTS, seed)
                waiting += np.unique(plan.grid[own]).tolist()
    return plan


def _wish(seed: int) -> Wish:
    return Wish(tolerance=EVEN, bend=BEND, seed=seed)


def region_of(ground: Ground, plan: Plan, number: int) -> Region:
    """One grid as a region; where nobody is, its ground is shared out."""
    atoms, held = plan.atoms(number), ground.load()[plan.atoms(number)]
    weight = held if held.sum() else ground.area_m2[atoms]
    graph = graph_of(ground, atoms, ground.edges.length_m, weight)
    alone = np.array([number], dtype=np.int32)
    part = np.zeros(len(atoms), dtype=np.int32)
    return Region(int(plan.community[number]), atoms, graph, alone, part)


def graph_of(ground: Ground, atoms: Ints, length: Floats, weight: Floats) -> Graph:
    """Some atoms as a graph; length: of each edge of the ground; weight: of each of the atoms."""
    near = ground.neighbours
    place = np.full(len(ground), -1, dtype=np.int32)
    place[atoms] = np.arange(len(atoms))
    rows = np.concatenate([np.arange(near.start[a], near.start[a + 1]) for a in atoms.tolist()])
    end = np.repeat(np.arange(len(atoms)), near.start[atoms + 1] - near.start[atoms])
    inside = place[near.other[rows]] >= 0
    start = np.zeros(len(atoms) + 1, dtype=np.int32)
    np.cumsum(np.bincount(end[inside], minlength=len(atoms)), out=start[1:])
    other = place[near.other[rows[inside]]]
    return Graph(start, other, length[near.edge[rows[inside]]], weight)


def with_new(ground: Ground, plan: Plan, community: int, count: int) -> tuple[Plan, list[int]]:
    """The plan with so many further codes of a community, which have no atoms yet."""
    numbers = []
    for _ in range(count):
        numbers.append(len(plan.codes))
        plan = replace(
            plan,
            codes=(*plan.codes, free_code(ground, plan, community)),
            community=np.append(plan.community, np.int32(community)),
        )
    return plan, numbers


def merge_light(ground: Ground, plan: Plan, communities: Ints, rules: Rules) -> Plan:
    """The plan with grids below the least number of households put to a neighbour.

    The lightest first, to the neighbour with which it stays smallest; never above the limit, over
    a barrier that no grid may cross, or with a locked grid. The larger one keeps its code.
    """
    left = set(np.flatnonzero(np.isin(plan.community, communities)).tolist()) - plan.locked
    while True:
        held: Floats = np.bincount(plan.grid, ground.households, len(plan.codes)).astype(float)
        light = [n for n in left if plan.sizes[n] and held[n] < rules.least]
        pair = next(
            (p for n in sorted(light, key=lambda n: (held[n], n))
             if (p := _partner(ground, plan, n, held, rules))), None,
        )  # fmt: skip
        if pair is None:
            return plan
        small, large = sorted(pair, key=lambda n: (held[n], -n))
        plan = merge(ground, plan, plan.codes[large], plan.codes[small])


def _partner(
    ground: Ground, plan: Plan, number: int, held: Floats, rules: Rules
) -> tuple[int, int] | None:
    """A light grid and the one it is best put to; None if there is none."""
    edges = ground.edges
    one, two = plan.grid[edges.first], plan.grid[edges.second]
    touch = (one != two) & ((one == number) | (two == number)) & (edges.barrier < Barrier.COMMUNITY)
    others = np.where(one == number, two, one)[touch]
    barrier = edges.barrier[touch]
    hard = np.isin(barrier, [int(each) for each in rules.crossed])
    fit = [
        int(n) for n in np.unique(others[barrier < Barrier.NARROW])
        if n not in plan.locked and held[n] + held[number] <= rules.most
        and not (hard & (others == n)).any()
    ]  # fmt: skip
    return (number, min(fit, key=lambda n: (held[n], n))) if fit else None
