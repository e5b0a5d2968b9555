"""Tables to and from Parquet, always with the columns and types of `geodata.model.schemas`."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geodata.model.errors import ImportRefusedError
from geodata.model.schemas import (
    ALERTS,
    BUILDINGS,
    CODE_LISTS,
    DIVISIONS,
    ESTATES,
    FINDINGS,
    INSPECTIONS,
    PLACES,
    ROSTERS,
    SITES,
    TOPOLOGY,
    Schema,
)

if TYPE_CHECKING:
    from pathlib import Path

KNOWN: Final[dict[str, Schema]] = {
    "alerts": ALERTS,
    "buildings": BUILDINGS,
    "divisions": DIVISIONS,
    "estates": ESTATES,
    "findings": FINDINGS,
    "inspections": INSPECTIONS,
    "places": PLACES,
    "rosters": ROSTERS,
    "sites": SITES,
    "topology": TOPOLOGY,
    **CODE_LISTS,
}
WGS84: Final = "EPSG:4326"
ZSTD_LEVEL: Final = 3
LATER_ALERTS: Final = "alerts-"  # a feed's file of alerts; the day they end follows

_ARROW: Final = {
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "string": pa.string(),
    "UInt32": pa.uint32(),
}


def arrow_schema(schema: Schema) -> pa.Schema:
    """Translate a schema; only moments (`UInt32`) may be null."""
    return pa.schema(
        [pa.field(name, _ARROW[kind], nullable=kind == "UInt32") for name, kind in schema.items()]
    )


def empty(schema: Schema) -> pd.DataFrame:
    """Make a table without rows."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in schema.items()})


def empty_shapes(schema: Schema) -> gpd.GeoDataFrame:
    """Make a table with geometry and without rows."""
    return gpd.GeoDataFrame(empty(schema), geometry=gpd.GeoSeries([], crs=WGS84), crs=WGS84)


def conform(frame: pd.DataFrame, schema: Schema, name: str) -> pd.DataFrame:
    """Bring a frame to a schema's columns, order and types; a geometry column is kept.

    Raises:
        ImportRefusedError: naming the table and the columns that are missing or do not fit.
    """
    missing = [column for column in schema if column not in frame.columns]
    if missing:
        msg = f"table {name}: columns {', '.join(missing)} are missing; add them"
        raise ImportRefusedError(msg)
    kept = list(schema) + [c for c in frame.columns if c == "geometry"]
    frame = frame[kept].reset_index(drop=True)
    for column, kind in schema.items():
        try:
            values = frame[column].fillna("") if kind == "string" else frame[column]
            frame[column] = values.astype(pd.api.types.pandas_dtype(kind))
        except (TypeError, ValueError, OverflowError) as error:
            msg = f"table {name}: column {column} does not fit {kind} ({error}); mend the values"
            raise ImportRefusedError(msg) from error
    return frame


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame (GeoParquet if it has geometry); the same frame gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(frame, gpd.GeoDataFrame):
        frame.to_parquet(path, index=False, compression="zstd", compression_level=ZSTD_LEVEL)
        return
    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(table, path, compression="zstd", compression_level=ZSTD_LEVEL)


def read(path: Path) -> pd.DataFrame:
    """Read a frame that was written without geometry."""
    frame: pd.DataFrame = pq.read_table(path).to_pandas()
    return frame


def read_column(path: Path, name: str) -> list[Any]:
    """Read one column of a frame, of shapes as well."""
    found: list[Any] = pq.read_table(path, columns=[name])[name].to_pylist()
    return found


def read_shapes(path: Path) -> gpd.GeoDataFrame:
    """Read a frame that was written with geometry."""
    return gpd.read_parquet(path)


def write_text(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a file so that a reader sees the old text or the new one, never a half."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(mode)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def write_alerts(path: Path, frame: pd.DataFrame) -> None:
    """Replace a feed's table of alerts (ALERTS without `alert`), whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    numbered = frame.assign(alert=np.arange(len(frame)))
    try:
        write(conform(numbered, ALERTS, "alerts"), draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
