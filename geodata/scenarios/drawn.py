"""Grids as somebody drew them elsewhere, once they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Drawn:
    """Polygons of a file in the metres of a ground, a row each.

    codes: "" where the file names none; rows: numbers in the file; own: whether it is an export
    of ours, whose borders are meant to the centimetre; names: some of its words, as they were
    decoded.
    """

    file: str
    shapes: Shapes
    codes: tuple[str, ...]
    rows: tuple[int, ...]
    crs: str
    encoding: str
    own: bool
    names: tuple[str, ...] = ()
