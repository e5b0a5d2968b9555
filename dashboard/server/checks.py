"""What an argument may look like; each check takes any JSON value and says whether it may pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from dashboard.place import (
    CODE,
    FIRST_YEAR,
    LANGUAGES,
    LAST_YEAR,
    LETTERS,
    MAX_QUERY,
    MINUTE,
    SUM,
)

Check = Callable[[object], bool]

SNAPSHOT: Final = re.compile(r"[\w.\-]{1,128}")
KEY: Final = re.compile(r"[a-z0-9_\-]{1,64}")
KEYS: Final = re.compile(r"[a-z0-9_\-]{1,64}(,[a-z0-9_\-]{1,64}){0,7}")
VERSION: Final = re.compile(r"[\w.:\-]{0,160}")
ARRIVAL: Final = re.compile(r"[0-9a-f]{16}")
REFERENCE: Final = re.compile(r"[\w.:\-]{1,128}")  # of an alert, as its sender names it
CHOICE: Final = re.compile(r"[a-z_]{1,32}(:[a-z_]{1,32}(:.{1,160})?)?")
FILE: Final = re.compile(r"[\w./@\-]{1,200}")
EPOCH_MAX: Final = 2**32
SEARCH_MAX: Final = 128
DIGITS: Final = re.compile(r"[0-9]{1,12}")


def text(pattern: re.Pattern[str]) -> Check:
    """A string that matches the pattern as a whole."""
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def words(longest: int) -> Check:
    """A string of at most so many characters that can be written as UTF-8."""
    return lambda value: isinstance(value, str) and len(value) <= longest and _encodable(value)


def one_of(allowed: tuple[str, ...]) -> Check:
    """One of some strings."""
    return lambda value: isinstance(value, str) and value in allowed


def number(least: int, most: int) -> Check:
    """A whole number in a closed range, as a number or in decimal digits."""

    def check(value: object) -> bool:
        if isinstance(value, str) and DIGITS.fullmatch(value):
            value = int(value)
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return check


def whole(least: int, most: int) -> Check:
    """A whole number in a closed range, as a number only."""
    return lambda value: (
        isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    )


def within(least: float, most: float) -> Check:
    """A finite number in a closed range."""
    return lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
    )


def either(*checks: Check) -> Check:
    """What one of the checks lets pass."""
    return lambda value: any(check(value) for check in checks)


def maybe(check: Check) -> Check:
    """None, or what the check lets pass."""
    return lambda value: value is None or check(value)


def anything(_value: object) -> bool:
    """Whatever it is; only for what is never read."""
    return True


def day(value: object) -> bool:
    """A day of the calendar, written as 2026-11-21."""
    return isinstance(value, str) and len(value) == len("2026-11-21") and _in_calendar(value)


def moment(value: object) -> bool:
    """A day, or a local minute of one, written as 2026-11-21T14:30."""
    minute = isinstance(value, str) and MINUTE.fullmatch(value) is not None
    return day(value) or (minute and _in_calendar(str(value)))


def _in_calendar(text: str) -> bool:
    try:
        return FIRST_YEAR <= datetime.fromisoformat(text).year <= LAST_YEAR
    except ValueError:
        return False


def _encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


query = words(MAX_QUERY)  # a place: `from_query` makes the best of any string
code = text(CODE)
snapshot = text(SNAPSHOT)
key = text(KEY)
keys = text(KEYS)
version = text(VERSION)
arrival = text(ARRIVAL)
reference = text(REFERENCE)
choice = text(CHOICE)
file = text(FILE)
epoch = number(0, EPOCH_MAX)
played = either(epoch, one_of((SUM,)))
language = one_of(LANGUAGES)

PLACE: Final[dict[str, Check]] = dict.fromkeys(LETTERS.values(), query)
