"""Units of every level from their files, with repaired polygons, names and known parents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.ingest.files import ROW, Read, no_shapes, read_layer
from geodata.ingest.findings import Finding, Ledger
from geodata.ingest.locate import WGS84, has_shape
from geodata.ingest.names import romanised, slug
from geodata.model.errors import ImportRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.model.profile import Level, Profile

COLUMNS: Final = (
    "code",
    "parent",
    "level",
    "name_zh",
    "name_en",
    "kind",
    "people",
    "households",
)
_POLYGONS: Final = (3, 6)


@dataclass
class Gathered:
    """Units of the levels read so far."""

    parts: list[gpd.GeoDataFrame] = field(default_factory=list)
    level_of: dict[str, str] = field(default_factory=dict)  # code → level key

    def of_levels(self, keys: list[str]) -> gpd.GeoDataFrame:
        """Units of some levels, the lowest level first."""
        return _frame(
            [p for key in reversed(keys) for p in self.parts if (p["level"] == key).all()]
        )


def read_units(profile: Profile, folder: Path, findings: list[Finding]) -> gpd.GeoDataFrame:
    """Read the units of all levels; a first level without a file is the union of the next.

    Raises:
        ImportRefusedError: a file cannot be used as a whole, or there are no units at all.
    """
    gathered = Gathered()
    root = profile.levels[0]
    if not root.sources:
        gathered.level_of[profile.key] = root.key
    for level in profile.levels:
        for layer in level.sources:
            read = read_layer(layer, folder, profile.crs)
            ledger = Ledger(read.file, len(read.frame), findings, read.passed_over)
            part = _units(read, level, gathered, profile, ledger)
            ledger.close(len(part))
            gathered.parts.append(part)
            gathered.level_of.update(dict.fromkeys(part["code"], level.key))
    if not gathered.parts:
        msg = f"profile {profile.key}: no level has a file; add `sources`"
        raise ImportRefusedError(msg)
    if not root.sources:
        gathered.parts.insert(0, _root(profile, gathered))
    return _frame(gathered.parts)


def _units(
    read: Read, level: Level, gathered: Gathered, profile: Profile, ledger: Ledger
) -> gpd.GeoDataFrame:
    zh, en = read.text("name_zh"), read.text("name_en")
    names = en.where(en != "", zh)
    code = read.text("code") if "code" in read.frame else names.map(slug).astype("string")
    frame = pd.DataFrame(
        {
            "code": code,
            "parent": read.text("parent"),
            "level": level.key,
            "name_zh": zh.where(zh != "", en),
            "name_en": en.where(en != "", zh.map(romanised)),
            "kind": read.text("kind"),
            "people": _count(read.text("people")),
            "households": _count(read.text("households")),
            ROW: read.frame[ROW],
        }
    )
    shapes = read.shapes if level.geometry else no_shapes(frame.index)
    if level.geometry:
        shapes = mended(shapes, frame, ledger, kinds=_POLYGONS)
    units = gpd.GeoDataFrame(frame, geometry=shapes, crs=WGS84)
    units = without(units, units["code"] == "", "code_missing", "give the unit a code", ledger)
    units = without(units, _taken(units, gathered), "code_twice", "give it its own code", ledger)
    units["parent"] = _parents(units, level, gathered, profile)
    known = units["parent"].isin(list(_above(level, gathered, profile)))
    lost = ~known & (level.key != profile.levels[0].key)
    units = without(units, lost, "parent_not_found", "add the parent or mend its code", ledger)
    return units[[*COLUMNS, "geometry"]]


def _taken(units: gpd.GeoDataFrame, gathered: Gathered) -> pd.Series:
    return units["code"].duplicated() | units["code"].isin(list(gathered.level_of))


def _above(level: Level, gathered: Gathered, profile: Profile) -> dict[str, str]:
    """Units that may be a parent: those of the higher levels."""
    keys = _higher(level, profile)
    return {code: key for code, key in gathered.level_of.items() if key in keys}


def _higher(level: Level, profile: Profile) -> list[str]:
    keys = [each.key for each in profile.levels]
    return keys[: keys.index(level.key)]


def _parents(
    units: gpd.GeoDataFrame, level: Level, gathered: Gathered, profile: Profile
) -> pd.Series:
    """Find parents not named by the file: the only unit above, else the one around the unit."""
    parents = units["parent"].copy()
    if level.key == profile.levels[0].key:
        parents[:] = ""
        return parents
    blank = parents == ""
    above = _above(level, gathered, profile)
    if not blank.any() or not above:
        return parents
    if len(above) == 1:
        parents[blank] = next(iter(above))
        return parents
    higher = gathered.of_levels(_higher(level, profile))
    found = _around(gpd.GeoSeries(units.geometry[blank]), higher)
    parents[blank] = found
    return parents


def _around(shapes: gpd.GeoSeries, higher: gpd.GeoDataFrame) -> list[str]:
    """Code of the first of the `higher` units that holds the middle of each shape; "" = none."""
    points = shapely.point_on_surface(np.asarray(shapes.array, dtype=np.object_))
    hit, which = shapely.STRtree(np.asarray(higher.geometry.array, dtype=np.object_)).query(
        points, predicate="within"
    )
    best = pd.Series(which).groupby(hit).min()
    codes = higher["code"].to_numpy()
    return [str(codes[best[row]]) if row in best.index else "" for row in range(len(points))]


def mended(
    shapes: gpd.GeoSeries, frame: pd.DataFrame, ledger: Ledger, kinds: tuple[int, ...]
) -> gpd.GeoSeries:
    """Repair invalid geometry and note it; what is left without any stays as a list item."""
    array = np.asarray(shapes.array, dtype=np.object_).copy()
    keys = frame["code"].astype(str).to_numpy()
    rows = frame[ROW].to_numpy()
    bad = has_shape(shapes) & ~shapely.is_valid(array)
    array[bad] = shapely.make_valid(array[bad])
    for place in np.flatnonzero(bad | ~np.isin(shapely.get_type_id(array), kinds)):
        array[place] = _only(array[place], kinds)
    ledger.repair(
        "invalid_polygon", rows[bad].tolist(), "redraw the border at the source", keys[bad].tolist()
    )
    missing = shapely.is_missing(array)
    ledger.repair(
        "geometry_missing",
        rows[missing].tolist(),
        "add its polygon; until then it is a list item",
        keys[missing].tolist(),
    )
    return gpd.GeoSeries(array, index=shapes.index, crs=WGS84)


def _only(shape: shapely.Geometry | None, kinds: tuple[int, ...]) -> shapely.Geometry | None:
    """Keep the parts of a geometry that are of the wanted kinds."""
    if shape is None or shapely.is_empty(shape):
        return None
    parts = shapely.get_parts(shapely.get_parts(shape))
    wanted = parts[np.isin(shapely.get_type_id(parts), kinds)]
    if not len(wanted):
        return None
    return wanted[0] if len(wanted) == 1 else shapely.union_all(wanted)


def without(
    frame: gpd.GeoDataFrame, wrong: pd.Series, reason: str, cure: str, ledger: Ledger
) -> gpd.GeoDataFrame:
    """Leave out the wrong rows and say so in the ledger."""
    left = frame[wrong]
    key = "code" if "code" in frame else "key"
    ledger.reject(reason, left[ROW].tolist(), left[key].tolist(), cure)
    return frame[~wrong].reset_index(drop=True)


def _count(text: pd.Series) -> pd.Series:
    return pd.to_numeric(text, errors="coerce").fillna(-1).astype("int64")


def _root(profile: Profile, gathered: Gathered) -> gpd.GeoDataFrame:
    """Make the first level of a city that has no file of its own outline."""
    first = gathered.parts[0]
    shapes = np.asarray(first.geometry[has_shape(first.geometry)].array, dtype=np.object_)
    row = {
        "code": profile.key,
        "parent": "",
        "level": profile.levels[0].key,
        "name_zh": profile.name_zh,
        "name_en": profile.name_en,
        "kind": "",
        "people": -1,
        "households": -1,
    }
    outline = shapely.union_all(shapes) if len(shapes) else None
    return gpd.GeoDataFrame([row], geometry=np.array([outline], dtype=np.object_), crs=WGS84)


def _frame(parts: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    # Parts without any geometry would turn the column's type, so that it is joined apart.
    table = pd.concat([pd.DataFrame(part.drop(columns="geometry")) for part in parts])
    shapes = np.concatenate([np.asarray(part.geometry.array, dtype=np.object_) for part in parts])
    return gpd.GeoDataFrame(table.reset_index(drop=True), geometry=shapes, crs=WGS84)
