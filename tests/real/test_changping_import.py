from __future__ import annotations

import json
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
def city(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    assert real_data.is_dir()
    data_dir = tmp_path_factory.mktemp("changping")
    profile = Path(geodata.__file__).parent / "profiles" / "changping.toml"
    publish(draft_from_profile(profile), data_dir)
    return open_city(data_dir)


def test_counts_by_street(city: City, real_data: Path) -> None:
    villages = pd.read_csv(real_data / "cn_admin_codes" / "villages_target_areas.csv", dtype=str)
    mine = villages[villages["areaCode"] == "110114"]
    streets = city.tree.children(0)
    assert len(streets) == mine["streetCode"].nunique() == 22
    assert len(city.tree.cells(0, "community")) == len(mine) == 572
    ours = {city.tree.codes[street]: len(city.tree.children(street)) for street in streets}
    assert ours == mine["streetCode"].value_counts().to_dict()


def test_streets_tile_the_district(city: City, real_data: Path) -> None:
    path = real_data / "cn_beijing_subdistricts" / "subdistrict" / "changping-all.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    names = {str(f["properties"]["code"])[:9]: f["properties"]["Name"] for f in features}
    streets = city.places[city.places["level"] == "street"]
    assert dict(zip(streets["code"], streets["name_zh"], strict=True)) == names
    assert streets["area_km2"].sum() == pytest.approx(city.places["area_km2"].iloc[0], rel=1e-6)
    utm = gpd.GeoSeries(streets.geometry).to_crs(32650).area.to_numpy() / 1e6
    assert streets["area_km2"].to_numpy() == pytest.approx(utm, rel=2e-3)
    assert "borders_do_not_fit" not in set(city.findings["reason"])


def test_communities_are_a_list(city: City) -> None:
    communities = city.places[city.places["level"] == "community"]
    assert communities.geometry.isna().all()
    assert communities["label_lon"].isna().all()
    assert (communities["name_en"].str.isascii() & (communities["name_en"] != "")).all()
    assert city.incident_files() == []
    assert city.categories.empty
