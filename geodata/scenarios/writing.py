"""Grids of a plan as files for a GIS; each can be imported again to the same plan."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyogrio

from geodata.model.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    Notes = Sequence[tuple[str, str]]

LAYER: Final = "grids"
NOTES: Final = "notes"
DIGITS: Final = 7  # of a degree, about a centimetre
ENCODINGS: Final = ("utf-8", "gbk")
CPG: Final = {"utf-8": "UTF-8", "gbk": "GBK"}
OF_GDAL: Final = {"utf-8": "UTF-8", "gbk": "CP936"}
LONGEST: Final = 254  # bytes of a text in a DBF
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # so that the same grids are the same bytes
README: Final = "README.md"  # which no reader takes for a table


def to_gpkg(frame: gpd.GeoDataFrame, notes: Notes) -> bytes:
    """The grids as a layer of a GeoPackage, the notes as a table beside it."""
    with TemporaryDirectory(prefix="yiping-plan-") as folder:
        path = Path(folder) / f"{LAYER}.gpkg"
        pyogrio.write_dataframe(frame, path, driver="GPKG", layer=LAYER, promote_to_multi=True)
        told = pd.DataFrame(list(notes), columns=["name", "text"])
        pyogrio.write_dataframe(told, path, driver="GPKG", layer=NOTES, append=True)
        return path.read_bytes()


def to_geojson(frame: gpd.GeoDataFrame, notes: Notes) -> bytes:
    """The grids in longitudes and latitudes, as RFC 7946 has it; the notes describe them."""
    file = io.BytesIO()
    said = "\n".join(": ".join(note) for note in notes)
    pyogrio.write_dataframe(
        frame, file, driver="GeoJSON", layer=LAYER,
        layer_options={"RFC7946": "YES", "COORDINATE_PRECISION": str(DIGITS), "DESCRIPTION": said},
    )  # fmt: skip
    return file.getvalue()


def to_parquet(frame: gpd.GeoDataFrame, notes: Notes) -> bytes:
    """The grids as GeoParquet; the notes are its attributes."""
    file = io.BytesIO()
    told = frame.copy()
    told.attrs = {NOTES: [list(note) for note in notes]}
    told.to_parquet(file, index=False, compression="zstd")
    return file.getvalue()


def to_shp(frame: gpd.GeoDataFrame, notes: Notes, encoding: str = ENCODINGS[0]) -> bytes:
    """The grids as a zipped Shapefile whose texts are in an encoding, which its .cpg names.

    Raises:
        RequestError: a name has a character that the encoding has not.
    """
    texts = frame.select_dtypes(["object", "string"]).columns.drop("geometry", errors="ignore")
    for name in texts:
        _encodable(frame, str(name), encoding)
    with TemporaryDirectory(prefix="yiping-plan-") as folder:
        path = Path(folder) / f"{LAYER}.shp"
        pyogrio.write_dataframe(
            frame, path, driver="ESRI Shapefile", encoding=OF_GDAL[encoding], promote_to_multi=False
        )
        path.with_suffix(".cpg").write_text(CPG[encoding], encoding="ascii")
        told = "\r\n".join(": ".join(note) for note in notes)
        (path.parent / README).write_text(f"{told}\r\n", encoding="utf-8-sig")
        return _zipped(path.parent)


def _encodable(frame: gpd.GeoDataFrame, name: str, encoding: str) -> None:
    for code, text in zip(frame["code"], frame[name].astype(str), strict=True):
        try:
            size = len(text.encode(encoding))
        except UnicodeEncodeError as error:
            bad = text[error.start : error.end]
            msg = f"encoding: grid {code}: {name} has {bad!r}, which GBK has not; ask for utf-8"
            raise RequestError(msg) from error
        if size > LONGEST:
            msg = f"grid {code}: {name} has {size} bytes, a Shapefile holds {LONGEST}; ask for gpkg"
            raise RequestError(msg)


def _zipped(folder: Path) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name, LONG_AGO), path.read_bytes(),
                             zipfile.ZIP_DEFLATED)  # fmt: skip
    return file.getvalue()
