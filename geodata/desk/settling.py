"""What a trial wrote beside its snapshot, taken to where that of an import lies."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

from geodata.model.errors import ImportRefusedError, SnapshotError
from geodata.store.prune import COLUMNS, KEYS
from geodata.store.snapshots import META, SNAPSHOTS, live_id, open_snapshot
from geodata.store.writer import adopt

if TYPE_CHECKING:
    from pathlib import Path

# As ingest and report name them: to import those here would load every reader into the server.
QUARANTINE: Final = "quarantine"
REPORTS: Final = "reports"
CORRECTIONS: Final = "corrections"


def live(data_dir: Path) -> str:
    """The id of the live snapshot; "" = nobody knows of one."""
    try:
        return live_id(data_dir)
    except SnapshotError:
        return ""


def take_over(trial: Path, snapshot: str, data_dir: Path) -> None:
    """Make the snapshot of a trial the live city, with all that was made of it.

    trial: the data directory in which it was published.

    Raises:
        ImportRefusedError: it is not there, or was damaged since it was made.
    """
    if not (data_dir / SNAPSHOTS / snapshot).exists():
        # Before the switch, so that nobody ever waits for an answer without them.
        for derived in (COLUMNS, KEYS):
            _move(trial / derived / snapshot, data_dir / derived / snapshot)
    try:
        adopt(trial, snapshot, data_dir)
    except ImportRefusedError:
        for derived in (COLUMNS, KEYS):
            shutil.rmtree(data_dir / derived / snapshot, ignore_errors=True)
        raise
    os.utime(data_dir / SNAPSHOTS / snapshot / META)  # it is published now, not when it was tried
    settle(trial, data_dir, snapshot)


def _move(made: Path, target: Path) -> None:
    """Put a folder in the place of another of the same disk; moments of its files stay."""
    if not made.is_dir():
        return
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    made.rename(target)


def settle(trial: Path, data_dir: Path, snapshot: str) -> None:
    """Put copies of a trial's quarantine, report and corrections in the place of the last ones.

    trial: the data directory in which it was published.

    To be called once its snapshot is live; calling it again changes nothing.
    """
    key = open_snapshot(data_dir, snapshot).profile.key
    _replace(trial / REPORTS / snapshot, data_dir / REPORTS / snapshot)
    _replace(trial / QUARANTINE / key, data_dir / QUARANTINE / key)
    _replace(trial / CORRECTIONS / key, data_dir / CORRECTIONS / key)


def _replace(made: Path, target: Path) -> None:
    if not made.is_dir():
        return
    copy = target.with_name(f".{target.name}")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(made, copy)
    shutil.rmtree(target, ignore_errors=True)
    copy.rename(target)
