"""The turn at the desk: one child at a time works in a data directory, whoever began it.

The child holds a lock for as long as it lives, so that every process knows of it, and it ends when
whoever began it is gone.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import threading
import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from geodata.model.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BUSY: Final = "an import is being worked on; wait for it or stop it"
LOCK: Final = "desk.lock"
LOOK_EVERY_S: Final = 0.05
END_S: Final = 5.0  # for which an orphan may tidy up


class Child:
    """A process that has the turn in a data directory."""

    def __init__(self, lock: int, command: Sequence[str], log: Path) -> None:
        """Begin, with the turn that the lock stands for; see `taken`."""
        theirs, ours = os.pipe()
        # Closed at the latest by the end of this process, however it ends: the child hears it.
        self._hang_up = weakref.finalize(self, os.close, ours)
        try:
            with log.open("ab") as said:
                self._process = subprocess.Popen(  # noqa: S603 (our own program)
                    command, stdin=theirs, stdout=said, stderr=said, start_new_session=True,
                    pass_fds=(lock,),
                )  # fmt: skip
        finally:
            os.close(theirs)

    @property
    def works(self) -> bool:
        """Whether it is alive."""
        return self._process.poll() is None

    def stop(self, patience_s: float) -> None:
        """End it, by force where it does not end in time."""
        self._process.terminate()
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def taken(data_dir: Path) -> Iterator[int]:
    """Take the turn; give the lock to a child within the block, or it is free again after it.

    Raises:
        BusyError: another one has it.
    """
    lock = os.open(data_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _lock(lock)
        yield lock
    finally:
        os.close(lock)


def is_taken(data_dir: Path) -> bool:
    """Whether any child has the turn, of this process or of another, even one that is gone."""
    try:
        handle = os.open(data_dir / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def is_free_within(data_dir: Path, patience_s: float) -> bool:
    """Wait until nobody has the turn; whether that was so in time."""
    until = time.monotonic() + patience_s
    while is_taken(data_dir):
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_EVERY_S)
    return True


def end_with_parent() -> None:
    """In the child: have it end, as if it were asked to, when whoever began it is gone."""
    threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    os.read(0, 1)  # nothing is ever written there: it returns when the other end is closed
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(END_S)
    os._exit(1)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BusyError(BUSY) from error
