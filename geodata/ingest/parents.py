"""Parents that a file does not name: the only unit above, else the one with most common ground."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.ingest.locate import WGS84, has_shape
from geodata.ingest.nesting import nested

if TYPE_CHECKING:
    import shapely

    from geodata.ingest.findings import Ledger
    from geodata.model.profile import Level, Profile


@dataclass
class Gathered:
    """Units of the levels read so far."""

    parts: list[gpd.GeoDataFrame] = field(default_factory=list)
    level_of: dict[str, str] = field(default_factory=dict)  # code → level key

    def add(self, part: gpd.GeoDataFrame, level: Level) -> None:
        """Take in the units of one file."""
        self.parts.append(part)
        self.level_of.update(dict.fromkeys(part["code"], level.key))

    def of_level(self, key: str) -> gpd.GeoDataFrame | None:
        """Units of one level; None where it has none."""
        mine = [part for part in self.parts if len(part) and (part["level"] == key).all()]
        return joined(mine) if mine else None

    def shapes(self) -> dict[str, shapely.Geometry]:
        """Polygon of every unit that has one, by code."""
        found: dict[str, shapely.Geometry] = {}
        for part in self.parts:
            there = part[has_shape(part.geometry)]
            found.update(zip(there["code"], there.geometry, strict=True))
        return found

    def above(self, level: Level, profile: Profile) -> list[str]:
        """Codes that may be a parent: those of the higher levels."""
        keys = higher(level, profile)
        return [code for code, key in self.level_of.items() if key in keys]


def higher(level: Level, profile: Profile) -> list[str]:
    """Levels above one, top first."""
    keys = [each.key for each in profile.levels]
    return keys[: keys.index(level.key)]


def parents_of(
    units: gpd.GeoDataFrame, level: Level, gathered: Gathered, profile: Profile, ledger: Ledger
) -> pd.Series:
    """Codes of the parents as the file names them, the blank ones filled in; "" = not found."""
    parents = units["parent"].copy()
    if level.key == profile.levels[0].key:
        parents[:] = ""
        return parents
    blank = parents == ""
    above = gathered.above(level, profile)
    if not blank.any() or not above:
        return parents
    if len(above) == 1:
        parents[blank] = above[0]
        return parents
    for key in reversed(higher(level, profile)):
        areas = gathered.of_level(key)
        if areas is not None and (parents == "").any():
            _fill(parents, units, areas, ledger)
    return parents


def _fill(
    parents: pd.Series, units: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, ledger: Ledger
) -> None:
    """Give the units without a parent the area of one level they share most ground with."""
    blank = np.flatnonzero((parents == "").to_numpy())
    shapes = np.asarray(units.geometry.array, dtype=np.object_)[blank]
    found = nested(shapes, np.asarray(areas.geometry.array, dtype=np.object_))
    known = found.row >= 0
    parents.iloc[blank[known]] = areas["code"].to_numpy()[found.row[known]]
    if known.any():
        ledger.remark("parent_by_overlap", rows=int(known.sum()))
    if found.straddles.any():
        ledger.remark("units_straddle", found.detail, int(found.straddles.sum()))


def joined(parts: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """One frame of several; apart from the table, because parts without any geometry turn types."""
    table = pd.concat([pd.DataFrame(part.drop(columns="geometry")) for part in parts])
    shapes = np.concatenate([np.asarray(part.geometry.array, dtype=np.object_) for part in parts])
    return gpd.GeoDataFrame(table.reset_index(drop=True), geometry=shapes, crs=WGS84)
