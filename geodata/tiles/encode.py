"""Tiles of a city's layers: what is shown at which zoom, cut out and encoded.

Layers: a level key (MVT layers `cells`, id = unit, and `borders`, id = running number), `buildings`
(id = building, property k = kind), `estates` (id = row) and `base` (MVT layers blocks, green,
water, roads, details; property k = kind or class; names; k = class, 中文 and English, by lines).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import shapely

from geodata.engine.cache import Recent
from geodata.model.errors import RequestError
from geodata.tiles.mercator import Box, pixel_m, project, tile_box
from geodata.tiles.pyramid import BANDS, EXACT, band, outlines
from geodata.tiles.sheets import Sheet, sheet, sheet_of_pieces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt
    import pandas as pd

    from geodata.locate.footprints import Footprints
    from geodata.model.places import Tree

    Ints = npt.NDArray[np.int64]
    Shapes = npt.NDArray[np.object_]

LAYERS_KEPT: Final = 64
BYTES_KEPT: Final = 64_000_000
BASE: Final = ("blocks", "green", "water", "roads", "details")
BASE_FROM: Final = {"blocks": 12, "green": 0, "water": 0, "roads": 0, "details": 0}
# Kinds that appear later than their layer; 0 is the default.
KIND_FROM: Final[dict[str, dict[str, int]]] = {
    "roads": {"motorway": 0, "rail": 9, "arterial": 9, "secondary": 11, "local": 13, "lane": 13},
    "water": {"pond": 13},
    "details": {"runway": 11, "path": 14, "wall": 15, "fence": 15, "hedge": 15, "tree": 15},
}
OTHERS_FROM: Final = {"roads": 13, "details": 12}
NAMED_FROM: Final = {"motorway": 13, "arterial": 13, "secondary": 13, "local": 15}
BASE_LAST: Final = 15  # at which the base map gains something
FIRST_ZOOM: Final = {"buildings": 13, "estates": 13}
LEAST_PX: Final = 0.7  # areas smaller than this square are left out where shapes are simplified


class CityShapes(Protocol):
    """What the tiles need to know of a city; the store's `City` is one."""

    @property
    def folder(self) -> Path:
        """Where the snapshot lies; it never changes."""

    @property
    def drawn(self) -> Path:
        """Where the outlines of its units lie."""

    @property
    def places(self) -> gpd.GeoDataFrame:
        """PLACES of the base division."""

    @property
    def buildings(self) -> pd.DataFrame:
        """BUILDINGS without their shapes."""

    @property
    def footprints(self) -> Footprints:
        """The shapes of the buildings."""

    @property
    def estates(self) -> gpd.GeoDataFrame | None:
        """ESTATES, where the city has them."""

    @property
    def tree(self) -> Tree:
        """The base division as a tree."""

    def basemap(self, name: str) -> gpd.GeoDataFrame | None:
        """Read a basemap layer; None where the city has none."""


@dataclass(frozen=True)
class Drawn:
    """A sheet of one scale; first: from which zoom on each kind is shown, None = all from 0 on."""

    sheet: Sheet
    first: Callable[[str], int] | None = None

    def tile(self, box: Box, z: int) -> bytes:
        """Write what of it is shown in a box at a zoom."""
        first = self.first
        return self.sheet.tile(box, None if first is None else lambda kind: first(kind) <= z)


_sheets: Recent[tuple[Drawn, ...]] = Recent(LAYERS_KEPT)
_tiles: Recent[bytes] = Recent(BYTES_KEPT, lambda data: len(data) + 100)


def tile(city: CityShapes, layer: str, z: int, x: int, y: int) -> bytes:
    """Encode one tile; empty where nothing is shown.

    Raises:
        RequestError: the city has no such layer.
    """
    key = (_home(city, layer), layer, z, x, y)
    return _tiles.get(key, lambda: _encode(city, layer, tile_box(z, x, y), z))


def _home(city: CityShapes, layer: str) -> str:
    """What tells a layer from that of another city: only units are drawn by boundaries."""
    return str(city.folder if layer in MAKERS else city.drawn)


def _encode(city: CityShapes, layer: str, box: Box, z: int) -> bytes:
    if z < FIRST_ZOOM.get(layer, 0):
        return b""
    scale = EXACT if layer in FIRST_ZOOM else band(z)  # buildings are never simplified
    sheets = _sheets.get((_home(city, layer), layer, scale), lambda: _make(city, layer, z))
    return b"".join(each.tile(box, z) for each in sheets)


