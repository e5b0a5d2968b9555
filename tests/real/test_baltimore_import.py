from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.store.snapshots import City

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def rows(baltimore: City) -> pd.DataFrame:
    found = pd.concat([pd.read_parquet(path) for path in baltimore.incident_files()])
    return found.merge(baltimore.sites, on="site", suffixes=("", "_site"))


def test_counts(baltimore: City, rows: pd.DataFrame, requests_311: pd.DataFrame) -> None:
    assert (baltimore.places["level"] == "neighborhood").sum() == 278
    assert len(rows) == len(requests_311) == 10_000
    assert len(baltimore.departments) == requests_311["Agency"].nunique() == 16
    assert len(baltimore.matters) == requests_311["SRType"].nunique() == 231
    assert len(baltimore.sources) == requests_311["MethodReceived"].nunique()
    assert baltimore.places.geometry.is_valid.all()
    assert baltimore.places["area_km2"].iloc[0] == pytest.approx(
        baltimore.places["area_km2"].iloc[1:].sum(), rel=1e-3
    )


def test_departments_and_sources_have_the_cases_they_have(
    baltimore: City, rows: pd.DataFrame, requests_311: pd.DataFrame
) -> None:
    for column, table, theirs in (
        ("department", baltimore.departments, "Agency"),
        ("source", baltimore.sources, "MethodReceived"),
    ):
        ours = rows[column].map(table["name_en"]).value_counts().to_dict()
        assert ours == requests_311[theirs].value_counts().to_dict()


def test_neighborhoods_have_the_cases_that_name_them(
    baltimore: City, rows: pd.DataFrame, requests_311: pd.DataFrame
) -> None:
    ours = baltimore.places["name_en"].to_numpy()[rows["unit"]]
    named = requests_311["Neighborhood"].replace("", "Baltimore")
    # A case without a name may still lie in a polygon, by its coordinates.
    blank = requests_311[requests_311["Neighborhood"] == ""]
    lat, lon = (pd.to_numeric(blank[c]) for c in ("Latitude", "Longitude"))
    known = lat.notna() & (lat % 1 != 0)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon[known], lat[known]), crs=4326)
    areas = baltimore.places[baltimore.places["level"] == "neighborhood"][["geometry"]]
    located = gpd.sjoin(points, areas, predicate="intersects")
    assert len(located) == 0
    assert pd.Series(ours).value_counts().to_dict() == named.value_counts().to_dict()


def test_deadlines(rows: pd.DataFrame, requests_311: pd.DataFrame) -> None:
    written = "%m/%d/%Y %I:%M:%S %p"
    close = pd.to_datetime(requests_311["CloseDate"], format=written, errors="coerce")
    due = pd.to_datetime(requests_311["DueDate"], format=written, errors="coerce")
    assert rows["due"].notna().sum() == due.notna().sum() == 9_714
    assert rows["closed"].notna().sum() == close.notna().sum() == 9_792
    late = rows["closed"].astype("Int64") > rows["due"].astype("Int64")
    assert late.sum() == (close > due).sum() == 1_567
    duplicate = requests_311["SRStatus"].str.contains("Duplicate")
    assert rows["voided"].notna().sum() == duplicate.sum()


def test_moments_are_local_times(rows: pd.DataFrame, requests_311: pd.DataFrame) -> None:
    local = pd.to_datetime(rows["reported"].astype("int64"), unit="s", utc=True)
    local = local.dt.tz_convert("America/New_York").dt.strftime("%m/%d/%Y %I:%M:%S %p")
    ours = dict(zip(rows["key"], local, strict=True))
    assert ours == dict(zip(requests_311["SRRecordID"], requests_311["CreatedDate"], strict=True))


def test_findings(baltimore: City, requests_311: pd.DataFrame, real_data: Path) -> None:
    found = baltimore.findings.groupby("reason")["rows"].sum()
    lat = pd.to_numeric(requests_311["Latitude"])
    assert found["coordinates_missing"] == lat.isna().sum() == 590
    assert found["coordinates_rounded_away"] == (lat % 1 == 0).sum() == 892
    path = real_data / "us_baltimore_311" / "baltimore.geojson.gz"
    with gzip.open(path) as file:
        assert found["invalid_polygon"] == (~gpd.read_file(file).is_valid).sum() == 2
    read = baltimore.findings[baltimore.findings["reason"] == "read"].set_index("file")["rows"]
    assert read.to_dict() == {"baltimore.geojson.gz": 278, "311_sample.csv.gz": 10_000}
    assert not (baltimore.findings["action"] == "rejected").any()


def test_the_clock_stands_at_the_newest_record(baltimore: City, requests_311: pd.DataFrame) -> None:
    written = "%m/%d/%Y %I:%M:%S %p"
    newest = max(
        pd.to_datetime(requests_311[column], format=written).max()
        for column in ("CreatedDate", "CloseDate")
    )
    assert baltimore.now() == newest.tz_localize("America/New_York").timestamp()
