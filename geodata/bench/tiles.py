"""Tiles of the map that nobody asked for before, beside mapbox-vector-tile."""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING, Final

import mapbox_vector_tile
import numpy as np
import shapely

from geodata.bench.figures import p95, timed
from geodata.tiles.encode import tile
from geodata.tiles.mercator import WORLD_M, tile_box, to_metres
from geodata.tiles.pyramid import outlines
from geodata.tiles.sheets import sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from geodata.bench.figures import Figures, Limits
    from geodata.store.snapshots import City
    from geodata.tiles.mercator import Box

    Shapes = npt.NDArray[np.object_]

UNIT_ZOOMS: Final = (9, 11, 12, 13, 15)
BUILDING_ZOOMS: Final = (14, 15, 16)
MOST_OF_PEER: Final = 3_000  # features; it takes a minute for the most crowded tiles
MARGIN: Final = 1 / 32  # of a tile's side, drawn around it
FAR: Final = (0, 0)  # a tile in which no city lies


def run(city: City, limits: Limits) -> Figures:
    """Milliseconds of a tile, and how many times as long the peer takes to write the same cells."""
    level = city.tree.level_keys[int(city.tree.levels.max())]
    units = _times(city, level, UNIT_ZOOMS, limits.tiles)
    buildings = _times(city, "buildings", BUILDING_ZOOMS, limits.tiles)
    figures = {
        "grid_tile_p95_ms": p95(units),
        "grid_tiles": len(units),
        "grid_tiles_s": 1e3 * len(units) / sum(units),
        "building_tile_p95_ms": p95(buildings),
        "building_tiles_s": 1e3 * len(buildings) / sum(buildings),
    }
    return figures | _against(city, level, limits.tiles)


def _times(city: City, layer: str, zooms: tuple[int, ...], most: int) -> list[float]:
    """Milliseconds of each tile of a layer; its shapes were read before."""
    found = []
    for z in zooms:
        tile(city, layer, z, *FAR)
        found += [timed(partial(tile, city, layer, z, x, y))[0] for x, y in _over(city, z, most)]
    return found


def _over(city: City, z: int, most: int) -> list[tuple[int, int]]:
    """Tiles of a zoom that somebody may look at: around buildings by chance, each tile once."""
    chance, side = np.random.default_rng(z), WORLD_M / (1 << z)
    rows = chance.integers(0, len(city.buildings), most)
    lon, lat = (city.buildings[name].to_numpy()[rows] for name in ("lon", "lat"))
    known = np.isfinite(lon)
    x, y = to_metres(lon[known], lat[known])
    columns, lines = (x + WORLD_M / 2) // side, (WORLD_M / 2 - y) // side
    return sorted(set(zip(columns.astype(int).tolist(), lines.astype(int).tolist(), strict=True)))


def _against(city: City, level: str, most: int) -> Figures:
    """Finding, cutting and writing of ours against the writing alone of the peer."""
    ours: list[float] = []
    theirs: list[float] = []
    for z in UNIT_ZOOMS:
        made = outlines(city.folder, city.places, level, z)
        mine, tree = sheet("cells", made.cells, made.units), shapely.STRtree(made.cells)
        for x, y in _over(city, z, max(1, most // 4)):
            box = tile_box(z, x, y)
            write = _peer(made.cells, tree, box)
            if write is not None:
                ours.append(timed(partial(mine.tile, box))[0])
                theirs.append(timed(write)[0])
    return {
        "tiles_vs_mapbox_vector_tile": sum(theirs) / sum(ours),
        "tiles_compared": len(ours),
    }


def _peer(shapes: Shapes, tree: shapely.STRtree, box: Box) -> Callable[[], bytes] | None:
    """How the peer writes a tile's shapes; None where these are too many for it, or none."""
    rim = box.grown(MARGIN * (box.east - box.west))
    found = tree.query(shapely.box(*rim))
    if not 0 < len(found) <= MOST_OF_PEER:
        return None
    cut = shapely.clip_by_rect(shapes[found], *rim)
    features = [{"geometry": each, "properties": {}} for each in cut if not each.is_empty]
    layer = {"name": "cells", "features": features}

    def write() -> bytes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # its own, of shapely
            options = {"quantize_bounds": tuple(box)}
            written: bytes = mapbox_vector_tile.encode(layer, default_options=options)
            return written

    return write
