"""How much of the path row a narrow window has room for, told from the length of its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW: Final = 1_376  # pixels between the margins of a window of 1440, less a little
WIDE_ROW: Final = 1_850  # of one of 1920
CHAR, WIDE_CHAR = 6.3, 13.0  # pixels of a letter and of a Chinese character
FIRST_WIDE: Final = "\u2e80"
STEP: Final = 19  # the mark between two steps of the path
CHIP: Final = 40  # padding, cross and gap
FILTER: Final = 44  # padding, caret and gap
SEARCH: Final = 198
GAPS: Final = 48
# The row of a window of either width, and the classes that shorten it, step by step.
WIDTHS: Final = (
    (ROW, ("brief", "terse"), "many"),
    (WIDE_ROW, ("wide-brief", "wide-terse"), "most"),
)


def tight(ways: Sequence[tuple[list[str], list[str]]], filters: Sequence[str]) -> list[str]:
    """The classes of a row that is given as path and chips, whole first, then ever shorter.

    Where not even the shortest fits, the chips have a second row, and room for all of them.
    """
    classes: list[str] = []
    for row, shorter, second in WIDTHS:
        fit = (step for step, way in enumerate(ways) if fits(*way, filters, row))
        step = next(fit, None)
        classes += [second] if step is None else shorter[:step]
    return classes


def fits(path: Sequence[str], chips: Sequence[str], filters: Sequence[str], row: int = ROW) -> bool:
    """Whether path, chips, filters and the search box fit in one row of so many pixels."""
    taken: float = GAPS + SEARCH
    for words, each in ((path, STEP), (chips, CHIP), (filters, FILTER)):
        taken += sum(width(word) + each for word in words)
    return taken <= row


def width(text: str) -> float:
    """About how many pixels a text takes."""
    return sum(WIDE_CHAR if letter >= FIRST_WIDE else CHAR for letter in text)
