"""Bytes that are no text: a mark stands for them, and the rows that hold one are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from geodata.formats.sheet import Remark

if TYPE_CHECKING:
    from geodata.formats.sheet import Raw

MARK: Final = "\ufffd"
_CURE: Final = "export the file as UTF-8, or name its encoding as `encoding` in the profile"


def note(raw: Raw, text: str = MARK) -> None:
    """Name the rows with bytes that are no text; `text`: all of the file, if it is at hand."""
    if MARK not in text:
        return
    strange = np.zeros(len(raw), dtype=np.bool_)
    for column in raw.columns.values():
        strange |= pc.match_substring(column, MARK).to_numpy(zero_copy_only=False)
    if rows := raw.numbers()[strange].tolist():
        raw.remarks.append(Remark("kept", "broken_text", rows, _CURE))
