"""Boundaries, buildings and base maps of real cities against counts made without the importer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import geodata
from geodata.ingest import draft_from_profile

if TYPE_CHECKING:
    from geodata.model.draft import Draft

pytestmark = pytest.mark.real
FEET = "EPSG:2263"


def read(name: str) -> Draft:
    return draft_from_profile(Path(geodata.__file__).parent / "profiles" / f"{name}.toml")


def reasons(draft: Draft, file: str = "") -> dict[str, int]:
    table = pd.DataFrame(draft.findings)
    mine = table[table["file"] == file] if file else table
    return mine.groupby("reason")["rows"].sum().to_dict()


def area(shapes: gpd.GeoDataFrame | gpd.GeoSeries) -> float:
    """Square degrees: good to compare the same shapes with."""
    return float(shapely.area(np.asarray(shapes.geometry.array)).sum())


@pytest.fixture(scope="module")
def newyork(real_data: Path) -> Draft:
    assert real_data.is_dir()
    return read("newyork")


@pytest.fixture(scope="module")
def beijing(real_data: Path) -> Draft:
    assert real_data.is_dir()
    return read("beijing")


def test_pinggu(real_data: Path) -> None:
    draft = read("pinggu")
    villages = pd.read_csv(real_data / "cn_admin_codes" / "villages_target_areas.csv", dtype=str)
    mine = villages[villages["areaCode"] == "110117"]
    by_level = draft.units.groupby("level").size().to_dict()
    assert by_level == {"district": 1, "street": 18, "community": len(mine) == 323 and 323}
    children = draft.units[draft.units["level"] == "community"].groupby("parent").size()
    assert children.to_dict() == mine["streetCode"].value_counts().to_dict()
    found = reasons(draft)
    assert found["label_reversed"] == 19
    assert not {"borders_overlap", "borders_sliver", "borders_gap", "parent_uncovered"} & set(found)


def test_beijing(beijing: Draft, real_data: Path) -> None:
    by_level = beijing.units.groupby("level").size().to_dict()
    folder = real_data / "cn_beijing_subdistricts" / "subdistrict"
    streets = {
        str(feature["properties"]["code"])[:9]
        for path in folder.glob("*.geojson")
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    }
    villages = pd.read_parquet(real_data / "cn_admin_codes" / "villages.parquet")
    parents = villages["streetCode"].astype(str)
    areas = {"110101", "110102", "110111", "110114", "110115", "110117"}
    wanted = villages["areaCode"].astype(str).isin(areas)
    assert by_level["district"] == 6
    assert by_level["street"] == len(streets) == 122
    assert by_level["community"] == (wanted & parents.isin(streets)).sum()
    assert reasons(beijing)["parent_not_found"] == (wanted & ~parents.isin(streets)).sum() == 6
    assert reasons(beijing)["label_reversed"] == 6 + 122


def test_the_city_of_several_files_is_all_of_them(beijing: Draft) -> None:
    city = beijing.units[beijing.units["level"] == "city"].geometry.iloc[0]
    districts = beijing.units[beijing.units["level"] == "district"].geometry
    assert shapely.area(city) == pytest.approx(area(districts), rel=1e-4)
    assert len(shapely.get_parts(city)) >= 4


def test_tracts_of_new_york_nest_by_most_common_ground(newyork: Draft, real_data: Path) -> None:
    folder = real_data / "us_nyc_boundaries"
    tracts = gpd.read_file(f"zip://{folder / 'nyct2010.zip'}")
    boards = gpd.read_file(folder / "community-districts.geojson").to_crs(FEET)
    pieces = gpd.overlay(
        tracts[["BoroCT2010", "geometry"]].set_geometry(tracts.geometry.buffer(0)),
        boards[["BoroCD", "geometry"]].set_geometry(boards.geometry.buffer(0)),
    )
    pieces["area"] = pieces.area
    best = pieces.sort_values("area").groupby("BoroCT2010").tail(1)
    wanted = dict(zip(best["BoroCT2010"], best["BoroCD"].astype(str), strict=True))
    ours = newyork.units[newyork.units["level"] == "tract"]
    assert len(ours) == len(tracts) == 2_165
    found = dict(zip(ours["code"], ours["parent"], strict=True))
    assert found == wanted
    by_level = newyork.units.groupby("level").size().to_dict()
    assert by_level == {"city": 1, "borough": 5, "district": 71, "tract": 2_165}
    # The first digit of a district is its borough's.
    districts = newyork.units[newyork.units["level"] == "district"]
    assert (districts["code"].str[0] == districts["parent"]).all()


def test_neighbourhoods_are_a_second_hierarchy(newyork: Draft, real_data: Path) -> None:
    tracts = gpd.read_file(f"zip://{real_data / 'us_nyc_boundaries' / 'nyct2010.zip'}")
    ours = newyork.divisions["nta"].set_index("unit")["code"].to_dict()
    # The file of tracts names the neighbourhood itself.
    assert ours == dict(zip(tracts["BoroCT2010"], tracts["NTACode"], strict=True))
    assert newyork.divisions["nta"]["code"].nunique() == 195
    assert reasons(newyork, "division nta")["units_straddle"] > 0


def test_buildings_of_new_york(newyork: Draft, real_data: Path) -> None:
    path = real_data / "us_nyc_buildings_osm" / "manhattan_osm_buildings.parquet"
    raw = gpd.read_parquet(path)
    whole = raw[raw["kind"] == "building"]
    assert len(newyork.buildings) == len(whole) == whole["id"].nunique()
    told = reasons(newyork, f"us_nyc_buildings_osm/{path.name}")
    assert told["belongs_elsewhere"] == len(raw) - len(whole)
    assert area(newyork.buildings) == pytest.approx(area(whole))


def test_buildings_of_shanghai_are_put_together_from_tiles(real_data: Path) -> None:
    draft = read("shanghai")
    raw = gpd.read_parquet(real_data / "cn_osm_extracts" / "shanghai_buildings.parquet")
    whole = raw[raw["kind"] == "building"]
    solid = whole[whole.geom_type == "Polygon"]
    assert len(draft.buildings) == whole["id"].nunique()
    file = reasons(draft, "cn_osm_extracts/shanghai_buildings.parquet")
    assert file["piece_joined"] == len(whole) - whole["id"].nunique()
    assert file["belongs_elsewhere"] == len(raw) - len(whole)
    joined = solid.dissolve(by="id").geometry
    assert (draft.buildings.geom_type != "Point").sum() == len(joined)
    assert area(draft.buildings) == pytest.approx(area(joined), rel=1e-9)
    assert set(draft.basemap) == {"water", "roads", "green", "blocks"}
    roads = gpd.read_parquet(real_data / "cn_osm_extracts" / "shanghai_roads.parquet")
    arterial = roads["kind_detail"].isin(["primary", "primary_link"]).sum()
    assert (draft.basemap["roads"]["cls"] == "arterial").sum() == arterial
    assert np.isin(draft.basemap["water"].geom_type, ["Polygon", "MultiPolygon"]).all()


def test_shenzhen_from_a_shapefile_without_a_projection(real_data: Path) -> None:
    draft = read("shenzhen10")
    geojson = gpd.read_file(real_data / "cn_shenzhen_districts10" / "sz.json").set_index("qh")
    districts = draft.units[draft.units["level"] == "district"].set_index("name_zh")
    assert len(districts) == 10
    for name, shape in geojson.geometry.items():
        called = "大鹏新区" if name == "大鹏" else f"{name}区"
        other = districts.geometry[called]
        shared = shapely.intersection(shape, other).area / shapely.union(shape, other).area
        assert shared == pytest.approx(1, abs=1e-6), name
    raw = gpd.read_file(real_data / "cn_nanshan_buildings" / "nanshan-building.geojson")
    assert len(draft.buildings) == len(raw.explode()) == 5_438
    assert reasons(draft)["invalid_polygon"] == (~raw.explode().is_valid).sum() == 3
    assert draft.buildings["code"].is_unique
    assert len(draft.basemap["roads"]) == 8
