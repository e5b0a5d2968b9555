"""The live city, opened once and opened anew when another one is published."""

from __future__ import annotations

import logging
import threading
import time
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from dashboard.access import Opened, holder
from dashboard.server.freshness import Freshness
from dashboard.server.search import Finder
from geodata.engine import Engine
from geodata.model.errors import YipingError
from geodata.store.snapshots import LIVE, live_id, open_snapshot

if TYPE_CHECKING:
    from pathlib import Path

LOG: Final = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 1.0


class Held(Opened):
    """An opened city with what only the server derives from it."""

    @cached_property
    def finder(self) -> Finder:
        """The search over this city's names and codes."""
        return Finder.of(self.city)

    @cached_property
    def freshness(self) -> Freshness:
        """How new this city's data are."""
        return Freshness(self.city, self.engine)


def held() -> Held:
    """The live city of the running application with what the server derives from it.

    Raises:
        SnapshotError: when nothing is published.
    """
    return cast("Cities", holder()).current()


class Cities:
    """Keeps the live city open; safe for many threads.

    A publication is noticed within a second. While the new city opens, others keep the old one; a
    new city that cannot be opened is logged once and the old one stays.

    unopened: id of a published city that cannot be opened, "?" where not even that is readable.
    """

    def __init__(self, data_dir: Path) -> None:
        """Remember where the cities lie; nothing is read yet."""
        self._data_dir = data_dir
        self._lock = threading.Lock()
        self._held: Held | None = None
        self._stamp: tuple[int, int] = (0, 0)
        self._looked = 0.0
        self.unopened = ""

    def current(self) -> Held:
        """The live city.

        Raises:
            SnapshotError: when nothing is published, or what is cannot be read.
        """
        held = self._held
        if held is None:
            with self._lock:
                return self._held or self._open()
        if time.monotonic() - self._looked > LOOK_EVERY_S and self._lock.acquire(blocking=False):
            try:
                self._look(held)
            finally:
                self._lock.release()
        return self._held or held

    def _look(self, held: Held) -> None:
        self._looked = time.monotonic()
        if self._read_stamp() == self._stamp:
            return
        wanted = "?"
        try:
            wanted = live_id(self._data_dir)
            if wanted != held.city.id:
                self._open()
            self._stamp, self.unopened = self._read_stamp(), ""
        except YipingError:
            if wanted != self.unopened:  # it is tried again every second, and told once
                LOG.exception("the city %s cannot be opened; serving %s on", wanted, held.city.id)
            self.unopened = wanted

    def _open(self) -> Held:
        stamp = self._read_stamp()
        city = open_snapshot(self._data_dir, live_id(self._data_dir))
        held = Held(city, Engine(city))
        self._held, self._stamp, self._looked = held, stamp, time.monotonic()
        return held

    def _read_stamp(self) -> tuple[int, int]:
        try:
            state = (self._data_dir / LIVE).stat()
        except OSError:
            return (0, 0)
        return (state.st_mtime_ns, state.st_ino)
