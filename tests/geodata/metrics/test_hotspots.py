"""Significant hot spots: noise is none, what is planted is found, and names do not matter."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import box

from geodata.metrics.hotspots import FALSE_SHARE, Hotspots, borders, hotspots

SIDE = 20
CELLS = SIDE * SIDE
ROW, COLUMN = np.divmod(np.arange(CELLS), SIDE)
PAIRS = borders(box(COLUMN, ROW, COLUMN + 1, ROW + 1))
AREA = np.ones(CELLS)
GROUP = (abs(ROW - 6) <= 1) & (abs(COLUMN - 9) <= 1)


def peopled(rng: np.random.Generator) -> np.ndarray:
    """Some cells are towers, some fields."""
    return np.rint(rng.lognormal(5.0, 1.2, CELLS))


def judged(counts: np.ndarray, people: np.ndarray) -> Hotspots:
    return hotspots(counts.astype(np.float64), people, AREA, PAIRS)


def test_a_cell_has_a_border_with_the_eight_round_it() -> None:
    inside = (np.minimum(ROW, COLUMN) > 0) & (np.maximum(ROW, COLUMN) < SIDE - 1)
    assert set(np.bincount(PAIRS[0])[inside]) == {8}


@pytest.mark.parametrize("rate", [0.002, 0.02, 0.2])
def test_where_only_people_differ_hardly_any_cell_is_told(rate: float) -> None:
    """False discoveries: every cell told is one, so that a city of noise tells some in 5 %."""
    rng = np.random.default_rng(int(rate * 1000))
    cities = 60
    told = 0
    for _ in range(cities):
        people = peopled(rng)
        told += judged(rng.poisson(rate * people), people).significant.any()
    assert told <= cities * FALSE_SHARE + 2 * np.sqrt(cities * FALSE_SHARE)


def test_a_planted_group_is_found_and_a_mere_tower_is_not() -> None:
    rng = np.random.default_rng(5)
    people = np.clip(peopled(rng), 50, 2_000)
    people[ROW == 15] = 20_000  # a row of towers, each with a hundred times the cases
    found = judged(rng.poisson(0.02 * people * np.where(GROUP, 5, 1)), people)
    assert found.basis == "people"
    assert found.significant[GROUP].mean() > 0.7
    assert not found.significant[ROW == 15].any()
    near = (abs(ROW - 6) <= 2) & (abs(COLUMN - 9) <= 2)
    assert found.significant[~near].sum() <= max(1, FALSE_SHARE * found.significant.sum() * 3)


def test_the_order_of_cells_changes_nothing() -> None:
    rng = np.random.default_rng(6)
    people = peopled(rng)
    counts = rng.poisson(0.05 * people * np.where(GROUP, 4, 1)).astype(np.float64)
    plain = judged(counts, people)
    order = rng.permutation(CELLS)
    place = np.argsort(order)
    mixed = hotspots(counts[order], people[order], AREA, (place[PAIRS[0]], place[PAIRS[1]]))
    np.testing.assert_array_equal(mixed.significant, plain.significant[order])
    np.testing.assert_allclose(mixed.z, plain.z[order], rtol=1e-9)


def test_where_people_are_unknown_cases_are_held_against_area() -> None:
    counts = np.random.default_rng(7).poisson(5.0, CELLS)
    unknown = np.full(CELLS, np.nan)
    assert judged(counts, unknown).basis == "area"
    assert hotspots(counts * 1.0, unknown, unknown, PAIRS).basis == "cells"


def test_few_cells_or_no_case_say_nothing() -> None:
    assert not judged(np.zeros(CELLS), np.ones(CELLS)).significant.any()
    few = np.array([0, 1]), np.array([1, 0])
    found = hotspots(np.array([90.0, 1.0]), np.ones(2), np.ones(2), few)
    assert not found.significant.any()
    assert np.isnan(found.z).all()
