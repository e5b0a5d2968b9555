from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from geodata.demo.plan import Plan, first_day, make_plan
from geodata.model.schemas import INCIDENTS

if TYPE_CHECKING:
    from geodata.model.draft import Arranged

WEEK = 7 * 86_400


def test_columns_and_types_are_the_schema(recent: pd.DataFrame) -> None:
    assert {name: str(kind) for name, kind in recent.dtypes.items()} == INCIDENTS
    assert list(recent) == list(INCIDENTS)


def test_rows_are_in_order_with_unique_ids(recent: pd.DataFrame) -> None:
    assert recent["reported"].is_monotonic_increasing
    assert recent["id"].is_monotonic_increasing
    assert recent["id"].is_unique
    day = pd.to_datetime(recent["reported"].astype("int64") + 8 * 3600, unit="s")
    assert (recent["key"] == "LT" + recent["id"].astype(str).str.slice(0, 8) + "-"
            + recent["id"].astype(str).str.slice(8)).all()  # fmt: skip
    assert (recent["key"].str.slice(2, 10) == day.dt.strftime("%Y%m%d")).all()


def test_the_same_day_is_the_same_again(plan: Plan, arranged: Arranged) -> None:
    day = date(2026, 5, 4)
    one = plan.casebook("district").days([day])
    other = make_plan("district", 7, plan.until, arranged).casebook("district").days([day])
    pd.testing.assert_frame_equal(one, other)
    third = make_plan("district", 8, plan.until, arranged).casebook("district").days([day])
    assert not one["site"].head(50).equals(third["site"].head(50))


def test_a_month_is_its_days(plan: Plan) -> None:
    book = plan.casebook("district")
    first, until = date(2026, 10, 20), date(2026, 11, 5)
    frames = list(book.months(first, until))
    assert len(frames) == 2
    boundary = int(pd.Timestamp("2026-11-01", tz="UTC").timestamp())
    assert frames[0]["reported"].max() < boundary <= frames[1]["reported"].min()
    days = [first + timedelta(number) for number in range(16)]
    whole = pd.concat(frames, ignore_index=True)
    pd.testing.assert_frame_equal(whole, book.days(days))


def test_totals_by_day_follow_the_rhythm(plan: Plan, recent: pd.DataFrame) -> None:
    rhythm = plan.world.rhythm
    day = recent["id"] // 1_000_000
    found = recent[recent["duplicate_of"] < 0].groupby(day).size()
    for number, count in found.items():
        text = str(number)
        expected = rhythm.likely(date(int(text[:4]), int(text[4:6]), int(text[6:]))).sum()
        assert count == pytest.approx(expected, rel=0.55)
        assert count > 0.85 * expected


def test_the_last_week_is_above_the_norm(plan: Plan) -> None:
    book = plan.casebook("district")
    frame = book.days([plan.until - timedelta(back) for back in range(63, 0, -1)])
    end = plan.world.midnight(plan.until)
    valid = ((frame["duplicate_of"] < 0) & frame["voided"].isna()).to_numpy()
    week = ((end - 1 - frame["reported"].to_numpy(np.int64)) // WEEK)[valid]
    category = frame["category"].to_numpy()[valid]
    counts = np.bincount(week, minlength=9)
    norm = counts[1:].mean()
    property_row = plan.world.ground.codes.tables["categories"]["key"].tolist().index("property")
    mine = np.bincount(week[category == property_row], minlength=9)
    # The small city has as many alerts as a large one, hence the wide margins.
    assert 1.03 < counts[0] / norm < 1.25
    assert 1.12 < mine[0] / mine[1:].mean() < 1.5
    people = plan.world.ground.people
    assert norm / people * 1000 == pytest.approx(15.5, abs=1.6)


def test_people_have_the_cases_of_their_street(plan: Plan, recent: pd.DataFrame) -> None:
    ground = plan.world.ground
    area = ground.area[recent["site"].to_numpy()]
    rate = np.bincount(area, minlength=len(ground.areas)) / ground.area_people
    assert set(np.argsort(-rate)[:2]) == set(ground.dense())


def test_a_marked_duplicate_repeats_an_earlier_report_elsewhere(recent: pd.DataFrame) -> None:
    again = recent[recent["duplicate_of"] >= 0]
    first = recent.set_index("id").loc[again["duplicate_of"]]
    assert len(again) / len(recent) == pytest.approx(0.0266, abs=0.005)
    assert (first.index.to_numpy() < again["id"].to_numpy()).all()
    assert (first["duplicate_of"] < 0).all()
    lag = again["reported"].to_numpy(np.int64) - first["reported"].to_numpy(np.int64)
    assert lag.min() >= 60
    assert np.quantile(lag, 0.95) < 4 * 3600
    assert (again["source"].to_numpy() != first["source"].to_numpy()).all()
    assert (again["site"].to_numpy() == first["site"].to_numpy()).all()
    assert (again["matter"].to_numpy() == first["matter"].to_numpy()).all()


def test_others_are_left_to_be_found_and_only_the_truth_knows_them(plan: Plan) -> None:
    days = [plan.until - timedelta(back) for back in range(21, 0, -1)]
    told: list[pd.DataFrame] = []
    cases = plan.casebook("district").days(days, told)
    pd.testing.assert_frame_equal(cases, plan.casebook("district").days(days))
    truth = pd.concat(told).set_index("id")
    marked = cases[cases["duplicate_of"] >= 0].set_index("id")["duplicate_of"]
    pd.testing.assert_series_equal(truth.loc[truth["marked"], "first"], marked, check_names=False)
    hidden = truth[~truth["marked"]]
    assert len(hidden) / len(truth) == pytest.approx(0.35, abs=0.06)
    rows = cases.set_index("id")
    again, first = rows.loc[hidden.index], rows.loc[hidden["first"]]
    columns = ("source", "matter", "site", "category", "closed")
    same = {name: (again[name].to_numpy() == first[name].to_numpy()).mean() for name in columns}
    assert same["source"] == 0
    assert same["category"] == 1
    assert 0.75 < same["matter"] < 0.95
    assert 0.7 < same["site"] < 0.9
    assert same["closed"] < 0.05  # each runs a course of its own
    apart = again["lat"].to_numpy() - first["lat"].to_numpy()
    assert np.nanmax(np.abs(apart)) * 111_320 < 150


def test_places_fit_their_sites(recent: pd.DataFrame, arranged: Arranged) -> None:
    sites = arranged.sites.iloc[recent["site"].to_numpy()].reset_index(drop=True)
    lost = (sites["kind"] == 2).to_numpy()
    assert lost.mean() == pytest.approx(0.0075, abs=0.003)
    assert recent["lon"].isna().to_numpy().tolist() == lost.tolist()
    assert (sites["lon"] - recent["lon"]).abs().max() < 0.001
    home = recent["floor"].to_numpy() > 0
    building = arranged.buildings.iloc[sites["building"].to_numpy()[home]]
    assert (recent["floor"].to_numpy()[home] <= building["floors"].to_numpy()).all()
    assert (recent["room"].to_numpy()[home] <= building["rooms_per_floor"].to_numpy()).all()
    assert (recent["room"].to_numpy()[home] >= 1).all()


def test_two_years_begin_on_the_same_date() -> None:
    assert first_day(date(2026, 11, 21)) == date(2024, 11, 21)
    assert first_day(date(2028, 2, 29)) == date(2026, 2, 28)
