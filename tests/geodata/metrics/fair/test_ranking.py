"""Tables of the engine made into rankings."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.metrics.fair import Mix, misses, ranking
from geodata.model.errors import RequestError


@pytest.fixture
def units() -> pd.DataFrame:
    due = [1, 4_000, 4_000, 900, 0, 500]
    on_time = [5, 3_980, 3_600, 820, 0, 450]  # the first: more closed than were due
    return pd.DataFrame(
        {"due": due, "closed_on_time": on_time, "reported": due, "whistled": [0] * 6}
        | {"arrival_n": due, "arrival_median_min": [4.0, 30, 31, 45, np.nan, 20]}
        | {"arrival_p90_min": [4.0, 60, 62, 90, np.nan, 45]},
        index=[3, 0, 1, 2, 4, -1],
    )


def test_one_case_tops_no_table(units: pd.DataFrame) -> None:
    found = ranking("on_time_rate", units)
    assert found.index.tolist() == units.index.tolist()
    assert found["value"].tolist()[0] == 100.0
    assert found.loc[3, ["few", "rank", "rank_worst"]].tolist() == [True, 0, 0]
    assert found.loc[0, "rank"] == 1
    assert found["rank"].tolist() == [0, 1, 3, 2, 0, 0]
    assert found.loc[[1, 2], "rank_best"].tolist() == [2, 2]  # 90 and 91 % cannot be told apart
    assert found.loc[[1, 2], "rank_worst"].tolist() == [3, 3]
    assert found.loc[1, "group_first"] == found.loc[2, "group_last"] == 2
    assert ((found["low"] <= found["fair"]) & (found["fair"] <= found["high"])).all()
    assert found["fair"].between(0, 100).all()


def test_minutes_are_best_where_they_are_few(units: pd.DataFrame) -> None:
    found = ranking("arrival_median_min", units)
    assert found["rank"].tolist() == [0, 1, 2, 3, 0, 0]
    assert found.loc[0, "rank_worst"] == 2
    assert found.loc[2, "rank_best"] == 3
    assert ranking("arrival_p90_min", units).loc[2, "low"] < 90


def test_only_shares_and_times_are_ranked(units: pd.DataFrame) -> None:
    with pytest.raises(RequestError, match="reported is no share"):
        ranking("reported", units)


def test_with_the_matters_of_all_another_one_is_first() -> None:
    n = np.array([[100, 900], [900, 100], [500, 500]])
    hits = n * [[0.96, 0.62], [0.9, 0.5], [0.9, 0.5]]
    table = pd.DataFrame({"due": n.sum(axis=1), "closed_on_time": hits.sum(axis=1)})
    assert ranking("on_time_rate", table)["rank"].tolist() == [3, 1, 2]
    found = ranking("on_time_rate", table, mix=Mix(hits, n))
    assert found["rank"].tolist()[0] == 1
    assert found["not_comparable"].tolist() == ["mix", "mix", ""]


def test_an_odd_share_is_told_by_name() -> None:
    due = np.full(8, 1_000)
    whistled = [60, 55, 62, 58, 400, 61, 57, 0]
    table = pd.DataFrame({"due": due, "closed_on_time": due - 50, "whistled": whistled})
    found = ranking("on_time_rate", table, odd={"whistle": ("whistled", "due")})
    assert np.flatnonzero(found["not_comparable"] == "whistle").tolist() == [4, 7]


def test_misses_where_rates_saturate() -> None:
    """Fuzhou, second quarter of 2022: 99.88 % of 277,924 cases on time."""
    n = np.array([200_000, 77_924])
    found = misses(n - [220, 113], n)
    assert found is not None
    assert found["value"].round(1).tolist() == [11.0, 14.5]
    assert (found["low"] < found["fair"]).all()
    assert (found["fair"] < found["high"]).all()
    assert misses([90, 95], [100, 100]) is None
    assert misses([0], [0]) is None


def test_the_worked_example_of_the_document() -> None:
    """Three companies and one of a single case, as published (see golden_vectors.json)."""
    folder = Path(__file__).parents[1]
    rows = json.loads((folder / "golden_vectors.json").read_text("utf-8"))["rows"][2:]
    table = pd.DataFrame(rows).iloc[:, [0, 1, 3]]
    table.columns = pd.Index(["unit", "due", "closed_on_time"])
    found = ranking("on_time_rate", table).assign(unit=table["unit"].str.split().str[0])
    text = (folder.parents[2] / "docs" / "ranking.md").read_text("utf-8")
    for unit in found.itertuples():
        line = next(line for line in text.splitlines() if line.startswith(f"| {unit.unit} |"))
        high = f"{unit.high:.1f}".removesuffix(".0")
        assert f"{unit.value:.2f} % | {unit.fair:.1f} % | {unit.low:.1f}–{high} |" in line
        rank = f"{unit.rank}, may be {unit.rank_best}–{unit.rank_worst} |"
        assert line.endswith("none: too few |" if unit.few else rank)
