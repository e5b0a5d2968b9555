"""Schemes of evaluation as data, and the scores they make."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geodata.metrics.fair import ranking
from geodata.metrics.registry import METRICS, registry_hash
from geodata.metrics.schemes import DIVIDED, SHIPPED, check, metric_of, schemes_of
from geodata.metrics.schemes.score import parts_of, scored
from geodata.model.errors import ProfileError
from geodata.model.schemes import Scheme

UNITS = pd.DataFrame(
    {"due": [900, 700, 19], "closed_on_time": [850, 600, 19], "settled": [900, 700, 900],
     "reopened": [90, 7, 0]}
)  # fmt: skip


def scheme(*parts: dict[str, object], key: str = "own") -> Scheme:
    return Scheme.model_validate({"key": key, "name_zh": "自定", "name_en": "Own", "parts": parts})


def scores(*parts: dict[str, object], units: pd.DataFrame = UNITS) -> pd.DataFrame:
    return scored(parts_of(scheme(*parts), units), units)


def test_shipped_schemes_can_be_counted_and_any_change_shows_in_the_hash() -> None:
    assert [each.key for each in SHIPPED] == ["urban", "three_rates", "open311", "absorption"]
    check(SHIPPED)
    other = SHIPPED[0].model_copy(update={"name_zh": "x"})
    assert len({registry_hash(), registry_hash(SHIPPED), registry_hash((other, *SHIPPED[1:]))}) == 3
    assert schemes_of([other]) == (other, *SHIPPED[1:])


def test_every_way_to_divide_is_a_metric_of_its_own() -> None:
    assert {*DIVIDED.values()} <= {*METRICS}
    found = scheme({"metric": "satisfaction", "denominator": "settled", "weight": 1}).parts[0]
    assert metric_of(found).denominator == ("resolved",)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"metric": "speed"}, "speed"),
        ({"metric": "on_time_rate", "denominator": "moon"}, "unappealed, original"),
        ({"metric": "reported"}, "neither a share nor a time"),
        ({"metric": "arrival_median_min"}, "full_at and none_at"),
    ],
)
def test_what_nobody_can_count_is_refused_with_the_cure(part: dict[str, object], said: str) -> None:
    with pytest.raises(ProfileError, match=f"scheme own: .*{said}"):
        check([scheme({**part, "weight": 1})])


def test_one_part_alone_is_its_metric() -> None:
    mine, plain = scores({"metric": "on_time_rate", "weight": 7}), ranking("on_time_rate", UNITS)
    for name in ("fair", "low", "high", "rank", "rank_best", "rank_worst"):
        np.testing.assert_allclose(mine[name], plain[name])


def test_parts_that_say_the_same_make_the_score_no_surer() -> None:
    part = {"metric": "on_time_rate", "weight": 1}
    pd.testing.assert_frame_equal(scores(part, part), scores(part))


def test_less_is_better_earns_points_the_other_way() -> None:
    found = scores({"metric": "reopened_rate", "weight": 1, "full_at": 0, "none_at": 20})
    assert found["rank"].tolist() == [3, 2, 1]
    assert (found["low"] <= found["fair"]).all()
    assert (found["fair"] <= found["high"]).all()
    plain = ranking("reopened_rate", UNITS)
    np.testing.assert_allclose(found["fair"], 100 - 5 * plain["fair"])


def test_too_few_in_any_part_is_no_score() -> None:
    found = scores(
        {"metric": "on_time_rate", "weight": 1}, {"metric": "reopened_rate", "weight": 9}
    )
    assert found["rank"].tolist()[2] == 0
    assert found["few"].tolist() == [False, False, True]
    assert found["n"].tolist() == [900, 700, 19]
