"""Texts of the data as a sheet of paper has room for them."""

from __future__ import annotations

from typing import Final
from unicodedata import category

LONGEST: Final = 40  # letters of a name


def cut(text: str, longest: int = LONGEST) -> str:
    """A text that came with the data, in one line and not longer than there is room for."""
    # Controls and marks of direction would show other words than are there.
    line = " ".join("".join(" " if category(each)[0] == "C" else each for each in text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
