"""The engine's figures on real requests against plain pandas over the published file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from geodata.engine import Engine, Numbers, Request
from geodata.metrics.registry import value
from geodata.model.periods import read_period

if TYPE_CHECKING:
    from geodata.store.snapshots import City

pytestmark = pytest.mark.real
ZONE = ZoneInfo("America/New_York")
WRITTEN = "%m/%d/%Y %I:%M:%S %p"


@pytest.fixture(scope="module")
def cases(requests_311: pd.DataFrame) -> pd.DataFrame:
    """Valid requests of 2018 as published: when they came, were due and were closed."""
    raw = requests_311
    frame = raw[["Agency", "Neighborhood", "SRStatus"]].copy()
    for name, column in (("came", "CreatedDate"), ("due", "DueDate"), ("closed", "CloseDate")):
        local = pd.to_datetime(raw[column], format=WRITTEN, errors="coerce")
        frame[name] = local.dt.tz_localize(ZONE, ambiguous=True, nonexistent="shift_forward")
    valid = ~frame["SRStatus"].str.contains("Duplicate")
    chosen: pd.DataFrame = frame[valid & (frame["came"].dt.year == 2018)]
    return chosen


@pytest.fixture(scope="module")
def numbers(baltimore: City) -> Numbers:
    now = baltimore.now()
    year = read_period("2018-01-01..2018-12-31", now, ZONE)
    return Engine(baltimore).screen(Request(0, "neighborhood", year.start, year.end, now))


def on_time(cases: pd.DataFrame, now: pd.Timestamp) -> float:
    due = cases[cases["due"].notna() & (cases["closed"].notna() | (cases["due"] < now))]
    return float((due["closed"] <= due["due"]).mean() * 100)


def minutes(cases: pd.DataFrame) -> pd.Series:
    taken = (cases["closed"] - cases["came"]).dt.total_seconds() / 60
    return taken[taken >= 0]


def test_counts(numbers: Numbers, cases: pd.DataFrame, baltimore: City) -> None:
    assert numbers.total["reported"] == len(cases)
    named = cases[cases["Neighborhood"] != ""].groupby("Neighborhood").size()
    ours = numbers.cells["reported"].rename(lambda row: baltimore.places["name_en"].iloc[row])
    ours = ours[(numbers.cells.index >= 0) & (ours > 0)]
    assert ours.to_dict() == named.to_dict()
    assert numbers.cells.loc[-1, "reported"] == (cases["Neighborhood"] == "").sum()


def test_on_time_rate(numbers: Numbers, cases: pd.DataFrame, baltimore: City) -> None:
    now = pd.Timestamp(baltimore.now(), unit="s", tz="UTC")
    assert value("on_time_rate", numbers.total) == pytest.approx(on_time(cases, now))
    assert numbers.total["no_limit"] == cases["due"].isna().sum()
    by_agency = value("on_time_rate", numbers.departments)
    for row, name in enumerate(baltimore.departments["name_en"]):
        wanted = on_time(cases[cases["Agency"] == name], now)
        np.testing.assert_allclose(by_agency.loc[row], wanted)


def test_medians(numbers: Numbers, cases: pd.DataFrame, baltimore: City) -> None:
    taken = minutes(cases)
    assert numbers.total["resolution_n"] == len(taken)
    assert numbers.total["resolution_median_min"] == pytest.approx(taken.median())
    assert numbers.total["resolution_p90_min"] == pytest.approx(taken.quantile(0.9))
    for row, name in enumerate(baltimore.departments["name_en"]):
        mine = minutes(cases[cases["Agency"] == name])
        ours = numbers.departments["resolution_median_min"].to_numpy()[row]
        np.testing.assert_allclose(ours, mine.median())


def test_days_of_the_trend_are_local(numbers: Numbers, cases: pd.DataFrame) -> None:
    days = pd.to_datetime(numbers.trend["at"], unit="s", utc=True).dt.tz_convert(ZONE)
    assert (days.dt.hour == 0).all()
    ours = pd.Series(numbers.trend["reported"].to_numpy(), index=days.dt.date)
    theirs = cases.groupby(cases["came"].dt.date).size()
    assert ours[ours > 0].to_dict() == theirs.to_dict()
    assert len(ours) == 365
