"""A backup put back: looked through first, then put in place; what was there is set aside."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.backup import layout
from geodata.backup.errors import BackupError
from geodata.backup.layout import Backup
from geodata.backup.making import checked
from geodata.journal import locking
from geodata.journal.errors import JournalDamagedError
from geodata.journal.journal import FILE, FOLDER
from geodata.journal.writer import LOCK
from geodata.store.room import told_if_full
from geodata.store.snapshots import SNAPSHOTS
from geodata.store.writer import BUILDING, damage, fingerprints, switch, sync

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASIDE: Final = "replaced-"
STAGE: Final = ".restoring-"
BESIDE: Final = ("-wal", "-shm")  # what SQLite writes beside a database, and belongs to that one
ROOM: Final = "nothing was changed; free some space"
SQLITE: Final = b"SQLite format 3\0"


@dataclass(frozen=True)
class Restored:
    """What is there now; aside: where lies what was there before, if anything was."""

    snapshot: str
    events: int
    aside: Path | None


def restore(source: Path, data_dir: Path) -> Restored:
    """Put back a dated folder of backups, or a copy of a journal and nothing else.

    It may be run again after an interruption. Nothing is removed: what was there is set aside.

    Raises:
        BackupError: the backup is damaged, or a server writes here; nothing was changed.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with told_if_full(data_dir, ROOM), _alone(data_dir), _stage(data_dir) as stage:
        backup = _staged(source, stage)
        made = _city(source.parent, backup.snapshot, data_dir) if backup.snapshot else ""
        sync(stage)
        aside = data_dir / f"{ASIDE}{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
        for name in sorted(path.name for path in stage.iterdir()):
            if name != FOLDER:
                _replace(stage / name, data_dir / name, aside / name)
        if (stage / layout.JOURNAL).exists():
            _replace_journal(stage / layout.JOURNAL, data_dir / FOLDER, aside / FOLDER)
        if made:
            switch(data_dir, made)
    return Restored(made, backup.events, aside if aside.exists() else None)


def _staged(source: Path, stage: Path) -> Backup:
    """Copy a backup beside where it goes, and look it through there: it stays untouched.

    Raises:
        BackupError: something of it is not as it was written.
    """
    if source.is_file():
        return _staged_journal(source, stage)
    backup = layout.read(source)
    shutil.copytree(source, stage, dirs_exist_ok=True)
    (stage / layout.MANIFEST).unlink()
    found, told = fingerprints(stage), backup.files
    wrong = sorted(name for name in {*found, *told} if found.get(name) != told.get(name))
    if wrong:
        names = ", ".join(str(source / name) for name in wrong)
        msg = f"{names}: not as it was backed up; take an earlier backup"
        raise BackupError(msg)
    if backup.snapshot and (faults := damage(layout.city(source.parent, backup.snapshot))):
        msg = "; ".join(faults) + "; take an earlier backup, or publish the city again"
        raise BackupError(msg)
    return backup


def _staged_journal(source: Path, stage: Path) -> Backup:
    with source.open("rb") as file:
        if file.read(len(SQLITE)) != SQLITE:
            msg = f"{source}: is no copy of a journal; name one, or the dated folder of a backup"
            raise BackupError(msg)
    (stage / FOLDER).mkdir()
    copy = stage / layout.JOURNAL
    shutil.copy2(source, copy)
    try:
        return Backup(int(time.time()), events=checked(copy))
    except JournalDamagedError as error:
        msg = f"{source}: is damaged; take an earlier backup"
        raise BackupError(msg) from error


def _city(backups: Path, snapshot: str, data_dir: Path) -> str:
    """Copy the city unless it is there and whole; it is not live yet."""
    target = data_dir / SNAPSHOTS / snapshot
    if target.exists() and not damage(target):
        return snapshot
    draft = target.with_name(f"{BUILDING}restored-{secrets.token_hex(4)}")
    try:
        shutil.copytree(layout.city(backups, snapshot), draft)
        sync(draft)
        if target.exists():
            target.rename(target.with_name(f"{BUILDING}damaged-{secrets.token_hex(4)}"))
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return snapshot


def _replace(new: Path, old: Path, aside: Path) -> None:
    if old.exists():
        aside.parent.mkdir(parents=True, exist_ok=True)
        old.rename(aside)
    new.rename(old)


def _replace_journal(new: Path, folder: Path, aside: Path) -> None:
    """Put a journal in place of another; at no moment is there none, which would be begun anew.

    What lies beside the old database goes first: SQLite would play it into the new one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    old = folder / FILE
    if old.exists():
        aside.mkdir(parents=True)
        shutil.copy2(old, aside)
    for end in BESIDE:
        beside = folder / f"{FILE}{end}"
        if beside.exists():
            beside.rename(aside / beside.name)
    new.replace(old)
    sync(folder)


@contextmanager
def _stage(data_dir: Path) -> Iterator[Path]:
    """A folder on the same disk, gone afterwards; so are those of interrupted runs."""
    for left in data_dir.glob(f"{STAGE}*"):
        shutil.rmtree(left, ignore_errors=True)
    stage = data_dir / f"{STAGE}{os.getpid()}"
    stage.mkdir(mode=0o700)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Have the data directory to ourselves: the lock of whoever writes the journal.

    Raises:
        BackupError: a server holds it.
    """
    held = locking.hold(data_dir / FOLDER / LOCK, "")
    if held is None:
        msg = f"{data_dir}: a server writes here; stop it first"
        raise BackupError(msg)
    try:
        yield
    finally:
        locking.let_go(held)
