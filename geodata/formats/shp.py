"""Shapefile: the shapes by GDAL, the table by our own reader, joined by record."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyogrio import raw as reader

from geodata.formats import dbf
from geodata.formats.cells import column
from geodata.formats.gdal import restricted
from geodata.formats.sheet import Raw, Remark
from geodata.formats.unpack import PARTS
from geodata.formats.wkb import shapes_of

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.formats.source import Source


def read(source: Source) -> Raw:
    """Read shapes and table of one layer."""
    path, table = _gathered(source.path, source.scratch)
    with restricted():
        meta, records, written, _ = reader.read(path, columns=[], return_fids=True)
    raw, deleted = Raw({}), np.zeros(0, np.bool_)
    if table.exists():
        raw, deleted = dbf.table(table, source.encoding)
    count = max([len(raw), *(int(records.max()) + 1 for _ in records[:1])])
    _lengthen(raw, count)
    raw.crs, raw.count = meta["crs"] or "", count
    whole = np.full(count, None, dtype=np.object_)
    whole[records] = written
    raw.shapes = shapes_of(whole, raw)
    _drop(raw, np.pad(deleted, (0, count - len(deleted))))
    return raw


def _gathered(path: Path, scratch: Path) -> tuple[Path, Path]:
    """Copy the parts under plain names, the table apart, which GDAL is not to read.

    GDAL may have to write an index beside the shapes.
    """
    shapes, table = scratch / "shapes", scratch / "table"
    for folder in (shapes, table):
        folder.mkdir()
    for beside in path.parent.iterdir():
        suffix = beside.suffix.lower()
        if beside.stem.lower() == path.stem.lower() and suffix in PARTS:
            folder = table if suffix in {".dbf", ".cpg"} else shapes
            shutil.copyfile(beside, folder / f"layer{suffix}")
    if not (shapes / "layer.shp").exists():
        shutil.copyfile(path, shapes / "layer.shp")
    return shapes / "layer.shp", table / "layer.dbf"


def _lengthen(raw: Raw, count: int) -> None:
    """Give shapes beyond the end of the table empty cells, and say so."""
    have = max((len(cells) for cells in raw.columns.values()), default=count)
    if have == count:
        return
    for name, cells in raw.columns.items():
        raw.columns[name] = pa.concat_arrays([cells, column([""] * (count - have))])
    cure = "export it again: its table has fewer rows than it has shapes"
    rows = list(range(have + 1, count + 1))
    raw.remarks.append(Remark("kept", "table_too_short", rows, cure))


def _drop(raw: Raw, deleted: np.ndarray) -> None:
    if not deleted.any() or raw.shapes is None:
        return
    keep = np.flatnonzero(~deleted)
    raw.columns = {name: cells.take(pa.array(keep)) for name, cells in raw.columns.items()}
    raw.shapes = raw.shapes[keep]
    raw.rows = keep + 1
    dbf.note_deleted(np.flatnonzero(deleted) + 1, raw)
