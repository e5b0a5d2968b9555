"""Begin the answer of a page while its browser still loads the scripts that will ask for it."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final

from dashboard.access import Live, actor, holder

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.place import Place

LOG: Final = logging.getLogger(__name__)
AT_ONCE: Final = 2
MOST_WAITING: Final = 4  # pages opened in a rush are answered when they ask, not before


class Ahead:
    """Reads places on threads of its own; the engine keeps what it found for who asks next."""

    def __init__(self, read: Callable[[Place, Live], object]) -> None:
        """Take what answers a place."""
        self._read = read
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ahead")
        self._room = BoundedSemaphore(MOST_WAITING)

    def begin(self, place: Place) -> None:
        """Start to read a place for whoever asks now; never waits, never fails."""
        opened = holder().current()
        live = Live(opened.city, opened.engine, actor())
        if self._room.acquire(blocking=False):
            self._pool.submit(self._try, place, live).add_done_callback(self._done)

    def _try(self, place: Place, live: Live) -> None:
        try:
            self._read(place, live)
        except Exception:  # whoever asks for the same meets it again and is told
            LOG.debug("reading %s ahead failed", place, exc_info=True)

    def _done(self, _: object) -> None:
        self._room.release()
