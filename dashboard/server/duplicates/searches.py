"""Searches for duplicates, one at a time behind the requests; pages show the newest result."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.proposed import search

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.server.cities import Held
    from geodata.model.overlay import Overlay
    from geodata.model.periods import Window
    from geodata.proposed import Proposed
    from geodata.store.snapshots import City

    Search = Callable[[City, Overlay | None, Window], Proposed]

LOG: Final = logging.getLogger(__name__)
MOST_KEPT: Final = 4  # periods whose reports stay in memory
MOST_WAITING: Final = 8
RENEW_S: Final = 300.0  # news of a city are searched again no sooner
AGAIN_S: Final = 60.0  # a search that failed is tried again no sooner
KIND: Final = 10  # to the other threads, as of `nice`
Key = tuple[str, str]


@dataclass(frozen=True)
class Sought:
    """Where a search stands: what the last one found, None = none has ended yet.

    busy: one is under way or waits; failed: the last one broke off.
    """

    found: Proposed | None
    busy: bool
    failed: bool = False


@dataclass(frozen=True)
class _Done:
    """A search that ended; version: of the data that it read."""

    found: Proposed | None
    version: str
    at: float


class Searches:
    """Keeps what was found by city and period; safe for many threads."""

    def __init__(self, look: Search = search) -> None:
        """Search by `look`; nothing runs yet."""
        self._look = look
        self._done: OrderedDict[Key, _Done] = OrderedDict()
        self._waiting: dict[Key, Future[None]] = {}
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "duplicates", initializer=_give_way)

    def sought(self, held: Held, period: str, span: Window) -> Sought:
        """What is known of a period now; a search is begun behind where there are news."""
        key, version = (held.city.id, period), held.engine.version()
        with self._lock:
            done = self._done.get(key)
            if done is not None:
                self._done.move_to_end(key)
            free = key not in self._waiting and len(self._waiting) < MOST_WAITING
            if free and _is_due(done, version):
                self._waiting[key] = self._thread.submit(self._run, key, held, span, version)
            found, failed = (None, False) if done is None else (done.found, done.found is None)
            return Sought(found, key in self._waiting, failed)

    def settle(self, timeout_s: float | None = None, key: Key | None = None) -> None:
        """Wait for one search that goes on behind, or for all of them; at most so long in all."""
        with self._lock:
            waiting = [each for name, each in self._waiting.items() if key in {None, name}]
        wait(waiting, timeout_s)

    def _run(self, key: Key, held: Held, span: Window, version: str) -> None:
        found: Proposed | None = None
        try:
            found = self._look(held.city, held.live(), span)
        except Exception:  # whoever asks is told; the next try may succeed
            LOG.exception("duplicates of %s could not be searched", key[1])
        with self._lock:
            self._done[key] = _Done(found, version, time.monotonic())
            self._waiting.pop(key, None)
            while len(self._done) > MOST_KEPT:
                self._done.popitem(last=False)


def _is_due(done: _Done | None, version: str) -> bool:
    if done is None:
        return True
    age = time.monotonic() - done.at
    if done.found is None:
        return age > AGAIN_S
    return done.version != version and age > RENEW_S


def _give_way() -> None:
    with suppress(AttributeError, OSError):  # only where a thread may be told apart
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), KIND)
