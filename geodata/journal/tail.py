"""The cases of the live city as the journal has them by now, folded once and then kept up."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from geodata.journal.errors import JournalError
from geodata.journal.journal import Journal, parsed, url_of
from geodata.journal.opening import cases_of
from geodata.journal.sqlite import path_of

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.journal.cases import Cases
    from geodata.store.snapshots import City

LOG: Final = logging.getLogger(__name__)


class Tail:
    """Follows a journal that this or another process writes; safe for many threads.

    fault: what kept it from reading on, "" = nothing did. The cases then stay as they were.
    """

    def __init__(self, data_dir: Path, url: str = "") -> None:
        """Take the URL of another journal than the data directory's own."""
        self._url = url or url_of(data_dir)
        self._journal: Journal | None = None
        self._cases: Cases | None = None
        self._lock = threading.Lock()
        self.fault = ""

    def cases(self, city: City) -> Cases:
        """Every case with an event up to now; on top of another city all is folded anew."""
        with self._lock:
            if self._cases is None or self._cases.snapshot != city.id:
                self._cases = cases_of(city)
            try:
                self._read_on(self._cases)
                self.fault = ""
            except JournalError as error:
                if str(error) != self.fault:
                    LOG.exception("the journal cannot be read on; the cases stay as they were")
                self.fault = str(error)
            return self._cases

    def close(self) -> None:
        """Let go of the journal; it is opened again when cases are asked for."""
        with self._lock:
            if self._journal is not None:
                self._journal.close()
                self._journal = None

    def _read_on(self, cases: Cases) -> None:
        if self._journal is None:
            if not self._begun():
                return
            self._journal = Journal(self._url)
        if self._journal.last() > cases.version[1]:
            for part in self._journal.entries(after=cases.version[1]):
                cases.apply(part)

    def _begun(self) -> bool:
        """Whether there is a journal: a reader makes none."""
        path = path_of(parsed(self._url))
        return path is None or path.exists()
