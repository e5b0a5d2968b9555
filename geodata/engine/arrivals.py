"""What arrived since the publication, one state of it for the whole of one answer."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar, cast

import pyarrow as pa
import pyarrow.parquet as pq

from geodata.engine.files import covering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from geodata.model.overlay import Live, Overlay

NEVER: Final = 2**32 - 1
LIVE: Final = "live.parquet"
GONE: Final = "gone.parquet"
TOUCHED: Final = "touched.parquet"
FILES_KEPT: Final = 3  # an answer that began with an older state may still read its file
T = TypeVar("T")


@dataclass
class Held:
    """What is live for the whole of one answer, and what was made of it meanwhile."""

    live: Overlay | None
    made: dict[object, object] = field(default_factory=dict)


_HELD: Final[ContextVar[Held | None]] = ContextVar("arrivals", default=None)


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
            yield outer.live
            return
        live = self._live()
        token = _HELD.set(Held(live))
        try:
            yield live
        finally:
            _HELD.reset(token)

    def once(self, key: object, make: Callable[[Overlay | None], T]) -> T:
        """What is made of the live cases, once for as long as the outermost block lasts."""
        with self.held() as live:
            held = cast("Held", _HELD.get())
            if key not in held.made:
                held.made[key] = make(live)
            return cast("T", held.made[key])

    def anew(self) -> None:
        """Forget what was made in this block: the files have changed meanwhile."""
        if (held := _HELD.get()) is not None:
            held.made.clear()

    def first(self) -> int:
        """The earliest report; after all time where nothing arrived."""
        with self.held() as live:
            found = None if live is None else live.first()
        return NEVER if found is None else found

    def files(self, folder: Path, *windows: tuple[int, int]) -> dict[str, list[str]]:
        """The cases as files for a database to read, by the names that a statement gives them.

        live: those not compacted, written into this folder; gone: ids of published cases that do
        not count; settled: months compacted that may hold a case of the windows; touched: ids of
        theirs that do not count. Nothing where nothing arrived.
        """
        with self.held() as live:
            if live is None or (not len(live) and live.settled is None):
                return {}
            with self._lock:
                kept = self._written(live, folder)
            found = {"live": [str(kept / LIVE)], "gone": [str(kept / GONE)]}
            if live.settled is not None and (months := covering(live.settled.months, *windows)):
                found |= {"settled": months, "touched": [str(kept / TOUCHED)]}
            return found

    def months(self) -> tuple[Path, ...]:
        """Files of cases that were compacted."""
        with self.held() as live:
            return live.settled.months if live is not None and live.settled is not None else ()

    def _written(self, live: Overlay, folder: Path) -> Path:
        for version, path in self._files:
            if version == live.version:
                return path
        number = int(self._files[-1][1].name.rpartition("-")[2]) + 1 if self._files else 0
        path = folder / f"live-{number}"
        path.mkdir()
        pq.write_table(live.table(), path / LIVE, compression="none")
        for name, ids in ((GONE, live.replaced()), (TOUCHED, live.touched)):
            pq.write_table(pa.table({"id": ids}), path / name, compression="none")
        self._files.append((live.version, path))
        for _, old in self._files[:-FILES_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        del self._files[:-FILES_KEPT]
        return path
