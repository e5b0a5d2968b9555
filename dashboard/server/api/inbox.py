"""The thread that looks into the folder for files, where this process writes the journal."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from geodata.journal import locking
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


class Keeper:
    """Keeps looking for files that were dropped."""

    def __init__(self, data_dir: Path, holder: Holder, intake: Intake) -> None:
        """Remember where to look; nothing runs yet."""
        self._data_dir, self._holder, self._intake = data_dir, holder, intake
        self._inbox: Inbox | None = None
        self._held: int | None = None  # the folder's lock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stop.set()
        self._thread.join()
        self.let_go()

    def let_go(self) -> None:
        """Let another process look."""
        if self._held is not None:
            locking.let_go(self._held)
            self._held = None

    def look(self) -> None:
        """Take what is waiting, if there is a city and nobody else takes it.

        Raises:
            JournalError: the events cannot be kept now; the files wait on.
        """
        try:
            city = self._holder.current().city
            self._intake.writer.journal()
        except (NoCityError, NotTheWriterError):
            return
        if self._held is None:  # a journal on a server has several writers, the folder one reader
            self._held = locking.hold(self._data_dir / FOLDER / LOCK, "")
        if self._held is None:
            return
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

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
            except Exception:  # one file that cannot be taken must not end the others for ever
                LOG.exception("the folder for files could not be looked through; trying again")
            self._stop.wait(LOOK_EVERY_S)
