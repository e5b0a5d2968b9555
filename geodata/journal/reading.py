"""Folding what has come on a thread of its own: whoever asks waits for it only so long."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geodata.journal.cases import Cases
    from geodata.journal.journal import Journal

FEW: Final = 5_000  # events that whoever asks waits for: a tenth of a second


def read_on(cases: Cases, journal: Journal) -> None:
    """Fold everything that has come since.

    Raises:
        JournalError: it cannot be read; what was folded before stays.
    """
    if journal.last() > cases.version[1]:
        for part in journal.entries(after=cases.version[1]):
            cases.apply(part)


class Reading:
    """Reads on in a journal, for one thread at a time."""

    def __init__(self, patience_s: float | None = None) -> None:
        """Take how long somebody waits where much has come; None = until all is folded."""
        self._patience_s = patience_s
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="fold")
        self._going: tuple[Cases, Future[None]] | None = None

    def waits(self, cases: Cases, journal: Journal) -> bool:
        """Whether so much has come that whoever asks is answered before it is folded."""
        return self._patience_s is not None and journal.last() - cases.version[1] > FEW

    def on(self, cases: Cases, journal: Journal, *, whole: bool = False) -> bool:
        """Go on with what has come; gives whether all of it is folded.

        whole: however long it takes.

        Raises:
            JournalError: as `read_on`, perhaps when somebody asks the next time.
        """
        if self._going is None or self._going[0] is not cases:
            self._going = None
            if whole or not self.waits(cases, journal):
                read_on(cases, journal)
                return True
            self._going = cases, self._pool.submit(read_on, cases, journal)
        future = self._going[1]
        if self.goes_on(cases, None if whole else self._patience_s):
            return False
        self._going = None
        future.result()
        if whole:  # what came while that was folded
            read_on(cases, journal)
        return True

    def goes_on(self, cases: Cases, patience_s: float | None = 0.0) -> bool:
        """Whether these cases are still being folded, so that they can be asked only later.

        patience_s: how long to wait for that; None = until they are.
        """
        if self._going is None or self._going[0] is not cases:
            return False
        wait([self._going[1]], patience_s)
        return not self._going[1].done()
