from __future__ import annotations

import gzip
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

import geodata
from geodata.ingest import draft_from_profile
from geodata.publish import publish
from geodata.store.snapshots import City, open_city

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def cases(real_data: Path) -> pd.DataFrame:
    path = real_data / "us_baltimore_311" / "311_sample.csv.gz"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def city(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    assert real_data.is_dir()
    data_dir = tmp_path_factory.mktemp("baltimore")
    profile = Path(geodata.__file__).parent / "profiles" / "baltimore.toml"
    publish(draft_from_profile(profile), data_dir)
    return open_city(data_dir)


@pytest.fixture(scope="module")
def rows(city: City) -> pd.DataFrame:
    found = pd.concat([pd.read_parquet(path) for path in city.incident_files()])
    return found.merge(city.sites, on="site", suffixes=("", "_site"))


def test_counts(city: City, rows: pd.DataFrame, cases: pd.DataFrame) -> None:
    assert (city.places["level"] == "neighborhood").sum() == 278
    assert len(rows) == len(cases) == 10_000
    assert len(city.departments) == cases["Agency"].nunique() == 16
    assert len(city.matters) == cases["SRType"].nunique() == 231
    assert len(city.sources) == cases["MethodReceived"].nunique()
    assert city.places.geometry.is_valid.all()
    assert city.places["area_km2"].iloc[0] == pytest.approx(
        city.places["area_km2"].iloc[1:].sum(), rel=1e-3
    )


def test_departments_and_sources_have_the_cases_they_have(
    city: City, rows: pd.DataFrame, cases: pd.DataFrame
) -> None:
    for column, table, theirs in (
        ("department", city.departments, "Agency"),
        ("source", city.sources, "MethodReceived"),
    ):
        ours = rows[column].map(table["name_en"]).value_counts().to_dict()
        assert ours == cases[theirs].value_counts().to_dict()


def test_neighborhoods_have_the_cases_that_name_them(
    city: City, rows: pd.DataFrame, cases: pd.DataFrame
) -> None:
    ours = city.places["name_en"].to_numpy()[rows["unit"]]
    named = cases["Neighborhood"].replace("", "Baltimore")
    # A case without a name may still lie in a polygon, by its coordinates.
    blank = cases[cases["Neighborhood"] == ""]
    lat, lon = (pd.to_numeric(blank[c]) for c in ("Latitude", "Longitude"))
    known = lat.notna() & (lat % 1 != 0)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon[known], lat[known]), crs=4326)
    areas = city.places[city.places["level"] == "neighborhood"][["geometry"]]
    located = gpd.sjoin(points, areas, predicate="intersects")
    assert len(located) == 0
    assert pd.Series(ours).value_counts().to_dict() == named.value_counts().to_dict()


def test_deadlines(rows: pd.DataFrame, cases: pd.DataFrame) -> None:
    written = "%m/%d/%Y %I:%M:%S %p"
    close = pd.to_datetime(cases["CloseDate"], format=written, errors="coerce")
    due = pd.to_datetime(cases["DueDate"], format=written, errors="coerce")
    assert rows["due"].notna().sum() == due.notna().sum() == 9_714
    assert rows["closed"].notna().sum() == close.notna().sum() == 9_792
    late = rows["closed"].astype("Int64") > rows["due"].astype("Int64")
    assert late.sum() == (close > due).sum() == 1_567
    duplicate = cases["SRStatus"].str.contains("Duplicate")
    assert rows["voided"].notna().sum() == duplicate.sum()


def test_moments_are_local_times(rows: pd.DataFrame, cases: pd.DataFrame) -> None:
    local = pd.to_datetime(rows["reported"].astype("int64"), unit="s", utc=True)
    local = local.dt.tz_convert("America/New_York").dt.strftime("%m/%d/%Y %I:%M:%S %p")
    ours = dict(zip(rows["key"], local, strict=True))
    assert ours == dict(zip(cases["SRRecordID"], cases["CreatedDate"], strict=True))


def test_findings(city: City, cases: pd.DataFrame, real_data: Path) -> None:
    found = city.findings.groupby("reason")["rows"].sum()
    lat = pd.to_numeric(cases["Latitude"])
    assert found["coordinates_missing"] == lat.isna().sum() == 590
    assert found["coordinates_rounded_away"] == (lat % 1 == 0).sum() == 892
    path = real_data / "us_baltimore_311" / "baltimore.geojson.gz"
    with gzip.open(path) as file:
        assert found["invalid_polygon"] == (~gpd.read_file(file).is_valid).sum() == 2
    read = city.findings[city.findings["reason"] == "read"].set_index("file")["rows"]
    assert read.to_dict() == {"baltimore.geojson.gz": 278, "311_sample.csv.gz": 10_000}
    assert not (city.findings["action"] == "rejected").any()


def test_the_clock_stands_at_the_newest_record(city: City, cases: pd.DataFrame) -> None:
    written = "%m/%d/%Y %I:%M:%S %p"
    newest = max(
        pd.to_datetime(cases[column], format=written).max()
        for column in ("CreatedDate", "CloseDate")
    )
    assert city.now() == newest.tz_localize("America/New_York").timestamp()
