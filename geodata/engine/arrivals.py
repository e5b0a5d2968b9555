"""What arrived since the publication, one state of it for the whole of one answer."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geodata.model.overlay import Live, Overlay

NEVER: Final = 2**32 - 1
FILES_KEPT: Final = 3  # an answer that began with an older state may still read its file
_HELD: Final[ContextVar[tuple[Overlay | None] | None]] = ContextVar("arrivals", default=None)


class Arrivals:
    """Gives the live cases to an engine; safe for many threads."""

    def __init__(self, live: Live) -> None:
        """Take whoever knows what is live."""
        self._live = live
        self._files: list[tuple[str, Path]] = []
        self._lock = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[Overlay | None]:
        """One state for as long as the block lasts; a block inside has that of the outer one."""
        outer = _HELD.get()
        if outer is not None:
            yield outer[0]
            return
        live = self._live()
        token = _HELD.set((live,))
        try:
            yield live
        finally:
            _HELD.reset(token)

    def first(self) -> int:
        """The earliest report; after all time where nothing arrived."""
        with self.held() as live:
            found = None if live is None else live.first()
        return NEVER if found is None else found

    def file(self, folder: Path) -> list[str]:
        """The cases as a file in this folder, for a database to read; none where there are none."""
        with self.held() as live:
            if live is None or not len(live):
                return []
            with self._lock:
                return [str(self._written(live, folder))]

    def _written(self, live: Overlay, folder: Path) -> Path:
        for version, path in self._files:
            if version == live.version:
                return path
        number = int(self._files[-1][1].stem.rpartition("-")[2]) + 1 if self._files else 0
        path = folder / f"live-{number}.parquet"
        pq.write_table(live.table(), path, compression="none")
        self._files.append((live.version, path))
        for _, old in self._files[:-FILES_KEPT]:
            old.unlink(missing_ok=True)
        del self._files[:-FILES_KEPT]
        return path
