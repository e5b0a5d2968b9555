"""Files that somebody hands in, kept apart until they are confirmed; nothing here is published."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from typing import TYPE_CHECKING, Any, Final

from geodata.model.errors import ImportRefusedError
from geodata.store.tables import write_text

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = "arrivals"
FILES: Final = "files"
PART: Final = ".part"  # ends the name of a file that is still on its way
ID: Final = re.compile(r"[0-9a-f]{16}")
NAME: Final = re.compile(r"[^\W_][\w \-.()（）【】·+]{0,119}")
MOST_BYTES: Final = 4 << 30  # of one arrival
MOST_FILES: Final = 200
KEPT_S: Final = 7 * 86_400
MOST_KEPT: Final = 20


def begin(data_dir: Path) -> str:
    """Open a new arrival and return its id; arrivals of last week are removed."""
    _tidy(data_dir / FOLDER)
    arrival = secrets.token_hex(8)
    (data_dir / FOLDER / arrival / FILES).mkdir(parents=True)
    return arrival


def folder(data_dir: Path, arrival: str) -> Path:
    """Where an arrival lies.

    Raises:
        ImportRefusedError: there is none of that id.
    """
    found = data_dir / FOLDER / arrival
    if not ID.fullmatch(arrival) or not found.is_dir():
        msg = f"arrival {arrival[:32]}: is not here any more; hand the files in again"
        raise ImportRefusedError(msg)
    return found


def receive(home: Path, name: str, at: int, size: int, chunk: bytes) -> int:
    """Append a piece of a file and return how much of it is here; the last piece completes it.

    A piece that is here already is passed over, so that a sender may repeat what got no answer.

    Raises:
        ImportRefusedError: the name, the size or the order of the pieces cannot be accepted.
    """
    name = checked(name)
    kept = files(home)
    part = home / FILES / (name + PART)
    if name in kept and not part.exists() and at:
        return kept[name]
    others = sum(bytes_ for other, bytes_ in kept.items() if other != name)
    if others + size > MOST_BYTES or len(kept.keys() | {name}) > MOST_FILES:
        msg = f"{name}: at most {MOST_FILES} files and {MOST_BYTES >> 30} GiB at once; split them"
        raise ImportRefusedError(msg)
    here = 0 if at == 0 or not part.exists() else part.stat().st_size
    if at > here or at + len(chunk) > size:
        msg = f"{name}: piece at {at} does not follow the {here} bytes that are here; send it anew"
        raise ImportRefusedError(msg)
    if at < here:
        return here
    with part.open("ab" if at else "wb") as file:
        file.write(chunk)
    if at + len(chunk) == size:
        part.replace(home / FILES / name)
    return at + len(chunk)


def checked(name: str) -> str:
    """The name of a file as it may lie in a folder.

    Raises:
        ImportRefusedError: it has a path in it, or signs that a file of a city needs not have.
    """
    name = name.replace("\\", "/").rpartition("/")[2].strip()
    if not NAME.fullmatch(name) or name.endswith(PART):
        msg = f"{name[:120]!r}: rename the file; letters, digits, spaces and - _ . ( ) may be used"
        raise ImportRefusedError(msg)
    return name


def files(home: Path) -> dict[str, int]:
    """Size in bytes of every file that is here as a whole, by name."""
    found = sorted((home / FILES).iterdir())
    return {path.name: path.stat().st_size for path in found if path.suffix != PART}


def remove(home: Path, name: str) -> None:
    """Take one file out again."""
    (home / FILES / checked(name)).unlink(missing_ok=True)


def discard(home: Path) -> None:
    """Remove an arrival with all its files."""
    shutil.rmtree(home, ignore_errors=True)


def note(home: Path, key: str, value: object) -> None:
    """Keep something known of the arrival as JSON, replaced as a whole."""
    write_text(home / f"{key}.json", json.dumps(value, ensure_ascii=False))


def noted(home: Path, key: str) -> Any:  # noqa: ANN401 (whatever was noted)
    """What was noted under a key; None if nothing was."""
    try:
        return json.loads((home / f"{key}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _tidy(shelf: Path) -> None:
    """Remove what nobody has touched for long; of many arrivals the latest stay."""
    if not shelf.is_dir():
        return
    by_age = sorted(shelf.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for place, path in enumerate(by_age):
        if place >= MOST_KEPT - 1 or time.time() - path.stat().st_mtime > KEPT_S:
            discard(path)
