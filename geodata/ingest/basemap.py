"""What lies under the city: water, roads, green, blocks and details from their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.ingest.files import ROW
from geodata.ingest.locate import WGS84, has_shape
from geodata.ingest.opening import opened
from geodata.ingest.units import mended, without
from geodata.ingest.words import translated

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.ingest.files import Read
    from geodata.ingest.findings import Finding, Ledger
    from geodata.model.profile import Layer, Profile

ANY_SHAPE: Final = (0, 1, 2, 3, 4, 5, 6)
AREAS: Final = (3, 6)
LINES: Final = (1, 2, 5)
DRAWN: Final = {"water": AREAS, "green": AREAS, "blocks": AREAS, "roads": LINES}
# Words for roads in use elsewhere, and numbers of classes, as the map knows them.
ROADS: Final = {
    "1": "arterial",
    "2": "secondary",
    "3": "local",
    "trunk": "motorway",
    "primary": "arterial",
    "tertiary": "secondary",
    "residential": "local",
    "unclassified": "local",
    "living_street": "local",
    "service": "lane",
    "pedestrian": "lane",
}
WIDTHS_M: Final = {
    "motorway": 30.0,
    "arterial": 22.0,
    "secondary": 14.0,
    "local": 8.0,
    "lane": 4.0,
    "rail": 12.0,
}
_LINK: Final = "_link"


def read_basemap(
    profile: Profile, folder: Path, findings: list[Finding]
) -> dict[str, gpd.GeoDataFrame]:
    """Read the layers under the city: water, roads, green, blocks, details."""
    layers = {}
    for name, sources in profile.basemap.items():
        parts = [_layer(name, layer, profile, folder, findings) for layer in sources]
        if parts:
            whole = pd.concat(parts, ignore_index=True)
            layers[name] = gpd.GeoDataFrame(whole, geometry="geometry", crs=WGS84)
    return layers


def _layer(
    name: str, layer: Layer, profile: Profile, folder: Path, findings: list[Finding]
) -> gpd.GeoDataFrame:
    read, ledger = opened(layer, folder, profile, findings)
    read = translated(read, layer, ledger)
    frame = _described(read)
    shapes = mended(read.shapes, frame, ledger, kinds=ANY_SHAPE)
    drawn = gpd.GeoDataFrame(frame, geometry=shapes, crs=WGS84)
    bare = pd.Series(~has_shape(drawn.geometry), index=drawn.index)
    drawn = without(drawn, bare, "shape_missing", "draw it or leave it out", ledger)
    drawn = _drawn(name, drawn, ledger)
    ledger.close(len(drawn))
    return drawn.drop(columns=[ROW, "code"])


def _described(read: Read) -> pd.DataFrame:
    """What a file says of each shape, in the columns of the base map."""
    cls = read.text("cls").str.removesuffix(_LINK)
    cls = cls.map(ROADS).fillna(cls).astype("string")
    widths = pd.to_numeric(read.text("width_m"), errors="coerce").astype("float64")
    usual = cls.map(WIDTHS_M).astype("float64")
    zh, en = read.text("name_zh"), read.text("name_en")
    return pd.DataFrame(
        {
            ROW: read.frame[ROW],
            "code": read.frame[ROW].astype("string"),
            "kind": read.text("kind"),
            "cls": cls,
            "width_m": widths.fillna(usual).fillna(WIDTHS_M["local"]),
            "name_zh": zh,
            "name_en": en,
        }
    )


def _drawn(name: str, layer: gpd.GeoDataFrame, ledger: Ledger) -> gpd.GeoDataFrame:
    """Set aside the shapes a layer cannot draw: labels beside areas, outlines beside water."""
    kinds = shapely.get_type_id(np.asarray(layer.geometry.array, dtype=np.object_))
    useful = np.isin(kinds, DRAWN.get(name, ANY_SHAPE))
    ledger.set_aside("not_drawn", layer.loc[~useful, ROW].tolist())
    return layer[useful].reset_index(drop=True)
