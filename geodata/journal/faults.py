"""What the databases say went wrong, as errors that name the file and what to do."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import exc

from geodata.journal.errors import (
    JournalDamagedError,
    JournalError,
    JournalFullError,
    JournalLockedError,
)
from geodata.journal.sqlite import cure
from geodata.store import room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The first byte of SQLite's codes says what kind of fault it is.
KIND: Final = 0xFF
LOCKED: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# The third is a statement that does not fit: ours always do, unless the tables are not ours.
DAMAGED: Final = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_FORMAT,
}
FULL: Final = {sqlite3.SQLITE_FULL}
# What SQLite says of a quota that is used up, or of a disk without room for a file beside it.
PERHAPS_FULL: Final = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
# PostgreSQL: lock not available, query cancelled for a lock; data or index corrupted; disk full.
LOCKED_STATES: Final = {"55P03", "57014"}
DAMAGED_STATES: Final = {"XX001", "XX002"}
FULL_STATES: Final = {"53100"}


@contextmanager
def told(name: str, path: Path | None) -> Iterator[None]:
    """Turn whatever a database raises into an error of the journal.

    Raises:
        JournalError: of the kind that fits, naming the journal and the cure.
    """
    try:
        yield
    except exc.DBAPIError as error:
        raise _named(error.orig or error, name, path) from error
    except (sqlite3.Error, OSError) as error:
        raise _named(error, name, path) from error
    except UnicodeDecodeError as error:  # a name or a message that is no text any more
        msg = f"{name}: is damaged ({error.reason}); {cure(path)}"
        raise JournalDamagedError(msg) from error
    except exc.SQLAlchemyError as error:
        msg = f"{name}: cannot be used ({error})"
        raise JournalError(msg) from error


def _without_code(error: BaseException) -> int:
    """The code of what the driver itself says: that something is no text any more."""
    return sqlite3.SQLITE_CORRUPT if isinstance(error, sqlite3.OperationalError) else -1


def _named(error: BaseException, name: str, path: Path | None) -> JournalError:
    said = str(error).strip().splitlines()[:1] or [type(error).__name__]
    kind = getattr(error, "sqlite_errorcode", _without_code(error)) & KIND
    state = getattr(error, "sqlstate", "")
    if kind in LOCKED or state in LOCKED_STATES:
        return JournalLockedError(f"{name}: is held by another program ({said[0]}); end it")
    if kind in DAMAGED or state in DAMAGED_STATES:
        return JournalDamagedError(f"{name}: is damaged ({said[0]}); {cure(path)}")
    full = kind in FULL or state in FULL_STATES or room.is_full(error)
    if full or (kind in PERHAPS_FULL and path is not None and not room.has_room(path.parent)):
        return JournalFullError(f"{name}: no room left on its disk; free some space")
    return JournalError(f"{name}: cannot be used ({said[0]}); look at the disk and the server")
