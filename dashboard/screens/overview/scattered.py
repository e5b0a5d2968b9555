"""Whether so many cells hold so few cases that their parents tell more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.question import SHORT
from geodata.metrics.classes import LEAST_CASES

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.question import Question

SCATTERED: Final = 0.4  # of the cells


def is_narrow(asked: Question) -> bool:
    """Whether few cases are asked for: of a short period, and not all that there are."""
    request = asked.request
    filtered = request.categories or request.departments or request.sources
    return bool(filtered) and asked.window.length <= SHORT


def is_scattered(cells: pd.DataFrame) -> bool:
    """Whether there is something to tell, and too many cells have too few cases for it."""
    reported = cells["reported"]
    reported = reported[reported.index >= 0]
    few = int((reported < LEAST_CASES).sum())
    return few > SCATTERED * len(reported) and bool(reported.sum() >= LEAST_CASES)
