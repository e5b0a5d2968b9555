"""The one way from here to foreign files: read apart from this process, within limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.formats import LIMITS, FileRefusedError
from geodata.formats.safely import read
from geodata.formats.sheet import GEOMETRY

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.formats import Limits, Sheet

__all__ = ["GEOMETRY", "LIMITS", "FileRefusedError", "layers_of", "sheet"]
CHOOSE_LAYER: Final = "choose_layer"


def sheet(path: Path, *, encoding: str = "", layer: str = "", limits: Limits = LIMITS) -> Sheet:
    """Read a file.

    Raises:
        FileRefusedError: naming the file, what is wrong with it, and the cure.
    """
    return read(path, encoding=encoding, layer=layer, limits=limits)


def layers_of(error: FileRefusedError) -> tuple[str, ...]:
    """List the layers of a file that was refused because it has several."""
    return error.choices if error.reason == CHOOSE_LAYER else ()
