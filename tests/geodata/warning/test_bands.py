"""Bands: a unit far above the same hours of earlier weeks is told, a usual week is not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from geodata.model.periods import DAY, HOUR
from geodata.warning.bands import Excess, bands
from geodata.warning.cases import Cases

END = 1_790_000_000 // DAY * DAY
DAYS = 80


def history(extra: int, scatter: float) -> Cases:
    rng = np.random.default_rng(4)
    days = END - (1 + np.arange(DAYS)) * DAY
    daily = rng.poisson(60 * np.exp(rng.normal(0, scatter, DAYS)))
    daily[0] += extra
    start = np.repeat(days, daily)
    reported = np.sort(start + (rng.beta(4, 3, len(start)) * DAY).astype(np.int64))
    zeros = np.zeros(len(reported), dtype=np.int64)
    place, code = zeros.astype(np.float32), zeros.astype(np.int16)
    unit = zeros.astype(np.int32)
    return Cases(zeros, reported, place, place, unit, code, code, unit[None])


def judged(extra: int, scatter: float = 0.0, since: int = END - 7 * DAY, end: int = END) -> Excess:
    cases = history(extra, scatter).upto(end)
    return bands(cases, cases.zones, 1, since, end)


def test_a_day_far_above_its_weeks_is_told() -> None:
    over = judged(60)
    best = int(np.argmax(over.recurrence))
    assert over.recurrence[best] > 2
    assert (over.unit[best], over.window[best]) == (0, DAY)
    assert over.count[best] > 1.6 * over.expected[best]


def test_a_usual_week_is_not() -> None:
    assert judged(0).recurrence.max(initial=0.0) < 1


def test_where_weeks_scatter_widely_as_much_more_says_less() -> None:
    assert judged(60, 0.35).recurrence.max(initial=0.0) < judged(60).recurrence.max() - 1


def test_step_by_step_equals_at_once() -> None:
    whole = judged(60)
    steps = [END - 7 * DAY + n * 7 * HOUR for n in range(24)] + [END]
    parts = [judged(60, 0.0, a + 1, b) for a, b in pairwise(steps)]
    assert len(whole.moment) > 3
    for name in ("moment", "window", "count", "expected", "recurrence"):
        stepped = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_allclose(
            np.sort(stepped), np.sort(getattr(whole, name)[whole.moment > steps[0]])
        )
