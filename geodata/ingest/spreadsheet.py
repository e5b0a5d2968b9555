"""Tables that people open in a spreadsheet program, and give back from there."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from geodata.store.tables import write_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

# What begins so is run as a formula; the apostrophe keeps it text.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
GUARD: Final = "'"
BOM: Final = "\ufeff"  # without it spreadsheet programs take UTF-8 for something else


def guarded(text: str) -> str:
    """Make a cell that no spreadsheet program runs as a formula."""
    if text[:1].isalnum():  # as nearly every cell
        return text
    return GUARD + text if _shown(text).startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """Give a guarded cell back as it was."""
    formula = _shown(text).startswith(FORMULA)
    return text[1:] if formula and text.startswith(GUARD) else text


def _shown(text: str) -> str:
    """What a program looks at; some pass over blanks."""
    return text.lstrip(GUARD + " ")


def write_sheet(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Replace a CSV file in UTF-8 with a byte order mark, every cell guarded."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([guarded(head) for head in heads])
    writer.writerows([guarded(str(cell)) for cell in row] for row in rows)
    write_text(path, BOM + text.getvalue())
