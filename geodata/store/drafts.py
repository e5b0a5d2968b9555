"""Files that are written under another name until they are whole; those of killed writers go."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from geodata.store.prune import COLUMNS, KEYS
from geodata.store.snapshots import FEED

QUIET_S: Final = 600.0  # whoever writes a draft writes to it more often
DRAFTS: Final = (".*.new", ".*.new.npy")


def sweep(data_dir: Path) -> None:
    """Remove drafts that nobody has written to for long: their writers were killed."""
    before = time.time() - QUIET_S
    for draft in _drafts(data_dir):
        with suppress(OSError):  # somebody else has removed it, or given it its name
            if draft.stat().st_mtime < before:
                draft.unlink()


def _drafts(data_dir: Path) -> list[Path]:
    """Where published files, and what is derived from them, are written."""
    found = [path for name in DRAFTS for path in data_dir.glob(name)]
    for part in (COLUMNS, KEYS, FEED):
        for folder, _, names in os.walk(data_dir / part):
            here = Path(folder)
            found += [here / name for name in names if any(map((here / name).match, DRAFTS))]
    return found
