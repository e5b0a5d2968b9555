"""Units of every level from their files, with repaired polygons, names and known parents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.ingest import amounts, astray, measures, pieces, shift
from geodata.ingest.files import ROW, Read, no_shapes
from geodata.ingest.labels import label_points
from geodata.ingest.locate import WGS84, has_shape
from geodata.ingest.names import romanised, slug
from geodata.ingest.opening import opened
from geodata.ingest.parents import Gathered, joined, parents_of
from geodata.ingest.words import translated
from geodata.model.errors import ImportRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.ingest.findings import Finding, Ledger
    from geodata.model.profile import Layer, Level, Profile

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
            read, ledger = opened(layer, folder, profile, findings)
            read = translated(read, layer, ledger)
            part = _units(read, level, layer, gathered, profile, ledger)
            ledger.close(len(part))
            gathered.add(part, level)
    if not gathered.parts:
        msg = f"profile {profile.key}: no level has a file; add `sources`"
        raise ImportRefusedError(msg)
    if not root.sources:
        gathered.parts.insert(0, _root(profile, gathered))
    return joined(gathered.parts)


def _units(  # noqa: PLR0913, PLR0917 (what a unit refers to)
    read: Read,
    level: Level,
    layer: Layer,
    gathered: Gathered,
    profile: Profile,
    ledger: Ledger,
) -> gpd.GeoDataFrame:
    zh, en = read.text("name_zh"), read.text("name_en")
    names = en.where(en != "", zh)
    spelt = {name: romanised(name) for name in zh.unique().tolist()}
    code = read.text("code") if "code" in read.frame else names.map(slug).astype("string")
    frame = pd.DataFrame(
        {
            "code": code,
            "parent": read.text("parent"),
            "level": level.key,
            "name_zh": zh.where(zh != "", en),
            "name_en": en.where(en != "", zh.map(spelt)),
            "kind": read.text("kind"),
            "people": amounts.told(read, "people", "int64", ledger, amounts.NOT_KNOWN),
            "households": amounts.told(read, "households", "int64", ledger, amounts.NOT_KNOWN),
            ROW: read.frame[ROW],
        }
    )
    shapes = read.shapes if level.geometry else no_shapes(frame.index)
    if level.geometry:
        shapes = mended(shapes, frame, ledger, kinds=_POLYGONS)
        bare = frame[~has_shape(shapes)]
        ledger.keep("geometry_missing", bare[ROW].tolist(), keys=bare["code"].astype(str).tolist())
    label_points(read.text("label"), shapes, frame, ledger)
    units = pieces.joined(gpd.GeoDataFrame(frame, geometry=shapes, crs=WGS84), layer, ledger)
    units = without(units, units["code"] == "", "code_missing", "give the unit a code", ledger)
    units = without(units, _taken(units, gathered), "code_twice", "give it its own code", ledger)
    if level.geometry:
        astray.note_units(units, gathered.shapes(), ledger)
    units["parent"] = parents_of(units, level, gathered, profile, ledger)
    known = units["parent"].isin(gathered.above(level, profile))
    lost = ~known & (level.key != profile.levels[0].key)
    units = _orphaned(units, lost, ledger)
    if level.geometry:
        shift.note_units(units, gathered.shapes(), ledger)
    return units[[*COLUMNS, "geometry"]]


def _taken(units: gpd.GeoDataFrame, gathered: Gathered) -> pd.Series:
    return units["code"].duplicated() | units["code"].isin(list(gathered.level_of))


def mended(
    shapes: gpd.GeoSeries, frame: pd.DataFrame, ledger: Ledger, kinds: tuple[int, ...]
) -> gpd.GeoSeries:
    """Repair invalid geometry and note it; what is of none of the kinds becomes nothing."""
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


def _orphaned(units: gpd.GeoDataFrame, lost: pd.Series, ledger: Ledger) -> gpd.GeoDataFrame:
    """Leave out units whose parent does not exist, and say which that is."""
    left = units[lost]
    named = [measures.parents([str(code)]) if code else "" for code in left["parent"]]
    cure = "add the parent or mend its code"
    ledger.reject(
        "parent_not_found", left[ROW].tolist(), left["code"].tolist(), cure, details=named
    )
    return units[~lost].reset_index(drop=True)


def _root(profile: Profile, gathered: Gathered) -> gpd.GeoDataFrame:
    """Make the first level of a city that has no file of its own outline."""
    filled = (gathered.of_level(level.key) for level in profile.levels)
    first = next(units for units in filled if units is not None)
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
