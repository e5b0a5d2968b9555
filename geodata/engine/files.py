"""Which incident files can hold what a question asks for, by their names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MARGIN_S: Final = 86_400  # a feed may cut its days by another clock than UTC
MONTH_LENGTH: Final = len("2026-11")


def span(path: Path) -> tuple[int, int]:
    """Moments (half-open) that a file named by month or by day may hold."""
    month = len(path.stem) == MONTH_LENGTH
    first = date.fromisoformat(f"{path.stem}-01" if month else path.stem)
    after = (first + timedelta(days=31)).replace(day=1) if month else first + timedelta(days=1)
    return _epoch(first) - MARGIN_S, _epoch(after) + MARGIN_S


def _epoch(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def covering(paths: Iterable[Path], *windows: tuple[int, int]) -> list[str]:
    """Files that may hold a case of any of the windows, as the database wants them named."""
    found = []
    for path in paths:
        low, high = span(path)
        if any(low < end and start < high for start, end in windows):
            found.append(str(path))
    return found
