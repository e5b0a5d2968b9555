"""Which pairs are compared, beside the same by plain loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from geodata.duplicates.pairs import REACH_M, REACH_S, near_pairs, of_two_sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.duplicates.reports import Reports

    Make = Callable[[list[dict[str, Any]]], Reports]


@pytest.fixture
def crowd(reports: Make) -> Reports:
    rng = np.random.default_rng(1)
    rows = [
        {"x": rng.uniform(-300, 300), "y": rng.uniform(-300, 300), "source": rng.integers(3)}
        | {"reported": int(rng.integers(4 * 24 * 60)), "site": int(rng.integers(4))}
        for _ in range(400)
    ]
    for row in rows[:30]:
        row["x"] = float("nan")
    return reports(rows)


@pytest.mark.parametrize("any_source", [False, True])
@pytest.mark.parametrize("after_s", [0, 86_400])
def test_as_by_plain_loops(crowd: Reports, after_s: int, any_source: bool) -> None:  # noqa: FBT001
    r = crowd
    wanted = set()
    for a in range(len(r)):
        for b in range(a + 1, len(r)):
            lag = r.reported[b] - r.reported[a]
            near = np.hypot(r.x[a] - r.x[b], r.y[a] - r.y[b]) <= REACH_M
            lost = np.isnan(r.x[a]) and np.isnan(r.x[b]) and r.site[a] == r.site[b]
            other = any_source or r.source[a] != r.source[b]
            if after_s <= lag < after_s + REACH_S and (near or lost) and other:
                wanted.add((a, b))
    first, later = near_pairs(r, after_s)
    if not any_source:
        first, later = of_two_sources(r, first, later)
        assert (np.diff(later) >= 0).all()
    found = list(zip(first.tolist(), later.tolist(), strict=True))
    assert len(found) == len(set(found)) > 30
    assert set(found) == wanted


def test_no_reports_make_no_pairs(crowd: Reports) -> None:
    for count in (0, 1):
        assert len(near_pairs(crowd.rows(np.arange(count)))[0]) == 0
