"""What was looked through is put in place, the journal first, the name of the live city last."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from geodata.backup import layout
from geodata.backup.errors import BackupError
from geodata.journal.journal import FILE, FOLDER
from geodata.store.prune import COMPACTED
from geodata.store.snapshots import LIVE
from geodata.store.writer import switch, sync, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BESIDE: Final = ("-wal", "-shm")  # what SQLite writes beside a database, and belongs to that one


@dataclass
class Swap:
    """Puts the parts of a stage into a data directory, each whole or not at all.

    aside: where goes what was there; live: the snapshot to make live in the end, "" = none; done:
    the parts in place by now.
    """

    stage: Path
    data_dir: Path
    aside: Path
    live: str
    done: list[str] = field(default_factory=list)
    _linked: list[tuple[Path, Path]] = field(default_factory=list)  # what is in place and aside

    def all(self) -> None:
        """Put everything in place.

        Raises:
            BackupError: some parts are in place and others are not; the message names both.
            OSError: nothing was changed.
        """
        parts = self._parts()
        try:
            for part in parts:
                self._linked.clear()
                self._put(part)
                self.done.append(part)
                sync_folder((self.data_dir / part).parent)
        except OSError as error:
            self._unlink()
            if not self.done:
                raise
            raise BackupError(self._told(parts, error)) from error

    def _parts(self) -> list[str]:
        journal = [layout.JOURNAL] if (self.stage / layout.JOURNAL).exists() else []
        names = {path.name for path in self.stage.iterdir()} - {FOLDER, LIVE}
        return [*journal, *sorted(names), *([LIVE] if self.live else [])]

    def _put(self, part: str) -> None:
        old = self.data_dir / part
        if part == layout.JOURNAL:
            self._put_journal(old)
        elif part == LIVE:
            self._link(old, self.aside)
            switch(self.data_dir, self.live)
        elif old.is_dir():
            with _back_if_fails() as moved:
                moved.append((old, _moved(old, self.aside)))
                (self.stage / part).rename(old)
        else:
            self._link(old, self.aside)
            (self.stage / part).replace(old)

    def _put_journal(self, old: Path) -> None:
        """Put a journal in place of another; at no moment is there none, which would be begun anew.

        What lies beside the old database goes first: SQLite would play it into the new one.
        """
        old.parent.mkdir(parents=True, exist_ok=True)
        self._link(old, self.aside / FOLDER)
        if (self.data_dir / COMPACTED).exists():  # made of the old journal; it is made anew
            (self.data_dir / COMPACTED).rename(self.stage / COMPACTED)
        with _back_if_fails() as moved:
            for end in BESIDE:
                beside = old.with_name(f"{FILE}{end}")
                if beside.exists():
                    moved.append((beside, _moved(beside, self.aside / FOLDER)))
            self._sync_aside()
            (self.stage / layout.JOURNAL).replace(old)

    def _link(self, old: Path, aside: Path) -> None:
        """Have a file aside as well, without room for a second one where the disk knows links."""
        if not old.exists():
            return
        aside.mkdir(parents=True, exist_ok=True)
        try:
            os.link(old, aside / old.name)
            self._linked.append((old, aside / old.name))
        except OSError:
            shutil.copy2(old, aside)
        self._sync_aside()

    def _unlink(self) -> None:
        """Leave no second name of a file that is still in place: SQLite must not meet two."""
        for old, link in self._linked:
            with suppress(OSError):
                if old.samefile(link):
                    link.unlink()
        for folder in (self.aside / FOLDER, self.aside):
            with suppress(OSError):
                folder.rmdir()

    def _sync_aside(self) -> None:
        """What was set aside is on the disk before its place is taken."""
        if self.aside.exists():
            sync(self.aside)
            sync_folder(self.data_dir)

    def _told(self, parts: list[str], error: OSError) -> str:
        left = [part for part in parts if part not in self.done]
        kept = f"; what was there lies in {self.aside}" if self.aside.exists() else ""
        return (
            f"{self.data_dir}: {error.strerror or error}; only a part was put back: "
            f"{', '.join(self.done)}; not yet: {', '.join(left) or 'nothing'}{kept}; "
            "mend that and restore again"
        )


def _moved(old: Path, aside: Path) -> Path:
    aside.mkdir(parents=True, exist_ok=True)
    return old.rename(aside / old.name)


@contextmanager
def _back_if_fails() -> Iterator[list[tuple[Path, Path]]]:
    """Move back what was moved, old place and new, if what follows fails."""
    moved: list[tuple[Path, Path]] = []
    try:
        yield moved
    except BaseException:
        for old, aside in moved:
            aside.rename(old)
        raise
