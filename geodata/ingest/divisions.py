"""Hierarchies beside the administrative one: its lowest units shared out by common ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.ingest import pieces
from geodata.ingest.files import ROW
from geodata.ingest.findings import finding
from geodata.ingest.locate import WGS84, has_shape
from geodata.ingest.names import romanised, slug
from geodata.ingest.nesting import nested
from geodata.ingest.opening import opened
from geodata.ingest.parents import joined
from geodata.ingest.units import mended, without
from geodata.ingest.words import translated

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.ingest.findings import Finding
    from geodata.model.profile import Division, Layer, Profile

_POLYGONS = (3, 6)


def read_divisions(
    profile: Profile, folder: Path, units: gpd.GeoDataFrame, findings: list[Finding]
) -> dict[str, pd.DataFrame]:
    """Read each division: a row for every lowest unit with its code there (see `Draft.divisions`).

    Raises:
        ImportRefusedError: a file cannot be used as a whole.
    """
    shaped = units[has_shape(units.geometry)]
    lowest = shaped[~shaped["code"].isin(units["parent"].unique())]
    return {
        division.key: _shared_out(division, profile, folder, lowest, findings)
        for division in profile.divisions
    }


def _shared_out(
    division: Division,
    profile: Profile,
    folder: Path,
    lowest: gpd.GeoDataFrame,
    findings: list[Finding],
) -> pd.DataFrame:
    parts = [_areas(layer, profile, folder, findings) for layer in division.sources]
    areas = joined(parts)
    found = nested(*(np.asarray(s.geometry.array, dtype=np.object_) for s in (lowest, areas)))
    name = f"division {division.key}"
    if count := int(found.straddles.sum()):
        detail = found.detail
        findings.append(finding(name, "read", "units_straddle", detail=detail, rows=count))
    known = found.row >= 0
    chosen = areas.iloc[found.row[known]][["code", "name_zh", "name_en", "kind"]]
    table = pd.DataFrame(chosen).reset_index(drop=True)
    bare = ~areas["code"].isin(table["code"])
    findings.extend(
        finding(name, "rejected", "division_area_empty", key=str(code))
        for code in areas.loc[bare, "code"]
    )
    return table.assign(unit=lowest["code"].to_numpy()[known])


def _areas(
    layer: Layer, profile: Profile, folder: Path, findings: list[Finding]
) -> gpd.GeoDataFrame:
    """Units of a division as its file has them."""
    read, ledger = opened(layer, folder, profile, findings)
    read = translated(read, layer, ledger)
    zh, en = read.text("name_zh"), read.text("name_en")
    names = en.where(en != "", zh)
    frame = pd.DataFrame(
        {
            "code": read.text("code") if "code" in read.frame else names.map(slug),
            "name_zh": zh.where(zh != "", en),
            "name_en": en.where(en != "", zh.map(romanised)),
            "kind": read.text("kind"),
            ROW: read.frame[ROW],
        }
    )
    shapes = mended(read.shapes, frame, ledger, kinds=_POLYGONS)
    areas = pieces.joined(gpd.GeoDataFrame(frame, geometry=shapes, crs=WGS84), layer, ledger)
    areas = without(areas, areas["code"] == "", "code_missing", "", ledger)
    areas = without(areas, areas["code"].duplicated(), "code_twice", "", ledger)
    ledger.close(len(areas))
    return areas.drop(columns=ROW)
