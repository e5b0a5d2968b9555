"""Tables to and from Parquet, always with the columns and types of `geodata.model.schemas`."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geodata.model.errors import ImportRefusedError
from geodata.model.personal import mask
from geodata.model.schemas import (
    ALERTS,
    BUILDINGS,
    CODE_LISTS,
    DIVISIONS,
    ESTATES,
    FINDINGS,
    INSPECTIONS,
    PARTICULARS,
    PERSONAL,
    PLACES,
    RATINGS,
    ROSTERS,
    SITES,
    TOPOLOGY,
    WARNINGS,
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
    "particulars": PARTICULARS,
    "places": PLACES,
    "ratings": RATINGS,
    "rosters": ROSTERS,
    "sites": SITES,
    "topology": TOPOLOGY,
    "warnings": WARNINGS,
    **CODE_LISTS,
}
WGS84: Final = "EPSG:4326"
GEOMETRY: Final = "geometry"
ZSTD_LEVEL: Final = 3
IMPORTED: Final = "imported"  # kind of alerts that another system raised
LIVE_WARNINGS: Final = "warnings.parquet"  # in a feed's folder: as of now, in place of the table
JUDGED: Final = b"judged_until"  # beside the columns of such a file

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
    kept = list(schema) + [c for c in frame.columns if c == GEOMETRY]
    frame = frame[kept].reset_index(drop=True)
    for column, kind in schema.items():
        try:
            values = frame[column].fillna("") if kind == "string" else frame[column]
            frame[column] = values.astype(pd.api.types.pandas_dtype(kind))
        except (TypeError, ValueError, OverflowError) as error:
            msg = f"table {name}: column {column} does not fit {kind} ({error}); mend the values"
            raise ImportRefusedError(msg) from error
    return frame


def masked(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table whose personal columns hold what everybody may see."""
    kinds = PERSONAL.get(name, {})
    hidden = {
        column: pd.Series([mask(kind, text) for text in frame[column]], frame.index, "string")
        for column, kind in kinds.items()
    }
    return frame.assign(**hidden) if hidden else frame


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


def read_plain(path: Path) -> pd.DataFrame:
    """Read a frame that was written with geometry, without it."""
    names = [name for name in pq.read_schema(path).names if name != GEOMETRY]
    frame: pd.DataFrame = pq.read_table(path, columns=names).to_pandas()
    pa.default_memory_pool().release_unused()  # it would be held for the next reading
    return frame


def with_limits(matters: pd.DataFrame) -> pd.DataFrame:
    """Matters as they are kept now: older tables have limits of hours that run day and night."""
    if "limit_h" not in matters:
        return matters
    return matters.rename(columns={"limit_h": "limit"}).assign(limit_kind="urgent_hours")


def read_column(path: Path, name: str) -> pa.Array:
    """Read one column of a frame, of shapes as well."""
    column = pq.read_table(path, columns=[name])[name].combine_chunks()
    pa.default_memory_pool().release_unused()  # what it was read through would be held
    return column


def read_shapes(path: Path) -> gpd.GeoDataFrame:
    """Read a frame that was written with geometry."""
    frame = gpd.read_parquet(path)
    # What it was read through is as large as the frame, and would be held for the next reading.
    pa.default_memory_pool().release_unused()
    return frame


def write_text(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a file so that a reader sees the old text or the new one, never a half."""
    write_bytes(path, text.encode(), mode)


def write_bytes(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Replace a file so that a reader sees the old content or the new one, never a half."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(mode)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def write_warnings(path: Path, frame: pd.DataFrame, until: int) -> None:
    """Replace the table of warnings (WARNINGS without `alert`), whole or not at all.

    until: the moment up to which cases were judged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    numbered = conform(frame.assign(alert=np.arange(len(frame))), WARNINGS, "warnings")
    table = pa.Table.from_pandas(numbered, preserve_index=False)
    noted = {**(table.schema.metadata or {}), JUDGED: str(until).encode()}
    try:
        with draft.open("wb") as file:
            pq.write_table(table.replace_schema_metadata(noted), file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def judged_until(path: Path) -> int:
    """The moment up to which the cases of a table of warnings were judged; 0 = not noted."""
    return int((pq.read_schema(path).metadata or {}).get(JUDGED, 0))
