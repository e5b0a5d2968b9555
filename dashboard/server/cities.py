"""The live city, opened once and opened anew when another one is published."""

from __future__ import annotations

import gc
import logging
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from dashboard.access import Opened, holder
from dashboard.server.freshness import Freshness
from dashboard.server.search import Finder
from geodata.engine import open_engine
from geodata.model.errors import YipingError
from geodata.model.overlay import nothing_live
from geodata.store.snapshots import LIVE, live_id, open_snapshot
from geodata.store.under import under

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geodata.engine.choice import Choice
    from geodata.model.overlay import Live
    from geodata.store.snapshots import City

LOG: Final = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 1.0
TIDY_AFTER_S: Final = 30.0  # answers that still hold the old city have ended by then


@dataclass(frozen=True)
class Held(Opened):
    """An opened city with what arrives for it, and what only the server derives from it."""

    live: Live = nothing_live

    def finder(self, division: str = "") -> Finder:
        """The search over this city's names and codes, under a division or today's boundaries."""
        there = under(self.city, division)
        return self.city.once(f"finder {there.id}", lambda: Finder.of(there))

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

    data_dir: where the cities lie; unopened: id of a published city that cannot be opened, "?"
    where not even that is readable.
    """

    def __init__(
        self,
        data_dir: Path,
        engine: Choice = "auto",
        follow: Callable[[City], Live] = lambda _: nothing_live,
        warehouse: str = "",
        ready: Callable[[City], bool] = lambda _: True,
    ) -> None:
        """Remember where the cities lie; nothing is read yet.

        Args:
            data_dir: where the cities lie.
            engine: which of the engines answers.
            follow: gives what arrives for a city, for its engine to ask.
            warehouse: URL of the PostgreSQL, where that engine is chosen.
            ready: says whether a new city can be shown; until then the old one is.
        """
        self._ready = ready
        self._engine, self._follow, self._warehouse = engine, follow, warehouse
        self.data_dir: Final = data_dir
        self._lock = threading.Lock()
        self._held: Held | None = None
        self._stamp: tuple[int, int] = (0, 0)
        self._looked = 0.0
        self.unopened = ""

    def current(self) -> Held:
        """The live city.

        Raises:
            NoCityError: when nothing is published.
            SnapshotError: when what is published cannot be read.
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
        stamp = self._read_stamp()
        if stamp == self._stamp:
            return
        wanted = "?"
        try:
            wanted = live_id(self.data_dir)
            if wanted != held.city.id:
                city = open_snapshot(self.data_dir, wanted)
                if not self._ready(city):
                    return
                self._hold(city)
            # As it was before the pointer was read: it may have been switched since.
            self._stamp, self.unopened = stamp, ""
        except YipingError:
            if wanted != self.unopened:  # it is tried again every second, and told once
                LOG.exception("the city %s cannot be opened; serving %s on", wanted, held.city.id)
            self.unopened = wanted

    def _open(self) -> Held:
        stamp = self._read_stamp()
        held = self._hold(open_snapshot(self.data_dir, live_id(self.data_dir)))
        self._stamp = stamp
        return held

    def _hold(self, city: City) -> Held:
        replaced = self._held is not None
        live = self._follow(city)
        engine = open_engine(city, self._engine, live, self._warehouse)
        self._held = held = Held(city, engine, live)
        self._looked = time.monotonic()
        if replaced:
            _tidied_later()
        return held

    def _read_stamp(self) -> tuple[int, int]:
        try:
            state = (self.data_dir / LIVE).stat()
        except OSError:
            return (0, 0)
        return (state.st_mtime_ns, state.st_ino)


def _tidied_later() -> None:
    """Let the city that was replaced go, in a while, on a thread of its own."""
    timer = threading.Timer(TIDY_AFTER_S, _tidy)
    timer.daemon = True
    timer.start()


def _tidy() -> None:
    """Look through everything once, also through what `warm.settle` has put aside."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