def _make(city: CityShapes, layer: str, z: int) -> tuple[Drawn, ...]:
    if layer in MAKERS:
        return MAKERS[layer](city, z)
    if layer in city.tree.level_keys:
        return _level(city, layer, z)
    known = ", ".join((*MAKERS, *city.tree.level_keys))
    message = f"layer {layer!r} is not in this city; use one of {known}"
    raise RequestError(message)


def _level(city: CityShapes, level: str, z: int) -> tuple[Drawn, ...]:
    made = outlines(city.drawn, city.places, level, z)
    return (
        Drawn(sheet("cells", made.cells, made.units)),
        Drawn(sheet("borders", made.borders, np.arange(len(made.borders)))),
    )


def _buildings(city: CityShapes, _: int) -> tuple[Drawn, ...]:
    kinds = city.buildings["kind"].to_numpy(dtype=object)
    return (Drawn(sheet_of_pieces("buildings", city.footprints.pieces(), kinds)),)


def _estates(city: CityShapes, _: int) -> tuple[Drawn, ...]:
    if city.estates is None:
        return ()
    shapes = np.asarray(city.estates.geometry.array, dtype=object)
    kinds = city.estates["kind"].to_numpy(dtype=object)
    known = np.flatnonzero(~shapely.is_missing(shapes))
    return (Drawn(sheet("estates", shapes[known], known, kinds[known], degrees=True)),)


def _base(city: CityShapes, z: int) -> tuple[Drawn, ...]:
    """The layers of the base map at the scale of a zoom, with all that any of its zooms shows."""
    last = BANDS.get(band(z), BASE_LAST)
    sheets = []
    for name in BASE:
        frame = city.basemap(name) if last >= BASE_FROM[name] else None
        if frame is not None:
            sheets.append(_base_sheet(name, frame, last))
            if name == "roads":
                sheets.append(_names(frame, last))
    return tuple(sheets)


def _base_sheet(name: str, frame: gpd.GeoDataFrame, z: int) -> Drawn:
    starts, others = KIND_FROM.get(name, {}), max(OTHERS_FROM.get(name, 0), BASE_FROM[name])

    def first(kind: str) -> int:
        return starts.get(kind, others)

    return Drawn(_base_shapes(name, frame, z, first), first)


def _base_shapes(name: str, frame: gpd.GeoDataFrame, z: int, first: Callable[[str], int]) -> Sheet:
    kinds = frame["cls" if name == "roads" else "kind"].to_numpy(dtype=object)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    due = np.array([first(str(kind)) <= z for kind in kinds], dtype=np.bool_)
    rows = np.flatnonzero(due & ~shapely.is_missing(shapes))
    if band(z) == EXACT:
        return sheet(name, shapes[rows], rows, kinds[rows], degrees=True)
    drawn, pixel = project(shapes[rows]), pixel_m(BANDS[band(z)])
    areas = shapely.area(drawn)
    seen = (areas == 0) | (areas >= (LEAST_PX * pixel) ** 2)
    rows, drawn = rows[seen], shapely.simplify(drawn[seen], pixel / 2, preserve_topology=False)
    return sheet(name, np.asarray(drawn), rows, kinds[rows])


def _names(roads: gpd.GeoDataFrame, z: int) -> Drawn:
    """Give the roads that are named up to a zoom, with both names, to be set along them."""
    blank = [""] * len(roads)  # a base map may come without names
    kinds, chinese, english = (
        [text if isinstance(text, str) else "" for text in _listed(roads, column, blank)]
        for column in ("cls", "name_zh", "name_en")
    )
    rows = [
        row
        for row, kind in enumerate(kinds)
        if chinese[row] + english[row] and z >= NAMED_FROM.get(kind, BASE_LAST)
    ]
    words = [f"{kinds[row]}\n{chinese[row]}\n{english[row]}" for row in rows]
    shapes = np.asarray(roads.geometry.array, dtype=object)[rows]
    ids, said = np.array(rows, dtype=np.int64), np.array(words, dtype=object)
    return Drawn(sheet("names", shapes, ids, said, degrees=True), _named_from)


def _named_from(words: str) -> int:
    return NAMED_FROM.get(words.partition("\n")[0], BASE_LAST)


def _listed(frame: gpd.GeoDataFrame, column: str, blank: list[str]) -> list[object]:
    """Values of a column at once: one by one they take twelve times as long."""
    return frame[column].tolist() if column in frame else list(blank)


MAKERS: Final[dict[str, Callable[[Any, int], tuple[Drawn, ...]]]] = {
    "base": _base,
    "buildings": _buildings,
    "estates": _estates,
}
