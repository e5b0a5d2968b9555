"""Facts for the headline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geodata.engine import Numbers, Request
from geodata.metrics.deviation import changes, facts, overdispersion


def table(reported: list[float], norm: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"reported": reported, "norm": norm})


@pytest.fixture
def story() -> Numbers:
    """A week like the one in the design: 8 % up, half of it one category, two streets."""
    departments = pd.DataFrame(
        {"arrival_median_min": [47.0, 29.0, 61.0, 38.0], "arrival_n": [900, 800, 4, 50]}
    )
    cells = table([3579, 3525, 900, 1010, 990, 5], [2600.0, 2700.0, 905.0, 1000.0, 1000.0, 0.0])
    cells.loc[-1] = [500, 1.0]
    empty = pd.DataFrame()
    return Numbers(
        request=Request(0, "street", 0, 604_800, 604_800),
        total=pd.Series({"reported": 18964.0}),
        previous=None,
        norm=17568.0,
        norm_low=17300.0,
        norm_high=17900.0,
        norm_weeks=8,
        cells=cells,
        departments=departments,
        categories=table([5412, 4026, 2586], [4714.0, 3800.0, 2600.0]),
        sources=empty,
        trend=empty,
        trend_step_s=3600,
        sparks=empty,
        steps=empty,
        newest=0,
        version="",
    )


def test_tells_the_story(story: Numbers) -> None:
    found = facts(story, {"arrival_median_min": 30.0})
    assert found.clear
    assert found.total is not None
    assert round(found.total.share * 100) == 8
    assert found.driver is not None
    assert found.driver.row == 0
    assert found.driver_share == pytest.approx(0.5, abs=0.01)
    assert [place.row for place in found.places] == [0, 1]
    assert [(slow.row, slow.minutes) for slow in found.slow] == [(0, 47.0), (3, 38.0)]


def test_a_calm_week_is_not_clear(story: Numbers) -> None:
    calm = replace(
        story,
        total=pd.Series({"reported": 17600.0}),
        cells=table([100, 101, 99], [100.0, 100.0, 100.0]),
    )
    found = facts(calm, {})
    assert not found.clear
    assert found.places == ()
    assert found.slow == ()


def test_wide_weeks_make_a_change_less_clear(story: Numbers) -> None:
    narrow = facts(story, {}).total
    wide = facts(replace(story, norm_low=15000.0, norm_high=21000.0), {}).total
    assert narrow is not None
    assert wide is not None
    assert abs(wide.z) < 1 < abs(narrow.z)


def test_without_a_norm_nothing_is_claimed(story: Numbers) -> None:
    found = facts(replace(story, norm=np.nan), {"arrival_median_min": 30.0})
    assert (found.total, found.driver, found.places) == (None, None, ())
    assert len(found.slow) == 2


def test_scatter_of_all_rows_is_no_finding() -> None:
    rng = np.random.default_rng(1)
    norm = np.full(400, 100.0)
    pure = rng.poisson(norm).astype(float)
    wild = rng.poisson(norm * rng.gamma(10, 0.1, 400)).astype(float)
    assert overdispersion(pure, norm) == pytest.approx(1.0, abs=0.3)
    assert overdispersion(wild, norm) > 5
    assert max(abs(c.z) for c in changes(table(wild.tolist(), norm.tolist()), 8)) < 6
    assert overdispersion(np.array([]), np.array([])) == 1.0
