"""The thread that judges every few minutes whether cases that arrived are worth an alert."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from flask import current_app

from dashboard.server import keeper
from geodata.judged import Standing
from geodata.model.errors import NoCityError, YipingError
from geodata.store.snapshots import FEED
from geodata.store.tables import LIVE_WARNINGS, write_warnings

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.server.cities import Cities
    from geodata.store.snapshots import City

LATE: Final = "warnings_late"
LATE_TIMES: Final = 3  # of the usual pause without a judging, and the server says so
LOOK_EVERY_S: Final = 5.0  # whether another city is live
LOCK: Final = ".warnings.lock"
MINUTE: Final = 60
FIRST_S: Final = 60.0  # after a start, when the first screens have been shown
REST: Final = 20.0  # times what a judging took of the processor, until the next
KIND: Final = 10  # to the other threads, as of `nice`


class Keeper(keeper.Keeper):
    """Judges the live city now and then; one process of a data directory at a time does.

    judged: when the last judging was done, seconds of the clock that only goes on; 0 = none yet.
    """

    name = "warnings"
    hindered = "the cases could not be judged"
    first_s = FIRST_S
    kind = KIND

    def __init__(self, data_dir: Path, holder: Cities) -> None:
        """Remember what to judge; nothing runs yet."""
        super().__init__()
        self._data_dir, self._holder = data_dir, holder
        self._city: City | None = None
        self._standing: Standing | None = None
        self._pause = LOOK_EVERY_S
        self.judged = 0.0
        self.started = time.monotonic()

    def look(self) -> bool:
        """Judge as of now, if it is our turn; gives whether it was done."""
        try:
            held = self._holder.current()
        except NoCityError:
            return False
        if not self.alone(self._data_dir / LOCK, "judging"):
            return False
        city = held.city
        if self._city is None or self._city.id != city.id or self._standing is None:
            self._city, self._standing = city, Standing(city)
        spent, now = time.thread_time(), city.now()
        path = self._data_dir / FEED / city.id / LIVE_WARNINGS
        changed = self._standing.look(held.live(), now)
        if (changed or not path.exists()) and self._standing.table is not None:
            write_warnings(path, self._standing.table, self._standing.until)
        behind = self._standing.until < now
        usual = LOOK_EVERY_S if behind else city.profile.warning.every_min * MINUTE
        self._pause = max(usual, REST * (time.thread_time() - spent))
        self.judged = time.monotonic()
        return True

    def late(self) -> bool:
        """Whether the last judging is older than it should be; never where another process does."""
        if self._held is None or self._city is None:
            return False
        pause = max(self._city.profile.warning.every_min * MINUTE, self._pause)
        return time.monotonic() - max(self.judged, self.started) > LATE_TIMES * pause

    def failed(self, error: Exception) -> None:
        """Forget what was judged by halves, which is no ground to go on from."""
        self._standing = None
        super().failed(error)

    def pause_s(self) -> float:
        """As long as the city wants, and long beside what a judging takes."""
        return self._pause if self._city is not None else LOOK_EVERY_S

    def rest(self) -> None:
        """Wait for the next judging, or for another city."""
        city = self._city
        until = time.monotonic() + self.pause_s()
        while time.monotonic() < until and not self._stop.wait(LOOK_EVERY_S):
            try:
                changed = city is None or self._holder.current().city.id != city.id
            except YipingError:
                continue
            if changed:
                return


def faults() -> list[str]:
    """What is wrong with the warnings, by reason; needs an application context."""
    found = current_app.extensions.get(keeper.key(Keeper.name))
    return [LATE] if isinstance(found, Keeper) and found.late() else []
