"""Emerging clusters: what is planted is found, what is not is not, and people count."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from geodata.kernels.near import Squares, near, within
from geodata.model.periods import DAY, HOUR
from geodata.model.tuning import WarningRules as Settings
from geodata.warning.cases import Cases, Population
from geodata.warning.rhythm import Rhythm
from geodata.warning.scan import DISTANCES_M, MATTER, Hits, scan

END = 1_790_000_000 // DAY * DAY
DAYS = 100
SINCE = END - 14 * DAY
SETTINGS = Settings(recurrence_days=(3650, 365, 30, 1.0))


def noise(rng: np.random.Generator, a_day: float, matters: int = 4, width: float = 6_000) -> Cases:
    """Cases of equal chance everywhere and at any time."""
    count = rng.poisson(a_day * DAYS)
    return made(
        np.sort(rng.integers(END - DAYS * DAY, END, count)),
        rng.uniform(0, width, count),
        rng.uniform(0, width, count),
        rng.integers(0, matters, count),
    )


def made(reported: np.ndarray, x: np.ndarray, y: np.ndarray, matter: np.ndarray) -> Cases:
    zeros = np.zeros(len(reported), dtype=np.int32)
    zone = np.nan_to_num(np.clip(x, 0, 5_999) // 2_000 * 3 + np.clip(y, 0, 5_999) // 2_000, nan=-1)
    codes = [zeros, matter.astype(np.int16), zeros.astype(np.int16)]
    places = [v.astype(np.float32) for v in (x, y)]
    number = np.arange(len(reported))
    return Cases(number, reported, *places, *codes, zone.astype(np.int32)[None])


def joined(first: Cases, second: Cases) -> Cases:
    return Cases.joined([first, second])


def people(where: float = 3_000.0, spread: float = 1_700.0) -> Population:
    rng = np.random.default_rng(1)
    x, y = rng.normal(where, spread, (2, 4_000)).clip(0, 5_999)
    return Population(x, y, np.ones(4_000), np.array(DISTANCES_M), np.full(9, 1 / 9))


def found(cases: Cases, of: Population | None = None) -> Hits:
    rhythm = Rhythm.of(cases.reported, END, "Asia/Shanghai")
    return scan(cases, of or people(), rhythm, SETTINGS, cases.reported >= SINCE)


@pytest.mark.parametrize(("count", "hours", "spread"), [(7, 2, 60), (12, 20, 200)])
def test_a_planted_surge_is_found_where_it_is(count: int, hours: int, spread: int) -> None:
    rng = np.random.default_rng(3)
    surge = made(
        np.sort(rng.integers(END - 3 * DAY, END - 3 * DAY + hours * HOUR, count)),
        rng.normal(1_500, spread, count),
        rng.normal(4_200, spread, count),
        np.full(count, 2),
    )
    cases = joined(noise(rng, 60), surge)
    hits = found(cases)
    best = int(np.argmax(hits.recurrence))
    row = hits.row[best]
    assert hits.recurrence[best] > 3
    assert (hits.kind[best], hits.code[best]) == (MATTER, 2)
    assert np.hypot(cases.x[row] - 1_500, cases.y[row] - 4_200) < 4 * spread
    assert hits.count[best] >= count / 2
    assert hits.count[best] > 4 * hits.expected[best]


def test_noise_alarms_about_as_often_as_stated() -> None:
    """At most so: fourteen days of four cities, one alarm a day each."""
    rows = [found(noise(np.random.default_rng(seed), 60)) for seed in range(4)]
    alarms = sum(len(hits.row) for hits in rows)
    assert alarms <= 4 * 14 * 1.3
    assert alarms >= 4 * 14 * 0.05  # so cautious that nothing is ever found would be wrong too
    assert sum((hits.recurrence > 2).sum() for hits in rows) <= 3


def test_a_crowded_place_without_a_past_needs_more_cases() -> None:
    rng = np.random.default_rng(5)
    background = noise(rng, 60)
    away = np.hypot(background.x - 1_000, background.y - 1_000) > 900
    background = made(*(getattr(background, n)[away] for n in ("reported", "x", "y", "matter")))
    moment = np.sort(rng.integers(END - DAY, END - DAY + 20 * HOUR, 5))
    burst = made(moment, rng.normal(1_000, 60, 5), rng.normal(1_000, 60, 5), np.full(5, 1))
    cases = joined(background, burst)
    crowded, empty = (found(cases, people(where, 150)) for where in (1_000.0, 5_000.0))
    middle = np.flatnonzero(np.isin(cases.reported, moment))

    def rarest(hits: Hits) -> float:
        return float(hits.recurrence[np.isin(hits.row, middle)].max(initial=0.0))

    assert rarest(empty) > rarest(crowded) + 0.3


def test_cases_whose_place_is_unknown_are_no_cluster() -> None:
    cases = noise(np.random.default_rng(2), 20)
    nowhere = made(
        np.arange(END - HOUR, END - HOUR + 30), np.full(30, np.nan), np.full(30, np.nan),
        np.zeros(30, np.int64),
    )  # fmt: skip
    assert (found(joined(cases, nowhere)).recurrence < 2).all()


def test_neighbours_are_counted_as_by_plain_loops() -> None:
    rng = np.random.default_rng(9)
    x, y = rng.uniform(0, 500, (2, 120))
    moment = rng.integers(0, 50, 120)
    distances, ages = np.array([40.0, 100.0]), np.array([5, 30], dtype=np.int64)
    square = ((y // 100 + 1) * 7 + x // 100 + 1).astype(np.int64)
    order = np.lexsort((moment, square))
    key, start = np.unique(square[order], return_index=True)
    squares = Squares(x[order], y[order], moment[order], key, np.append(start, 120), 7)
    judged = np.arange(120, dtype=np.int64)
    counts = near(squares, judged, square[order], distances, ages)
    for i in range(120):
        a = order[i]
        for d, distance in enumerate(distances):
            for w, age in enumerate(ages):
                old = moment[a] - moment
                close = np.hypot(x - x[a], y - y[a]) <= distance
                assert counts[i, d, w] == (close & (old >= 0) & (old < age)).sum() - 1


def test_zones_are_counted_as_by_plain_loops() -> None:
    rng = np.random.default_rng(8)
    zone, moment = rng.integers(-1, 4, 80).astype(np.int32), np.sort(rng.integers(0, 60, 80))
    judged, ages = np.array([3, 40, 79]), np.array([5, 30], dtype=np.int64)
    counts = within(zone, 4, moment, judged, ages)
    for i, case in enumerate(judged):
        for a, age in enumerate(ages):
            alike = (zone[:case] == zone[case]) & (moment[:case] > moment[case] - age)
            assert counts[i, a] == (alike.sum() if zone[case] >= 0 else 0)


def test_one_case_far_away_costs_no_more_than_another() -> None:
    """A point read with its decimals wrong lies thousands of kilometres off."""
    cases = noise(np.random.default_rng(2), 20)
    where = np.array([-5e6])
    stray = made(np.array([END - 9 * HOUR]), where, where, np.array([0]))
    tracemalloc.start()
    hits = found(joined(cases, stray))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100e6
    assert len(hits.row) == len(found(cases).row)


def test_what_is_judged_does_not_depend_on_what_else_is() -> None:
    """A few new cases are compared with those near them alone; a whole history with all."""
    cases = noise(np.random.default_rng(3), 60)
    rhythm = Rhythm.of(cases.reported, END, "Asia/Shanghai")
    settings = SETTINGS.model_copy(update={"recurrence_days": (3650, 365, 30, 0.01)})
    many, few = (
        scan(cases, people(), rhythm, settings, cases.reported >= END - days * DAY)
        for days in (40, 2)
    )
    late = cases.reported[many.row] >= END - 2 * DAY
    assert late.sum() > 5
    for name in ("row", "count", "expected", "recurrence"):
        np.testing.assert_array_equal(getattr(many, name)[late], getattr(few, name))
