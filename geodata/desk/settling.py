"""What a trial wrote beside its snapshot, taken to where that of an import lies."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from geodata.store.snapshots import open_snapshot

if TYPE_CHECKING:
    from pathlib import Path

# As ingest and report name them: to import those here would load every reader into the server.
QUARANTINE: Final = "quarantine"
REPORTS: Final = "reports"


def settle(trial: Path, data_dir: Path, snapshot: str) -> None:
    """Put copies of a trial's quarantine and report in the place of those of the last import.

    trial: the data directory in which it was published.

    To be called once its snapshot is live; calling it again changes nothing.
    """
    key = open_snapshot(data_dir, snapshot).profile.key
    _replace(trial / REPORTS / snapshot, data_dir / REPORTS / snapshot)
    _replace(trial / QUARANTINE / key, data_dir / QUARANTINE / key)


def _replace(made: Path, target: Path) -> None:
    if not made.is_dir():
        return
    copy = target.with_name(f".{target.name}")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(made, copy)
    shutil.rmtree(target, ignore_errors=True)
    copy.rename(target)
