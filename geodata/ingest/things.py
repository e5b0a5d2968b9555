"""Buildings and alerts from their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.ingest.files import ROW, Read
from geodata.ingest.findings import Finding, Ledger
from geodata.ingest.locate import WGS84, has_shape
from geodata.ingest.moments import parse
from geodata.ingest.opening import opened
from geodata.ingest.pieces import apart, joined
from geodata.ingest.placing import Placer
from geodata.ingest.units import mended, without
from geodata.ingest.words import translated
from geodata.model.schemas import ALERTS, BUILDINGS
from geodata.store.tables import empty, empty_shapes

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.ingest.codes import CodeLists
    from geodata.model.draft import Arranged
    from geodata.model.profile import Layer, Profile

AREAS: Final = (3, 6)
TIMES: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S")
LOWEST_ALERT: Final = 4
_FROM_PLACES: Final = {"building", "site", "lon", "lat"}


def read_buildings(profile: Profile, folder: Path, findings: list[Finding]) -> gpd.GeoDataFrame:
    """Read every file of buildings; one without a shape or a code of its own is rejected."""
    parts = [_buildings(layer, profile, folder, findings) for layer in profile.buildings]
    if not parts:
        columns = {c: kind for c, kind in BUILDINGS.items() if c not in _FROM_PLACES}
        return empty_shapes({**columns, "unit": "string"})
    whole = pd.concat(parts, ignore_index=True)
    if whole["code"].duplicated().any():
        # Between files: the first file that names a building describes it.
        again = whole["code"].duplicated()
        rows = Ledger("buildings", int(again.sum()), findings)
        rows.reject("code_twice", [0] * rows.read, whole["code"][again].tolist(), "name it once")
        whole = whole[~again].reset_index(drop=True)
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=WGS84)


def _buildings(
    layer: Layer, profile: Profile, folder: Path, findings: list[Finding]
) -> gpd.GeoDataFrame:
    read, ledger = opened(layer, folder, profile, findings)
    read = translated(read, layer, ledger)
    frame = pd.DataFrame({ROW: read.frame[ROW]})
    for column, kind in BUILDINGS.items():
        if column in _FROM_PLACES:
            continue
        text = read.text(column)
        frame[column] = text if kind == "string" else _whole(text, kind)
    frame["unit"] = read.text("unit")
    if "code" not in read.frame:
        frame["code"] = "b" + read.frame[ROW].astype("string")
    frame["name_zh"] = frame["name_zh"].where(frame["name_zh"] != "", frame["name_en"])
    frame["name_en"] = frame["name_en"].where(frame["name_en"] != "", frame["name_zh"])
    # Taken apart first, so that a part is mended as one thing and not split once more.
    parts = apart(gpd.GeoDataFrame(frame, geometry=read.shapes, crs=WGS84), layer, ledger)
    shapes = mended(gpd.GeoSeries(parts.geometry), parts, ledger, kinds=(0, *AREAS))
    buildings = joined(parts.set_geometry(shapes), layer, ledger)
    bare = pd.Series(~has_shape(buildings.geometry), index=buildings.index)
    buildings = without(buildings, bare, "shape_missing", "survey the building", ledger)
    again = (buildings["code"] == "") | buildings["code"].duplicated()
    buildings = without(buildings, again, "code_twice", "give it its own code", ledger)
    ledger.close(buildings[ROW].nunique())
    return buildings.drop(columns=ROW)


def read_alerts(
    profile: Profile, folder: Path, lists: CodeLists, arranged: Arranged, findings: list[Finding]
) -> pd.DataFrame:
    """Read the alerts; one whose moment cannot be read is rejected."""
    parts = [
        _alerts(layer, profile, folder, lists, Placer(arranged, 0.0), findings)
        for layer in profile.alerts
    ]
    return pd.concat(parts, ignore_index=True) if parts else empty(ALERTS)


def _alerts(  # noqa: PLR0913, PLR0917 (what an alert refers to)
    layer: Layer,
    profile: Profile,
    folder: Path,
    lists: CodeLists,
    placer: Placer,
    findings: list[Finding],
) -> pd.DataFrame:
    read, ledger = opened(layer, folder, profile, findings)
    frame = _told(read, profile, lists)
    found = placer.units(read.text("unit"), frame["lon"], frame["lat"], "", "code")
    frame["unit"] = found.units
    frame["site"], _ = placer.sites(read.text("building"), frame["lon"], frame["lat"], found)
    frame["alert"] = np.int32(0)
    unread = frame["raised"].isna()
    left = frame[unread]
    cure = f"write `raised` like {TIMES[0]}"
    ledger.reject("raised_unreadable", left[ROW].tolist(), left["key"].tolist(), cure)
    ledger.close(int((~unread).sum()))
    return frame.loc[~unread, list(ALERTS)]


def _told(read: Read, profile: Profile, lists: CodeLists) -> pd.DataFrame:
    """What a file says of its alerts, in the types of ALERTS."""
    frame = pd.DataFrame({ROW: read.frame[ROW], "key": read.text("title_zh")})
    for column in ("title_zh", "title_en", "reason_zh", "reason_en"):
        frame[column] = read.text(column)
    for column in ("lon", "lat"):
        frame[column] = pd.to_numeric(read.text(column), errors="coerce").astype("float64")
    for column in ("raised", "cleared"):
        frame[column] = parse(read.text(column), TIMES, profile.time_zone).seconds
    levels = pd.to_numeric(read.text("level"), errors="coerce").fillna(LOWEST_ALERT)
    frame["level"] = levels.clip(1, LOWEST_ALERT).astype("int8")
    frame["cases"] = _whole(read.text("cases"), "int32")
    categories = read.text("category").map(lists.categories.find)
    frame["category"] = categories.astype("int16")
    return frame


def _whole(text: pd.Series, kind: str) -> pd.Series:
    """Read whole numbers; what is none, or does not fit, is 0."""
    limits = np.iinfo(np.dtype(kind))
    numbers = pd.to_numeric(text, errors="coerce").astype("float64").fillna(0).round()
    fits = numbers.between(limits.min, limits.max)
    return pd.Series(numbers.where(fits, 0).to_numpy().astype(kind), index=text.index)
