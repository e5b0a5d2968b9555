"""Parquet, with or without the geometry that GeoParquet describes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from geodata.formats.cells import as_text
from geodata.formats.names import unique
from geodata.formats.sheet import FileRefusedError, Raw
from geodata.formats.wkb import shapes_of

if TYPE_CHECKING:
    import pyarrow as pa

    from geodata.formats.source import Source

CRS84 = "OGC:CRS84"  # of a GeoParquet that declares none


def read(source: Source) -> Raw:
    """Read a table and its main geometry column."""
    with pq.ParquetFile(source.path) as file:
        meta = file.metadata
        size = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
        if meta.num_rows > source.limits.features or size > source.limits.inflated:
            detail = f"holds {meta.num_rows:,} rows, {size >> 20:,} MiB"
            raise FileRefusedError(reason="too_many_rows", detail=detail, cure="split it")
        table = file.read()
    geo = _geo(table)
    main = str(geo.get("primary_column", "geometry"))
    described = geo.get("columns", {}).get(main) if geo else None
    raw = Raw({}, count=table.num_rows)
    others = [name for name in table.column_names if not (described and name == main)]
    for name, given in zip(unique(others, raw.remarks), others, strict=True):
        raw.columns[name] = as_text(table[given])
    if described:
        if described.get("encoding", "WKB") != "WKB":
            detail = f"holds geometry as {described['encoding']}"
            raise FileRefusedError(reason="unknown_kind", detail=detail, cure="write it as WKB")
        raw.shapes = shapes_of(table[main].to_numpy(), raw)
        raw.crs = _crs(described)
    return raw


def _geo(table: pa.Table) -> dict[str, Any]:
    metadata = table.schema.metadata or {}
    found = json.loads(metadata[b"geo"]) if b"geo" in metadata else {}
    return found if isinstance(found, dict) else {}


def _crs(described: dict[str, Any]) -> str:
    """Name the CRS, by its code if it has one."""
    if "crs" not in described:
        return CRS84
    crs = described["crs"]
    if crs is None:
        return ""
    known = crs.get("id") or {}
    if "authority" in known and "code" in known:
        return f"{known['authority']}:{known['code']}"
    return json.dumps(crs)
