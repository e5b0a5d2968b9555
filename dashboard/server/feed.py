"""The thread that lets a made-up city go on living."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from geodata.model.errors import NoCityError

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.server.cities import Cities
    from geodata.demo.feed import Feed
    from geodata.store.snapshots import City

LOG: Final = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 60.0  # whether another city is live, or the last attempt failed


class Keeper:
    """Keeps a feed running for the live city while it is a made-up one."""

    def __init__(self, data_dir: Path, holder: Cities) -> None:
        """Remember what to keep; nothing runs yet."""
        self._data_dir, self._holder = data_dir, holder
        self._feed: Feed | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.fill()
            except Exception:  # a feed that fails must not end for ever, whatever it was
                LOG.exception("the feed of the made-up city failed; trying again")
            self._stop.wait(LOOK_EVERY_S)

    def fill(self) -> None:
        """Write what is missing of the live city's feed, if there is one and it is made up."""
        try:
            city = self._holder.current().city
        except NoCityError:
            return
        if not is_made_up(city):
            return
        if self._feed is None or self._feed.city.id != city.id:
            # A real city never needs the generator, and its import takes a while.
            from geodata.demo.feed import Feed  # noqa: PLC0415

            self._feed = Feed(city, self._data_dir)
        self._feed.fill()


def is_made_up(city: City) -> bool:
    """Whether the publication notes that a generator made the city."""
    return bool(city.meta.get("notes", {}).get("demo"))
