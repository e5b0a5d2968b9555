"""Files of a snapshot, read or refused by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pyarrow as pa

from geodata.model.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
META_KEYS: Final = {"files", "months", "last"}
CURE: Final = "run `make run` or `python -m geodata demo` to publish a city"


def read_meta(path: Path) -> dict[str, Any]:
    """What a publication noted of its snapshot."""
    meta = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(meta, dict) or not meta.keys() >= META_KEYS:
        message = "what a publication notes is not in it"
        raise ValueError(message)
    return meta


def readable(path: Path, read: Callable[[Path], T]) -> T:
    """What a reader makes of a file.

    Raises:
        SnapshotError: it is missing or damaged.
    """
    try:
        return read(path)
    except FileNotFoundError as error:
        msg = f"{path}: is missing; {CURE}"
        raise SnapshotError(msg) from error
    except (OSError, pa.ArrowException, ValueError, KeyError) as error:
        msg = f"{path}: is damaged ({error}); {CURE}"
        raise SnapshotError(msg) from error
