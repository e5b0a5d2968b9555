"""How a backup lies on its disk, and what of a data directory belongs to it.

`TO/2026-11-22T020000Z/` has `backup.json` (when, which city, how many events, sha256 of every
file) and the files themselves as they lie in a data directory; `TO/snapshots/<id>/` is a published
city, kept once for all backups that name it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from geodata.backup.errors import BackupError
from geodata.journal.journal import FILE, FOLDER
from geodata.store.snapshots import SNAPSHOTS
from geodata.store.tables import write_text

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST: Final = "backup.json"
JOURNAL: Final = f"{FOLDER}/{FILE}"
FILES: Final = ("tokens.json", "alerts.json")
# What people and events made and nothing can make again; what is derived is made again.
FOLDERS: Final = ("corrections", "audit", "decisions", "plans")
FORMAT: Final = 1


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself.

    made: epoch seconds; snapshot: id of the live city, "" = none; events: number of the journal's
    last one, 0 = it has none; elsewhere: the database that keeps the journal, "" = a file of ours;
    files: sha256 and size by path.
    """

    made: float
    snapshot: str = ""
    events: int = 0
    elsewhere: str = ""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


def write(folder: Path, backup: Backup) -> None:
    """Put the manifest into a folder."""
    text = json.dumps({"format": FORMAT, **asdict(backup)}, ensure_ascii=False, indent=1)
    write_text(folder / MANIFEST, text)


def read(folder: Path) -> Backup:
    """Read the manifest of a folder.

    Raises:
        BackupError: there is none, or it cannot be read.
    """
    path = folder / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said.pop("format") != FORMAT:
            msg = f"{path}: is of another version of this program; restore it with that one"
            raise BackupError(msg)
        return Backup(**said)
    except FileNotFoundError as error:
        msg = f"{path}: is missing; name the dated folder of a backup"
        raise BackupError(msg) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path}: is damaged ({error}); take an earlier backup"
        raise BackupError(msg) from error


def every(to: Path) -> list[tuple[Path, Backup]]:
    """Every backup in a folder that can say what it is, oldest first."""
    found = []
    for path in to.glob(f"[!.]*/{MANIFEST}"):
        with suppress(BackupError):  # it counts as none, and stays for a person to look at
            found.append((path.parent, read(path.parent)))
    return sorted(found, key=lambda each: (each[1].made, each[0].name))


def unread(to: Path) -> list[Path]:
    """Backups in a folder that cannot say what they are: damaged, or of another version."""
    known = {folder for folder, _ in every(to)}
    return sorted({path.parent for path in to.glob(f"[!.]*/{MANIFEST}")} - known)


def city(to: Path, snapshot: str) -> Path:
    """Where a published city lies among the backups."""
    return to / SNAPSHOTS / snapshot
