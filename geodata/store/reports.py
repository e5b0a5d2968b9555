"""Cases of a stretch of time as plain columns: published, of the feed's days, and arrived live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def read_reports(  # noqa: PLR0913 (which cases, and of what)
    paths: Iterable[Path],
    names: Sequence[str],
    first: int,
    now: int,
    live: Overlay | None = None,
    *,
    only: npt.NDArray[np.int64] | None = None,
) -> Iterator[Columns]:
    """The cases reported from a moment to another, file by file; what is not known is 0, NaN or "".

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
        table = readable(path, lambda p: _read(p, names, first, now))
        yield table if gone is None else _cut(table, gone)
    if live is None:
        return
    for path in live.settled.months if live.settled is not None else ():
        yield _cut(_read(path, names, first, now), live.touched)
    own = live.table().select(list(names)).cast(_schema(names))
    yield own.filter(_between(own, first, now))


def _read(path: Path, names: Sequence[str], first: int, now: int) -> pa.Table:
    within = (pc.field("reported") >= first) & (pc.field("reported") <= now)
    # One thread: the reports are read beside the requests, which come first.
    table = pq.read_table(path, columns=list(names), filters=within, use_threads=False)
    return table.cast(_schema(names))


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
