"""The journal's cases as an engine takes them: looked at now and then, the same until news come."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geodata.journal.tail import Tail
    from geodata.model.overlay import Overlay
    from geodata.store.snapshots import City

LOOK_EVERY_S: Final = 1.0


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
        if time.monotonic() - self._looked >= LOOK_EVERY_S:
            # Whoever comes while another one looks has what was there before, but for the first.
            first = self._looked == float("-inf")
            if self._lock.acquire(blocking=first):
                try:
                    self._look()
                finally:
                    self._lock.release()
        return self._kept

    def _look(self) -> None:
        if time.monotonic() - self._looked < LOOK_EVERY_S:
            return
        self._kept = self._tail.overlay(self._city)
        self._looked = time.monotonic()
