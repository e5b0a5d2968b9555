"""How new the data are, asked of the engine now and then and not at every poll."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.engine import Request

if TYPE_CHECKING:
    from geodata.engine import Engine
    from geodata.store.snapshots import City

ASK_EVERY_S: Final = 5.0
ASK_SOURCES_EVERY_S: Final = 60.0  # it takes a whole screen to know
WINDOW_S: Final = 7 * 86_400
ROLL_S: Final = 600  # windows that end now move on even where nothing is reported


@dataclass(frozen=True)
class Ages:
    """What is known of the age of the data.

    version: changes whenever a screen would show other numbers.
    newest: epoch seconds of the newest moment of the whole city.
    sources: the same by row of `sources`; 0 where a source has none.
    """

    version: str
    newest: int
    sources: tuple[int, ...]


class Freshness:
    """The ages of one city; many threads may ask, one at a time looks."""

    def __init__(self, city: City, engine: Engine) -> None:
        """Remember what to ask; nothing is asked yet."""
        self._city, self._engine = city, engine
        self._lock = threading.Lock()
        self._ages: Ages | None = None
        self._sources: tuple[int, ...] = ()
        self._asked = self._asked_sources = 0.0

    def ages(self) -> Ages:
        """The ages, at most `ASK_EVERY_S` seconds behind the data."""
        ages = self._ages
        if ages is None:
            with self._lock:
                return self._ages or self._ask()
        if time.monotonic() - self._asked > ASK_EVERY_S and self._lock.acquire(blocking=False):
            try:
                ages = self._ask()
            finally:
                self._lock.release()
        return ages

    def _ask(self) -> Ages:
        city, self._asked = self._city, time.monotonic()
        now, version = city.now(), city.version()
        newest = self._engine.newest(now)
        if city.profile.as_of == "now":
            # Files may hold moments still to come, so that time alone brings news.
            version = f"{version}.{newest}.{now // ROLL_S}"
        if self._ages is None or self._asked - self._asked_sources > ASK_SOURCES_EVERY_S:
            self._asked_sources, self._sources = self._asked, self._by_source(now)
        self._ages = Ages(version, newest, self._sources)
        return self._ages

    def _by_source(self, now: int) -> tuple[int, ...]:
        level = self._city.tree.next_level(0)
        request = Request(place=0, level=level, start=now - WINDOW_S, end=now, now=now)
        newest = self._engine.screen(request).sources["newest"]
        rows = range(len(self._city.sources))
        return tuple(int(moment) for moment in newest.reindex(rows).fillna(0))
