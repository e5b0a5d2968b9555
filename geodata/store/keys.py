"""Cases of the published history, found by channel and number.

The numbers of a file are kept as sorted hashes, made at publication or when first asked for, and
made anew when the file is another; they may be removed at any time.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geodata.model.draft import Progress, silent
from geodata.model.schemas import INCIDENTS, LATER_COLUMNS, MOMENTS
from geodata.store.prune import KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    Columns = dict[str, npt.NDArray[Any]]
    Hashes = npt.NDArray[np.uint64]
    Rows = npt.NDArray[np.uint32]
    Ints = npt.NDArray[np.int64]

HASHES, ROWS = "hashes", "rows"
# Files of an older publication may lack a column that came later.
HASH_FILE: Final = "SELECT hash(key) AS h, file_row_number AS r FROM read_parquet($file) ORDER BY h"
HASH_KEYS: Final = "SELECT hash(unnest($keys::VARCHAR[])) AS h"


class Published(Protocol):
    """What is needed of a published city; `store.snapshots.City` fits."""

    @property
    def id(self) -> str:
        """Snapshot id."""

    @property
    def data_dir(self) -> Path:
        """Where cities are kept."""

    def incident_files(self) -> list[Path]:
        """Every Parquet file of incidents."""


@dataclass(frozen=True)
class Index:
    """Numbers of one file: hashes in order, and the row of each."""

    hashes: Hashes
    rows: Rows

    def rows_of(self, wanted: Hashes) -> Ints:
        """Rows that may hold one of the wanted numbers; equal hashes are all of them named."""
        low = np.searchsorted(self.hashes, wanted, "left")
        hit = np.flatnonzero(self.hashes[np.minimum(low, len(self.hashes) - 1)] == wanted)
        high = np.searchsorted(self.hashes, wanted[hit], "right")
        found = [self.rows[a:b] for a, b in zip(low[hit], high, strict=True)]
        return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *found]))


@dataclass(eq=False)
class Base:
    """The cases of one published city, months and days of the feed."""

    city: Published
    _known: dict[tuple[str, int, int], Index] = field(default_factory=dict, repr=False)
    _database: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect, repr=False)

    def find(self, sources: Sequence[int], keys: Sequence[str]) -> tuple[list[int], Columns]:
        """Cases by row of their channel and number: which of the wanted they are, and their rows.

        Moments are epoch seconds, 0 = none.
        """
        wanted = {pair: n for n, pair in enumerate(zip(sources, keys, strict=True))}
        hashes = np.unique(self._asked(HASH_KEYS, {"keys": list(keys)})["h"])
        parts = []
        for path in self.city.incident_files():
            rows = self._index(path).rows_of(hashes)
            if len(rows):
                parts.append(_read(path, rows))
        if not parts:
            return [], {}
        whole = {name: np.concatenate([part[name] for part in parts]) for name in INCIDENTS}
        pairs = zip(whole["source"].tolist(), whole["key"].tolist(), strict=True)
        at = [wanted.get(pair, -1) for pair in pairs]
        # Of two rows with the same number the later file's counts.
        last = {n: row for row, n in enumerate(at) if n >= 0}
        chosen = np.array(list(last.values()), dtype=np.intp)
        return list(last), {name: column[chosen] for name, column in whole.items()}

    def prepare(self, progress: Progress = silent) -> None:
        """Make what the first question would have to wait for."""
        files = self.city.incident_files()
        for number, path in enumerate(files):
            self._index(path)
            progress(KEYS, (number + 1) / len(files))

    def _asked(self, statement: str, values: dict[str, Any]) -> Columns:
        with self._database.cursor() as cursor:
            read: Columns = cursor.execute(statement, values).fetchnumpy()  # type: ignore[assignment]
        return read

    def _index(self, path: Path) -> Index:
        state = path.stat()
        stamp = (path.name, state.st_size, state.st_mtime_ns)
        if stamp not in self._known:
            self._known[stamp] = self._read_or_made(path, "-".join(map(str, stamp)))
        return self._known[stamp]

    def _read_or_made(self, path: Path, name: str) -> Index:
        # The hash function is the database's own and may be another in its next version.
        folder = self.city.data_dir / KEYS / self.city.id / duckdb.__version__ / name
        if not (folder / f"{ROWS}.npy").exists():
            made = self._asked(HASH_FILE, {"file": str(path)})
            index = Index(made["h"], made["r"].astype(np.uint32))
            try:
                _keep(folder, index)
            except OSError:
                return index  # no room: it is held in memory then
        read = (np.load(folder / f"{part}.npy", mmap_mode="r") for part in (HASHES, ROWS))
        return Index(*read)


def _keep(folder: Path, index: Index) -> None:
    """Write both arrays; the one that is looked for comes last."""
    for old in folder.parent.glob(f"{folder.name.rsplit('-', 2)[0]}-*-*"):
        shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    for part, values in ((HASHES, index.hashes), (ROWS, index.rows)):
        draft = folder / f".{part}.{os.getpid()}.new.npy"
        np.save(draft, values)
        draft.replace(folder / f"{part}.npy")


def _read(path: Path, rows: Ints) -> Columns:
    """Some rows of a file: only the groups that hold them are read."""
    file = pq.ParquetFile(path)
    sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    ends = np.cumsum(sizes)
    groups = np.searchsorted(ends, rows, "right")
    parts = []
    for group in np.unique(groups).tolist():
        own = rows[groups == group] - (ends[group] - sizes[group])
        parts.append(file.read_row_group(group).take(own))
    return _plain(pa.concat_tables(parts))


def _plain(table: pa.Table) -> Columns:
    """Columns of INCIDENTS without nulls; older files lack those that came later."""
    whole: Columns = {}
    for name, kind in INCIDENTS.items():
        if name not in table.column_names:
            whole[name] = np.full(len(table), LATER_COLUMNS.get(name, 0), dtype=kind.lower())
        elif name in MOMENTS:
            whole[name] = table[name].fill_null(0).to_numpy()
        else:
            whole[name] = table[name].to_numpy()
    return whole
