"""Intervals of medians and p90."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from geodata.metrics.fair import of_two, of_values, order_ranks


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_ranks_hold_the_quantile_and_are_the_tightest(share: float) -> None:
    n = np.arange(1, 400)
    low, high = order_ranks(n, share)
    below, above = binom.cdf(low - 1, n, share), binom.sf(high - 1, n, share)
    assert (below <= 0.025).all()
    assert ((above <= 0.025) | (high == n + 1)).all()
    inner = low < n
    assert (binom.cdf(low, n, share)[inner] >= 0.025).all()
    whole = high <= n
    assert (binom.sf(high - 2, n, share)[whole] > 0.025).all()


def test_too_few_values_bound_nothing() -> None:
    low, high = of_values([[1.0, 2.0, 3.0], [], np.arange(30.0)], 0.9)
    assert low.tolist() == [1.0, -np.inf, 22.0]
    assert high.tolist() == [np.inf] * 3


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_intervals_hold_the_true_quantile(share: float) -> None:
    rng = np.random.default_rng(9)
    draws = rng.exponential(30.0, (2_000, 60))
    true = -30.0 * np.log(1 - share)
    low, high = of_values(list(draws), share)
    assert 0.945 <= ((low <= true) & (true <= high)).mean() <= 0.99


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_two_quantiles_of_minutes_are_enough_for_a_good_guess(share: float) -> None:
    rng = np.random.default_rng(9)
    draws = rng.lognormal(3.0, 0.6, (2_000, 80))
    median, p90 = np.quantile(draws, [0.5, 0.9], axis=1)
    true = np.exp(3.0 + 0.6 * (0 if share == 0.5 else 1.2816))
    low, high = of_two(median, p90, np.full(2_000, 80), share)
    assert 0.91 <= ((low <= true) & (true <= high)).mean() <= 0.98


def test_what_is_unknown_has_no_interval() -> None:
    low, high = of_two([np.nan, 0.0, 5.0, 5.0], [np.nan, 9.0, 4.0, 5.0], [0, 30, 30, 30], 0.5)
    assert np.isnan(low[:3]).all()
    assert np.isnan(high[:3]).all()
    assert (low[3], high[3]) == (5.0, 5.0)
