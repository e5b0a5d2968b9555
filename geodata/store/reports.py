"""Cases of a stretch of time as plain columns: published, of the feed's days, and arrived live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geodata.model.schemas import INCIDENTS
from geodata.store.reading import readable
from geodata.store.tables import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from geodata.model.overlay import Overlay

    Columns = dict[str, npt.NDArray[Any]]

PIECE: Final = 1 << 17  # rows of a file that are in memory at once


def read_reports(  # noqa: PLR0913 (which cases, and of what)
    paths: Iterable[Path],
    names: Sequence[str],
    first: int,
    now: int,
    live: Overlay | None = None,
    *,
    only: npt.NDArray[np.int64] | None = None,
) -> Iterator[Columns]:
    """The cases reported from a moment to another, in pieces; what is not known is 0, NaN or "".

    names: columns of INCIDENTS, `id` and `reported` among them; live: cases that replace those of
    the files, or come on top; only: ids of those that are wanted, None = all.
    """
    for table in _tables(paths, names, first, now, live):
        if only is not None:
            table = table.filter(pa.array(np.isin(table["id"].to_numpy(), only)))  # noqa: PLW2901
        yield {name: _plain(table[name]) for name in names}


def _tables(
    paths: Iterable[Path], names: Sequence[str], first: int, now: int, live: Overlay | None
) -> Iterator[pa.Table]:
    gone = None if live is None else live.replaced()
    for path in paths:
        for table in _read(path, names, first, now):
            yield table if gone is None else _cut(table, gone)
    if live is None:
        return
    for path in live.settled.months if live.settled is not None else ():
        for table in _read(path, names, first, now):
            yield _cut(table, live.touched)
    own = live.table().select(list(names)).cast(_schema(names))
    yield own.filter(_between(own, first, now))


def _read(path: Path, names: Sequence[str], first: int, now: int) -> Iterator[pa.Table]:
    """What of a file lies between two moments, a piece at a time: a month is large."""
    file = readable(path, lambda p: pq.ParquetFile(p, pre_buffer=False))
    # One thread: the reports are read beside the requests, which come first.
    batches = file.iter_batches(PIECE, columns=list(names), use_threads=False)
    while (batch := readable(path, lambda _: next(batches, None))) is not None:
        table = pa.Table.from_batches([batch]).select(list(names))
        table = table.filter(_between(table, first, now))
        if len(table):
            yield table.cast(_schema(names))


def _schema(names: Sequence[str]) -> pa.Schema:
    known = arrow_schema(INCIDENTS)
    return pa.schema([known.field(name) for name in names])


def _between(table: pa.Table, first: int, now: int) -> pa.Array:
    reported = table["reported"]
    return pc.and_(pc.greater_equal(reported, first), pc.less_equal(reported, now))


def _cut(table: pa.Table, gone: Any) -> pa.Table:  # noqa: ANN401 (ids)
    """The rows of other ids."""
    if not len(gone) or not len(table):
        return table
    return table.filter(pa.array(~np.isin(table["id"].to_numpy(), gone)))


def _plain(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    if pa.types.is_string(column.type):
        return np.asarray(column.fill_null("").to_numpy(zero_copy_only=False))
    empty = np.nan if pa.types.is_floating(column.type) else 0
    found: npt.NDArray[Any] = column.fill_null(empty).to_numpy()
    return found
