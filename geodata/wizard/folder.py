"""Which files of a folder may belong to a city."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.wizard.vocabulary import catalogue

if TYPE_CHECKING:
    from pathlib import Path

MOST: Final = 400  # files looked at; a folder with more is no city's export
_ENDINGS: Final = {
    "geojson",
    "json",
    "topojson",
    "csv",
    "tsv",
    "txt",
    "tab",
    "parquet",
    "geoparquet",
    "gpkg",
    "shp",
    "fgb",
    "kml",
    "kmz",
    "gml",
    "xlsx",
    "xls",
    "ods",
    "xml",
    "zip",
    "dbf",
}
_BESIDE: Final = {"dbf"}  # part of a shapefile of the same name


def candidates(folder: Path) -> list[Path]:
    """List the files that are looked at, in the order of their names."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and _may(path, folder))
    return [path for path in paths if not _is_part(path)][:MOST]


def weight(path: Path) -> int:
    """Bytes that are read for a file: those of a shapefile lie beside it as well."""
    beside = path.with_suffix(".dbf")
    more = beside.stat().st_size if path.suffix.lower() == ".shp" and beside.exists() else 0
    return path.stat().st_size + more


def _may(path: Path, folder: Path) -> bool:
    if any(part.startswith((".", "~")) for part in path.relative_to(folder).parts):
        return False
    name = path.name.lower().removesuffix(".gz")
    stem, _, ending = name.rpartition(".")
    noise = catalogue()["noise"]["files"]
    return ending in _ENDINGS and not any(stem.startswith(word) for word in noise)


def _is_part(path: Path) -> bool:
    beside = path.suffix.lower().removeprefix(".") in _BESIDE
    return beside and any(path.with_suffix(ending).exists() for ending in (".shp", ".SHP"))
