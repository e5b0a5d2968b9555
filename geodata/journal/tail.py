"""The cases of the live city as the journal has them by now, folded once and then kept up.

What was compacted is not folded again. Where much has come since, it is compacted behind: another
process does it, while the cases stay in use as they are.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from geodata.journal.apart import compact_apart
from geodata.journal.errors import JournalError
from geodata.journal.generation import NO_STAMP, CompactionError, folder_of, give_up, stamp
from geodata.journal.journal import Journal, parsed, url_of
from geodata.journal.opening import cases_of
from geodata.journal.past import Past, past_of
from geodata.journal.reading import Reading, read_on
from geodata.journal.sqlite import path_of
from geodata.model.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geodata.journal.cases import Cases
    from geodata.model.overlay import Overlay
    from geodata.store.snapshots import City

LOG: Final = logging.getLogger(__name__)
MANY: Final = 30_000  # events after which cases are compacted behind: a start reads them in 2 s
TOO_MANY: Final = 1_000_000  # events that are compacted before anybody is answered: room for memory
REST_S: Final = 600.0  # after a compaction that failed
PAUSE_S: Final = 60.0  # after one that did not


class Tail:
    """Follows a journal that this or another process writes; safe for many threads.

    fault: what kept it from reading on, "" = nothing did. The cases then stay as they were.
    behind: events that were there when it was opened are not all folded yet.
    """

    def __init__(self, data_dir: Path, url: str = "", patience_s: float | None = None) -> None:
        """Remember what to follow; nothing is read yet.

        Args:
            data_dir: where the city and its journal lie.
            url: of another journal than the data directory's own.
            patience_s: how long a look waits for the fold where much has come, which then goes on
                behind; None = until it is done.
        """
        self._data_dir = data_dir
        self._reading = Reading(patience_s)
        self._url = url or url_of(data_dir)
        self._journal: Journal | None = None
        self._cases: Cases | None = None
        self._stamp = NO_STAMP
        self._opened_id = ""  # of the city whose cases stand on what was compacted
        self._lock = threading.Lock()
        self._behind: threading.Thread | None = None
        self._rest_until = self._pause_until = float("-inf")
        self._made_ready = ""
        self._shown: tuple[str, Overlay | None] = ("", None)
        self.fault = ""
        self.behind = False

    def overlay(self, city: City) -> Overlay | None:
        """The cases as an engine takes them; as they were before while much is being folded."""
        with self._lock:
            cases = self._looked(city)
            if self._shown[0] != city.id or not self._reading.goes_on(cases):
                self._shown = city.id, cases.overlay()
            return self._shown[1]

    def cases(self, city: City) -> Cases:
        """Every case with an event up to now; on top of another city all is folded anew.

        Raises:
            BusyError: much has come, and is still being folded after the patience.
        """
        with self._lock:
            cases = self._looked(city)
            if self.behind or self._reading.goes_on(cases):
                msg = "events are still being read; ask again in a moment"
                raise BusyError(msg)
            return cases

    def _looked(self, city: City) -> Cases:
        try:
            self._follow(city)
            self.fault = ""
        except (JournalError, CompactionError) as error:
            if str(error) != self.fault:
                LOG.exception("the journal cannot be read on; the cases stay as they were")
            self.fault, self.behind = str(error), False
        if self._cases is None or self._cases.snapshot != city.id:
            self._cases = cases_of(city)  # none, until the journal can be read
        return self._cases

    def ready(self, city: City) -> bool:
        """Whether a city can be opened without a long wait; if not, it is made ready behind."""
        with self._lock:
            if self._journal is None:
                return True
            if not self._idle():
                return False
            try:
                much = _backlog(past_of(city, self._journal), self._journal) > TOO_MANY
            except JournalError:
                return True  # it is told when the cases are asked for
            if not much or self._made_ready == city.id:  # if it did not succeed, once is enough
                return True
            self._made_ready = city.id
            self._run(self._make_ready, city)
            return False

    def close(self) -> None:
        """Let go of the journal; it is opened again when cases are asked for."""
        with self._lock:
            if self._journal is not None:
                self._journal.close()
                self._journal = None

    def settle(self) -> None:
        """Wait for what goes on behind."""
        if self._behind is not None:
            self._behind.join()

    def _follow(self, city: City) -> None:
        if self._journal is None:
            if not self._begun():
                return
            self._journal = Journal(self._url)
        if self._cases is None or self._opened_id != city.id:
            self._begin(city, self._journal)
            return
        try:
            if self._reading.on(self._cases, self._journal):
                self.behind = False
        except CompactionError:
            if isinstance(self._cases.past, Past):
                _give_up(self._cases.past)
            raise
        finally:
            self._look_behind(city, self._journal)

    def _begin(self, city: City, journal: Journal) -> None:
        """Open a city: nobody can be answered before this is done."""
        try:
            cases, self._stamp = self._opened(city, journal, room=TOO_MANY)
        except CompactionError:
            LOG.exception("the cases are folded without a compaction, which needs much memory")
            cases, self._stamp = cases_of(city), NO_STAMP
            self._rest_until = time.monotonic() + REST_S
        whole = bool(self._opened_id)  # another city is shown once it is whole
        self._cases, self._opened_id = cases, city.id
        self._shown = city.id, cases.overlay()
        # After a start the first screen goes before the fold, where much has come.
        waits = not whole and self._reading.waits(cases, journal)
        self.behind = waits or not self._reading.on(cases, journal, whole=whole)
        if isinstance(cases.past, Past):
            self._run(_check, cases.past)

    def _look_behind(self, city: City, journal: Journal) -> None:
        if self._cases is None or not self._idle() or time.monotonic() < self._rest_until:
            return
        found, now = stamp(folder_of(city)), time.monotonic()
        is_gone = found != self._stamp and found == NO_STAMP
        is_due = not self.behind and (self._cases.fresh >= MANY or found != self._stamp)
        if is_gone or (is_due and now >= self._pause_until):
            self._run(self._renew, city, journal)

    def _renew(self, city: City, journal: Journal) -> None:
        """Compact where there is much to compact, and go on with what is newest."""
        try:
            cases, found = self._opened(city, journal, room=MANY, gently=True)
            read_on(cases, journal)
        except Exception:  # nothing is lost: they are served on as they are
            LOG.exception("the cases stay in memory; tried again in %d s", REST_S)
            self._rest_until = time.monotonic() + REST_S
            return
        self._pause_until = time.monotonic() + PAUSE_S
        with self._lock:
            if self._cases is not None and self._cases.snapshot == city.id:
                self._cases, self._stamp = cases, found

    def _opened(
        self, city: City, journal: Journal, room: int, *, gently: bool = False
    ) -> tuple[Cases, tuple[int, int]]:
        """Cases on what was compacted; where more than `room` events are new it is done first."""
        found, past = stamp(folder_of(city)), past_of(city, journal)
        if _backlog(past, journal) >= room:
            compact_apart(self._data_dir, self._url, city.id, gently=gently)
            found, past = stamp(folder_of(city)), past_of(city, journal)
        return cases_of(city, past), found

    def _make_ready(self, city: City) -> None:
        try:
            compact_apart(self._data_dir, self._url, city.id, gently=True)
        except CompactionError:
            LOG.exception("the published city is opened without a compaction")

    def _idle(self) -> bool:
        return self._behind is None or not self._behind.is_alive()

    def _run(self, work: Callable[..., None], *given: object) -> None:
        self._behind = threading.Thread(target=work, args=given, name="compaction", daemon=True)
        self._behind.start()

    def _begun(self) -> bool:
        """Whether there is a journal: a reader makes none."""
        path = path_of(parsed(self._url))
        return path is None or path.exists()


def _backlog(past: Past | None, journal: Journal) -> int:
    """How many events no compaction has."""
    return journal.last() - (past.seq if past is not None else 0)


def _check(past: Past) -> None:
    """Read all of a generation once; a damaged one is given up, which whoever uses it notices."""
    before = stamp(past.generation.folder)
    said = past.generation.faults(whole=True)
    if said and stamp(past.generation.folder) == before:
        LOG.error("%s; all is folded anew from the journal", "; ".join(said))
        _give_up(past)


def _give_up(past: Past) -> None:
    try:
        give_up(past.generation)
    except OSError:
        LOG.exception("%s: what is damaged cannot be refused", past.generation.folder)
