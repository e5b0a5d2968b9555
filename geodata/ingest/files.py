"""One file of a profile into a frame with our column names: GeoJSON, CSV, Parquet, GeoParquet.

GeoJSON is read by the JSON parser alone: a general driver would open whatever a file that merely
calls itself GeoJSON points to.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geodata.ingest.locate import WGS84
from geodata.model.errors import ImportRefusedError

if TYPE_CHECKING:
    from geodata.model.profile import Layer

MAX_BYTES: Final = 4 << 30  # unpacked; a larger file is more likely a trap than a city
ROW: Final = "row"  # number of the data row in the file, from 1
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


@dataclass(frozen=True)
class Read:
    """Rows of one file under our names, as text, with `row`, and `geometry` (WGS-84) if it has any.

    passed_over: rows that `where` says belong elsewhere.
    """

    file: str
    frame: pd.DataFrame
    passed_over: int

    @property
    def shapes(self) -> gpd.GeoSeries:
        """Geometry of each row; null where the file has none."""
        if "geometry" in self.frame:
            return gpd.GeoSeries(self.frame["geometry"], crs=WGS84)
        return no_shapes(self.frame.index)

    def text(self, column: str) -> pd.Series:
        """Trimmed text of one of our columns; "" everywhere if it is not mapped."""
        if column in self.frame:
            return self.frame[column].str.strip()
        return pd.Series("", index=self.frame.index, dtype="string")


def no_shapes(index: pd.Index) -> gpd.GeoSeries:
    """Make a column of missing geometries."""
    return gpd.GeoSeries(np.full(len(index), None, dtype=np.object_), index=index, crs=WGS84)


def expand(text: str) -> str:
    """Put environment variables into a path: ${NAME}, or ${NAME:-fallback}.

    A relative path from a variable counts from the working folder, as every setting does; the
    fallback counts from the folder of the profile, as whatever else stands in it.

    Raises:
        ImportRefusedError: a variable without fallback is not set.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] in os.environ:
            given = os.environ[match[1]]
            return str(Path(given).absolute()) if match.start() == 0 else given
        fallback: str | None = match[2]
        if fallback is None:
            msg = f"path {text}: set the environment variable {match[1]}"
            raise ImportRefusedError(msg)
        return fallback

    return _VARIABLE.sub(value, text)


def read_layer(layer: Layer, folder: Path, default_crs: str) -> Read:
    """Read a file and bring it to our names and to WGS-84.

    Raises:
        ImportRefusedError: naming the file and what is wrong with it as a whole.
    """
    path = folder / expand(layer.path)
    name = path.name
    try:
        raw, crs = _read(path)
    except OSError as error:
        msg = f"{path}: cannot be read ({error}); check the path"
        raise ImportRefusedError(msg) from error
    except (ValueError, KeyError, TypeError, pa.ArrowException) as error:
        msg = f"{path}: is not what its name says ({error})"
        raise ImportRefusedError(msg) from error
    raw[ROW] = np.arange(1, len(raw) + 1)
    _need(name, raw, [*layer.columns.values(), *layer.where])
    mine = pd.Series(data=True, index=raw.index)
    for column, value in layer.where.items():
        mine &= raw[column] == value
    chosen = raw[mine].reset_index(drop=True)
    frame = pd.DataFrame({ours: chosen[theirs] for ours, theirs in layer.columns.items()})
    frame[ROW] = chosen[ROW].to_numpy()
    for column, constant in layer.constants.items():
        frame[column] = pd.Series(constant, index=frame.index, dtype="string")
    for column, digits in layer.code_digits.items():
        frame[column] = frame[column].str.slice(0, digits)
    if "geometry" in chosen or "geometry" in layer.columns:
        frame["geometry"] = _shapes(name, layer, chosen, layer.crs or crs or default_crs)
    return Read(file=name, frame=frame, passed_over=int((~mine).sum()))


