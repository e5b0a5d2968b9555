"""New York's council casework (us_nyc_council_complaints): days only, boards but no points."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import geodata
from geodata.engine import Engine, Request
from geodata.ingest import draft_from_profile
from geodata.model.schemas import DAY_BITS
from geodata.publish import publish
from geodata.store.snapshots import City, open_city

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def city(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    assert real_data.is_dir()
    data_dir = tmp_path_factory.mktemp("nycouncil")
    profile = Path(geodata.__file__).parent / "profiles" / "nycouncil.toml"
    publish(draft_from_profile(profile), data_dir)
    return open_city(data_dir)


@pytest.fixture(scope="module")
def raw(real_data: Path) -> pd.DataFrame:
    path = real_data / "us_nyc_council_complaints" / "nycomplaints.parquet"
    frame = pd.read_parquet(path)
    return frame[~frame["unique_key"].duplicated()]


@pytest.fixture(scope="module")
def rows(city: City) -> pd.DataFrame:
    return pd.concat([pd.read_parquet(path) for path in city.incident_files()])


def test_a_number_that_comes_twice_counts_once(city: City, rows: pd.DataFrame) -> None:
    mine = city.findings[city.findings["file"] == "us_nyc_council_complaints/nycomplaints.parquet"]
    counts = mine.groupby(["action", "reason"])["rows"].sum()
    assert counts["read", "read"] == 341_299
    assert counts["rejected", "key_twice"] == 105
    assert len(rows) == rows["key"].nunique() == 341_299 - 105


def test_open_cases_and_offices(city: City, rows: pd.DataFrame, raw: pd.DataFrame) -> None:
    assert rows["closed"].isna().sum() == raw["closedate"].isna().sum()
    ours = rows["department"].map(city.departments["name_en"]).value_counts().to_dict()
    assert ours == raw["account"].value_counts().to_dict()
    assert len(ours) == 51


def test_days_give_no_minutes(city: City, rows: pd.DataFrame) -> None:
    assert (rows["by_day"] & DAY_BITS["reported"] > 0).all()
    now = city.now()
    total = Engine(city).screen(Request(0, "borough", now - 365 * 86_400, now + 1, now)).total
    assert total["reported"] > 0
    assert total["resolution_n"] == 0


def test_boroughs_have_the_cases_of_their_boards(
    city: City, rows: pd.DataFrame, raw: pd.DataFrame
) -> None:
    units = city.sites["unit"].to_numpy()[rows["site"]]
    codes, parents = city.places["code"].to_numpy(), city.places["parent"].to_numpy()
    borough = pd.Series([codes[u] if parents[u] <= 0 else codes[parents[u]] for u in units])
    numbers = {"Manhattan": "1", "Bronx": "2", "Brooklyn": "3", "Queens": "4", "Staten Island": "5"}
    named = raw["community_board"].str.extract(rf"^(?:\d\d? )?({'|'.join(numbers)})$")[0]
    # A few boards are typing errors, or numbers without their borough, as "3" and "0230458".
    ours = borough[borough.isin(list(numbers.values()))].value_counts()
    theirs = named.map(numbers).value_counts()
    unknown = city.findings.query("reason == 'place_not_found'")["rows"].sum()
    assert (theirs - ours).between(0, unknown).all()
    assert (theirs - ours).sum() <= unknown < 200
