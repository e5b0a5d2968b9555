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
from geodata.backup.alone import alone
from geodata.backup.errors import BackupError
from geodata.backup.layout import Backup
from geodata.backup.making import checked
from geodata.backup.swapping import Swap
from geodata.journal.errors import JournalDamagedError
from geodata.journal.journal import FOLDER
from geodata.store.room import told_if_full
from geodata.store.snapshots import SNAPSHOTS
from geodata.store.writer import BUILDING, damage, fingerprints, sync

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASIDE: Final = "replaced-"
STAGE: Final = ".restoring-"
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

    It may be run again after an interruption. Nothing is removed but what is derived from the
    journal: what was there is set aside.

    Raises:
        BackupError: the backup is damaged, or somebody works here, and nothing was changed; or it
            could not be put back whole, and the message says how far.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with told_if_full(data_dir, ROOM), alone(data_dir), _stage(data_dir) as stage:
        backup = _staged(source, stage)
        made = _city(source.parent, backup.snapshot, data_dir) if backup.snapshot else ""
        sync(stage)
        name = f"{ASIDE}{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
        swap = Swap(stage, data_dir, data_dir / name, made)
        swap.all()
    return Restored(made, backup.events, swap.aside if swap.aside.exists() else None)


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
