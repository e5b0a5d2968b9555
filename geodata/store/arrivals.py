"""Files that somebody hands in, kept apart until they are confirmed; nothing here is published."""

from __future__ import annotations

import json
import os
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
IDLE_S: Final = 3_600  # an arrival touched within it stays, however many there are
SPARE: Final = 1 << 30  # bytes of the disk that an arrival must leave
LONGEST: Final = 255  # bytes of a name on the disk


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
    Two pieces of one arrival must not be received at once: the desk sees to it.

    Raises:
        ImportRefusedError: the name, the size or the order of the pieces cannot be accepted.
    """
    name = checked(name)
    kept = files(home)
    part = home / FILES / (name + PART)
    if name in kept and not part.exists() and at:
        return kept[name]
    _check_room(home, name, size)
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
    os.utime(home)  # it is in use
    return at + len(chunk)


def _check_room(home: Path, name: str, size: int) -> None:
    """Refuse a file too large for its arrival, with what is still on its way, or for the disk."""
    others = {
        path.name.removesuffix(PART): path.stat().st_size
        for path in (home / FILES).iterdir()
        if path.name.removesuffix(PART) != name
    }
    if sum(others.values()) + size > MOST_BYTES or len(others) >= MOST_FILES:
        msg = f"{name}: at most {MOST_FILES} files and {MOST_BYTES >> 30} GiB at once; split them"
        raise ImportRefusedError(msg)
    if shutil.disk_usage(home).free < size + SPARE:
        msg = f"{name}: the disk of the server is full; free some space and send it again"
        raise ImportRefusedError(msg)


def checked(name: str) -> str:
    """The name of a file as it may lie in a folder.

    Raises:
        ImportRefusedError: it has a path in it, or signs that a file of a city needs not have.
    """
    name = name.replace("\\", "/").rpartition("/")[2].strip()
    too_long = len((name + PART).encode()) > LONGEST
    if not NAME.fullmatch(name) or name.endswith(PART) or too_long:
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
    except FileNotFoundError:
        return None


def _tidy(shelf: Path) -> None:
    """Remove what nobody has touched for long; of many arrivals the latest stay."""
    if not shelf.is_dir():
        return
    idle = {path: time.time() - path.stat().st_mtime for path in shelf.iterdir()}
    for place, path in enumerate(sorted(idle, key=lambda path: idle[path])):
        if idle[path] > KEPT_S or (place >= MOST_KEPT - 1 and idle[path] > IDLE_S):
            discard(path)
