"""Whether a disk has room left, and what went wrong where it has none."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from geodata.model.errors import DiskFullError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAST: Final = 1 << 20  # bytes that a disk must still take, to be worth a try
# No space, no quota, and a file that would be larger than this process may write.
FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def has_room(folder: Path, size: int = LEAST) -> bool:
    """Whether so many bytes can be written into a folder now; nothing of it stays."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            os.posix_fallocate(file.fileno(), 0, size)
    except OSError:
        return False
    return True


def is_full(error: BaseException, folder: Path | None = None) -> bool:
    """Whether a disk without room made this error; some libraries do not say, then we look."""
    if not isinstance(error, OSError):
        return False
    if error.errno is None and folder is not None:
        return not has_room(folder)
    return error.errno in FULL


@contextmanager
def told_if_full(folder: Path, cure: str) -> Iterator[None]:
    """Name the folder on whose disk there is no room, and what to do.

    Raises:
        DiskFullError: in place of the system's own error.
    """
    try:
        yield
    except OSError as error:
        if not is_full(error, folder):
            raise
        msg = f"{folder}: no room left on its disk; {cure}"
        raise DiskFullError(msg) from error
