from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.ingest.placing import Placer
from geodata.journal.codes import Codes
from geodata.journal.places import Places, Spot
from geodata.model.draft import Arranged
from geodata.model.profile import IncidentFeed, Layer
from geodata.publish import publish
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.store.snapshots import City
    from tests.geodata.conftest import Sketch

NAN = float("nan")


@pytest.fixture(scope="module")
def streets(sketch: Sketch, tmp_path_factory: pytest.TempPathFactory) -> City:
    """Two streets with houses, and a lamp post in the second."""
    post = gpd.GeoDataFrame(
        {"unit": ["10100"]}, geometry=[shapely.Point(401_100, 4_400_300)], crs="EPSG:32650"
    )
    feed = IncidentFeed(layer=Layer(path="x"), source="a", nearest_m=20)
    draft = sketch.draft(outdoors=post, profile=sketch.profile(incidents=(feed,)))
    folder: Path = tmp_path_factory.mktemp("streets")
    publish(draft, folder)
    return open_city(folder)


def at(x: float, y: float, **more: str) -> Spot:
    point = gpd.GeoSeries([shapely.Point(400_000 + x, 4_400_000 + y)], crs="EPSG:32650")
    wgs84 = point.to_crs("EPSG:4326")[0]
    return Spot(wgs84.x, wgs84.y, **more)


def told(city: City, spot: Spot, source: str = "a") -> tuple[int, str, int]:
    """Kind of the site, code of its unit, and its building."""
    row = city.sites.iloc[int(Places(Codes(city)).sites([spot], [source])[0])]
    return int(row["kind"]), str(city.places["code"].iloc[int(row["unit"])]), int(row["building"])


def test_a_building_is_found_by_code_by_footprint_and_near_by(streets: City) -> None:
    assert told(streets, Spot(building="h0001")) == (0, "10100", 1)
    assert told(streets, at(1_100, 500)) == (0, "10100", 1)
    assert told(streets, at(1_120, 500)) == (0, "10100", 1)
    assert told(streets, at(1_140, 500)) == (2, "10100", -1)


def test_a_case_in_the_street_belongs_to_the_atom_beside_it(streets: City) -> None:
    assert told(streets, at(1_110, 310))[:2] == (1, "10100")
    assert told(streets, at(1_110, 380))[0] == 2
    # Near by, but of another unit.
    assert told(streets, at(1_110, 310, unit="100"))[:2] == (2, "100")


def test_a_point_is_in_the_deepest_unit_that_holds_it(streets: City) -> None:
    assert told(streets, at(1_500, 900)) == (2, "10101", -1)
    assert told(streets, at(5_000, 900)) == (2, "1", -1)


def test_a_unit_is_taken_by_its_code(streets: City) -> None:
    assert told(streets, Spot(unit="100W")) == (2, "100w", -1)
    assert told(streets, at(1_500, 900, unit="100")) == (2, "100", -1)
    assert told(streets, at(1_500, 900, unit="nowhere")) == (2, "10101", -1)


def test_nothing_is_never_lost(streets: City) -> None:
    assert told(streets, Spot(building="gone")) == (2, "1", -1)
    assert told(streets, Spot()) == (2, "1", -1)


def test_points_are_placed_as_an_import_places_them(city: City) -> None:
    """The same units and buildings for points over and around the city."""
    rng = np.random.default_rng(7)
    west, south, east, north = city.places.total_bounds
    lon = pd.Series(rng.uniform(west - 0.005, east + 0.005, 600))
    lat = pd.Series(rng.uniform(south - 0.005, north + 0.005, 600))
    # Some stand exactly on a border.
    lon.iloc[:50] = (lon.iloc[:50] * 100).round() / 100
    nothing = pd.Series([""] * 600)
    shapes = city.footprints.shapes(np.arange(len(city.buildings)))
    houses = gpd.GeoDataFrame(city.buildings, geometry=shapes, crs="EPSG:4326")
    arranged = Arranged(city.places, city.sites, houses, gpd.GeoDataFrame())
    placer = Placer(arranged, 0.0)
    placed = placer.units(nothing, lon, lat, "", "polygon")
    wanted, _ = placer.sites(nothing, lon, lat, placed)
    spots = [Spot(x, y) for x, y in zip(lon, lat, strict=True)]
    found = Places(Codes(city)).sites(spots, ["a"] * 600)
    assert found.tolist() == wanted.tolist()
    assert len(set(found.tolist())) > 15