def _read(path: Path) -> tuple[pd.DataFrame, str]:
    """Read a file as text columns, perhaps `geometry`, and the CRS it declares ("" = none)."""
    kind = path.name.lower().removesuffix(".gz")
    if kind.endswith((".geojson", ".json")):
        return _geojson(json.loads(_unpacked(path)))
    if kind.endswith(".csv"):
        text = io.BytesIO(_unpacked(path))
        frame = pd.read_csv(text, dtype="string", keep_default_na=False, encoding="utf-8-sig")
        return frame, ""
    if kind.endswith((".parquet", ".geoparquet")):
        return _parquet(path)
    msg = (
        f"{path}: this kind of file is not read; convert it to GeoJSON, CSV, Parquet or GeoParquet"
    )
    raise ImportRefusedError(msg)


def _unpacked(path: Path) -> bytes:
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        msg = f"{path}: is larger than {MAX_BYTES >> 30} GiB; split it"
        raise ImportRefusedError(msg)
    return content


def _geojson(document: Any) -> tuple[pd.DataFrame, str]:  # noqa: ANN401 (foreign JSON)
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        msg = "it has no list of features"
        raise TypeError(msg)
    features = document["features"]
    rows = [feature.get("properties") or {} for feature in features]
    properties = pd.DataFrame(rows, dtype=np.object_)  # codes of 20 digits must not become floats
    frame = pd.DataFrame({str(c): properties[c].map(_text) for c in properties}, dtype="string")
    frame = frame.reindex(range(len(features)))
    written = [json.dumps(feature.get("geometry")) for feature in features]
    texts = np.array([None if text == "null" else text for text in written], dtype=np.object_)
    shapes = shapely.from_geojson(texts, on_invalid="ignore")
    frame["geometry"] = shapely.force_2d(shapes)
    declared = (document.get("crs") or {}).get("properties", {}).get("name")
    return frame, str(declared or "OGC:CRS84")


def _text(value: object) -> str:
    """Write a JSON value as text: whole numbers without a point, nothing as nothing."""
    if value is None or value != value:  # noqa: PLR0124 (NaN: the property is not there)
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _parquet(path: Path) -> tuple[pd.DataFrame, str]:
    if b"geo" in (pq.read_schema(path).metadata or {}):
        shapes = gpd.read_parquet(path)
        frame = pd.DataFrame(shapes.drop(columns=shapes.geometry.name))
        frame = _texts(frame)
        frame["geometry"] = np.asarray(shapes.geometry.array, dtype=np.object_)
        return frame, shapes.crs.to_string() if shapes.crs else ""
    return _texts(pq.read_table(path).to_pandas()), ""


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {str(c): frame[c].astype("string").fillna("") for c in frame}, index=frame.index
    ).reset_index(drop=True)


def _need(name: str, raw: pd.DataFrame, columns: list[str]) -> None:
    if lost := sorted({column for column in columns if column not in raw}):
        there = ", ".join(str(column) for column in raw if column not in {ROW, "geometry"})
        msg = f"{name}: has no column {', '.join(lost)}; it has {there}; mend the profile's columns"
        raise ImportRefusedError(msg)


def _shapes(name: str, layer: Layer, chosen: pd.DataFrame, crs: str) -> Any:  # noqa: ANN401
    column = chosen[layer.columns.get("geometry", "geometry")]
    if "geometry" in layer.columns and column.name != "geometry":
        column = pd.Series(shapely.from_wkt(column.to_numpy(dtype=np.object_), on_invalid="ignore"))
    series = gpd.GeoSeries(column.to_numpy(dtype=np.object_), crs=WGS84)
    known = as_crs(name, crs)
    series = series.set_crs(known, allow_override=True)
    bounds = series.total_bounds
    if known.is_geographic and np.nanmax(np.abs([*bounds, 0.0])) > 360:  # noqa: PLR2004
        msg = f"{name}: {crs} has degrees, the file has metres; declare its crs"
        raise ImportRefusedError(msg)
    return np.asarray(series.to_crs(WGS84).array, dtype=np.object_)


def as_crs(name: str, crs: str) -> CRS:
    """Understand a CRS.

    Raises:
        ImportRefusedError: naming the file that declares it.
    """
    try:
        return CRS.from_user_input(crs)
    except CRSError as error:
        msg = f"{name}: CRS {crs} is not known; name it like EPSG:4490"
        raise ImportRefusedError(msg) from error
