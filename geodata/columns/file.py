"""Columns of one file: written whole or not at all, checked, and opened again by mapping.

A file is a line of JSON (names, types, places of the columns, the check of what it was made from),
then the columns one after the other, each at a whole number of 64 bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
import mmap
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.columns.segment import segment

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.columns.segment import Arrays, Segment

FORMAT: Final = 8
ALIGNED: Final = 64
CHUNK: Final = 1 << 20  # bytes


def write(arrays: Arrays, path: Path, origin: dict[str, Any]) -> None:
    """Write columns to one file, whole or not at all; `origin` says what they were made from."""
    places, at = {}, 0
    for name, column in arrays.items():
        places[name] = [str(column.dtype), list(column.shape), at]
        at += -(-column.nbytes // ALIGNED) * ALIGNED
    head = {"format": FORMAT, "origin": origin, "sha256": _digest(arrays), "columns": places}
    line = json.dumps(head).encode()
    line += b" " * (-(len(line) + 1) % ALIGNED) + b"\n"
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with draft.open("wb") as file:
            file.write(line)
            for column in arrays.values():
                file.write(np.ascontiguousarray(column).data)
                file.write(b"\0" * (-column.nbytes % ALIGNED))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def origin(path: Path) -> dict[str, Any]:
    """What a file of columns was made from; nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline())
    except (OSError, ValueError):
        return {}
    return dict(head["origin"]) if head.get("format") == FORMAT else {}


def intact(path: Path) -> bool:
    """Whether the columns are what was written; read, not mapped, so that they stay out of ours."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            line = file.readline()
            head = json.loads(line)
            for name, (kind, shape, at) in head["columns"].items():
                digest.update(name.encode())
                file.seek(len(line) + at)
                left = np.dtype(kind).itemsize * math.prod(shape)
                while left and (part := file.read(min(left, CHUNK))):
                    digest.update(part)
                    left -= len(part)
        return bool(head["sha256"] == digest.hexdigest())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _digest(arrays: Arrays) -> str:
    digest = hashlib.sha256()
    for name, column in arrays.items():
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(column).data)
    return digest.hexdigest()


def opened(path: Path) -> Segment:
    """Map a file of columns; nothing is read before it is asked for."""
    arrays, whole = _mapped(path)
    return replace(segment(arrays), mapped=whole)


def _mapped(path: Path) -> tuple[Arrays, mmap.mmap]:
    with path.open("rb") as file:
        line = file.readline()
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    arrays = {
        name: np.ndarray(tuple(shape), np.dtype(kind), whole, len(line) + at)
        for name, (kind, shape, at) in json.loads(line)["columns"].items()
    }
    return arrays, whole
