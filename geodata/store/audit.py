"""Who did or saw what, in rows that only grow, each sealed together with all rows before it.

`audit/2026-11.jsonl` has one JSON object a row: `n` counts the rows from 1 on, `seal` is an HMAC
(SHA-256) over the row and the seal before it, under the key in `audit/key`. `audit/head.json` names
the newest row, so that rows missing at the end are noticed too; it is there before the key is. Rows
of older versions, which have no seal, stand before the first sealed one. Rows follow each other
through the files in the order of their names, so none goes into a file before the last one, as far
back as a clock may be set.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from geodata.model.errors import AuditError
from geodata.store.tables import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FOLDER: Final = "audit"
KEY: Final = "key"
HEAD: Final = "head.json"
LOCK: Final = ".lock"
KEY_BYTES: Final = 32
OWNER_ONLY: Final = 0o600
LONGEST: Final = 64 * 1024  # bytes from the end of a file that hold its last row


@dataclass(frozen=True)
class Checked:
    """What `verify` found: how many rows, and the first bad one in a sentence, "" = none."""

    rows: int
    bad: str = ""


@dataclass(frozen=True)
class _End:
    """The newest row: its number and its seal."""

    n: int = 0
    seal: str = ""


def record(data_dir: Path, said: Mapping[str, object]) -> None:
    """Append one row on the disk before this returns; its number, moment and seal are added.

    Raises:
        OSError: the row cannot be written; then what it tells of must not be done.
        AuditError: the key or the head is gone or damaged, so that no row can be sealed.
    """
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder):
        now = time.time()
        month = folder / f"{datetime.fromtimestamp(now, UTC):%Y-%m}.jsonl"
        path = max([month, *_files(folder)[-1:]])
        end = _end(folder)
        key = _key(folder, new=not end.n)
        row = {**said, "n": end.n + 1, "at": round(now, 3)}
        row["seal"] = _seal(key, row, end.seal)
        _append(path, orjson.dumps(row) + b"\n")
        head = {"n": row["n"], "seal": row["seal"]}
        write_text(folder / HEAD, json.dumps(head), OWNER_ONLY)


def verify(data_dir: Path) -> Checked:
    """Follow the seals from the first row to the last; stops at the first that does not hold.

    Raises:
        AuditError: the key or the head is gone or damaged.
    """
    folder = data_dir / FOLDER
    if not folder.exists():
        return Checked(0)
    with held(folder):
        rows, end, key = 0, _End(), b""
        head, there = _head(folder), ""
        for path in _files(folder):
            for number, line in enumerate(path.read_bytes().splitlines(), 1):
                row = _row(line)
                older = row is not None and "seal" not in row and not end.n
                if not older:
                    key = key or _key(folder)
                    if fault := _fault(key, row, end):
                        return Checked(rows, f"{FOLDER}/{path.name}, row {number}: {fault}")
                    end = _End(end.n + 1, str((row or {})["seal"]))
                    there = end.seal if end.n == head.n else there
                rows += 1
        fault = _missing(end, head, there)
        if not fault and not end.n and (folder / KEY).exists():
            fault = f"{FOLDER}/: there is a key, and no row that was sealed with it"
        return Checked(rows, fault)


def _fault(key: bytes, row: dict[str, Any] | None, before: _End) -> str:
    if row is None:
        return "is no whole row"
    if row.get("n") != before.n + 1:
        return f"number {before.n + 1} is expected here, not {row.get('n', 'none')}"
    if not hmac.compare_digest(_seal(key, row, before.seal), str(row.get("seal"))):
        return "was changed, or a row before it; its seal does not hold"
    return ""


def _missing(end: _End, head: _End, there: str) -> str:
    """What the end of the rows lacks; sealed rows may stand there before the head names them.

    there: the seal of the row that the head names.
    """
    if head.n > end.n:
        return f"{FOLDER}/: row number {end.n + 1} is missing; {head.n} were written"
    if head.seal != there:
        return f"{FOLDER}/{HEAD}: names row {head.n} by another seal than it has"
    return ""


def _end(folder: Path) -> _End:
    """The row that the next one is sealed with; rows that were removed stay missing."""
    head = _head(folder)
    files = _files(folder)
    if not files:
        return head
    row = _last(files[-1])
    if row is not None and int(row.get("n", 0)) > head.n:  # killed before the head was written
        return _End(int(row["n"]), str(row["seal"]))
    return head


def _last(path: Path) -> dict[str, Any] | None:
    """The last row of a file; half a row that a kill left is cut off, nobody was told of it."""
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        start = file.seek(max(size - LONGEST, 0))
        tail = file.read()
        whole = tail.rfind(b"\n") + 1
        if whole < len(tail):
            file.truncate(start + whole)
    lines = tail[:whole].splitlines()
    return _row(lines[-1]) if lines else None


def _append(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
    try:
        end = os.fstat(handle).st_size
        if os.write(handle, data) < len(data):
            os.ftruncate(handle, end)  # half a row would spoil the next one too
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.fsync(handle)
    finally:
        os.close(handle)


def _seal(key: bytes, row: Mapping[str, Any], before: str) -> str:
    said = {name: value for name, value in row.items() if name != "seal"}
    text = before.encode() + orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _key(folder: Path, *, new: bool = False) -> bytes:
    path = folder / KEY
    if new and not path.exists():
        write_text(folder / HEAD, json.dumps({"n": 0, "seal": ""}), OWNER_ONLY)
        write_text(path, secrets.token_hex(KEY_BYTES), OWNER_ONLY)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        msg = f"{path}: cannot be read; put it back from a backup, or no row can be trusted"
        raise AuditError(msg) from error
    if len(key) != KEY_BYTES:
        msg = f"{path}: is damaged; put it back from a backup"
        raise AuditError(msg)
    return key


def _head(folder: Path) -> _End:
    try:
        said = json.loads((folder / HEAD).read_text(encoding="ascii"))
        return _End(int(said["n"]), str(said["seal"]))
    except FileNotFoundError as error:
        if not (folder / KEY).exists():
            return _End()
        msg = f"{folder / HEAD}: is gone; put it back from a backup, or rows may be missing unseen"
        raise AuditError(msg) from error
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{folder / HEAD}: is damaged; put it back from a backup"
        raise AuditError(msg) from error


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


def _row(line: bytes) -> dict[str, Any] | None:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return row if isinstance(row, dict) else None


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Nothing is written there as long as this lasts, by whatever thread or process."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
