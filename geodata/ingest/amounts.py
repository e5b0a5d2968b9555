"""Whole numbers as people write them: 6 floors, 12,345, in tens of thousands; never a guess."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geodata.ingest.files import ROW

if TYPE_CHECKING:
    from geodata.ingest.files import Read
    from geodata.ingest.findings import Ledger

NOT_KNOWN: Final = -1
_WRITTEN: Final = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?(?:e\+?\d{1,2})?)\s*(?P<after>[^\W\d_]*)"
)


@cache
def _words() -> dict[str, Any]:
    path = Path(__file__).with_name("amounts.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=65_536)
def number(text: str) -> int | None:
    """Read one number; −1 says that there is none, None that it cannot be read."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if not plain or plain in _words()["none"]:
        return NOT_KNOWN
    found = _WRITTEN.fullmatch(plain)
    if not found:
        return None
    larger = next((word for word in _words()["times"] if found["after"].startswith(word)), "")
    after = found["after"].removeprefix(larger)
    if after and after not in _words()["after"]:
        return None
    times = int(_words()["times"].get(larger, 1))
    return round(Decimal(found["number"].replace(",", "")) * times)


def whole(text: pd.Series, kind: str, absent: int = 0) -> tuple[pd.Series, pd.Series]:
    """Read a column as whole numbers, and say which cells are none or do not fit.

    absent: what stands where there is no number.
    """
    limits = np.iinfo(np.dtype(kind))
    values: dict[str, int] = {}
    wrong: set[str] = set()
    for each in text.unique():
        read = number(str(each))
        if read is None or read > limits.max:
            wrong.add(each)
        values[each] = absent if each in wrong or read in {None, NOT_KNOWN} else int(read or 0)
    numbers = np.array([values[each] for each in text.tolist()], dtype=np.dtype(kind))
    return pd.Series(numbers, index=text.index), text.isin(wrong).astype("bool")


def told(read: Read, column: str, kind: str, ledger: Ledger, absent: int = 0) -> pd.Series:
    """Read a column of ours as whole numbers, and tell the rows in which there is none."""
    values, unread = whole(read.text(column), kind, absent)
    theirs = read.columns.get(column, column)
    ledger.keep("number_unreadable", read.frame.loc[unread, ROW].tolist(), measure=theirs)
    return values
