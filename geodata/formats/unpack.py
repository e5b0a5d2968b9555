"""Compressed files and archives, unpacked under names of our own and never beyond the limits."""

from __future__ import annotations

import gzip
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from geodata.formats import kinds
from geodata.formats.sheet import MIB, FileRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.formats.sheet import Limits

LAYERS: Final = (
    *(".shp", ".gpkg", ".geojson", ".json", ".ndjson", ".csv", ".tsv", ".txt", ".kml", ".gml"),
    *(".xml", ".xlsx", ".xls", ".ods", ".parquet", ".geoparquet", ".fgb", ".dbf"),
)
PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")  # of a shapefile
CHANGES: Final = ("-wal", "-journal")  # of a GeoPackage: what a program had not written into it
_ENCRYPTED: Final = 0x1
_UTF8_NAME: Final = 0x800
_WORKBOOKS: Final = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})


@dataclass(frozen=True)
class Plain:
    """A file that can be read as it is; kind "" = look into it."""

    path: Path
    layer: str
    kind: str = ""


def plain_file(path: Path, scratch: Path, layer: str, limits: Limits) -> Plain:
    """Unpack a file if it is packed, into the folder `scratch`.

    Raises:
        FileRefusedError: it is too large, unsafe, or holds nothing that is read.
    """
    if (size := path.stat().st_size) > limits.bytes:
        detail = f"is {size >> 20:,} MiB large, the limit is {limits.bytes >> 20:,} MiB"
        raise FileRefusedError(reason="too_large", detail=detail, cure="split it")
    kind = kinds.of(path)
    if kind == kinds.GZIP:
        inner = scratch / (path.name[:-3] if path.name.lower().endswith(".gz") else path.name)
        with gzip.open(path) as packed, inner.open("xb") as out:
            _inflate(packed, out, limits.inflated)
        path, kind = inner, kinds.of(inner)
        if kind == kinds.GZIP:
            raise _nested()
    if kind == kinds.ZIP:
        return _from_zip(path, scratch, layer, limits)
    return Plain(path, layer, kind)


def _nested() -> FileRefusedError:
    detail = "is an archive inside an archive"
    return FileRefusedError(reason="nested_archive", detail=detail, cure="unpack the outer one")


def _inflate(packed: IO[bytes] | gzip.GzipFile, out: IO[bytes] | None, allowed: int) -> int:
    """Copy at most `allowed` bytes (to nowhere if `out` is None) and count them."""
    total = 0
    while block := packed.read(MIB):
        total += len(block)
        if total > allowed:
            raise _too_far(allowed)
        if out is not None:
            out.write(block)
    return total


def _from_zip(path: Path, scratch: Path, layer: str, limits: Limits) -> Plain:
    with zipfile.ZipFile(path) as archive:
        members = _members(archive, limits)
        if _WORKBOOKS & members.keys():
            _measure(archive, members, limits)
            return Plain(path, layer, kinds.WORKBOOK)
        wanted = _wanted(members, layer)
        found = _extracted(archive, members, wanted, scratch, limits)
    inner = "" if layer in _labels(wanted) else layer
    kind = kinds.of(found)
    if kind == kinds.ZIP:
        return _workbook_inside(found, inner, limits)
    if kind == kinds.GZIP:
        raise _nested()
    return Plain(found, inner, kind)


def _workbook_inside(path: Path, layer: str, limits: Limits) -> Plain:
    with zipfile.ZipFile(path) as archive:
        members = _members(archive, limits)
        if not _WORKBOOKS & members.keys():
            raise _nested()
        _measure(archive, members, limits)
    return Plain(path, layer, kinds.WORKBOOK)


def _measure(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], limits: Limits) -> None:
    """Unpack everything to nowhere, as its reader will not stop at a limit."""
    left = limits.inflated
    for entry in members.values():
        with archive.open(entry) as packed:
            left -= _inflate(packed, None, left)


