"""One backup: copied beside the earlier ones, read through, and only then given its name."""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from geodata.backup import layout
from geodata.backup.errors import BackupError
from geodata.backup.layout import Backup
from geodata.journal import locking, sqlite
from geodata.journal.errors import JournalDamagedError, JournalFullError
from geodata.journal.journal import FOLDER, Journal, parsed, url_of
from geodata.model.errors import DiskFullError, NoCityError
from geodata.store import audit
from geodata.store.room import has_room, told_if_full
from geodata.store.snapshots import LIVE, SNAPSHOTS, live_id
from geodata.store.tables import write_text
from geodata.store.writer import damage, fingerprints, sync

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOG: Final = logging.getLogger(__name__)
KEEP: Final = 7
LOCK: Final = ".lock"
HIDDEN: Final = shutil.ignore_patterns(".*")
DRAFT: Final = ".making-"  # begins the name of what is not whole yet
GONE: Final = ".gone-"
NAME: Final = "%Y-%m-%dT%H%M%SZ"
ROOM: Final = "the earlier backups are as they were; free some space or keep fewer"


def make(data_dir: Path, to: Path, keep: int = KEEP, url: str = "") -> Path:
    """Copy what must not be lost while the server runs; returns the dated folder.

    Args:
        data_dir: whose journal, live city, tokens, alerts, corrections and audit are copied.
        to: folder of the backups, best on another disk; of older ones the last `keep` stay.
        keep: how many there are in the end.
        url: of a journal that a database server keeps, which is not copied.

    Raises:
        BackupError: what would be copied is damaged, or another process makes one; the earlier
            backups are as they were.
        JournalError: the journal cannot be read.
        DiskFullError: there is no room for it.
    """
    with told_if_full(to, ROOM), _alone(to):
        for left in to.glob(f"{DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        draft = to / f"{DRAFT}{os.getpid()}"
        try:
            made = _made(data_dir, draft, to, url)
            folder = _named(draft, to, made.made)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _prune(to, max(keep, 1))
    _note(data_dir, folder)
    return folder


def newest(to: Path) -> float:
    """Epoch seconds of the newest backup in a folder; 0 = there is none."""
    return max((backup.made for _, backup in layout.every(to)), default=0)


def _made(data_dir: Path, draft: Path, to: Path, url: str) -> Backup:
    draft.mkdir(mode=0o700)
    events, elsewhere = _journal(data_dir, draft, url)
    for name in layout.FILES:
        if (data_dir / name).exists():
            shutil.copy2(data_dir / name, draft)
    for name in layout.FOLDERS:
        if (data_dir / name).is_dir():
            with audit.held(data_dir / name):  # its newest row and what names it belong together
                shutil.copytree(data_dir / name, draft / name, ignore=HIDDEN)
    snapshot = _city(data_dir, to)
    if snapshot:
        write_text(draft / LIVE, json.dumps({"snapshot": snapshot}))
    backup = Backup(round(time.time(), 3), snapshot, events, elsewhere, fingerprints(draft))
    layout.write(draft, backup)
    sync(draft)
    return backup


def _journal(data_dir: Path, draft: Path, url: str) -> tuple[int, str]:
    """Copy the journal and read the copy through: how many events, and who else keeps them."""
    own = url or url_of(data_dir)
    path = sqlite.path_of(parsed(own))
    if path is None:
        return 0, parsed(own).render_as_string(hide_password=True)
    if not path.exists():
        return 0, ""
    copy = _copied(Journal(own), draft)
    try:
        return checked(copy), ""
    except JournalDamagedError as error:
        msg = f"{path}: is damaged and not backed up; {sqlite.cure(path)}"
        raise BackupError(msg) from error


def _copied(journal: Journal, draft: Path) -> Path:
    try:
        return journal.backup(draft / layout.JOURNAL)
    except JournalFullError as error:
        if has_room(draft):
            raise
        msg = f"{draft.parent}: no room left on its disk; {ROOM}"  # it is not the journal's
        raise DiskFullError(msg) from error
    finally:
        journal.close()


def checked(copy: Path) -> int:
    """Read every event of a copy once and count them; nothing beside the copy stays.

    Raises:
        JournalDamagedError: it is not as it was written.
    """
    # A copy that is damaged must never push out one that is not.
    journal = Journal(f"sqlite:///{copy.absolute()}")
    try:
        return journal.check()
    finally:
        journal.close()


def _city(data_dir: Path, to: Path) -> str:
    """Copy the live city if no backup has it yet, whole or not at all; "" = there is none."""
    try:
        snapshot = live_id(data_dir)
    except NoCityError:
        return ""
    kept = layout.city(to, snapshot)
    if kept.exists() and not damage(kept):
        return snapshot
    draft = to / f"{DRAFT}city-{os.getpid()}"
    try:
        shutil.copytree(data_dir / SNAPSHOTS / snapshot, draft)
        if faults := damage(draft):
            said = "; ".join(faults).replace(str(draft), str(data_dir / SNAPSHOTS / snapshot))
            msg = f"{said}; publish the city again, or put back an earlier one"
            raise BackupError(msg)
        sync(draft)
        kept.parent.mkdir(exist_ok=True)
        shutil.rmtree(kept, ignore_errors=True)
        draft.rename(kept)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return snapshot


def _named(draft: Path, to: Path, made: float) -> Path:
    name, number = time.strftime(NAME, time.gmtime(made)), 1
    folder = to / name
    while folder.exists():
        number += 1
        folder = to / f"{name}-{number}"
    draft.rename(folder)
    return folder


def _prune(to: Path, keep: int) -> None:
    """Remove all but the last backups, and cities that none of these names.

    No city goes while a backup is there that cannot be asked which one it needs.
    """
    backups = layout.every(to)
    cities = {backup.snapshot for _, backup in backups[-keep:]}
    old = [folder for folder, _ in backups[:-keep]]
    if unread := layout.unread(to):
        LOG.warning("%s: cannot be read; every city is kept", ", ".join(map(str, unread)))
    else:
        old += [path for path in (to / SNAPSHOTS).glob("*") if path.name not in cities]
    for path in [*old, *to.glob(f"{GONE}*")]:
        gone = path if path.name.startswith(GONE) else path.rename(to / f"{GONE}{path.name}")
        shutil.rmtree(gone, ignore_errors=True)


def _note(data_dir: Path, folder: Path) -> None:
    """Tell a journal that gets damaged one day where its newest copy lies."""
    copy = folder / layout.JOURNAL
    if copy.exists():
        text = json.dumps({"journal": str(copy.absolute())})
        write_text(data_dir / FOLDER / sqlite.NOTE, text)


@contextmanager
def _alone(to: Path) -> Iterator[None]:
    """Have the folder of the backups to ourselves.

    Raises:
        BackupError: another process makes one there.
    """
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = locking.hold(to / LOCK, "")
    if held is None:
        msg = f"{to}: another process makes a backup here; wait until it is done"
        raise BackupError(msg)
    try:
        yield
    finally:
        locking.let_go(held)
