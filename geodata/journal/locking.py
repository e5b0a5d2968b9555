"""A lock on a file: it falls with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

MOST: Final = 4_096  # bytes of what a holder says that are read


def hold(path: Path, says: str) -> int | None:
    """Take the lock and leave a word in the file; None = another process has it.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    os.ftruncate(handle, 0)
    os.pwrite(handle, says.encode(), 0)
    return handle


def let_go(handle: int) -> None:
    """Give the lock back."""
    os.close(handle)


def said(path: Path) -> str:
    """What the holder left in the file."""
    with path.open("rb") as file:
        return file.read(MOST).decode(errors="replace")
