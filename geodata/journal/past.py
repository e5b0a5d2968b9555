"""What was compacted, as the fold needs it: the earlier events of a case come from the journal."""

from __future__ import annotations

import logging
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.journal.generation import CURRENT, CompactionError, current, folder_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.journal.generation import Generation
    from geodata.journal.journal import Entry, Journal
    from geodata.model.overlay import Settled
    from geodata.store.snapshots import City

LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Past:
    """The compacted cases of one city and the journal that they were made of."""

    generation: Generation
    journal: Journal

    @property
    def name(self) -> str:
        """Name of the generation."""
        return self.generation.name

    @property
    def seq(self) -> int:
        """The newest event in it."""
        return self.generation.seq

    @property
    def newest(self) -> int:
        """The latest moment of an event in it."""
        return self.generation.newest

    @property
    def settled(self) -> Settled:
        """Its rows."""
        return self.generation.settled

    def entries(self, cases: Sequence[tuple[str, str]]) -> list[Entry]:
        """Every event up to `seq` that names one of these cases, and perhaps others.

        Raises:
            JournalError: they cannot be read.
            CompactionError: which they are cannot be read.
        """
        return self.journal.pick(self.generation.events(cases))


def past_of(city: City, journal: Journal, *, whole: bool = False) -> Past | None:
    """What was compacted of this journal for this city; None = nothing that can be used.

    whole: every file is read before it is trusted, not only its size.

    Raises:
        JournalError: the journal cannot be read.
    """
    folder = folder_of(city)
    try:
        found = current(folder)
        if found is None:
            return None
        said = "; ".join(found.faults(whole=whole))
        if not said and not _is_of(found, journal):
            said = f"{folder / CURRENT}: was made of another journal"
        if not said:
            found.open()  # now, while its files are certain to be there
            return Past(found, journal)
    except (CompactionError, OSError) as error:
        said = str(error)
    LOG.warning("%s; all is folded anew from the journal", said)
    return None


def damaged(city: City) -> list[str]:
    """Say in one sentence each which files of what was compacted are not as they were written."""
    cure = "remove it, the cases are folded anew from the journal"
    try:
        found = current(folder_of(city))
    except CompactionError as error:
        return [f"{error}; {cure}"]
    said = found.faults(whole=True) if found is not None else []
    return [f"{each}; {cure}" for each in said]


def _is_of(generation: Generation, journal: Journal) -> bool:
    """Whether this journal, or the one it is a copy of, had all these events when it was made."""
    ends = [zlib.crc32(entry.line) for entry in journal.pick([generation.seq])]
    return ends == [generation.mark] and journal.knows(generation.name)
