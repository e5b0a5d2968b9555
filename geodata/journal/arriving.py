"""The journal's cases as an engine takes them: looked at now and then, the same until news come."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.journal.tail import Tail
    from geodata.model.overlay import Overlay
    from geodata.store.snapshots import City

LOOK_EVERY_S: Final = 1.0
_AT_ONCE: Final = ContextVar("at_once", default=False)


@contextmanager
def at_once() -> Iterator[None]:
    """Who asks in this block is told what has arrived up to now, however lately others looked."""
    token = _AT_ONCE.set(True)
    try:
        yield
    finally:
        _AT_ONCE.reset(token)


class Arriving:
    """What arrived for one published city; safe for many threads, one at a time looks."""

    def __init__(self, tail: Tail, city: City) -> None:
        """Follow the journal on top of a city; nothing is read yet."""
        self._tail, self._city = tail, city
        self._lock = threading.Lock()
        self._kept: Overlay | None = None
        self._looked = float("-inf")

    def overlay(self) -> Overlay | None:
        """Every case with an event; None where there is none."""
        if self._is_due():
            # Whoever comes while another one looks has what was there before, but for the first.
            wait = self._looked == float("-inf") or _AT_ONCE.get()
            if self._lock.acquire(blocking=wait):
                try:
                    self._look()
                finally:
                    self._lock.release()
        return self._kept

    def _is_due(self) -> bool:
        return _AT_ONCE.get() or time.monotonic() - self._looked >= LOOK_EVERY_S

    def _look(self) -> None:
        if not self._is_due():
            return
        self._kept = self._tail.overlay(self._city)
        self._looked = time.monotonic()
