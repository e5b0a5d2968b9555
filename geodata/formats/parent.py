"""A process that has the readers loaded and forks a child for every file: see `warm`.

It opens no file and believes no child. It is forked while it has one thread, so that no lock is
held by a thread that the child does not have.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
import traceback
from importlib import import_module
from typing import Any, Final, NoReturn

from geodata.formats import child

READY: Final = b"ready"
MOST: Final = 1 << 16  # bytes of a job
_USED: Final = ("numpy.ma", "dateutil.relativedelta")  # by the libraries, once they have a file
_DIES_WITH_PARENT: Final = 1  # for prctl


def main(line: socket.socket, owner: int) -> None:
    """Serve until the owner hangs up or is gone."""
    watched = os.pidfd_open(owner)
    if os.getppid() != owner:
        return  # gone already, and its number may be another's
    _load()
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208 (as many names as threads)
        return
    gc.freeze()  # so that a child copies less
    line.send(READY)
    while _woken(line.fileno(), watched) == line.fileno():
        asked, handles, _, _ = socket.recv_fds(line, MOST, 1)
        if not asked:
            return
        code = _read(json.loads(asked), handles[0], line, watched)
        if code is None:
            return
        line.send(str(code).encode())


def _load() -> None:
    """Import whatever a child may need to read or to answer."""
    child.hide()
    reading: Any = import_module("geodata.formats.reading")
    for name in ("handover", *reading.READERS.values()):
        import_module(f"geodata.formats.{name}")
    for name in _USED:
        import_module(name)


def _woken(*handles: int) -> int:
    """Wait for the first of these that has something to say; the earlier is heard first."""
    poll = select.poll()
    for handle in handles:
        poll.register(handle, select.POLLIN)
    ready = {handle for handle, _ in poll.poll()}
    return next(handle for handle in handles if handle in ready)


def _read(job: dict[str, Any], said: int, line: socket.socket, owner: int) -> int | None:
    """Fork a child and give its exit code; None = nobody waits for it any more, and it is dead."""
    me = os.getpid()
    number = os.fork()
    if not number:
        _become_child(job, said, (line.fileno(), owner), me)
    os.close(said)
    ended = os.pidfd_open(number)
    done = _woken(ended, line.fileno(), owner) == ended
    os.close(ended)
    if not done:
        os.kill(number, signal.SIGKILL)
    _, status = os.waitpid(number, 0)
    return os.waitstatus_to_exitcode(status) if done else None


def _become_child(job: dict[str, Any], said: int, others: tuple[int, ...], parent: int) -> NoReturn:
    code = 1
    try:
        _settle(job["folder"], said, others)
        if os.getppid() == parent:
            child.work(job)
            code = 0
    except BaseException:  # noqa: BLE001 (the last line of it is the answer)
        traceback.print_exc()
    finally:
        os._exit(code)


def _settle(folder: str, said: int, others: tuple[int, ...]) -> None:
    """Be as a process started for one file: with nothing of the parent's, and dead if it dies."""
    ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    os.setsid()
    os.dup2(said, 2)
    for handle in (said, *others):
        os.close(handle)
    os.chdir(folder)
    os.environ["TMPDIR"] = folder
    tempfile.tempdir = None


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as given:
        main(given, int(sys.argv[2]))
