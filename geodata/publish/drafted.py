"""A draft plan as one more division of the live city, so that it can be asked what it would count.

Nothing of the snapshot is touched; what is drawn lies with the plan (`store.drawings`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from geodata.ingest.locate import WGS84
from geodata.model.schemas import PLACES
from geodata.publish.divisions import NO_RANGE
from geodata.publish.hierarchies import Made, tables
from geodata.publish.numbering import number_units
from geodata.publish.shapes import measure
from geodata.scenarios.redrawn import redrawn
from geodata.store import drawings
from geodata.store.divisions import Division
from geodata.store.tables import conform, write

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.redrawn import Redrawn
    from geodata.store.snapshots import City

MEASURED = ("area_km2", "label_lon", "label_lat")


def draw(city: City, grounded: Grounded, plan: Plan, name: str, names: tuple[str, str]) -> Division:
    """Have the city be asked under a plan; drawn once for each state of it.

    name: id of the plan; names: what it is called, in Chinese and English.

    Raises:
        SnapshotError: the city cannot be read.
    """
    key = f"{drawings.asked_of(name)}.{plan.key}"
    division = Division(key, *names, "")
    return drawings.keep(
        city.data_dir, city.id, division,
        lambda folder: _write(folder, made(city, redrawn(city, grounded, plan), division)),
    )  # fmt: skip


def made(city: City, under: Redrawn, division: Division) -> Made:
    """The hierarchy of a city under a plan."""
    places = number_units(under.units.assign(same=under.same), city.profile)
    row = {code: number for number, code in enumerate(places["code"])}
    codes = under.units["code"].tolist()
    moved = np.array([row[code] for code in codes], dtype=np.int32)
    return Made(
        division.key, division.name_zh, division.name_en, division.until, city.profile.levels,
        conform_places(city, places), moved[under.site],
    )  # fmt: skip


def conform_places(city: City, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Numbered units as PLACES; what is measured of an unchanged shape is taken as it was."""
    same = places["same"].to_numpy()
    old = city.places[list(MEASURED)].to_numpy()[np.maximum(same, 0)]
    fresh = same < 0
    if fresh.any():
        own = gpd.GeoDataFrame(places.loc[fresh], geometry="geometry", crs=WGS84)
        old[fresh] = measure(own)[list(MEASURED)].to_numpy()
    whole = places.assign(
        **dict(zip(MEASURED, old.T, strict=True)), site_from=NO_RANGE, site_to=NO_RANGE
    )
    return gpd.GeoDataFrame(conform(whole, PLACES, "places"), geometry="geometry", crs=WGS84)


def _write(folder: Path, hierarchy: Made) -> None:
    for name, table, schema in tables(hierarchy):
        write(conform(table, schema, name), folder / f"{name}.parquet")
