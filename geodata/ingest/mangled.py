"""What spreadsheet programs do to cells that nobody touched, undone.

They write long codes as 1.10114E+11, drop leading zeros and the seconds of a moment, and turn a
date round. A cell that is the old one in their hand is the old one.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

# Ways a spreadsheet program writes a moment that somebody typed: year first, so that none is read
# for another.
TIMES: Final = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
)
_SCIENTIFIC: Final = re.compile(r"[+-]?\d(\.\d+)?E\+\d+", re.IGNORECASE)
_DOTTED: Final = re.compile(r"\d{4}\.")  # no spreadsheet program takes that for a date
_MOMENT: Final = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?"
    r"\s*([AP]M)?)?",
    re.IGNORECASE,
)
_YEAR: Final = 1000  # a number from here on is a year
_NOON: Final = 12


def restored(now: str, before: str) -> str:
    """Give the old cell where the new one only shows it otherwise, else the new one."""
    plain = now.strip()
    if plain == before.strip():
        return before
    same = _same_number(plain, before.strip()) or _same_moment(plain, before.strip())
    return before if same else plain


def _same_number(now: str, before: str) -> bool:
    if now.isdigit() and before.isdigit():
        return now == before.lstrip("0")
    if not _SCIENTIFIC.fullmatch(now):
        return False
    try:
        shown, whole = Decimal(now), Decimal(before)
    except InvalidOperation:
        return False
    # As exact as it was shown: half of its last digit.
    return abs(shown - whole) <= Decimal(5).scaleb(int(shown.as_tuple().exponent) - 1)


def _same_moment(now: str, before: str) -> bool:
    first, second = _MOMENT.fullmatch(now), _MOMENT.fullmatch(before)
    if _DOTTED.match(before) and not _DOTTED.match(now):
        return False  # a person wrote it as it should be
    if not first or not second or _clock(first)[:2] != _clock(second)[:2]:
        return False
    if first[6] is not None and _clock(first) != _clock(second):
        return False
    days, old = _day(first), _day(second)
    if _year_first(first) == _year_first(second):
        return days == old
    # Which number is the month cannot be told where the year stands last: either will do.
    return days[0] == old[0] and sorted(days[1:]) == sorted(old[1:])


def _year_first(moment: re.Match[str]) -> bool:
    return int(moment[1]) >= _YEAR


def _day(moment: re.Match[str]) -> tuple[int, int, int]:
    first, second, third = (int(moment[part]) for part in (1, 2, 3))
    return (first, second, third) if first >= _YEAR else (third, first, second)


def _clock(moment: re.Match[str]) -> tuple[int, int, int]:
    hour, minute, second = (int(moment[part] or 0) for part in (4, 5, 6))
    if moment[7]:
        hour = hour % _NOON + (_NOON if moment[7].upper() == "PM" else 0)
    return hour, minute, second