def _extracted(
    archive: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    wanted: str,
    scratch: Path,
    limits: Limits,
) -> Path:
    """Unpack a file and, of a shapefile, the parts beside it."""
    left = limits.inflated
    for name, entry in members.items():
        if name == wanted or _beside(name, wanted):
            target = scratch / f"layer{PurePosixPath(name).suffix.lower()}"
            with archive.open(entry) as packed, target.open("xb") as out:
                left -= _inflate(packed, out, left)
    return scratch / f"layer{PurePosixPath(wanted).suffix.lower()}"


def _members(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """List the files of an archive by their true names."""
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise FileRefusedError(
            reason="too_many_entries",
            detail=f"holds {len(entries):,} files, the limit is {limits.entries:,}",
            cure="pack only what is to be read",
        )
    if sum(entry.file_size for entry in entries) > limits.inflated:
        raise _too_far(limits.inflated)
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        parts = _parts(entry)
        hidden = not parts or "__MACOSX" in parts or parts[-1].startswith(".")
        if not (entry.is_dir() or hidden):
            members["/".join(parts)] = entry
    return members


def _parts(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    """Give the folders and the name of a file in an archive.

    Raises:
        FileRefusedError: it leads out of the archive, or is locked.
    """
    name = _true_name(entry)
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if ".." in parts or name.startswith(("/", "\\")) or ":" in name:
        raise FileRefusedError(
            reason="leads_outside",
            detail=f"holds a file that leads out of the archive ({name})",
            cure="pack the files alone",
        )
    if entry.flag_bits & _ENCRYPTED:
        raise FileRefusedError(
            reason="encrypted", detail="is locked by a password", cure="pack it without one"
        )
    return parts


def _too_far(allowed: int) -> FileRefusedError:
    detail = f"unpacks to more than {allowed >> 20:,} MiB"
    cure = "ask where it comes from; if it is sound, unpack it and hand in only the file needed"
    return FileRefusedError(reason="inflates_too_far", detail=detail, cure=cure)


def _true_name(entry: zipfile.ZipInfo) -> str:
    """Read a name the way it was written: Chinese Windows writes GBK and does not say so."""
    if entry.flag_bits & _UTF8_NAME or entry.filename.isascii():
        return entry.filename
    raw = entry.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _wanted(members: Iterable[str], layer: str) -> str:
    names = sorted(members)
    shapes = {name[:-4].lower() for name in names if name.lower().endswith(".shp")}
    layers = [
        name
        for name in names
        if name.lower().endswith(LAYERS)
        and not name.lower().endswith((".shp.xml", ".gml.xml"))
        and not (name.lower().endswith(".dbf") and name[:-4].lower() in shapes)
    ]
    named = [name for name in layers if layer and layer in _labels(name)]
    if len(named) == 1:
        return named[0]
    if len(layers) == 1:
        return layers[0]
    if not layers:
        detail = f"holds no file that is read ({', '.join(names[:8]) or 'it is empty'})"
        raise FileRefusedError(reason="no_layer", detail=detail, cure=f"pack {kinds.READ_KINDS}")
    detail = "holds several layers" if not layer else f"holds no single layer {layer}"
    cure = f"name one of them as `layer` in the profile: {', '.join(layers)}"
    raise FileRefusedError(reason="choose_layer", detail=detail, cure=cure, choices=tuple(layers))


def _labels(name: str) -> set[str]:
    path = PurePosixPath(name)
    return {name, path.name, path.stem}


def _beside(name: str, wanted: str) -> bool:
    """Say whether a file belongs to a wanted shapefile or GeoPackage."""
    if wanted.lower().endswith(".gpkg"):
        return name in {f"{wanted}{ending}" for ending in CHANGES}
    mine, theirs = PurePosixPath(name), PurePosixPath(wanted)
    return (
        theirs.suffix.lower() == ".shp"
        and mine.suffix.lower() in PARTS
        and mine.with_suffix("").as_posix().lower() == theirs.with_suffix("").as_posix().lower()
    )
