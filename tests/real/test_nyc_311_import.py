"""New York's requests of two makes in one feed (us_nyc_311), counted apart in plain pandas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import geodata
from geodata.ingest import draft_from_profile
from geodata.model.schemas import DAY_BITS
from geodata.publish import publish
from geodata.store.snapshots import City, open_city

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.real
WRITTEN = "%m/%d/%Y %I:%M:%S %p"
OLD, NEW = "us_nyc_311/tuplex_2011_due_dates.csv.gz", "us_nyc_311/elevator_2024.parquet"


@pytest.fixture(scope="module")
def city(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    assert (real_data / "us_nyc_311").is_dir()
    data_dir = tmp_path_factory.mktemp("newyork")
    profile = Path(geodata.__file__).parent / "profiles" / "newyork.toml"
    publish(draft_from_profile(profile), data_dir)
    return open_city(data_dir)


@pytest.fixture(scope="module")
def rows(city: City) -> pd.DataFrame:
    return pd.concat([pd.read_parquet(path) for path in city.incident_files()]).set_index("key")


@pytest.fixture(scope="module")
def old(real_data: Path) -> pd.DataFrame:
    return pd.read_csv(real_data / OLD, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def new(real_data: Path) -> pd.DataFrame:
    return pd.read_parquet(real_data / NEW)


@pytest.fixture(scope="module")
def told(city: City) -> Callable[[str], dict[str, int]]:
    def of(file: str) -> dict[str, int]:
        mine = city.findings[city.findings["file"] == file]
        return {str(k): int(n) for k, n in mine.groupby("reason")["rows"].sum().items()}

    return of


def test_every_request_is_imported(
    city: City, rows: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame
) -> None:
    read = city.findings[city.findings["reason"] == "read"].set_index("file")["rows"]
    assert (read[OLD], read[NEW]) == (len(old), len(new)) == (2_000, 22_504)
    assert set(rows.index) == {*old["Unique Key"], *new["unique_key"].astype(str)}
    mine = city.findings[city.findings["file"].isin([OLD, NEW])]
    assert not (mine["action"] == "rejected").any()


def test_moments_of_both_makes(rows: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame) -> None:
    first = pd.to_datetime(old["Created Date"], format=WRITTEN)
    second = new["created_date"]
    for keys, local in ((old["Unique Key"], first), (new["unique_key"].astype(str), second)):
        zone = local.dt.tz_localize("America/New_York", ambiguous=True)
        seconds = (zone - pd.Timestamp(0, tz="UTC")).dt.total_seconds().astype(int)
        assert rows.loc[keys, "reported"].astype(int).tolist() == seconds.tolist()
    due = rows.loc[old["Unique Key"], "due"]
    assert due.notna().sum() == (old["Due Date"] != "").sum() == 1_983


def test_placeholders_and_days(
    rows: pd.DataFrame,
    old: pd.DataFrame,
    new: pd.DataFrame,
    told: Callable[[str], dict[str, int]],
) -> None:
    sham = old["Closed Date"].str.startswith("01/01/1900").sum()
    assert told(OLD)["closed_is_a_placeholder"] == sham == 1
    midnight = new["closed_date"].dt.normalize() == new["closed_date"]
    assert midnight.sum() == 20_256
    open_now = new["status"].isin(["Open", "Assigned"])
    assert told(NEW)["open_but_closed"] == (open_now & new["closed_date"].notna()).sum()
    dated = rows.loc[new["unique_key"].astype(str), "by_day"] & DAY_BITS["closed"]
    assert (dated > 0).sum() == midnight.sum()
    assert (rows.loc[old["Unique Key"], "by_day"] == 0).all()


def test_missing_places(
    old: pd.DataFrame, new: pd.DataFrame, told: Callable[[str], dict[str, int]]
) -> None:
    assert told(OLD)["coordinates_missing"] == (old["Latitude"] == "").sum() == 598
    assert told(NEW)["coordinates_missing"] == new["latitude"].isna().sum() == 20
    vague = new["community_board"].str.startswith("Unspecified").sum()
    assert told(NEW)["place_unspecified"] == vague == 24


def test_points_agree_with_the_boards_that_are_named(
    city: City, rows: pd.DataFrame, new: pd.DataFrame
) -> None:
    named = new.set_index(new["unique_key"].astype(str))["community_board"]
    boards = named.str.extract(r"^(\d\d) (.+)$")
    boroughs = ("MANHATTAN", "BRONX", "BROOKLYN", "QUEENS", "STATEN ISLAND")
    digit = boards[1].map({name: str(n) for n, name in enumerate(boroughs, start=1)})
    wanted = (digit + boards[0]).dropna()
    units = city.sites["unit"].to_numpy()[rows.loc[wanted.index, "site"]]
    codes, levels = city.places["code"].to_numpy(), city.places["level"].to_numpy()
    parents = city.places["parent"].to_numpy()
    found = [codes[u] if levels[u] == "district" else codes[parents[u]] for u in units]
    # Tracts reach over the borders of districts and count for the one that has most of them.
    assert (wanted.to_numpy() == found).mean() > 0.97
