"""The journal: every event that ever arrived, in the order it was kept; nothing is ever changed.

An event is acknowledged once it is on the disk. Its number is unlike any other's, so that what is
sent again is known again. SQLite by default, PostgreSQL by its URL; the statements are the same.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import exc

from geodata.journal import sqlite
from geodata.journal.errors import JournalDamagedError, JournalError
from geodata.journal.faults import told
from geodata.journal.tables import ASKED, EVENTS, NOTES, TABLES, put

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from geodata.journal.events import Event
    from geodata.journal.tables import Receipt

FOLDER: Final = "journal"
FILE: Final = "journal.sqlite"
READ: Final = 50_000  # events that one read gives at most
ORDER: Final = 7_051_871  # of the advisory lock under which PostgreSQL numbers events


@dataclass(frozen=True, slots=True)
class Entry:
    """One kept event."""

    seq: int
    line: bytes


class Journal:
    """Appends events and reads them back; safe for many threads and many processes."""

    def __init__(self, url: str) -> None:
        """Take the URL of a database, as `sqlite:////data/journal/journal.sqlite`.

        Raises:
            JournalError: it cannot be opened; the message names it, and the newest backup.
        """
        self.url: Final = parsed(url)
        self.path: Final = sqlite.path_of(self.url)
        self._engine = self._opened()
        try:
            with self._guarded():
                if not self._is_made():
                    self._make()
        except JournalError:
            self._engine.dispose()
            raise

    def _is_made(self) -> bool:
        """Look only: whoever opens a journal that is there waits for no writer."""
        with self._engine.begin() as database:
            if self.path is not None:
                sqlite.check_tables(database, self.path, EVENTS.name)
            return sa.inspect(database).has_table(EVENTS.name)

    def _make(self) -> None:
        """Make the table, once, where several begin together."""
        with self._engine.connect() as plain:
            database = plain.execution_options(**{sqlite.WRITES: True})
            with database.begin():
                if self.path is None:
                    database.execute(sa.select(sa.func.pg_advisory_xact_lock(ORDER)))
                TABLES.create_all(database)

    def append(self, events: Sequence[Event], sender: str = "") -> Receipt:
        """Keep what is new of a batch, in its order, all or nothing, before this returns.

        sender: who sent it, kept beside each event.

        Raises:
            JournalError: nothing of it was kept.
        """
        with self._guarded(), self._engine.connect() as plain:
            database = plain.execution_options(**{sqlite.WRITES: True})
            with database.begin():
                if self.path is None:
                    database.execute(sa.select(sa.func.pg_advisory_xact_lock(ORDER)))
                return put(database, events, sender)

    def read(self, after: int = 0, limit: int = READ) -> list[Entry]:
        """Events that follow a number, in order.

        Raises:
            JournalError: they cannot be read, or one of them is not as it was written.
        """
        wanted = (
            sa.select(EVENTS.c.seq, EVENTS.c.line, EVENTS.c.checksum)
            .where(EVENTS.c.seq > after)
            .order_by(EVENTS.c.seq)
            .limit(min(limit, READ))
        )
        found = self._read([wanted])
        for number, entry in enumerate(found, after + 1):
            # Events are numbered without a gap, so that a number that is lost is noticed too.
            if entry.seq != number:
                raise self._damaged(number)
        return found

    def pick(self, numbers: Sequence[int]) -> list[Entry]:
        """Events by their numbers, those that are there.

        Raises:
            JournalError: as `read`.
        """
        columns = sa.select(EVENTS.c.seq, EVENTS.c.line, EVENTS.c.checksum)
        chunks = [numbers[start : start + ASKED] for start in range(0, len(numbers), ASKED)]
        return self._read([columns.where(EVENTS.c.seq.in_(chunk)) for chunk in chunks])

    def entries(self, after: int = 0) -> Iterator[list[Entry]]:
        """Every event that follows a number, by parts.

        Raises:
            JournalError: as `read`.
        """
        while part := self.read(after):
            yield part
            after = part[-1].seq

    def last(self) -> int:
        """Number of the newest event; 0 = there is none.

        Raises:
            JournalError: it cannot be read.
        """
        with self._guarded(), self._engine.connect() as database:
            return int(database.scalar(sa.select(sa.func.max(EVENTS.c.seq))) or 0)

    def note(self, name: str) -> None:
        """Keep the name of what was just made of these events; a copy made before lacks it.

        Raises:
            JournalError: it cannot be written.
        """
        with self._guarded(), self._engine.connect() as plain:
            database = plain.execution_options(**{sqlite.WRITES: True})
            with database.begin():
                if self.path is None:
                    database.execute(sa.select(sa.func.pg_advisory_xact_lock(ORDER)))
                NOTES.create(database, checkfirst=True)
                database.execute(sa.insert(NOTES).values(name=name))

    def knows(self, name: str) -> bool:
        """Whether a name was noted here, or in the journal that this one is a copy of.

        Raises:
            JournalError: it cannot be read.
        """
        with self._guarded(), self._engine.connect() as database:
            if not sa.inspect(database).has_table(NOTES.name):
                return False
            wanted = sa.select(NOTES.c.name).where(NOTES.c.name == name)
            return database.scalar(wanted) is not None

    def backup(self, path: Path | None = None) -> Path:
        """Copy the journal as it stands, whole, while it is written on; returns the copy.

        Raises:
            JournalError: it cannot be copied, or is a server's, which has its own way.
        """
        if self.path is None:
            msg = f"{self.name}: is backed up by its own means; use pg_dump"
            raise JournalError(msg)
        with self._guarded():
            return sqlite.backup(self.path, path)

    def check(self) -> int:
        """Read everything once and count it.

        Raises:
            JournalDamagedError: something is not as it was written.
        """
        with self._guarded():
            if self.path is not None:
                sqlite.check(self.path)
        return sum(len(part) for part in self.entries())

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @property
    def name(self) -> str:
        """What it is called in messages: its file, or its URL without the password."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    def _read(self, wanted: Sequence[sa.Select[Any]]) -> list[Entry]:
        with self._guarded(), self._engine.connect() as database:
            rows = [row for each in wanted for row in database.execute(each).all()]
        for seq, line, checksum in rows:
            if not isinstance(line, bytes) or zlib.crc32(line) != checksum:
                raise self._damaged(seq)
        return [Entry(seq, line) for seq, line, _ in rows]

    def _damaged(self, number: int) -> JournalDamagedError:
        what = f"{self.name}: event {number} is not as it was written"
        return JournalDamagedError(f"{what}; {sqlite.cure(self.path)}")

    def _opened(self) -> sa.Engine:
        try:
            if self.path is not None:
                return sqlite.engine(self.path)
            return sa.create_engine(self.url, pool_pre_ping=True)
        except (exc.ArgumentError, exc.NoSuchModuleError, ImportError, OSError) as error:
            msg = f"{self.name}: cannot be opened ({error}); mend its URL"
            raise JournalError(msg) from error

    def _guarded(self) -> AbstractContextManager[None]:
        return told(self.name, self.path)


def url_of(data_dir: Path) -> str:
    """The URL of a data directory's own journal."""
    return f"sqlite:///{(data_dir / FOLDER / FILE).absolute()}"


def existing(data_dir: Path) -> Journal:
    """The journal of a data directory, if it has one.

    Raises:
        JournalError: it has none, or it cannot be opened.
    """
    path = data_dir / FOLDER / FILE
    if not path.exists():
        msg = f"{path}: no event has arrived here yet; check the data directory"
        raise JournalError(msg)
    return Journal(url_of(data_dir))


def parsed(written: str) -> sa.URL:
    """Understand a URL.

    Raises:
        JournalError: it is none.
    """
    try:
        return sa.make_url(written)
    except exc.ArgumentError as error:
        # It may hold a password: what was written is not repeated.
        msg = "the journal's URL is none; write it like postgresql+psycopg://user@host/database"
        raise JournalError(msg) from error
