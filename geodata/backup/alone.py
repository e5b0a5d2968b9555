"""A data directory without anybody else at work: no server, no writer, no compaction."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from geodata.backup.errors import BackupError
from geodata.journal import generation, locking
from geodata.journal.journal import FOLDER
from geodata.journal.writer import LOCK
from geodata.store.prune import COMPACTED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Hold every lock of those who read or write the journal of a data directory.

    Raises:
        BackupError: somebody has one.
    """
    with ExitStack() as held:
        for path in (data_dir / locking.SERVER, data_dir / FOLDER / LOCK):
            _held(held, path, f"{data_dir}: a server works here; stop it first")
        for folder in sorted((data_dir / COMPACTED).glob("*/")):
            path = folder / generation.LOCK
            _held(held, path, f"{folder}: another process compacts here; wait until it is done")
        yield


def _held(held: ExitStack, path: Path, taken: str) -> None:
    handle = locking.hold(path, "")
    if handle is None:
        raise BackupError(taken)
    held.callback(locking.let_go, handle)
