"""Incidents into one Parquet file a month (UTC, by the moment reported), in any order they come."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geodata.model.errors import ImportRefusedError
from geodata.model.schemas import DEADLINES, INCIDENTS, MOMENTS
from geodata.store.tables import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

SCHEMA: Final = arrow_schema(INCIDENTS)
HELD_ROWS: Final = 1_500_000  # in memory before parts go to disk
ROW_GROUP: Final = 122_880  # what DuckDB gives one thread
WORKERS: Final = 2
PAST_MOMENTS: Final = tuple(moment for moment in MOMENTS if moment not in DEADLINES)


@dataclass
class MonthWriter:
    """Collects frames of incidents and writes each month sorted by `reported`, then `id`.

    limits: column → how many rows the table it refers to has; a reference outside is refused.
    """

    folder: Path
    limits: Mapping[str, int]
    rows: int = 0
    first: int = 0
    last: int = 0  # newest moment of any stage, deadlines apart
    _parts: dict[str, list[pa.Table]] = field(default_factory=dict)
    _spilt: dict[str, list[Path]] = field(default_factory=dict)
    _held: int = 0

    def add(self, frame: pd.DataFrame) -> None:
        """Take one frame with the columns of INCIDENTS.

        Raises:
            ImportRefusedError: a column is missing or does not fit, or a reference leads nowhere.
        """
        if not len(frame):
            return
        table = _typed(frame)
        self._check(table)
        self._widen(table)
        reported = table["reported"].to_numpy()
        months = reported.astype("datetime64[s]").astype("datetime64[M]")
        for month in np.unique(months):
            mine = months == month
            part = table if mine.all() else table.filter(pa.array(mine))
            self._parts.setdefault(str(month), []).append(part)
        self.rows += len(table)
        self._held += len(table)
        if self._held >= HELD_ROWS:
            self._spill()

    def finish(self) -> tuple[str, ...]:
        """Write every month and name the months."""
        self.folder.mkdir(parents=True, exist_ok=True)
        months = sorted({*self._parts, *self._spilt})
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(self._write, months))
        return tuple(months)

    def _check(self, table: pa.Table) -> None:
        if table["reported"].null_count:
            msg = "incidents: `reported` is empty in some row; leave such rows out"
            raise ImportRefusedError(msg)
        for column, limit in self.limits.items():
            ends = pc.min_max(table[column]).as_py()
            low = 0 if column in {"site", "category", "source"} else -1
            if ends["min"] < low or ends["max"] >= limit:
                msg = (
                    f"incidents: column {column} refers to row {ends['max']} or {ends['min']}, "
                    f"but there are {limit}; number the rows again"
                )
                raise ImportRefusedError(msg)

    def _widen(self, table: pa.Table) -> None:
        first = pc.min(table["reported"]).as_py()
        self.first = min(self.first or first, first)
        tops = [pc.max(table[moment]).as_py() or 0 for moment in PAST_MOMENTS]
        self.last = max(self.last, *tops)

    def _spill(self) -> None:
        """Put what is held on disk, so that memory does not grow with the city."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for month, parts in self._parts.items():
            done = self._spilt.setdefault(month, [])
            path = self.folder / f".{month}.{len(done)}.part"
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as file:
                for part in parts:
                    file.write_table(part)
            done.append(path)
        self._parts.clear()
        self._held = 0

    def _write(self, month: str) -> None:
        spilt = self._spilt.get(month, [])
        tables = [pa.ipc.open_file(pa.memory_map(str(path))).read_all() for path in spilt]
        table = pa.concat_tables([*tables, *self._parts.pop(month, [])])
        put_month(table, self.folder / f"{month}.parquet")
        for path in spilt:
            path.unlink()


def write_day(folder: Path, day: str, frame: pd.DataFrame) -> Path:
    """Replace the file of one live day (2026-11-21, UTC) in a feed's folder, whole or not at all.

    Raises:
        ImportRefusedError: a column is missing or does not fit.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{day}.parquet"
    draft = folder / f".{day}.{os.getpid()}.new"
    try:
        put_month(_typed(frame), draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def put_month(table: pa.Table, path: Path) -> None:
    """Write cases of SCHEMA in the order in which they were reported."""
    order = np.lexsort((table["id"].to_numpy(), table["reported"].to_numpy()))
    if not (np.diff(order) == 1).all():
        table = table.take(order)
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=1,
        row_group_size=ROW_GROUP,
        use_dictionary=[c for c, kind in INCIDENTS.items() if kind in {"int8", "int16"}],
    )


def _typed(frame: pd.DataFrame) -> pa.Table:
    missing = [column for column in INCIDENTS if column not in frame.columns]
    if missing:
        msg = f"incidents: columns {', '.join(missing)} are missing; add them"
        raise ImportRefusedError(msg)
    arrays = []
    for name in INCIDENTS:
        try:
            arrays.append(_array(frame[name], SCHEMA.field(name)))
        except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError, ValueError) as error:
            msg = f"incidents: column {name} does not fit: {error}"
            raise ImportRefusedError(msg) from error
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _array(column: pd.Series, kind: pa.Field) -> pa.Array:
    array = pa.Array.from_pandas(column)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    floating = pa.types.is_floating(kind.type)
    if not array.type.equals(kind.type):
        # Coordinates may narrow to float32 with a loss, whole numbers must not lose anything.
        array = array.cast(kind.type, safe=not floating)
    if floating or pa.types.is_string(kind.type):
        return array.fill_null(float("nan") if floating else "")
    if array.null_count and not kind.nullable:
        msg = f"{array.null_count} empty values"
        raise ValueError(msg)
    return array
