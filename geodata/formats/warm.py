"""Children for foreign files without the half second that each takes to load the readers.

One process of our own loads them, and forks a child for every file; the child closes its cage
before it looks at the file, as one that is started anew does. Where that cannot be had — another
system than Linux, a library that starts threads — the answer is None, and the caller starts a
child anew.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMMAND: Final = (sys.executable, "-m", "geodata.formats.parent")
_START_S: Final = 60.0
_END_S: Final = 5.0
_LEAST_S: Final = 1e-6  # zero would mean not to wait at all
# Arrow's allocator would start a thread, and only a process of one thread is forked.
_CALM: Final = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}


class Parent:
    """The process that forks; it ends with this one, and as soon as it is told to."""

    def __init__(self, env: Mapping[str, str], command: tuple[str, ...] = COMMAND) -> None:
        """Start it.

        Raises:
            OSError: it cannot be started, or cannot serve.
        """
        self.owner = os.getpid()
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 (our own program)
                [*command, str(theirs.fileno()), str(self.owner)],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                cwd="/", env={**env, **_CALM}, pass_fds=[theirs.fileno()], start_new_session=True,
            )  # fmt: skip
        self._line.settimeout(_START_S)
        ready = b""
        try:
            with suppress(OSError):
                ready = self._line.recv(64)
        finally:
            if not ready:
                self.end()
        if not ready:
            msg = "the readers cannot be kept loaded"
            raise OSError(msg)

    def run(self, job: dict[str, Any], said: IO[bytes], seconds: float) -> int | None:
        """Have a file read and give the child's exit code; None = the parent was gone before.

        Raises:
            TimeoutError: it takes too long; child and parent are gone.
        """
        try:
            socket.send_fds(self._line, [json.dumps(job).encode()], [said.fileno()])
        except OSError:
            self.end()
            return None
        self._line.settimeout(max(seconds, _LEAST_S))
        code = -int(signal.SIGKILL)
        try:
            code = int(self._line.recv(64) or code)
        except ConnectionError:
            pass
        finally:
            # No file meets a parent whose addresses another file could have tried out.
            if code:
                self.end()
        return code

    def end(self) -> None:
        """Hang up and wait until it is gone, and a child with it."""
        self._line.close()
        try:
            self.process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def serves(self) -> bool:
        """Whether a file can be given to it."""
        return self._line.fileno() >= 0


class Nursery:
    """Starts the parent when the first file comes, and another one when it is gone."""

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        """Start nothing yet."""
        self._command = command
        self._lock = threading.Lock()
        self.parent: Parent | None = None
        self.fit = sys.platform.startswith("linux") and hasattr(os, "pidfd_open")

    def run(
        self, job: dict[str, Any], said: IO[bytes], seconds: float, env: Mapping[str, str]
    ) -> int | None:
        """Read a file in a forked child and give its exit code; None = nothing was tried.

        Raises:
            TimeoutError: it takes too long; the child is gone.
        """
        with self.taken() as mine:
            if not mine:
                return None
            if self.parent is None or not self.parent.serves:
                try:
                    self.parent = Parent(env, self._command)
                except OSError:
                    self.fit = False
                    return None
            return self.parent.run(job, said, seconds)

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Have the parent for one file; no: it is of no use, or at another one's file."""
        mine = self.fit and self._lock.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine:
                self._lock.release()

    def end(self) -> None:
        """End the parent, if this process has started one."""
        if self.parent and self.parent.serves and self.parent.owner == os.getpid():
            self.parent.end()

    def leave(self) -> None:
        """Be of no use in a process that was forked from this one: the parent is not its own."""
        self.fit = False


NURSERY: Final = Nursery()
atexit.register(NURSERY.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=NURSERY.leave)
