"""A town in which plans become law: with people, households and places outdoors."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import geopandas as gpd

from geodata.publish import publish
from geodata.scenarios import grounds
from geodata.store.snapshots import open_city
from tests.geodata.conftest import Sketch
from tests.geodata.scenarios.conftest import CRS, box, town, units


def published() -> Path:
    """Where it lies, published once, with its ground."""
    return Path(_home().name)


@cache
def _home() -> TemporaryDirectory[str]:
    """Its folder, which goes when the tests have ended."""
    home = TemporaryDirectory(prefix="yiping-lawtown-")
    folder = Path(home.name)
    places = units()
    places.loc[places["level"] == "grid", ["people", "households"]] = 1_000, 300
    outside = [box(west, 310, 2, 2).centroid for west in range(40, 2_400, 170)]
    open_air = gpd.GeoDataFrame({"unit": ""}, geometry=outside, index=range(len(outside)), crs=CRS)
    with patch("geodata.publish.draw"):
        publish(town(Sketch(), units=places, outdoors=open_air), folder)
    grounds.make(open_city(folder))
    return home
