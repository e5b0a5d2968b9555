"""Foreign files as text columns and shapes; knows nothing of cities.

`read` reads in this process; `safely.read` does the same in a child that cannot do harm.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from geodata.formats.sheet import LIMITS, FileRefusedError, Limits, Remark, Sheet

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LIMITS", "FileRefusedError", "Limits", "Remark", "Sheet", "read"]


def read(path: Path, *, encoding: str = "", layer: str = "", limits: Limits = LIMITS) -> Sheet:
    """Read a file in this process; meant for files of our own making and for tests.

    Raises:
        FileRefusedError: naming the file, what is wrong with it as a whole, and the cure.
    """
    # The child imports this package too, and must not wait for what only a frame needs.
    frames = import_module("geodata.formats.frames")
    return cast("Sheet", frames.read(path, encoding=encoding, layer=layer, limits=limits))
