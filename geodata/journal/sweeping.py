"""Files of compacted cases that nobody reads any more go; those that somebody may read stay."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Final

from geodata.journal.generation import REFUSED, folder_of
from geodata.store.snapshots import SNAPSHOTS

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.journal.generation import Generation
    from geodata.store.snapshots import City

READ_ON_S: Final = 3_600  # for so long somebody may still read files of an earlier generation


def retired(old: Generation, made: Generation) -> dict[str, int]:
    """Files that only earlier generations have, and since when."""
    now = int(time.time())
    before = {name: since for name, since in old.retired.items() if now - since < READ_ON_S}
    return before | {name: now for name in old.files if name not in made.files}


def sweep(newest: Generation) -> None:
    """Remove what nobody reads any more, and what a broken compaction left; under the lock."""
    now = time.time()
    kept = {*newest.files}
    kept |= {name for name, since in newest.retired.items() if now - since < READ_ON_S}
    since = _refused(newest.folder, now)
    for path in newest.folder.glob("*/*"):
        is_kept = f"{path.parent.name}/{path.name}" in kept
        if not is_kept and path.stat().st_mtime > since:
            path.unlink(missing_ok=True)
    for folder in newest.folder.iterdir():
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def sweep_pruned(city: City) -> None:
    """Remove what was compacted for a city that had been removed before this was done."""
    for folder in folder_of(city).parent.iterdir():
        if not (city.data_dir / SNAPSHOTS / folder.name).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _refused(folder: Path, now: float) -> float:
    """When a generation was refused that somebody may still read; before all time = none was."""
    refused = folder / REFUSED
    since = refused.stat().st_mtime if refused.exists() else float("-inf")
    if now - since < READ_ON_S:
        return since
    refused.unlink(missing_ok=True)
    return float("-inf")
