"""Buildings, base map layers and alerts from their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.ingest.files import ROW, Read, read_layer
from geodata.ingest.findings import Finding, Ledger
from geodata.ingest.locate import WGS84, has_shape
from geodata.ingest.moments import parse
from geodata.ingest.placing import Placer
from geodata.ingest.units import mended, without
from geodata.model.schemas import ALERTS, BUILDINGS
from geodata.store.tables import empty, empty_shapes

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.ingest.codes import CodeLists
    from geodata.model.draft import Arranged
    from geodata.model.profile import Layer, Profile

ANY_SHAPE: Final = (0, 1, 2, 3, 4, 5, 6)
AREAS: Final = (3, 6)
WIDTHS_M: Final = {"1": 22.0, "2": 14.0, "3": 8.0}  # of roads, where the file has none
TIMES: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S")
LOWEST_ALERT: Final = 4
_FROM_PLACES: Final = {"building", "site", "lon", "lat"}


def read_buildings(profile: Profile, folder: Path, findings: list[Finding]) -> gpd.GeoDataFrame:
    """Read every file of buildings; one without a shape or a code of its own is rejected."""
    parts = [_buildings(layer, profile, folder, findings) for layer in profile.buildings]
    if not parts:
        columns = {c: kind for c, kind in BUILDINGS.items() if c not in _FROM_PLACES}
        return empty_shapes({**columns, "unit": "string"})
    joined = pd.concat(parts, ignore_index=True)
    if joined["code"].duplicated().any():
        # Between files: the first file that names a building describes it.
        again = joined["code"].duplicated()
        rows = Ledger("buildings", int(again.sum()), findings)
        rows.reject("code_twice", [0] * rows.read, joined["code"][again].tolist(), "name it once")
        joined = joined[~again].reset_index(drop=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=WGS84)


def _buildings(
    layer: Layer, profile: Profile, folder: Path, findings: list[Finding]
) -> gpd.GeoDataFrame:
    read = read_layer(layer, folder, profile.crs)
    ledger = Ledger(read.file, len(read.frame), findings, read.passed_over)
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
    shapes = mended(read.shapes, frame, ledger, kinds=(0, *AREAS))
    buildings = gpd.GeoDataFrame(frame, geometry=shapes, crs=WGS84)
    bare = pd.Series(~has_shape(buildings.geometry), index=buildings.index)
    buildings = without(buildings, bare, "shape_missing", "survey the building", ledger)
    again = (buildings["code"] == "") | buildings["code"].duplicated()
    buildings = without(buildings, again, "code_twice", "give it its own code", ledger)
    ledger.close(len(buildings))
    return buildings.drop(columns=ROW)


def read_basemap(
    profile: Profile, folder: Path, findings: list[Finding]
) -> dict[str, gpd.GeoDataFrame]:
    """Read the layers under the city: water, roads, green, blocks, details."""
    layers = {}
    for name, sources in profile.basemap.items():
        parts = [_basemap(layer, profile, folder, findings) for layer in sources]
        if parts:
            joined = pd.concat(parts, ignore_index=True)
            layers[name] = gpd.GeoDataFrame(joined, geometry="geometry", crs=WGS84)
    return layers


def _basemap(
    layer: Layer, profile: Profile, folder: Path, findings: list[Finding]
) -> gpd.GeoDataFrame:
    read = read_layer(layer, folder, profile.crs)
    ledger = Ledger(read.file, len(read.frame), findings, read.passed_over)
    cls = _whole(read.text("cls"), "int8")
    widths = pd.to_numeric(read.text("width_m"), errors="coerce").astype("float64")
    frame = pd.DataFrame(
        {
            ROW: read.frame[ROW],
            "code": read.frame[ROW].astype("string"),
            "kind": read.text("kind"),
            "cls": cls,
            "width_m": widths.fillna(cls.astype(str).map(WIDTHS_M)).fillna(WIDTHS_M["3"]),
            "name_zh": read.text("name_zh"),
            "name_en": read.text("name_en"),
        }
    )
    shapes = mended(read.shapes, frame, ledger, kinds=ANY_SHAPE)
    layer_frame = gpd.GeoDataFrame(frame, geometry=shapes, crs=WGS84)
    bare = pd.Series(~has_shape(layer_frame.geometry), index=layer_frame.index)
    layer_frame = without(layer_frame, bare, "shape_missing", "draw it or leave it out", ledger)
    ledger.close(len(layer_frame))
    return layer_frame.drop(columns=[ROW, "code"])


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
    read = read_layer(layer, folder, profile.crs)
    ledger = Ledger(read.file, len(read.frame), findings, read.passed_over)
    frame = _told(read, profile, lists)
    units, _ = placer.units(read.text("unit"), frame["lon"], frame["lat"], "", "code")
    frame["unit"] = units
    frame["site"], _ = placer.sites(read.text("building"), frame["lon"], frame["lat"], units)
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
