"""The folder into which files are dropped: each is taken, read, kept in the journal, put away.

A file is moved aside before it is read. If the process ends meanwhile it is put back and read
again; its events are then known already, so that nothing is lost or counted twice.
"""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from geodata.journal.errors import JournalError
from geodata.journal.events import Told
from geodata.model.errors import DiskFullError, ImportRefusedError
from geodata.store.room import told_if_full
from geodata.store.tables import write_text
from geodata.watch.account import account
from geodata.watch.rows import read_drop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geodata.journal.codes import Codes
    from geodata.journal.events import Event
    from geodata.journal.tables import Receipt
    from geodata.watch.rows import Drop

LOG: Final = logging.getLogger(__name__)
FOLDER: Final = "inbox"
TAKING, DONE, REFUSED = ".taking", "done", "refused"
SETTLED_S: Final = 2.0  # a file written to more lately may still be on its way
AT_ONCE: Final = 2_000  # events kept together
COMING: Final = (".part", ".tmp", ".crdownload", ".filepart")  # how tools name unfinished files
ODD: Final = re.compile(r"[^\w.\- ()]")  # in a name: a path of a profile would read it as a sign
ROOM: Final = "the file waits on; free some space"
ACCOUNT: Final = ".report.txt"


class Keeps(Protocol):
    """Whatever keeps events; `journal.writer.Writer` is one."""

    def append(self, events: Sequence[Event], sender: str = "") -> Receipt:
        """Keep events; `sender`: who sent them."""


@dataclass
class Outcome:
    """What became of a file; why: in one sentence, if it was refused as a whole."""

    file: str
    rows: int = 0
    accepted: int = 0
    repeated: int = 0
    refused: list[Told] = field(default_factory=list)
    remarks: list[Told] = field(default_factory=list)
    why: str = ""

    @property
    def taken(self) -> bool:
        """Whether anything of it is in the journal."""
        return self.accepted + self.repeated > 0


class Inbox:
    """One data directory's folder for files; look into it from one thread at a time."""

    def __init__(self, data_dir: Path, keeper: Keeps) -> None:
        """Make the folders."""
        self.folder: Final = data_dir / FOLDER
        self._keeper = keeper
        for name in (TAKING, DONE, REFUSED):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for left in sorted((self.folder / TAKING).iterdir()):
            left.replace(self._free(self.folder, left.name))

    def waiting(self) -> list[Path]:
        """Files that are here as a whole, oldest first."""
        before = time.time() - SETTLED_S
        found = [
            (path.stat().st_mtime, path)
            for path in self.folder.iterdir()
            if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
        ]
        return [
            path
            for changed, path in sorted(found)
            if changed < before and not path.name.lower().endswith(COMING)
        ]

    def look(self, codes: Codes, now: int) -> Iterator[Outcome]:
        """Take every file that is waiting and say what became of each.

        Raises:
            JournalError: events cannot be kept now; the file waits on.
            DiskFullError: nor can its account be; what was kept will be known again.
        """
        for path in self.waiting():
            yield self._take(path, codes, now)

    def _take(self, path: Path, codes: Codes, now: int) -> Outcome:
        aside = path.replace(self._free(self.folder / TAKING, ODD.sub("_", path.name)))
        try:
            with told_if_full(self.folder, ROOM):
                outcome = self._read(path.name, aside, codes, now)
                home = self._free(self.folder / (DONE if outcome.taken else REFUSED), path.name)
                text = account(outcome, codes.city.profile, int(time.time()))
                write_text(home.with_name(home.name + ACCOUNT), text)
        except (JournalError, DiskFullError):
            aside.replace(self._free(self.folder, path.name))
            raise
        aside.replace(home)
        return outcome

    def _read(self, name: str, path: Path, codes: Codes, now: int) -> Outcome:
        try:
            drop = read_drop(path, codes, now)
        except ImportRefusedError as error:
            return Outcome(name, why=str(error).replace(str(path.parent), "").lstrip("/"))
        return self._kept(name, drop)

    def _kept(self, name: str, drop: Drop) -> Outcome:
        events = drop.batch.events
        outcome = Outcome(name, drop.rows, remarks=drop.batch.remarks)
        outcome.refused = [*drop.left_out, *drop.batch.refused]
        for start in range(0, len(events), AT_ONCE):
            receipt = self._keeper.append(events[start : start + AT_ONCE], f"{FOLDER}/{name}")
            outcome.accepted += receipt.accepted
            outcome.repeated += receipt.repeated
            outcome.refused += [Told(row, "event_id_reused") for row in receipt.reused]
        outcome.refused.sort(key=lambda told: told.line)
        return outcome

    def _free(self, folder: Path, name: str) -> Path:
        """A path in a folder that no file has yet."""
        path = folder / name
        stem, suffix = path.stem, path.suffix
        number = 1
        while path.exists():
            number += 1
            path = folder / f"{stem} ({number}){suffix}"
        return path
