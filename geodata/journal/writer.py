"""The one process that writes a data directory's journal; it is known by a lock on a file.

The lock falls with the process, however that ends. PostgreSQL keeps its writers apart by itself.
"""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Final

from geodata.journal import locking
from geodata.journal.errors import JournalError, JournalFullError, NotTheWriterError
from geodata.journal.journal import FOLDER, Journal, url_of
from geodata.store.room import is_full

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geodata.journal.events import Event
    from geodata.journal.tables import Receipt

LOCK: Final = "writer.lock"


class Writer:
    """Writes the journal of a data directory, or says who does; safe for many threads.

    reason: why the last batch could not be kept, a key of `reasons.toml`; "" = it was.
    """

    def __init__(self, data_dir: Path, url: str = "", place: str = "") -> None:
        """Take the URL of another journal than the directory's own, and where we are reached."""
        self._folder = data_dir / FOLDER
        self._url = url or url_of(data_dir)
        self._own = not url or self._url.startswith("sqlite")
        self._place = place
        self._journal: Journal | None = None
        self._held: int | None = None
        self._opening = threading.Lock()
        self.reason = ""

    def append(self, events: Sequence[Event], sender: str = "") -> Receipt:
        """Keep events; `sender`: who sent them.

        Raises:
            NotTheWriterError: another process writes this journal.
            JournalError: nothing of them was kept.
        """
        try:
            receipt = self.journal().append(events, sender)
        except JournalError as error:
            self.reason = error.key
            raise
        self.reason = ""
        return receipt

    def journal(self) -> Journal:
        """The journal, opened when first asked for.

        Raises:
            NotTheWriterError: another process writes it.
            JournalError: it cannot be opened.
        """
        with self._opening:
            if self._own and self._held is None:
                self._held = self._locked()
            if self._journal is None:
                self._journal = Journal(self._url)
            return self._journal

    def close(self) -> None:
        """Let another process write."""
        with self._opening:
            if self._journal is not None:
                self._journal.close()
                self._journal = None
            if self._held is not None:
                locking.let_go(self._held)
                self._held = None

    def _locked(self) -> int:
        path = self._folder / LOCK
        text = json.dumps({"place": self._place, "process": os.getpid()})
        try:
            held = locking.hold(path, text)
        except OSError as error:
            kind = JournalFullError if is_full(error) else JournalError
            msg = f"{path}: cannot be written ({error.strerror}); check the disk and its owner"
            raise kind(msg) from error
        if held is None:
            there = _said(path)
            msg = f"{path}: another process writes the journal ({there}); send to that one"
            raise NotTheWriterError(msg, there)
        return held


def _said(path: Path) -> str:
    """Where the writer is reached, as it wrote itself."""
    try:
        said = json.loads(locking.said(path))
        return str(said["place"] or f"process {said['process']}")
    except (OSError, ValueError, KeyError, TypeError):
        return "?"
