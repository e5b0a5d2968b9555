"""Threads beside the server: each does one thing over and over, whatever goes wrong."""

from __future__ import annotations

import logging
import os
import threading
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, Final

from geodata.journal import locking

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

LOG: Final = logging.getLogger(__name__)


class Keeper(ABC):
    """One thing that is done now and then for as long as the server runs.

    name: of the thread; hindered: what the log says when it could not be done; first_s: after a
    start; kind: to the other threads, as of `nice`.
    """

    name: ClassVar[str]
    hindered: ClassVar[str]
    first_s: ClassVar[float] = 0.0
    kind: ClassVar[int] = 0

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._told = ""  # the last failure, which is told once
        self._held: int | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self, server: Flask | None = None) -> None:
        """Begin in a thread of its own; `server`: that tells how it goes."""
        if server is not None:
            server.extensions[key(self.name)] = self
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it; another process may go on then."""
        self._stop.set()
        self._thread.join()
        self.let_go()

    def let_go(self) -> None:
        """Let another process have its turn."""
        if self._held is not None:
            locking.let_go(self._held)
            self._held = None

    @abstractmethod
    def look(self) -> bool:
        """Do what is due, if it is our turn; gives whether it was done."""

    @abstractmethod
    def pause_s(self) -> float:
        """How long to wait until the next look."""

    def attempt(self) -> None:
        """Look, and tell what hinders it once."""
        try:
            self.look()
            self._told = ""
        except Exception as error:  # noqa: BLE001 - it is told, and tried again, whatever it was
            self.failed(error)

    def failed(self, error: Exception) -> None:
        """Tell what hinders it, once."""
        if self._told != repr(error):
            LOG.error("%s; trying again", self.hindered, exc_info=error)
        self._told = repr(error)

    def rest(self) -> None:
        """Wait for the next look."""
        self._stop.wait(self.pause_s())

    def alone(self, lock: Path, what: str) -> bool:
        """Whether this is the one process that does it; `what`: is said in the file."""
        if self._held is None:
            self._held = locking.hold(lock, what)
        return self._held is not None

    def _run(self) -> None:
        if self.kind:
            be_kind(self.kind)
        self._stop.wait(self.first_s)
        while not self._stop.is_set():
            self.attempt()
            self.rest()


def be_kind(kind: int) -> None:
    """Let the thread that calls give way to the others, as `nice` does a process."""
    with suppress(AttributeError, OSError):  # only where a thread may be told apart
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), kind)


def key(name: str) -> str:
    """Under which a server knows the keeper of a name."""
    return f"yiping-{name}"
