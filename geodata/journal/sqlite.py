"""The journal in a file of SQLite: how it is opened, copied and checked."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event

from geodata.journal.errors import JournalDamagedError

BUSY_S: Final = 10.0  # that a writer waits for another
GLANCE_S: Final = 1.0  # that a reader waits, and whoever opens: somebody looks at the screen
WRITES: Final = "yiping_writes"  # option of a connection whose transaction will write
BACKUPS: Final = "backups"
NOTE: Final = "backup.json"  # says where the newest copy outside of this folder lies
AGAIN_S: Final = 0.01  # until what another hinders for a moment is tried again
PRAGMAS: Final = ("PRAGMA synchronous = FULL", "PRAGMA cell_size_check = ON")


def path_of(url: sa.URL) -> Path | None:
    """The file of a URL; None = it is of a server."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def engine(path: Path) -> sa.Engine:
    """Open a file, made if it is not there; a transaction that will write says so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": GLANCE_S})
    event.listen(made, "connect", _prepare)
    event.listen(made, "begin", _begin)
    return made


def backup(path: Path, to: Path | None) -> Path:
    """Copy the file whole, and only then give the copy its name."""
    to = to or path.parent / BACKUPS / time.strftime("journal-%Y%m%d-%H%M%S.sqlite", time.gmtime())
    to.parent.mkdir(parents=True, exist_ok=True)
    draft = to.with_name(f".{to.name}.new")
    draft.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path)) as ours, closing(sqlite3.connect(draft)) as copy:
            # In one step: writers go on beside it, and one of many would begin anew after each
            # event, so that a large journal that is always written on were never copied.
            ours.backup(copy, pages=-1)
        draft.replace(to)
    finally:
        draft.unlink(missing_ok=True)
    return to


def check(path: Path) -> None:
    """Let the database look at itself.

    Raises:
        JournalDamagedError: it found a fault.
    """
    with closing(sqlite3.connect(path)) as database:
        found = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
    if found != "ok":
        msg = f"{path}: {found}; {cure(path)}"
        raise JournalDamagedError(msg)


def check_tables(database: sa.Connection, path: Path, wanted: str) -> None:
    """Refuse a file whose table is gone: it would be made anew, without an event in it.

    Raises:
        JournalDamagedError: it has tables, and not ours.
    """
    names = database.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
    if names and wanted not in names:
        msg = f"{path}: has no table {wanted} any more; {cure(path)}"
        raise JournalDamagedError(msg)


def cure(path: Path | None) -> str:
    """What to do about a damaged journal: which backup to put back."""
    if path is None:
        return "restore the database from its backup"
    copies = [*(path.parent / BACKUPS).glob("*.sqlite"), *_noted(path.parent)]
    if copies:
        newest = max(copies, key=lambda each: each.stat().st_mtime)
        return f"stop the server and run `python -m geodata restore {newest}`"
    return f"there is no backup in {path.parent / BACKUPS}; keep the file and ask for help"


def _noted(folder: Path) -> list[Path]:
    """The newest copy outside of the journal's own folder, if it can still be reached."""
    try:
        copy = Path(json.loads((folder / NOTE).read_text(encoding="utf-8"))["journal"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [copy] if copy.exists() else []


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's)
    connection.isolation_level = None  # the driver begins nothing by itself: we do, below
    _write_ahead(connection)
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn a new file to write-ahead logging, which somebody else may be doing just now.

    SQLite does not wait there for one who is about to write, however long its timeout: two who
    turn the same file would wait for each other. So we ask again.
    """
    until = time.monotonic() + GLANCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # of whatever kind
            if not busy or time.monotonic() > until:
                raise
            time.sleep(AGAIN_S)
        else:
            return


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    patience = BUSY_S if writes else GLANCE_S
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(patience * 1000)}")
    # A reader that turned writer in mid-transaction could not wait for the one before it.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
