"""The thread that lets a made-up city go on living."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.server import keeper
from geodata.model.errors import NoCityError

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.server.cities import Cities
    from geodata.demo.feed import Feed
    from geodata.store.snapshots import City

LOOK_EVERY_S: Final = 60.0  # whether another city is live, or the last attempt failed


class Keeper(keeper.Keeper):
    """Keeps a feed running for the live city while it is a made-up one."""

    name = "feed"
    hindered = "the feed of the made-up city failed"

    def __init__(self, data_dir: Path, holder: Cities) -> None:
        """Remember what to keep; nothing runs yet."""
        super().__init__()
        self._data_dir, self._holder = data_dir, holder
        self._feed: Feed | None = None

    def pause_s(self) -> float:
        """A while."""
        return LOOK_EVERY_S

    def look(self) -> bool:
        """Write what is missing of the live city's feed, if there is one and it is made up."""
        try:
            city = self._holder.current().city
        except NoCityError:
            return False
        if not is_made_up(city):
            return False
        if self._feed is None or self._feed.city.id != city.id:
            # A real city never needs the generator, and its import takes a while.
            from geodata.demo.feed import Feed  # noqa: PLC0415

            self._feed = Feed(city, self._data_dir)
        self._feed.fill()
        return True


def is_made_up(city: City) -> bool:
    """Whether the publication notes that a generator made the city."""
    return bool(city.meta.get("notes", {}).get("demo"))
