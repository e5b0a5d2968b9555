"""What a file is, by its first bytes; its name decides only between texts that look alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geodata.formats.sheet import FileRefusedError

if TYPE_CHECKING:
    from pathlib import Path

CSV: Final = "csv"
DBF: Final = "dbf"
FLATGEOBUF: Final = "flatgeobuf"
GML: Final = "gml"
GPKG: Final = "gpkg"
GZIP: Final = "gzip"
HTML: Final = "html"
JSON: Final = "json"
KML: Final = "kml"
PARQUET: Final = "parquet"
RECORDS: Final = "records"  # XML of records, as Open311 writes it
SHP: Final = "shp"
WORKBOOK: Final = "workbook"
ZIP: Final = "zip"

HEAD: Final = 4096
READ_KINDS: Final = (
    "GeoJSON, Esri JSON, Open311 JSON or XML, GeoPackage, Shapefile (also zipped), GeoParquet, "
    "Parquet, FlatGeobuf, KML, GML, CSV, XLSX, XLS or ODS"
)
_MAGIC: Final = (
    (b"\x1f\x8b", GZIP),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"SQLite format 3\0", GPKG),
    (b"PAR1", PARQUET),
    (b"fgb\x03fgb", FLATGEOBUF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", WORKBOOK),
    (b"\x00\x00\x27\x0a", SHP),
)
_DBF_VERSIONS: Final = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\xcb\xf5\xfb")
_TABLES: Final = (".csv", ".txt", ".tsv", ".tab", ".xls")  # many a system writes text as .xls
# Reason and what it should be, of a file that is not what its name ends in.
_NAMED: Final = (
    ((".gpkg",), "not_geopackage", "GeoPackage"),
    ((".shp",), "not_shapefile", "Shapefile"),
    ((".geojson", ".json", ".ndjson"), "not_json", "JSON"),
    ((".parquet", ".geoparquet"), "not_parquet", "Parquet"),
    ((".xlsx", ".xls", ".ods"), "not_workbook", "spreadsheet"),
    ((".zip",), "not_zip", "ZIP archive"),
    ((".kml", ".gml", ".xml"), "not_xml", "XML"),
    ((".fgb",), "not_flatgeobuf", "FlatGeobuf"),
    ((".dbf",), "not_dbf", "dBASE table"),
    ((".gz",), "not_gzip", "gzip archive"),
)
_ROOT: Final = re.compile(r"<\s*(?:[\w.-]+:)?([\w.-]+)")
_PASSED: Final = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*>)", re.DOTALL)


def of(path: Path) -> str:
    """Name the kind of a file.

    Raises:
        FileRefusedError: it is of none that is read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    name = path.name.lower()
    if name.endswith(".dbf") and head[:1] and head[0] in _DBF_VERSIONS:
        return DBF
    return _text_kind(head, name)


def _text_kind(head: bytes, name: str) -> str:
    text = _as_text(head).lstrip("\ufeff\x1e \t\r\n")
    if not text:
        raise FileRefusedError(reason="empty", detail="is empty", cure="export it again")
    table = name.endswith(_TABLES)
    if text[0] in "{[" and not (table and not name.endswith(".txt")):
        return JSON
    if text[0] == "<":
        return _xml_kind(text)
    if table and "\0" not in text:
        return CSV
    raise _unknown(name)


def _unknown(name: str) -> FileRefusedError:
    """Refuse what is of no kind: one that its name promises is told from one nobody reads."""
    for endings, reason, kind in _NAMED:
        if name.endswith(endings):
            ending = name[name.rindex(".") :]
            return FileRefusedError(
                reason=reason,
                detail=f"ends in {ending}, but its contents are no {kind}",
                cure="export it anew; renaming a file does not convert it",
            )
    return FileRefusedError(
        reason="unknown_kind", detail="is of no kind that is read", cure=f"give it as {READ_KINDS}"
    )


def _as_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="replace")
    return head.decode("latin-1").removeprefix("ï»¿")


def _xml_kind(text: str) -> str:
    while passed := _PASSED.match(text):
        text = text[passed.end() :]
    root = _ROOT.match(text.lstrip())
    name = root[1] if root else ""
    if name.lower() in {"html", "table", "meta", "head", "style"}:
        return HTML
    if name == "kml":
        return KML
    if name == "FeatureCollection":
        return GML
    if name.startswith("OGR") or name in {"GDALDataset", "VRTDataset"}:
        detail = f"only points at other files ({name})"
        raise FileRefusedError(
            reason="points_elsewhere", detail=detail, cure="give the files themselves"
        )
    return RECORDS
