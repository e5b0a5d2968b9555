"""The fewest links between parts: against every division of a small graph, and inside limits."""

from __future__ import annotations

from itertools import product
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.kernels.trees import Graph
from geodata.planner.optima import Limits, Search, fewest_links

SEARCH: Final = Search(rounds=60, sweeps=500)


def grid_graph(rows: int, columns: int, weight: list[int]) -> Graph:
    """Nodes in rows and columns, each linked with those beside it."""
    near = [
        [
            r * columns + c
            for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1))
            if 0 <= r < rows and 0 <= c < columns
        ]
        for row in range(rows)
        for column in range(columns)
    ]
    start = np.cumsum([0, *map(len, near)], dtype=np.int32)
    other = np.concatenate(near).astype(np.int32)
    return Graph(start, other, np.ones(len(other)), np.array(weight, dtype=np.float64))


def is_connected(graph: Graph, nodes: set[int]) -> bool:
    left = set(nodes)
    waiting = [left.pop()] if left else []
    for node in waiting:
        fresh = left & set(graph.other[graph.start[node] : graph.start[node + 1]].tolist())
        left -= fresh
        waiting.extend(fresh)
    return bool(nodes) and not left


def links(graph: Graph, part: tuple[int, ...]) -> int:
    ends = np.repeat(np.arange(len(part)), np.diff(graph.start))
    of = np.array(part)
    return int((of[ends] != of[graph.other]).sum()) // 2


def is_inside(graph: Graph, limits: Limits, part: tuple[int, ...]) -> bool:
    load = np.bincount(part, graph.weight, limits.parts)
    sides = [{n for n, of in enumerate(part) if of == each} for each in range(limits.parts)]
    return bool((load >= limits.low).all() and (load <= limits.high).all()) and all(
        is_connected(graph, side) for side in sides
    )


def least_of_all(graph: Graph, limits: Limits) -> int | None:
    """The optimum by looking at every division there is."""
    every = product(range(limits.parts), repeat=len(graph.weight))
    return min(
        (links(graph, part) for part in every if is_inside(graph, limits, part)), default=None
    )


@settings(max_examples=12, deadline=None)
@given(weight=st.lists(st.integers(1, 9), min_size=9, max_size=9), parts=st.integers(2, 3))
def test_it_is_the_least_of_all_divisions(weight: list[int], parts: int) -> None:
    graph, mean = grid_graph(3, 3, weight), sum(weight) / parts
    limits = Limits(parts, 0.8 * mean, 1.2 * mean)
    found, least = fewest_links(graph, limits, SEARCH), least_of_all(graph, limits)
    assert (found and found[0]) == least
    if found:
        part = tuple(found[1].tolist())
        assert is_inside(graph, limits, part)
        assert links(graph, part) == found[0]


def test_the_same_seed_finds_the_same_and_tells_each_better_one() -> None:
    graph = grid_graph(6, 6, [1] * 36)
    limits, heard = Limits(4, 9, 9), list[int]()
    one = fewest_links(graph, limits, SEARCH, heard.append)
    two = fewest_links(graph, limits, SEARCH)
    assert one is not None
    assert two is not None
    assert one[0] == heard[-1] == 12  # four squares
    assert heard == sorted(heard, reverse=True)
    assert np.array_equal(one[1], two[1])


@pytest.mark.parametrize("weight", [[9, 1, 1, 1], [1, 1, 1, 2]])
def test_what_cannot_be_is_not_found(weight: list[int]) -> None:
    graph, mean = grid_graph(2, 2, weight), sum(weight) / 2
    assert fewest_links(graph, Limits(2, mean, mean), SEARCH) is None


def test_more_parts_than_nodes_are_not_found() -> None:
    graph = grid_graph(1, 2, [1, 1])
    assert fewest_links(graph, Limits(3, 0, 2), SEARCH) is None
