"""One file read by what it holds, whatever its name says."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

import shapely

from geodata.formats import big5, garbled, kinds
from geodata.formats.sheet import LIMITS, FileRefusedError, Limits
from geodata.formats.source import Source
from geodata.formats.unpack import plain_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geodata.formats.sheet import Raw

# Loaded when needed: a child that reads a table must not wait for the geometry libraries.
READERS: Final = {
    kinds.CSV: "csvs",
    kinds.DBF: "dbf",
    kinds.FLATGEOBUF: "gdal",
    kinds.GML: "gdal",
    kinds.GPKG: "gpkg",
    kinds.HTML: "html",
    kinds.JSON: "jsons",
    kinds.KML: "kml",
    kinds.PARQUET: "parquets",
    kinds.SHP: "shp",
    kinds.WORKBOOK: "workbooks",
    kinds.RECORDS: "records",
}


def read_raw(
    path: Path, scratch: Path, *, encoding: str = "", layer: str = "", limits: Limits = LIMITS
) -> Raw:
    """Read a file; whatever must be unpacked goes to the folder `scratch`.

    Raises:
        FileRefusedError: naming the file, what is wrong with it as a whole, and the cure.
    """
    try:
        return _read(path, scratch, encoding, layer, limits)
    except FileRefusedError as error:
        raise error.of(str(path)) from error
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        detail = f"cannot be read ({error.strerror})"
        raise FileRefusedError(
            reason="not_there", detail=detail, cure="check the path", file=str(path)
        ) from error
    except MemoryError as error:
        detail = f"needs more than {limits.memory >> 20:,} MiB of memory"
        raise FileRefusedError(
            reason="too_large", detail=detail, cure="split the file", file=str(path)
        ) from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    # A damaged file breaks foreign parsers in ways that nobody can list, panics of Rust included.
    except BaseException as error:
        detail = f"is damaged, or not what it seems ({_first_line(error, scratch)})"
        raise FileRefusedError(
            reason="damaged", detail=detail, cure="export it again", file=str(path)
        ) from error


def _read(path: Path, scratch: Path, encoding: str, layer: str, limits: Limits) -> Raw:
    plain = plain_file(path, scratch, layer, limits)
    source = Source(plain.path, plain.kind, encoding, plain.layer, limits, scratch)
    module = import_module(f"geodata.formats.{READERS[plain.kind]}")
    raw = cast("Callable[[Source], Raw]", module.read)(source)
    if not encoding:
        big5.note(raw)
    garbled.note(raw, plain.path)
    _bounded(raw, limits)
    return raw


def _bounded(raw: Raw, limits: Limits) -> None:
    if len(raw) > limits.features or len(raw.columns) > limits.columns:
        detail = f"has {len(raw):,} rows and {len(raw.columns):,} columns"
        cure = f"split it: {limits.features:,} rows and {limits.columns:,} columns are read"
        raise FileRefusedError(reason="too_many_rows", detail=detail, cure=cure)
    if raw.shapes is None or not len(raw.shapes):
        return
    vertices = shapely.get_num_coordinates(raw.shapes)
    if vertices.max() > limits.shape_vertices:
        row = int(raw.numbers()[vertices.argmax()])
        detail = f"{raw.numbered} {row} has a shape of {vertices.max():,} vertices"
        cure = f"simplify it to {limits.shape_vertices:,} at most"
        raise FileRefusedError(reason="too_many_vertices", detail=detail, cure=cure)
    if vertices.sum() > limits.vertices:
        detail = f"has {vertices.sum():,} vertices"
        cure = f"split it, or simplify it to {limits.vertices:,} at most"
        raise FileRefusedError(reason="too_many_vertices", detail=detail, cure=cure)


def _first_line(error: BaseException, scratch: Path) -> str:
    lines = str(error).replace(f"{scratch}/", "").splitlines()
    return lines[0][:200] if lines else type(error).__name__
