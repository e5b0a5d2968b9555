"""Ranks, their ranges and groups, beside the same by plain loops."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.metrics.fair.ranks import ranks
from geodata.metrics.fair.shrink import shrunk

INTERVALS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=8
)


def maximal_sets(low: np.ndarray, high: np.ndarray) -> list[frozenset[int]]:
    units = range(len(low))
    alike = [
        frozenset(some)
        for size in range(1, len(low) + 1)
        for some in itertools.combinations(units, size)
        if all(low[a] <= high[b] and low[b] <= high[a] for a, b in itertools.combinations(some, 2))
    ]
    return [some for some in alike if not any(some < other for other in alike)]


@given(INTERVALS, st.booleans())
def test_as_by_plain_loops(drawn: list[tuple[int, int, int]], falling: bool) -> None:  # noqa: FBT001
    value = np.array([float(middle) for middle, _, _ in drawn])
    low = value - [below for _, below, _ in drawn]
    high = value + [above for _, _, above in drawn]
    found = ranks(value, low, high, falling=falling)
    members: dict[int, set[int]] = {}
    for row, unit in found.iterrows():
        better = value < value[row] if falling else value > value[row]
        surely = high < low[row] if falling else low > high[row]
        behind = low > high[row] if falling else high < low[row]
        assert unit["rank"] == 1 + better.sum()
        assert unit["rank_best"] == 1 + surely.sum()
        assert unit["rank_worst"] == len(value) - behind.sum()
        assert unit["rank_best"] <= unit["rank"] <= unit["rank_worst"]
        for group in range(unit["group_first"], unit["group_last"] + 1):
            members.setdefault(group, set()).add(int(row))
    assert sorted(members) == list(range(1, len(members) + 1))
    assert {frozenset(some) for some in members.values()} == set(maximal_sets(low, high))


def test_units_without_a_value_have_no_rank_and_take_none() -> None:
    value = np.array([np.nan, 0.9, 0.5])
    found = ranks(value, value - 0.1, value + 0.1, falling=False)
    assert found.iloc[0].tolist() == [0, 0, 0, 0, 0]
    assert found["rank"].tolist() == [0, 1, 2]
    assert found["group_first"].tolist() == [0, 1, 2]


def test_true_ranks_lie_in_their_ranges() -> None:
    rng = np.random.default_rng(2)
    inside, told = [], []
    for _ in range(60):
        true = rng.beta(90, 10, 12)
        n = rng.integers(20, 2_000, 12)
        found = shrunk(rng.binomial(n, true), n)
        table = ranks(found.value, found.low, found.high, falling=False)
        rank = (-true).argsort().argsort() + 1
        inside.append((table["rank_best"] <= rank) & (rank <= table["rank_worst"]))
        told.append(table["rank_worst"] - table["rank_best"])
    assert np.mean(inside) >= 0.95
    assert np.mean(told) < 9  # a range of all twelve would say nothing
