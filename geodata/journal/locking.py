"""A lock on a file: it falls with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

MOST: Final = 4_096  # bytes of what a holder says that are read
SERVER: Final = "server.lock"  # of a data directory; every server shares it for as long as it runs


def hold(path: Path, says: str) -> int | None:
    """Take the lock and leave a word in the file; None = another process has it.

    Raises:
        OSError: the file cannot be written.
    """
    handle = _opened(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, says.encode(), 0)
    except BaseException:
        os.close(handle)  # else this very process would find it taken from then on
        raise
    return handle


def share(path: Path) -> int | None:
    """Take the lock beside others that share it; None = a process has it alone.

    Raises:
        OSError: the file cannot be opened, or the disk knows no locks.
    """
    handle = _opened(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except BaseException:
        os.close(handle)
        raise
    return handle


def _opened(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)


def let_go(handle: int) -> None:
    """Give the lock back."""
    os.close(handle)


def said(path: Path) -> str:
    """What the holder left in the file."""
    with path.open("rb") as file:
        return file.read(MOST).decode(errors="replace")
