"""A connected graph into parts of given weight: cut at one link of a random spanning tree.

The tree is drawn so that long common borders stay inside; of many trees the cut with the right
weight and the shortest border counts (DeFord, Duchin & Solomon 2021, ReCom).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geodata.kernels.settings import kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]
    Sides = npt.NDArray[np.int8]

NEVER = 1e30
UNEVEN = 40.0  # how much worse a cut is for each time the slack it misses its weight by
SHORT = 0.2  # a link of no length is that likely, against one of mean length


class Graph(NamedTuple):
    """Nodes with weights; those next to node i are `other[start[i]:start[i + 1]]`."""

    start: Ints
    other: Ints
    length: Floats
    weight: Floats


class Links(NamedTuple):
    """Links among some nodes, each once, by the nodes' places among these."""

    one: Ints
    two: Ints
    length: Floats


class Tree(NamedTuple):
    """A tree from its root: nodes in an order in which parents come first."""

    order: Ints
    parent: Ints
    depth: Ints


@kernel
def links(graph: Graph, nodes: Ints, place: Ints) -> Links:
    """The links among some nodes; place: all −1, and so again afterwards."""
    for i in range(len(nodes)):
        place[nodes[i]] = i
    count = 0
    for node in nodes:
        for k in range(graph.start[node], graph.start[node + 1]):
            count += place[graph.other[k]] > place[node]
    one, two = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int32)
    length = np.empty(count)
    count = 0
    for node in nodes:
        for k in range(graph.start[node], graph.start[node + 1]):
            if place[graph.other[k]] > place[node]:
                one[count], two[count] = place[node], place[graph.other[k]]
                length[count] = graph.length[k]
                count += 1
    for node in nodes:
        place[node] = -1
    return Links(one, two, length)


@kernel
def leader(above: Ints, node: int) -> int:
    """The first of the nodes that are joined with one."""
    while above[node] != node:
        above[node] = above[above[node]]
        node = above[node]
    return node


@kernel
def spanning(count: int, among: Links, chance: np.random.Generator) -> Ints:
    """Rows of links that make a random tree, drawn like lots of which long ones weigh more."""
    lots = chance.random(len(among.one)) / (SHORT + among.length / among.length.mean())
    above = np.arange(count, dtype=np.int32)
    tree = np.empty(count - 1, dtype=np.int32)
    found = 0
    for row in np.argsort(lots):
        one, two = leader(above, among.one[row]), leader(above, among.two[row])
        if one != two:
            above[one] = two
            tree[found] = row
            found += 1
            if found == count - 1:
                break
    return tree[:found]


@kernel
def rooted(count: int, among: Links, tree: Ints) -> Tree:
    """The tree seen from its first node."""
    start = np.zeros(count + 1, dtype=np.int32)
    for row in tree:
        start[among.one[row] + 1] += 1
        start[among.two[row] + 1] += 1
    start = np.cumsum(start).astype(np.int32)
    filled, near = start.copy(), np.empty(2 * len(tree), dtype=np.int32)
    for row in tree:
        one, two = among.one[row], among.two[row]
        near[filled[one]], near[filled[two]] = two, one
        filled[one] += 1
        filled[two] += 1
    order, parent = np.zeros(count, dtype=np.int32), np.full(count, -1, dtype=np.int32)
    depth = np.zeros(count, dtype=np.int32)
    reached = 1
    for i in range(count):
        node = order[i]
        for k in range(start[node], start[node + 1]):
            if near[k] != parent[node]:
                parent[near[k]], depth[near[k]] = node, depth[node] + 1
                order[reached] = near[k]
                reached += 1
    return Tree(order, parent, depth)


@kernel
def below(tree: Tree, among: Links, weight: Floats) -> tuple[Floats, Floats]:
    """Of each node's subtree the weight, and the length of its border to all the rest."""
    count = len(weight)
    border = np.zeros(count)
    for row in range(len(among.one)):
        one, two, length = among.one[row], among.two[row], among.length[row]
        border[one] += length
        border[two] += length
        while one != two:  # up to the node that is above both, under which the link is inside
            if tree.depth[one] >= tree.depth[two]:
                one = tree.parent[one]
            else:
                two = tree.parent[two]
        border[one] -= 2 * length
    weights = weight.copy()
    for i in range(count - 1, 0, -1):
        node = tree.order[i]
        weights[tree.parent[node]] += weights[node]
        border[tree.parent[node]] += border[node]
    return weights, border


@kernel
def subtree(tree: Tree, top: int) -> Sides:
    """1 for the nodes of a subtree, 0 for the others."""
    side = np.zeros(len(tree.order), dtype=np.int8)
    side[top] = 1
    for i in range(1, len(tree.order)):
        node = tree.order[i]
        if side[tree.parent[node]]:
            side[node] = 1
    return side


@kernel
def halve(
    graph: Graph,
    nodes: Ints,
    place: Ints,
    share: float,
    tries: int,
    slack: float,
    chance: np.random.Generator,
) -> tuple[Sides, float]:
    """Two connected sides of which side 0 has about that share of the weight; the best of tries.

    Returns also the cost, `NEVER` where the nodes are in pieces.
    """
    among, weight = links(graph, nodes, place), graph.weight[nodes]
    count, whole = len(nodes), weight.sum()
    best, side = NEVER, np.zeros(len(nodes), dtype=np.int8)
    if not len(among.one):
        return side, best
    scale = among.length.mean() * np.sqrt(count)
    for _ in range(tries):
        tree = spanning(count, among, chance)
        if len(tree) < count - 1:
            return side, NEVER
        seen = rooted(count, among, tree)
        weights, border = below(seen, among, weight)
        top, first = -1, False
        for node in seen.order[1:]:
            for other in (False, True):  # whether the subtree is the side with that share
                wanted = share if other else 1 - share
                missed = abs(weights[node] - wanted * whole) / (whole * min(share, 1 - share))
                cost = max(0.0, missed - slack) * UNEVEN + border[node] / scale
                if cost < best:
                    best, top, first = cost, node, other
        if top >= 0:
            side = subtree(seen, top)
            if first:
                side = (1 - side).astype(np.int8)
    return side, best


@kernel
def divide(graph: Graph, parts: int, tries: int, slack: float, chance: np.random.Generator) -> Ints:
    """Connected parts of about equal weight, by halving again and again; numbers from 0.

    The graph must be connected; a part may stay empty where there are fewer nodes than parts.
    """
    count = len(graph.weight)
    part, place = np.zeros(count, dtype=np.int32), np.full(count, -1, dtype=np.int32)
    first = [0]
    many = [parts]
    step = slack / np.log2(parts + 1.0)
    while len(first) > 0:
        number, wanted = first.pop(), many.pop()
        nodes = np.flatnonzero(part == number).astype(np.int32)
        if wanted <= 1 or len(nodes) <= 1:
            continue
        half = wanted // 2
        side, cost = halve(graph, nodes, place, half / wanted, tries, step, chance)
        if cost >= NEVER:
            continue
        part[nodes[side == 1]] = number + half
        first.extend([number, number + half])
        many.extend([half, wanted - half])
    return part


def warm() -> None:
    """Compile the kernels of this module."""
    divide(small(), 2, 1, 0.1, np.random.default_rng(1))


def small() -> Graph:
    """Four nodes in a row, to compile with."""
    start = np.array([0, 1, 3, 5, 6], dtype=np.int32)
    other = np.array([1, 0, 2, 1, 3, 2], dtype=np.int32)
    return Graph(start, other, np.ones(6), np.ones(4))
