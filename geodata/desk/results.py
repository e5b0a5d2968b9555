"""What the last trial of an arrival left to take away: its account, and the rows it rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.desk import TRIAL, job
from geodata.desk.settling import QUARANTINE
from geodata.model.errors import ImportRefusedError
from geodata.report.unused import Unused
from geodata.store import arrivals
from geodata.store.snapshots import SNAPSHOTS, open_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.store.snapshots import City


def tried(home: Path, data_dir: Path) -> City:
    """Open what the last trial made, whether it was published since or not.

    Raises:
        ImportRefusedError: nothing was tried since the last change.
        SnapshotError: it was published and has been removed since.
    """
    snapshot = job(home).snapshot
    if not snapshot:
        msg = "nothing was tried since the last change; try the import first"
        raise ImportRefusedError(msg)
    aside = home / TRIAL
    there = (aside / SNAPSHOTS / snapshot).is_dir()
    return open_snapshot(aside if there else data_dir, snapshot)


def unused(home: Path) -> list[Unused]:
    """List the files that the last trial made nothing of, as it noted them."""
    noted = arrivals.noted(home, "outcome") or {}
    return [Unused(**file) for file in noted.get("unused", [])]


def sheets(home: Path) -> dict[str, Path]:
    """The sheets of rows that the last trial rejected, by name; none while it is out of date."""
    if not job(home).snapshot:
        return {}
    return {path.name: path for path in sorted((home / TRIAL / QUARANTINE).glob("*/*.csv"))}
