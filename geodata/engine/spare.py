"""A folder in the system's temporary one, for as long as its engine lives."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from io import TextIOWrapper

PREFIX: Final = "yiping-engine-"
LOCK: Final = "lock"
YOUNG_S: Final = 60.0  # its engine may be about to lock it


def spare_folder() -> tuple[Path, TextIOWrapper]:
    """Make a folder and the lock that says it is in use, once those of killed engines are gone."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _abandoned(left):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = (folder / LOCK).open("w", encoding="utf-8")
    fcntl.flock(lock, fcntl.LOCK_EX)  # waits while another engine looks whether it is abandoned
    return folder, lock


def discard(folder: Path, lock: TextIOWrapper) -> None:
    """Remove the folder and give up its lock."""
    shutil.rmtree(folder, ignore_errors=True)
    lock.close()


def _abandoned(folder: Path) -> bool:
    """Whether no process holds the lock: the system gives up those of a process that is killed."""
    try:
        if time.time() - folder.stat().st_mtime <= YOUNG_S:
            return False
        with (folder / LOCK).open("r+", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True  # its engine was killed before it could make one
    except OSError:
        return False
    return True
