"""Outlines of every level for every scale, simplified so that shared borders stay shared.

Made once at publication (`prepare`) or, where the files are missing, when first asked for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geodata.store.tables import read_shapes
from geodata.tiles.mercator import pixel_m, project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt

    from geodata.model.profile import Profile

    Ints = npt.NDArray[np.int64]
    Shapes = npt.NDArray[np.object_]

FOLDER: Final = "outlines"
EXACT: Final = "exact"
BANDS: Final = {"z9": 9, "z11": 11, "z13": 13}  # name → the last zoom it serves; then exact
HALF_A_PIXEL: Final = 0.5
CELL, BORDER = 0, 1


@dataclass(frozen=True)
class Outlines:
    """Units of one level at one scale in metres of the map plane, and the lines between them."""

    units: Ints
    cells: Shapes
    borders: Shapes


def band(z: int) -> str:
    """Name the scale that serves a zoom."""
    return next((name for name, last in BANDS.items() if z <= last), EXACT)


def prepare(
    folder: Path,
    profile: Profile,
    progress: Callable[[str, float], None],
    known: dict[tuple[str, str], Outlines] | None = None,
) -> None:
    """Write `outlines/<level>-<band>.parquet` for every level of a snapshot that has geometry.

    known: outlines by what they are made of, to which these are added: hierarchies of one city
    often have levels in common.
    """
    places = read_shapes(folder / "places.parquet")
    known = {} if known is None else known
    wanted = [(level.key, name) for level in profile.levels for name in (*BANDS, EXACT)]
    (folder / FOLDER).mkdir(exist_ok=True)
    for done, (level, name) in enumerate(wanted):
        progress("tiles", done / len(wanted))
        rows, shapes = _of_level(places, level)
        key = (_print(shapes), name)
        if key not in known:
            known[key] = make(places, level, name)
        made = replace(known[key], units=rows)
        if len(rows):
            _write(made, _path(folder, level, name))


def outlines(folder: Path, places: gpd.GeoDataFrame, level: str, z: int) -> Outlines:
    """Give a level's outlines for a zoom, from the snapshot's files where it has them."""
    path = _path(folder, level, band(z))
    return _read(path) if path.exists() else make(places, level, band(z))


def make(places: gpd.GeoDataFrame, level: str, name: str) -> Outlines:
    """Simplify the units of a level together."""
    rows, shapes = _of_level(places, level)
    cells = project(shapes)
    if name != EXACT and len(cells):
        # Corners that stick out by less than half a pixel go; common ones on both sides alike.
        cells = shapely.coverage_simplify(cells, HALF_A_PIXEL * pixel_m(BANDS[name]))
    return Outlines(rows, np.asarray(cells), shared_lines(np.asarray(cells)))


def _of_level(places: gpd.GeoDataFrame, level: str) -> tuple[Ints, Shapes]:
    """Rows of the units of a level that have a shape, and these shapes."""
    geometry = np.asarray(places.geometry.array, dtype=object)
    there = (places["level"] == level).to_numpy() & ~shapely.is_missing(geometry)
    there &= ~shapely.is_empty(geometry)
    return np.flatnonzero(there), geometry[there]


def _print(shapes: Shapes) -> str:
    return hashlib.sha256(b"".join(shapely.to_wkb(shapes).tolist())).hexdigest()


def shared_lines(cells: Shapes) -> Shapes:
    """Lines around and between cells, each once, from junction to junction."""
    rings, _ = shapely.get_rings(shapely.get_parts(cells), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    pairs = np.stack([points[:-1][joined], points[1:][joined]], axis=1)
    # A segment is the same whichever way it is walked: the smaller end goes first.
    first, second = pairs[:, 0], pairs[:, 1]
    swap = (first[:, 0] > second[:, 0]) | (
        (first[:, 0] == second[:, 0]) & (first[:, 1] > second[:, 1])
    )
    pairs[swap] = pairs[swap][:, ::-1]
    once = np.unique(pairs.reshape(-1, 4), axis=0).reshape(-1, 2, 2)
    segments = np.asarray(shapely.linestrings(once))
    return np.asarray(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(segments))))


def _path(folder: Path, level: str, name: str) -> Path:
    return folder / FOLDER / f"{level}-{name}.parquet"


def _write(made: Outlines, path: Path) -> None:
    shapes = np.concatenate([made.cells, made.borders])
    kinds = np.repeat(np.array([CELL, BORDER], dtype=np.int8), [len(made.cells), len(made.borders)])
    units = np.concatenate([made.units, np.arange(len(made.borders))]).astype(np.int32)
    table = pa.table({"kind": kinds, "unit": units, "shape": shapely.to_wkb(shapes)})
    pq.write_table(table, path, compression="zstd")


def _read(path: Path) -> Outlines:
    table = pq.read_table(path)
    kinds = table["kind"].to_numpy()
    shapes = np.asarray(shapely.from_wkb(table["shape"].to_numpy(zero_copy_only=False)))
    units = table["unit"].to_numpy().astype(np.int64)
    return Outlines(units[kinds == CELL], shapes[kinds == CELL], shapes[kinds == BORDER])
