"""How new the data are, asked of the engine now and then and not at every poll."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geodata.engine import Engine
    from geodata.store.snapshots import City

ASK_EVERY_S: Final = 5.0
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
        self._asked = 0.0

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
        now = city.now()
        version = f"{self._engine.version()}.{city.alerts_version()}"
        fresh = self._engine.freshness(now)
        if city.profile.as_of == "now":
            # Files may hold moments still to come, so that time alone brings news.
            version = f"{version}.{fresh.newest}.{now // ROLL_S}"
        sources = tuple(fresh.by_source.get(row, 0) for row in range(len(city.sources)))
        self._ages = Ages(version, fresh.newest, sources)
        return self._ages
