"""Cells that touch: cutting them into connected parts, and tidying the border between parts."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from geodata.demo.arrays import Floats, Ints

Neighbours = list[dict[int, float]]  # by cell: neighbour → cost of a border between them

TURNS: Final = (0.0, np.pi, 0.6, -0.6, np.pi / 2)  # sweep directions beside the long axis
TRIED: Final = 3  # best stops per direction that are finished
LOOSE: Final = 8.0  # penalty of a share outside the tolerance
OFF: Final = 30.0  # penalty per share of weight that is off in the end
SWAPS: Final = 4  # rounds
BALANCE: Final = (0.86, 1.14)  # weights between which a swap may move a part


@dataclass(frozen=True, eq=False)
class Graph:
    """Cells: who touches whom at which cost, how heavy each is, where it lies (n × 2)."""

    near: Neighbours
    weight: Floats
    place: Floats


def make_graph(left: Ints, right: Ints, cost: Floats, weight: Floats, place: Floats) -> Graph:
    """Build a graph from pieces of border."""
    near: Neighbours = [{} for _ in range(len(weight))]
    for a, b, c in zip(left.tolist(), right.tolist(), cost.tolist(), strict=True):
        if a != b:
            near[a][b] = near[a].get(b, 0.0) + c
            near[b][a] = near[b].get(a, 0.0) + c
    return Graph(near, weight, place)


def components(near: Neighbours, cells: set[int]) -> list[set[int]]:
    """Split cells into connected groups."""
    left = set(cells)
    found = []
    for start in sorted(cells):
        if start not in left:
            continue
        left.discard(start)
        stack, group = [start], {start}
        while stack:
            for other in near[stack.pop()]:
                if other in left:
                    left.discard(other)
                    group.add(other)
                    stack.append(other)
        found.append(group)
    return found


def _axes(graph: Graph, cells: list[int]) -> Floats:
    """The long axis of the cells as a unit vector."""
    if len(cells) < 3:  # noqa: PLR2004 - two points have no spread across
        return np.array([1.0, 0.0])
    spread = graph.place[cells]
    spread = spread - spread.mean(axis=0)
    return np.asarray(np.linalg.svd(spread, full_matrices=False)[2][0], dtype=float)


def _sweep(
    graph: Graph, cells: list[int], ahead: Floats, share: float, tolerance: float
) -> list[tuple[float, list[int]]]:
    """Grow from one side straight across; gives the best stops: penalty and the cells taken."""
    inside = set(cells)
    total = float(graph.weight[cells].sum()) or 1.0
    order = dict(zip(cells, (graph.place[cells] @ ahead).tolist(), strict=True))
    start = min(cells, key=order.__getitem__)
    heap, seen, taken = [(order[start], start)], {start}, set[int]()
    path: list[int] = []
    stops: list[tuple[float, int]] = []
    border, weight = 0.0, 0.0
    while heap and len(path) < len(cells) - 1:
        cell = heapq.heappop(heap)[1]
        path.append(cell)
        taken.add(cell)
        weight += float(graph.weight[cell])
        for other, cost in graph.near[cell].items():
            if other in inside:
                border += -cost if other in taken else cost
                if other not in seen:
                    seen.add(other)
                    heapq.heappush(heap, (order[other], other))
        off = abs(weight / total - share)
        penalty = border / np.sqrt(len(cells)) * 0.004 + off / tolerance / 2
        stops.append((penalty + (LOOSE if off > tolerance else 0), len(path)))
        if weight / total > share + 2 * tolerance:
            break
    return [(penalty, path[:count]) for penalty, count in sorted(stops)[:TRIED]]


def sweep_cut(
    graph: Graph, cells: list[int], share: float, tolerance: float
) -> tuple[list[int], list[int]]:
    """Cut connected cells into two connected parts of weights share : 1 − share."""
    axis = _axes(graph, cells)
    total = float(graph.weight[cells].sum()) or 1.0
    best: tuple[float, list[int], list[int]] | None = None
    for turn in TURNS:
        cos, sin = np.cos(turn), np.sin(turn)
        ahead = np.array([axis[0] * cos - axis[1] * sin, axis[0] * sin + axis[1] * cos])
        for penalty, path in _sweep(graph, cells, ahead, share, tolerance):
            first = set(path)
            groups = components(graph.near, set(cells) - first)
            groups.sort(key=lambda g: (-sum(graph.weight[c] for c in sorted(g)), min(g)))
            for group in groups[1:]:
                first |= group
            weight = sum(graph.weight[cell] for cell in sorted(first))
            score = float(penalty + OFF * abs(weight / total - share))
            if best is None or score < best[0]:
                best = score, sorted(first), sorted(groups[0])
    assert best is not None  # noqa: S101 - two or more cells always have a cut
    return best[1], best[2]


def cut_parts(
    graph: Graph, cells: list[int], count: int, tolerance: float = 0.07
) -> list[list[int]]:
    """Cut connected cells into exactly `count` connected parts of about equal weight."""
    done: list[list[int]] = []
    stack = [(sorted(cells), count)]
    while stack:
        group, number = stack.pop()
        if number <= 1:
            done.append(group)
            continue
        half = number // 2
        loose = min(0.25, tolerance + 0.15 / number)
        first, second = sweep_cut(graph, group, half / number, loose)
        weight = float(graph.weight[first].sum()), float(graph.weight[second].sum())
        half = round(number * weight[0] / max(sum(weight), 1e-9))
        half = min(max(half, number - len(second), 1), len(first), number - 1)
        stack += [(first, half), (second, number - half)]
    return done


def _gain(graph: Graph, part: Ints, cell: int) -> tuple[float, int]:
    """How much border cost moving a cell saves at best, and to which part."""
    by_part: dict[int, float] = {}
    for other, cost in graph.near[cell].items():
        number = int(part[other])
        if number >= 0:
            by_part[number] = by_part.get(number, 0.0) + cost
    own = by_part.pop(int(part[cell]), 0.0)
    if not by_part:
        return 0.0, -1
    target = max(sorted(by_part), key=by_part.__getitem__)
    return by_part[target] - own, target


def smooth(graph: Graph, parts: list[list[int]]) -> list[list[int]]:
    """Move cells over the border where that makes it cheaper and keeps parts whole and even."""
    part = np.full(len(graph.near), -1, dtype=np.int64)
    for number, cells in enumerate(parts):
        part[cells] = number
    groups = [set(cells) for cells in parts]
    weight = np.array([graph.weight[cells].sum() for cells in parts])
    low, high = weight.mean() * BALANCE[0], weight.mean() * BALANCE[1]
    for _ in range(SWAPS):
        moved = False
        for cell in sorted(cell for cells in parts for cell in cells):
            gain, target = _gain(graph, part, cell)
            own, heavy = int(part[cell]), graph.weight[cell]
            if gain <= 0 or weight[own] - heavy < low or weight[target] + heavy > high:
                continue
            rest = groups[own] - {cell}
            if len(components(graph.near, rest)) != 1:
                continue
            groups[own] = rest
            groups[target].add(cell)
            weight[own] -= heavy
            weight[target] += heavy
            part[cell] = target
            moved = True
        if not moved:
            break
    return [sorted(group) for group in groups]
