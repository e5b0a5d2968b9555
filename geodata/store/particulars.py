"""Who reported a case and in which words: masked for every reader; as it came only with a reason.

`particulars.parquet` of a snapshot is masked. What came in lies in `sealed/particulars.parquet`,
which only the owner of the files may read, and which nothing opens but `unmasked`.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Self

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from geodata.model.errors import NotAllowedError
from geodata.model.schemas import PARTICULARS, TOLD
from geodata.store import audit, tables
from geodata.store.reading import readable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from geodata.store.snapshots import City

NAME: Final = "particulars"
SEALED: Final = "sealed"
OWNER_ONLY: Final = 0o600
LEAST_REASON: Final = 4  # characters that a reason has at least
MOST_REASON: Final = 200
HELD_ROWS: Final = 65_536  # in memory before they go to disk
ROW_GROUP: Final = 8_192  # what is read to find one case


class Particulars:
    """Writes the particulars of a snapshot as its cases come: masked, and sealed as they came.

    Memory does not grow with the city; where nobody is known neither file is made.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder of the snapshot."""
        self._paths = folder / f"{NAME}.parquet", folder / SEALED / f"{NAME}.parquet"
        self._held: list[pd.DataFrame] = []
        self._files: list[pq.ParquetWriter] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Begin; nothing is on disk before there is something to write."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what is still held, unless something went wrong."""
        with self._open:
            if kind is None:
                self._write()

    def add(self, frame: pd.DataFrame) -> None:
        """Take a frame of incidents."""
        self._held += _within(frame)
        if sum(map(len, self._held)) >= HELD_ROWS:
            self._write()

    def _write(self) -> None:
        if not self._held:
            return
        frame = tables.conform(pd.concat(self._held), PARTICULARS, NAME)
        frame = frame.sort_values("id", ignore_index=True)
        self._held.clear()
        told = (tables.masked(frame, NAME), frame)
        parts = [pa.Table.from_pandas(each, preserve_index=False) for each in told]
        if not self._files:
            self._begin([part.schema for part in parts])
        for file, part in zip(self._files, parts, strict=True):
            file.write_table(part, row_group_size=ROW_GROUP)

    def _begin(self, schemas: list[pa.Schema]) -> None:
        sealed = self._paths[1]
        sealed.parent.mkdir(mode=0o700)
        sealed.touch(OWNER_ONLY)
        for path, schema in zip(self._paths, schemas, strict=True):
            file = pq.ParquetWriter(
                path, schema, compression="zstd", compression_level=tables.ZSTD_LEVEL
            )
            self._files.append(self._open.enter_context(file))


def _within(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """PARTICULARS of a frame of incidents that has some; rows without any are left out."""
    there = [name for name in TOLD if name in frame]
    if not there:
        return []
    told = frame[["id"]].assign(**dict.fromkeys(TOLD, ""))
    told[there] = frame[there].fillna("").astype("string")
    told = told[(told[list(TOLD)] != "").any(axis=1)]
    return [told] if len(told) else []


def of(path: Path, ids: Iterable[int]) -> pd.DataFrame:
    """Rows of a file by id; only the parts of the file that may hold them are read."""
    wanted = [int(each) for each in ids]
    if not wanted:
        wanted = [-1]
    table = pq.read_table(path, filters=ds.field("id").isin(wanted))
    found: pd.DataFrame = table.to_pandas().set_index("id")
    return found


def unmasked(city: City, number: int, *, actor: str, reason: str) -> pd.Series:
    """What was told of one case as it came; who saw it and why is on the disk before.

    Raises:
        NotAllowedError: no reason is given, or nothing is kept of the case.
        OSError: the audit cannot be written.
    """
    why = " ".join(reason.split())
    if not LEAST_REASON <= len(why) <= MOST_REASON:
        msg = f"a reason of {LEAST_REASON} to {MOST_REASON} characters is needed"
        raise NotAllowedError(msg)
    about = {"snapshot": city.id, "case": number, **_known_as(city, number), "reason": why}
    audit.record(city.data_dir, {"actor": actor, "act": "unmask", **about})
    path = city.folder / SEALED / f"{NAME}.parquet"
    found = of(path, [number]) if path.exists() else pd.DataFrame()
    if not len(found):
        msg = f"of case {number} nothing personal is kept"
        raise NotAllowedError(msg)
    return found.iloc[0]


def _known_as(city: City, number: int) -> dict[str, str]:
    """Source and number of a case, which last: its id is another at every import."""
    for path in city.incident_files():
        found = readable(
            path,
            lambda file: pq.read_table(
                file, columns=["source", "key"], filters=ds.field("id") == number
            ),
        )
        for row in found.to_pylist():
            return {"source": str(city.sources["key"].iloc[row["source"]]), "key": row["key"]}
    return {"source": "", "key": ""}
