"""The thread that looks into the folder for files, where this process writes the journal."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from dashboard.server import keeper
from geodata.journal.errors import NotTheWriterError
from geodata.model.errors import NoCityError
from geodata.watch import Inbox
from geodata.watch.inbox import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.access import Holder
    from dashboard.server.api.events import Intake

LOG: Final = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 5.0
LOCK: Final = ".lock"


class Keeper(keeper.Keeper):
    """Keeps looking for files that were dropped."""

    name = "inbox"
    hindered = "the folder for files could not be looked through"

    def __init__(self, data_dir: Path, holder: Holder, intake: Intake) -> None:
        """Remember where to look; nothing runs yet."""
        super().__init__()
        self._data_dir, self._holder, self._intake = data_dir, holder, intake
        self._inbox: Inbox | None = None

    def pause_s(self) -> float:
        """A moment."""
        return LOOK_EVERY_S

    def look(self) -> bool:
        """Take what is waiting, if there is a city and nobody else takes it.

        Raises:
            JournalError: the events cannot be kept now; the files wait on.
        """
        try:
            city = self._holder.current().city
            self._intake.writer.journal()
        except (NoCityError, NotTheWriterError):
            return False
        # A journal on a server has several writers, the folder one reader.
        if not self.alone(self._data_dir / FOLDER / LOCK, ""):
            return False
        self._inbox = self._inbox or Inbox(self._data_dir, self._intake.writer)
        now = max(int(time.time()), city.now())
        for outcome in self._inbox.look(self._intake.codes(city), now):
            LOG.info(
                "%s: %d new events, %d known, %d rows refused %s",
                outcome.file,
                outcome.accepted,
                outcome.repeated,
                len(outcome.refused),
                outcome.why,
            )
        return True
