"""Metrics against published figures and their own promises."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.engine.assessed import ASSESSED
from geodata.engine.counted import EVASIONS, FUNNEL_STAGES
from geodata.engine.numbers import BACKLOG, QUANTILES, TALLY
from geodata.metrics.metric import Form
from geodata.metrics.registry import METRICS, registry_hash, sample, value
from geodata.metrics.routing import SCORED, SENT

COLUMNS = list(
    dict.fromkeys(
        (
            *TALLY,
            *BACKLOG,
            *QUANTILES,
            "norm",
            "missed",
            "load_index",
            "staff_load",
            *(f"reached_{stage}" for stage in FUNNEL_STAGES),
            *EVASIONS,
            *ASSESSED,
            *SENT,
            *SCORED,
        )
    )
)
ALONE = [key for key, metric in METRICS.items() if metric.form in {Form.COUNT, Form.SHARE}]
VECTORS = json.loads((Path(__file__).parent / "golden_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("key", ALONE)
def test_a_row_alone_is_worth_what_it_is_among_others(key: str) -> None:
    rng = np.random.default_rng(7)
    table = pd.DataFrame(rng.integers(0, 4, (60, len(COLUMNS))) / 7, columns=COLUMNS)
    table.iloc[::9] = np.nan
    for kind in (value, sample):
        alone = [kind(key, row) for _, row in table.iterrows()]
        np.testing.assert_array_equal(alone, kind(key, table))


@pytest.mark.parametrize("row", VECTORS["rows"], ids=lambda row: row[0])
def test_equals_published_figures(row: list[float]) -> None:
    _, due, closed, on_time, closed_rate, on_time_rate = row
    tally = pd.Series({"due": due, "closed_due": closed, "closed_on_time": on_time})
    assert round(value("closed_rate", tally), 2) == closed_rate
    assert round(value("on_time_rate", tally), 2) == on_time_rate


@pytest.mark.parametrize("key", METRICS)
def test_definitions_are_complete(key: str) -> None:
    metric = METRICS[key]
    columns = {*COLUMNS}
    assert {*metric.numerator, *metric.denominator, *metric.counted} <= columns
    for text in (metric.definition_zh, metric.exclusions_zh):
        assert text.endswith("。")
    for text in (metric.definition_en, metric.exclusions_en):
        assert text.endswith(".")
    assert (metric.form == "share") == bool(metric.cap)


def test_listed_in_order() -> None:
    assert list(METRICS)[:4] == ["reported", "deviation", "density_people", "density_area"]
    assert all(key == metric.key for key, metric in METRICS.items())
    assert len(registry_hash()) == 12


def test_values_of_rows_and_frames_agree() -> None:
    rng = np.random.default_rng(7)
    columns = COLUMNS
    frame = pd.DataFrame(rng.integers(0, 50, (30, len(columns))), columns=columns)
    people, area = rng.integers(-1, 900, 30).astype(float), rng.random(30)
    for key, metric in METRICS.items():
        of_frame = value(key, frame, people=people, area=area)
        assert isinstance(of_frame, pd.Series)
        for row in range(30):
            alone = value(metric, frame.iloc[row], people=people[row], area=area[row])
            np.testing.assert_equal(alone, of_frame.iloc[row])
        assert sample(key, frame).tolist() == [sample(key, frame.iloc[r]) for r in range(30)]


def test_nothing_to_divide_by_is_unknown() -> None:
    tally = pd.Series({"reported": 5, "due": 0, "closed_on_time": 0, "norm": np.nan})
    assert np.isnan(value("on_time_rate", tally))
    assert np.isnan(value("density_people", tally, people=-1))
    assert np.isnan(value("deviation", tally))
    assert value("deviation", tally, norm=4.0) == 25.0
    with pytest.raises(KeyError):
        value("density_area", tally)


def test_a_missing_crowd_is_no_small_sample() -> None:
    assert sample("deviation", pd.Series({"reported": 3, "norm": 50.0})) == 50
    assert sample("on_time_rate", pd.Series({"due": 19})) == 19
