"""What is proposed, and why."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pytest

from geodata import proposed
from geodata.demo.plan import make_plan
from geodata.duplicates import READ, Reports, evidence, learn, propose
from geodata.duplicates.compare import LEVELS
from geodata.model.periods import DAY, Window
from geodata.proposed import search
from geodata.store.months import _typed, put_month
from tests.geodata.demo.conftest import UNTIL, make_arranged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geodata.duplicates.weights import Weights
    from geodata.store.snapshots import City

    Make = Callable[[list[dict[str, Any]]], Reports]

DAYS = 21


@pytest.fixture(scope="module")
def lived() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Three weeks of a made-up city and the truth about them."""
    plan = make_plan("district", 2, UNTIL, make_arranged())
    truth: list[pd.DataFrame] = []
    days = [UNTIL - pd.Timedelta(days=back) for back in range(DAYS, 0, -1)]
    return plan.casebook("district").days(days, truth), pd.concat(truth, ignore_index=True)


@pytest.fixture(scope="module")
def weights(lived: tuple[pd.DataFrame, pd.DataFrame]) -> Weights:
    return learn(Reports.of(lived[0]))


def test_marks_and_fates_are_never_read(lived: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    assert set(READ) <= set(lived[0]) - {"duplicate_of", "closed", "resolved", "accepted"}
    Reports.of(lived[0][list(READ)])  # nothing else is needed


def test_planted_ones_are_found(lived: tuple[pd.DataFrame, pd.DataFrame], weights: Weights) -> None:
    cases, truth = lived
    found = propose(Reports.of(cases), weights)
    first = truth.set_index("id")["first"].reindex(found["id"]).to_numpy()
    right = found["first"].to_numpy() == first
    assert right.mean() >= 0.95
    assert right.sum() / len(truth) >= 0.85
    assert found["probability"].mean() == pytest.approx(right.mean(), abs=0.03)
    hidden = truth.loc[~truth["marked"], "id"]
    assert hidden.isin(found["id"]).mean() > 0.7


def test_a_live_day_is_judged_as_with_all_others(
    lived: tuple[pd.DataFrame, pd.DataFrame], weights: Weights
) -> None:
    reports = Reports.of(lived[0])
    since = int(reports.reported[-1]) - 86_400
    whole, day = propose(reports, weights), propose(reports, weights, since=since)
    ids = reports.id[reports.reported >= since]
    assert len(day) > 5
    again = whole[whole["id"].isin(ids)].reset_index(drop=True)
    pd.testing.assert_frame_equal(day.drop(columns="first"), again.drop(columns="first"))


def test_the_order_of_the_table_does_not_matter(
    lived: tuple[pd.DataFrame, pd.DataFrame], weights: Weights
) -> None:
    shuffled = lived[0].sample(frac=1, random_state=3)
    found = [propose(Reports.of(table), weights) for table in (lived[0], shuffled)]
    pd.testing.assert_frame_equal(*found)


def test_reasons_are_told(reports: Make, weights: Weights) -> None:
    calm = [{"x": 9_000.0 + 500 * n, "y": 0.0, "site": 9 + n, "reported": n} for n in range(40)]
    told = {"x": 0.0, "y": 0.0, "site": 1, "matter": 7, "occurred": 5, "floor": 3, "room": 2}
    rows = [
        *calm,
        told | {"reported": 10, "source": 0},
        told | {"reported": 25, "source": 1, "occurred": 8},
        told | {"reported": 40, "source": 2},
        *(told | {"x": 900.0, "site": 2, "reported": 45 + n, "room": n + 1} for n in range(2)),
    ]
    found = propose(reports(rows), weights)
    assert found["id"].tolist() == [141, 142]
    assert found["first"].tolist() == [140, 140]  # of all, whichever it is most like
    assert found["probability"].min() > 0.9
    why = evidence(found.iloc[0])
    assert why["room"][0] == "same_room"
    assert why["what"][0] == "same_matter"
    assert why["room"][1] > 3
    assert set(why) <= set(LEVELS)
    assert list(why.values()) == sorted(why.values(), key=lambda each: -abs(each[1]))


def test_one_source_repeats_nobody_else(reports: Make, weights: Weights) -> None:
    told = {"x": 0.0, "y": 0.0, "site": 1, "floor": 3, "room": 2, "source": 1}
    assert propose(reports([told | {"reported": 5}, told | {"reported": 9}]), weights).empty
    nobody = Reports.of(pd.DataFrame({name: np.zeros(0) for name in READ}))
    assert propose(nobody, weights).empty


def made_city(cases: pd.DataFrame, folder: Path) -> SimpleNamespace:
    path = folder / "2026-11.parquet"
    put_month(_typed(cases), path)
    now = int(cases["reported"].max())
    sites = range(int(cases["site"].max()) + 1)
    return SimpleNamespace(
        incident_files=lambda: [path], now=lambda: now, sites=sites, sources=range(5)
    )


def test_a_period_is_searched_with_what_came_before_it(
    lived: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path
) -> None:
    cases, truth = lived
    kept = cases[cases["voided"].isna()]
    city = cast("City", made_city(cases, tmp_path))
    span = Window(city.now() - 3 * DAY, city.now() + 1)
    found = search(city, None, span)
    said = propose(Reports.of(kept), learn(Reports.of(kept)), since=span.start)
    marked = truth.loc[truth["marked"], "id"]
    assert found.pairs["id"].tolist() == said.loc[~said["id"].isin(marked), "id"].tolist()
    assert len(found.pairs) > 20
    assert not found.cut
    assert found.compared == int((kept["reported"] >= span.start).sum()) < len(kept)
    assert set(found.pairs[["id", "like", "first"]].to_numpy().flat) == set(found.cases.index)
    square, n = found.overlap(np.unique(cases["site"]), 5)
    assert n == found.compared
    known = cases[(cases["reported"] >= span.start) & (cases["duplicate_of"] >= 0)]
    assert 0 < np.triu(square, 1).sum() <= len(known)
    assert found.overlap(np.array([-1]), 5)[1] == 0


def test_of_too_many_reports_the_newest_are_searched_and_the_page_can_say_so(
    lived: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposed, "MOST", len(lived[0]) // 2)
    city = cast("City", made_city(lived[0], tmp_path))
    found = search(city, None, Window(city.now() - DAYS * DAY, city.now() + 1))
    assert found.cut
    assert found.since > city.now() - DAYS * DAY
    assert found.compared < proposed.MOST
    empty = search(city, None, Window(60, 120))
    assert not len(empty.pairs)
    assert empty.compared == 0
