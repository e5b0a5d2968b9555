"""Parts of a graph with as few links between them as can be found, inside limits of weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geodata.kernels.flips import holds_without
from geodata.kernels.settings import kernel
from geodata.kernels.trees import Graph, small

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]

UNSEEN = 1 << 60  # more links than any graph has
SWAPS = 0.3  # of the moves exchange two nodes, the others give one


class Window(NamedTuple):
    """What a part may weigh, and what it costs in links to be out of that by 1 % of the middle."""

    low: float
    high: float
    price: float


class Cooling(NamedTuple):
    """Moves tried, and the heat of the first and the last in links."""

    moves: int
    hot: float
    cold: float


@kernel
def outside(load: float, window: Window) -> float:
    """What a part of this weight costs; 0 inside the window."""
    off = max(0.0, load - window.high, window.low - load)
    return 200.0 * off / (window.low + window.high) * window.price


@kernel
def crossing(graph: Graph, part: Ints) -> int:
    """Links between nodes of different parts; each pair of nodes counts once."""
    found = 0
    for node in range(len(part)):
        for k in range(graph.start[node], graph.start[node + 1]):
            found += graph.other[k] > node and part[graph.other[k]] != part[node]
    return found


@kernel
def more_crossing(graph: Graph, part: Ints, node: int, to: int) -> int:
    """How many links more lie between parts once a node is given to another part."""
    more, of = 0, part[node]
    for k in range(graph.start[node], graph.start[node + 1]):
        beside = part[graph.other[k]]
        more += (beside == of) - (beside == to)
    return more


@kernel
def neighbour(graph: Graph, node: int, chance: np.random.Generator) -> int:
    """A random one of the nodes next to a node; the node itself if there is none."""
    degree = graph.start[node + 1] - graph.start[node]
    if degree == 0:
        return node
    return int(graph.other[graph.start[node] + int(chance.random() * degree)])


@kernel
def fewest(
    graph: Graph, part: Ints, parts: int, window: Window, cooling: Cooling,
    chance: np.random.Generator,
) -> tuple[int, Ints]:  # fmt: skip
    """Anneal parts in place; the fewest links seen while all were inside the window, and where.

    Every part stays connected. `UNSEEN` where no state was inside the window.
    """
    count = len(part)
    load = np.zeros(parts)
    for node in range(count):
        load[part[node]] += graph.weight[node]
    seen, stack = np.full(count, -1, dtype=np.int32), np.empty(count, dtype=np.int32)
    links, least, best, mark = crossing(graph, part), UNSEEN, part.copy(), 0
    heat, cooled = cooling.hot, (cooling.cold / cooling.hot) ** (1.0 / max(cooling.moves, 1))
    for _ in range(cooling.moves):
        heat *= cooled
        node = int(chance.random() * count)
        of, to = part[node], part[neighbour(graph, node, chance)]
        if of == to:
            continue
        more, back = more_crossing(graph, part, node, to), -1
        weight = graph.weight[node]
        if chance.random() < SWAPS:
            back = int(chance.random() * count)
            if part[back] != to or back == node:
                continue
            part[node] = to
            more += more_crossing(graph, part, back, of)
            part[node] = of
            weight -= graph.weight[back]
        cost = more + outside(load[of] - weight, window) + outside(load[to] + weight, window)
        cost -= outside(load[of], window) + outside(load[to], window)
        if cost > 0 and chance.random() >= np.exp(-cost / heat):
            continue
        mark += 2
        if not holds_without(graph, part, node, seen, stack, mark):
            continue
        part[node] = to
        if back >= 0:
            touches = False
            for k in range(graph.start[back], graph.start[back + 1]):
                touches |= part[graph.other[k]] == of
            if not touches or not holds_without(graph, part, back, seen, stack, mark + 1):
                part[node] = of
                continue
            part[back] = of
        load[of] -= weight
        load[to] += weight
        links += more
        if links < least and load.min() >= window.low and load.max() <= window.high:
            least, best[:] = links, part
    return least, best


def warm() -> None:
    """Compile the kernels of this module."""
    part, chance = np.array([0, 0, 1, 1], dtype=np.int32), np.random.default_rng(1)
    fewest(small(), part, 2, Window(1.0, 3.0, 1.0), Cooling(1, 2.0, 0.2), chance)
