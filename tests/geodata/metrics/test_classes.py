"""Classes of the map's scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.metrics.classes import breaks, classify, fixed_for, is_diverging, nice


def test_fixed_edges_of_a_week_and_their_proportion() -> None:
    assert breaks("density_people", days=7) == (8, 11, 15, 20)
    assert breaks("density_people", days=30) == (35, 45, 65, 85)
    assert breaks("density_people", days=1) == (1.2, 1.6, 2.2, 2.8)


def test_large_units_differ_less_and_have_closer_edges() -> None:
    assert fixed_for(19_999) == breaks("density_people", days=7)
    assert fixed_for(20_000) == (10, 11, 12.5, 15)
    assert breaks("density_people", days=14, week=fixed_for(90_000)) == (20, 22, 25, 30)


def test_seven_classes_around_a_target() -> None:
    assert breaks("arrival_median_min", days=7, target=30) == (20, 25, 28, 32, 45, 60)
    assert breaks("resolution_p90_min", days=7, target=300) == (200, 250, 280, 320, 450, 600)
    assert is_diverging("arrival_median_min", 30)
    assert is_diverging("deviation", None)
    assert not is_diverging("arrival_median_min", None)
    assert breaks("on_time_rate", days=7, target=95) == (88, 92, 94.5, 95.5, 97, 99)
    assert is_diverging("on_time_rate", 95)
    assert not is_diverging("reported", 95)


def test_quintiles_otherwise() -> None:
    assert breaks("on_time_rate", days=7, values=np.arange(101.0)) == (20, 40, 60, 80)
    assert breaks("on_time_rate", days=7, values=[np.nan]) == (1, 2, 3, 4)
    assert breaks("open", days=7, values=[3.0, 3.0]) == (3, 4, 5, 6)
    assert breaks("reported", days=7, values=[0, 1, 1, 2, 2, 3]) == (1, 2, 3, 4)
    assert len(breaks("density_people", days=0.5, values=np.arange(50) / 10)) == 4
    assert len(breaks("deviation", days=7)) == 6
    part = breaks("density_people", days=7, values=np.arange(101.0) / 50, week=())
    assert part == (0.4, 0.8, 1.2, 1.6)


def test_classes() -> None:
    found = classify([1, 8, 7.9, 30, np.nan, 5], [20, 20, 20, 99, 99, 19], (8, 11, 15, 20))
    assert found.tolist() == [0, 1, 0, 4, 255, 254]
    assert found.dtype == np.uint8


def test_no_cases_at_all_are_too_few_not_unknown() -> None:
    assert classify([np.nan, 0.0], [0, 0], (1,), 5).tolist() == [254, 254]
    assert classify([0.0], [0], (1,), 0).tolist() == [0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6))
def test_nice_edges_stay_in_order_and_near(edges: list[float]) -> None:
    rounded = nice(edges)
    assert list(rounded) == sorted(set(rounded))
    distinct = np.unique(edges)
    if len(distinct) > 1 and np.diff(distinct).min() > 1e-3:
        assert len(rounded) == len(distinct)
        half_gap = np.diff(distinct).min() / 2
        assert np.abs(np.array(rounded) - distinct).max() <= half_gap + 1e-6


def test_unknown_metric() -> None:
    with pytest.raises(KeyError):
        breaks("nonsense", days=7)
