"""Old snapshots go, with what belongs to them; what is or was just live stays."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geodata.store.snapshots import FEED, META, SNAPSHOTS, live_id, snapshot_ids
from geodata.store.writer import BUILDING

if TYPE_CHECKING:
    from pathlib import Path

KEEP: Final = 3
SERVED_S: Final = 3600  # for so long open pages may still ask for what is no longer live
PLANTED: Final = "planted"
REPORTS: Final = "reports"
COLUMNS: Final = "columns"
KEYS: Final = "keys"
COMPACTED: Final = "compacted"
GROUNDS: Final = "grounds"


def prune(data_dir: Path, keep: int = KEEP) -> list[str]:
    """Remove all snapshots but the live one, the `keep` last, and those replaced within the hour.

    Raises:
        SnapshotError: nothing is published, so that nobody knows what may go.
    """
    live, ids = live_id(data_dir), snapshot_ids(data_dir)
    recent = {live, *ids[max(len(ids) - keep, 0) :]}
    # A snapshot has been replaced when the next one was published, at the earliest.
    old = [one for one, after in pairwise(ids) if _age(data_dir, after) > SERVED_S]
    return [one for one in old if one not in recent and _remove(data_dir, one)]


def _age(data_dir: Path, snapshot: str) -> float:
    return time.time() - (data_dir / SNAPSHOTS / snapshot / META).stat().st_mtime


def _remove(data_dir: Path, snapshot: str) -> bool:
    """Hide a snapshot in one step, so that no half of it is ever seen, then remove it."""
    folder = data_dir / SNAPSHOTS / snapshot
    hidden = folder.with_name(f"{BUILDING}old-{secrets.token_hex(4)}")
    try:
        folder.rename(hidden)
    except OSError:  # somebody else has removed it, or may and we may not
        return False
    shutil.rmtree(hidden, ignore_errors=True)
    for beside in (FEED, REPORTS, COLUMNS, KEYS, COMPACTED, GROUNDS):
        shutil.rmtree(data_dir / beside / snapshot, ignore_errors=True)
    for suffix in (".json", ".duplicates.parquet"):
        with contextlib.suppress(OSError):
            (data_dir / PLANTED / f"{snapshot}{suffix}").unlink(missing_ok=True)
    return True
