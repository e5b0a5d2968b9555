"""What cannot be compared."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.metrics.fair import far_mix, odd_shares, standardised
from geodata.metrics.fair.standard import mix_distance


def test_another_mix_of_equal_skill_is_as_good() -> None:
    n = np.array([[900, 100], [100, 900], [500, 500]])
    hits = n * [0.9, 0.5]
    assert (hits.sum(axis=1) / n.sum(axis=1)).round(2).tolist() == [0.86, 0.54, 0.70]
    assert standardised(hits, n) == pytest.approx([0.7, 0.7, 0.7])


def test_better_in_every_matter_is_better_whatever_the_mix() -> None:
    n = np.array([[100, 900], [900, 100]])
    hits = n * [[0.95, 0.6], [0.9, 0.5]]
    raw = hits.sum(axis=1) / n.sum(axis=1)
    found = standardised(hits, n)
    assert raw[0] < raw[1]
    assert found[0] > found[1]
    assert np.isnan(standardised([[0, 0], [1, 1]], [[0, 0], [2, 2]])[0])
    assert np.isnan(standardised([[0]], [[0]])).all()


def test_chance_is_no_other_mix_but_other_matters_are() -> None:
    rng = np.random.default_rng(3)
    usual = rng.dirichlet(np.ones(30))
    sizes = [15, 30, 60, 300, 5_000] * 10
    n = np.array([rng.multinomial(size, usual) for size in sizes])
    assert far_mix(n).sum() <= 1
    n[7] = np.roll(rng.multinomial(60, usual), 15)
    assert np.flatnonzero(far_mix(n)).tolist() == [7]
    assert mix_distance([[5, 0], [0, 5_000]])[1] > 0.7
    assert np.isnan(mix_distance([[5, 5], [0, 0]])).all()


def test_shares_out_of_the_ordinary_both_ways() -> None:
    rng = np.random.default_rng(5)
    n = np.full(30, 2_000)
    alarms = 0
    for _ in range(20):
        part = rng.binomial(n, np.clip(rng.normal(0.06, 0.008, 30), 0.03, 0.09))
        alarms += odd_shares(part, n).sum()
        part[3], part[9] = 2, 500
        assert odd_shares(part, n)[[3, 9]].all()
    assert alarms / 600 < 0.015
    n[3] = part[3] = 12  # too few cases to be judged
    assert not odd_shares(part, n)[3]
    assert not odd_shares([0, 0, 9, 99], [100, 100, 100, 100]).any()  # nor among so few units
