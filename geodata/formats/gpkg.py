"""GeoPackage, read as the SQLite file it is: tables only, nothing in it can run."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.formats import strange
from geodata.formats.cells import column, written
from geodata.formats.names import unique
from geodata.formats.sheet import FileRefusedError, Raw, Remark
from geodata.formats.unpack import CHANGES
from geodata.formats.wkb import shapes_of

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.formats.source import Source

_ENVELOPES: Final = (0, 32, 48, 48, 64)  # bytes before the geometry, by kind of bounding box
_HEADER: Final = 8
_EMPTY: Final = 0x10
_MAGIC: Final = b"GP"
_ALLOWED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_PRAGMA}
)


def read(source: Source) -> Raw:
    """Read one layer."""
    beside = _beside(source.path)
    # A file of others is not touched; what lies beside it is put into a copy.
    asked = "mode=rw" if beside else "mode=ro&immutable=1"
    path = _copied(source, beside) if beside else source.path
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{asked}", uri=True)) as base:
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("PRAGMA cell_size_check = ON")
        base.set_authorizer(_allow)
        base.text_factory = _text
        raw = _layer(base, source)
    if beside:
        cure = "close the program that has the file open, and hand it in again: then it is whole"
        raw.remarks.append(Remark("repaired", "changes_beside", [], cure))
    return raw


def _beside(path: Path) -> list[Path]:
    """List what SQLite keeps beside a file as long as a program has it open, or after a crash."""
    known = (path.with_name(path.name + ending) for ending in CHANGES)
    return [each for each in known if each.is_file() and each.stat().st_size]


def _copied(source: Source, beside: list[Path]) -> Path:
    folder = source.scratch / "whole"
    folder.mkdir()
    if sum(each.stat().st_size for each in beside) > source.limits.bytes:
        detail = f"has more than {source.limits.bytes >> 20:,} MiB of changes beside it"
        cure = "close the program that has it open"
        raise FileRefusedError(reason="too_large", detail=detail, cure=cure)
    for each in (source.path, *beside):
        shutil.copyfile(each, folder / each.name)
    return folder / source.path.name


def _allow(action: int, first: str | None, _2: str | None, _3: str | None, _4: str | None) -> int:
    """Let it read tables and describe them, and nothing else."""
    harmless = action in _ALLOWED and (action != sqlite3.SQLITE_PRAGMA or first == "table_info")
    return sqlite3.SQLITE_OK if harmless else sqlite3.SQLITE_DENY


def _text(given: bytes) -> str:
    return given.decode("utf-8", errors="replace")


def _layer(base: sqlite3.Connection, source: Source) -> Raw:
    _refuse_others(base)
    contents = base.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall()
    kinds = {str(name): kind for name, kind in contents if kind in {"features", "attributes"}}
    features = [name for name, kind in kinds.items() if kind == "features"]
    name = source.layer if source.layer in kinds else source.choose(features or list(kinds))
    _refuse_view(base, name)
    geometry = base.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", [name]
    ).fetchone() or ("", 0)
    quoted = '"' + name.replace('"', '""') + '"'
    rows = base.execute(f"SELECT * FROM {quoted} LIMIT {source.limits.features + 1}")  # noqa: S608 (quoted, and only reading is allowed)
    names = [str(described[0]) for described in rows.description]
    cells = list(zip(*rows.fetchall(), strict=True)) or [()] * len(names)
    raw = Raw({}, encoding="utf-8", count=len(cells[0]))
    others = [position for position, known in enumerate(names) if known != geometry[0]]
    for known, position in zip(
        unique((names[position] for position in others), raw.remarks), others, strict=True
    ):
        raw.columns[known] = column(written(value) for value in cells[position])
    if geometry[0] in names:
        raw.crs = _crs(base, geometry[1])
        blobs = [_binary(blob) for blob in cells[names.index(geometry[0])]]
        raw.shapes = shapes_of(np.array([*blobs, None], dtype=np.object_)[:-1], raw)
    strange.note(raw)
    return raw


def _refuse_others(base: sqlite3.Connection) -> None:
    found = base.execute("SELECT count(*) FROM sqlite_master WHERE name = 'gpkg_contents'")
    if not found.fetchone()[0]:
        detail = "is a database, but no GeoPackage: it lists no layers"
        cure = "export it anew as a GeoPackage"
        raise FileRefusedError(reason="not_geopackage", detail=detail, cure=cure)


def _refuse_view(base: sqlite3.Connection, name: str) -> None:
    query = "SELECT type FROM sqlite_master WHERE name = ?"
    if (base.execute(query, [name]).fetchone() or ("",))[0] != "table":
        detail = f"layer {name} is a query and no table"
        raise FileRefusedError(reason="no_layer", detail=detail, cure="export its rows as a table")


def _crs(base: sqlite3.Connection, number: int) -> str:
    """Name the CRS by its authority, else by its definition."""
    query = "SELECT organization, organization_coordsys_id, definition "
    found = base.execute(f"{query}FROM gpkg_spatial_ref_sys WHERE srs_id = ?", [number]).fetchone()
    if not found or int(number) <= 0:
        return ""
    authority, code, definition = found
    if str(authority).upper() in {"EPSG", "ESRI"}:
        return f"{str(authority).upper()}:{code}"
    return str(definition or "")


def _binary(blob: object) -> bytes | None:
    """Cut the header off a geometry; what is none stays as it is, to be remarked."""
    if not isinstance(blob, bytes):
        return None if blob is None else b"?"
    if blob[:2] != _MAGIC or len(blob) < _HEADER:
        return blob or b"?"
    if blob[3] & _EMPTY:
        return None
    kind = blob[3] >> 1 & 7
    return blob[_HEADER + _ENVELOPES[kind] :] if kind < len(_ENVELOPES) else b"?"
