"""Shrunk rates keep their promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.metrics.fair import shrunk

COUNTS = st.lists(
    st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=30,
)


@pytest.mark.parametrize(("units", "strength"), [(12, 40.0), (12, 2_000.0), (200, 40.0)])
def test_intervals_hold_the_true_rates(units: int, strength: float) -> None:
    rng = np.random.default_rng(units)
    held, width = [], []
    for _ in range(60):
        true = rng.beta(0.9 * strength, 0.1 * strength, units)
        n = rng.integers(5, 300, units)
        found = shrunk(rng.binomial(n, true), n)
        held.append((found.low <= true) & (true <= found.high))
        width.append(found.high - found.low)
    assert 0.93 <= np.mean(held) <= 0.985
    assert np.mean(width) < 0.3  # not by saying nothing


def test_estimates_are_nearer_the_truth_than_counts() -> None:
    rng = np.random.default_rng(4)
    true, n = rng.beta(45, 5, 300), rng.integers(3, 60, 300)
    hits = rng.binomial(n, true)
    assert np.mean((shrunk(hits, n).value - true) ** 2) < 0.4 * np.mean((hits / n - true) ** 2)


@given(COUNTS)
def test_towards_the_middle_and_inside_the_interval(counts: list[tuple[int, int]]) -> None:
    hits, n = np.array([*counts, (0, 0)]).T  # a unit without cases shows what is usual
    found = shrunk(hits, n)
    if not n.sum():
        assert np.isnan(found.value).all()
        return
    assert ((found.low <= found.value) & (found.value <= found.high)).all()
    assert ((found.low >= 0) & (found.high <= 1)).all()
    usual, some = found.value[-1], n > 0
    rate, value = hits[some] / n[some], found.value[some]
    # What is usual is itself uncertain, a little otherwise for each strength of the prior.
    assert (value >= np.minimum(rate, usual) - 0.02).all()
    assert (value <= np.maximum(rate, usual) + 0.02).all()


@given(COUNTS, st.randoms(use_true_random=False))
def test_nobody_is_favoured(counts: list[tuple[int, int]], chance: object) -> None:
    order = list(range(len(counts)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    hits, n = np.array(counts).T
    found, other = shrunk(hits, n), shrunk(hits[order], n[order])
    for name in ("value", "low", "high"):
        np.testing.assert_array_equal(getattr(found, name)[order], getattr(other, name))
    twice = shrunk(np.tile(hits, 2), np.tile(n, 2))
    np.testing.assert_array_equal(twice.value[: len(n)], twice.value[len(n) :])


def test_the_fewer_cases_the_nearer_to_the_usual() -> None:
    n = np.array([4, 40, 400, *[100] * 30])
    hits = np.array([2, 20, 200, *[90, 85, 95] * 10])
    found = shrunk(hits, n)
    usual = 0.9
    away = np.abs(found.value[:3] - usual)
    assert (np.diff(away) > 0).all()
    assert (found.value[:3] > 0.5).all()
    assert (np.diff(found.high - found.low)[:2] < 0).all()


def test_more_hits_of_as_many_cases_are_never_worse() -> None:
    n = np.full(21, 20)
    found = shrunk(np.arange(21), n)
    assert (np.diff(found.value) > 0).all()


def test_one_unit_alone_is_as_unsure_as_its_cases() -> None:
    found = shrunk([90], [100])
    assert found.value[0] == pytest.approx(0.9, abs=0.02)
    assert found.low[0] < 0.85
    assert found.high[0] > 0.93
