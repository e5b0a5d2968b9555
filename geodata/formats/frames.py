"""Arrow columns of a reader as the frame that the rest of the program works with."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geodata.formats.reading import read_raw
from geodata.formats.sheet import GEOMETRY, LIMITS, Limits, Sheet

if TYPE_CHECKING:
    from geodata.formats.sheet import Raw


def read(path: Path, *, encoding: str = "", layer: str = "", limits: Limits = LIMITS) -> Sheet:
    """Read a file in this process; meant for files of our own making and for tests.

    Raises:
        FileRefusedError: naming the file, what is wrong with it as a whole, and the cure.
    """
    with tempfile.TemporaryDirectory(prefix="yiping-") as scratch:
        raw = read_raw(path, Path(scratch), encoding=encoding, layer=layer, limits=limits)
        return sheet_of(raw)


def sheet_of(raw: Raw) -> Sheet:
    """Make the frame."""
    text: Any = pd.StringDtype("pyarrow")
    index = pd.RangeIndex(len(raw))
    columns = {name: text.__from_arrow__(column) for name, column in raw.columns.items()}
    frame = pd.DataFrame(columns, index=index, copy=False)
    if raw.shapes is not None:
        frame[GEOMETRY] = raw.shapes
    return Sheet(frame, raw.crs, raw.encoding, tuple(raw.remarks), raw.numbers(), raw.numbered)
