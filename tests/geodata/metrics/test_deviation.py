"""Facts for the headline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geodata.engine import Numbers, Request
from geodata.metrics.deviation import (
    changes,
    contributor,
    driver,
    is_usual,
    over_target,
    overdispersion,
    slowest,
    total,
)


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
    assert round(total(story).share * 100) == 8
    assert total(story).z >= 2
    found = driver(story)
    assert found is not None
    assert (found.row, found.extra) == (0, 698)


def test_departments_over_their_target(story: Numbers) -> None:
    metric = "arrival_median_min"
    assert list(slowest(story.departments, metric).index) == [0, 3, 1]  # 2 has too few cases
    assert over_target(story.departments, metric, 30.0) == (0, 3)
    assert over_target(story.departments, metric, 46.6) == (0,)
    assert over_target(story.departments, metric, None) == ()


def test_a_median_is_judged_as_it_is_shown(story: Numbers) -> None:
    story.departments["arrival_median_min"] = 30.4
    assert over_target(story.departments, "arrival_median_min", 30.0) == ()


def test_a_calm_week_has_no_driver(story: Numbers) -> None:
    calm = replace(
        story,
        total=pd.Series({"reported": 17600.0}),
        cells=table([100, 101, 99], [100.0, 100.0, 100.0]),
        categories=table([100, 101, 99], [100.0, 100.0, 100.0]),
    )
    assert abs(total(calm).z) < 2
    assert driver(calm) is None


def test_one_category_asked_for_alone_drives_nothing(story: Numbers) -> None:
    assert driver(replace(story, request=replace(story.request, categories=(0,)))) is None


def test_wide_weeks_make_a_change_less_clear(story: Numbers) -> None:
    wide = total(replace(story, norm_low=15000.0, norm_high=21000.0))
    assert abs(wide.z) < 1 < abs(total(story).z)


def test_without_a_norm_nothing_is_claimed(story: Numbers) -> None:
    young = replace(story, norm=np.nan, categories=table([3, 4], [np.nan, 0.0]))
    assert np.isnan(total(young).share)
    assert driver(young) is None
    rows = changes(young.categories, 0)
    assert [row.reported for row in rows] == [3, 4]
    assert all(np.isnan(row.share) and np.isnan(row.z) for row in rows)


def test_scatter_of_all_rows_is_no_finding() -> None:
    rng = np.random.default_rng(1)
    norm = np.full(400, 100.0)
    pure = rng.poisson(norm).astype(float)
    wild = rng.poisson(norm * rng.gamma(10, 0.1, 400)).astype(float)
    assert overdispersion(pure, norm) == pytest.approx(1.0, abs=0.3)
    assert overdispersion(wild, norm) > 5
    assert max(abs(c.z) for c in changes(table(wild.tolist(), norm.tolist()), 8)) < 6
    assert overdispersion(np.array([]), np.array([])) == 1.0


def test_the_driver_grows_fastest_not_by_most_cases(story: Numbers) -> None:
    rows = replace(story, categories=table([5412, 4026, 473, 13], [4714.0, 3800.0, 244.0, 2.8]))
    found = driver(rows)
    assert found is not None
    assert found.row == 2  # 367 % more of three cases are no finding


def test_the_contributor_brings_most_cases_not_the_steepest_rise(story: Numbers) -> None:
    rows = replace(story, categories=table([5412, 4026, 473, 13], [4714.0, 3800.0, 244.0, 2.8]))
    found = contributor(rows)
    assert found is not None
    assert found.row == 0
    assert contributor(replace(story, categories=table([112], [100.0]))) is None  # may be chance


def test_a_rise_that_may_be_chance_drives_nothing(story: Numbers) -> None:
    assert driver(replace(story, categories=table([112, 30], [100.0, 22.0]))) is None


def test_what_is_hardly_off_the_norm_is_usual(story: Numbers) -> None:
    assert not is_usual(story)
    assert is_usual(replace(story, norm=18_700.0))
    assert is_usual(replace(story, norm_high=19_000.0))
    assert not is_usual(replace(story, norm=np.nan))
