"""Buildings from their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from geodata.ingest.amounts import told
from geodata.ingest.files import ROW
from geodata.ingest.locate import WGS84, has_shape
from geodata.ingest.opening import opened
from geodata.ingest.pieces import apart, joined
from geodata.ingest.units import mended
from geodata.ingest.words import translated
from geodata.model.schemas import BUILDINGS
from geodata.store.tables import empty_shapes

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.ingest.files import Read
    from geodata.ingest.findings import Finding, Ledger
    from geodata.model.profile import Layer, Profile

AREAS: Final = (3, 6)
_FROM_PLACES: Final = {"building", "site", "lon", "lat"}


def read_buildings(profile: Profile, folder: Path, findings: list[Finding]) -> gpd.GeoDataFrame:
    """Read every file of buildings; one without a shape or a code of its own is rejected.

    Of two files that name a building the first describes it.
    """
    taken: set[str] = set()
    parts = [_buildings(layer, profile, folder, taken, findings) for layer in profile.buildings]
    if not parts:
        columns = {c: kind for c, kind in BUILDINGS.items() if c not in _FROM_PLACES}
        return empty_shapes({**columns, "unit": "string"})
    whole = pd.concat(parts, ignore_index=True)
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=WGS84)


def _buildings(
    layer: Layer, profile: Profile, folder: Path, taken: set[str], findings: list[Finding]
) -> gpd.GeoDataFrame:
    read, ledger = opened(layer, folder, profile, findings)
    read = translated(read, layer, ledger)
    frame = _described(read, ledger)
    if "code" not in read.frame:
        # A row alone is no code where there are other files; a slash would end it in an address.
        file = f"{read.file.replace('/', ':')}-" if len(profile.buildings) > 1 else ""
        frame["code"] = f"{file}b" + frame[ROW].astype("string")
    # Taken apart first, so that a part is mended as one thing and not split once more.
    parts = apart(gpd.GeoDataFrame(frame, geometry=read.shapes, crs=WGS84), layer, ledger)
    shapes = mended(gpd.GeoSeries(parts.geometry), parts, ledger, kinds=(0, *AREAS))
    buildings = joined(parts.set_geometry(shapes), layer, ledger)
    bare = pd.Series(~has_shape(buildings.geometry), index=buildings.index)
    buildings = _without(buildings, bare, "shape_missing", ledger)
    again = (buildings["code"] == "") | buildings["code"].duplicated()
    buildings = _without(buildings, again | buildings["code"].isin(taken), "code_twice", ledger)
    taken.update(buildings["code"])
    ledger.close(buildings[ROW].nunique())
    return buildings.drop(columns=ROW)


def _described(read: Read, ledger: Ledger) -> pd.DataFrame:
    """What a file says of its buildings, in the types of BUILDINGS."""
    frame = pd.DataFrame({ROW: read.frame[ROW]})
    for column, kind in BUILDINGS.items():
        if column not in _FROM_PLACES:
            text = kind == "string"
            frame[column] = read.text(column) if text else told(read, column, kind, ledger)
    frame["unit"] = read.text("unit")
    frame["name_zh"] = frame["name_zh"].where(frame["name_zh"] != "", frame["name_en"])
    frame["name_en"] = frame["name_en"].where(frame["name_en"] != "", frame["name_zh"])
    return frame


def _without(
    frame: gpd.GeoDataFrame, wrong: pd.Series, reason: str, ledger: Ledger
) -> gpd.GeoDataFrame:
    """Leave out wrong parts; a row is rejected once, and only if none of its parts is left."""
    left = frame[wrong].drop_duplicates(ROW)
    partly = left[ROW].isin(frame.loc[~wrong, ROW])
    for tell, mine in ((ledger.reject, left[~partly]), (ledger.keep, left[partly])):
        tell(reason, mine[ROW].tolist(), keys=mine["code"].astype(str).tolist())
    return frame[~wrong].reset_index(drop=True)
