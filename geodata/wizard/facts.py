"""What one column holds: filled, distinct, numbers, moments, and a guess at its kind."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from geodata.wizard.vocabulary import catalogue, has_han, likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["empty", "code", "number", "lon", "lat", "time", "words", "text", "shape"]
KEPT: Final = 120  # values of a column that are kept with their counts
TRIED: Final = 400  # different values on which a way to write times is tried
CODE_LENGTH: Final = 40
FEW: Final = 0.2  # a column with fewer different values than this share of its rows is of words
_MOSTLY: Final = 0.97
_NAMED: Final = 0.6  # of the values are enough where the head says that they are times
_TIME_WORDS: Final = ("reported", "closed", "due", "status_at", "resolved", "accepted", "raised")
_SHAPE_WORDS: Final = ("POLYGON", "MULTIPOLYGON", "POINT", "LINESTRING", "MULTILINESTRING")


@dataclass(frozen=True)
class Column:
    """One column of a file as it is; shares are of the rows, from 0 to 1."""

    name: str
    kind: Kind
    filled: float
    distinct: int
    commonest: tuple[tuple[str, int], ...] = ()  # values with their counts
    samples: tuple[str, ...] = ()  # the first different ones
    formats: tuple[str, ...] = ()  # how its times are written
    also: tuple[str, ...] = ()  # other ways that fit as well: day and month may be swapped
    low: float = float("nan")
    high: float = float("nan")
    numeric: float = 0.0  # share of the filled cells that are numbers
    longest: int = 0
    han: bool = False
    unique: bool = False  # every filled cell is different


def describe(cells: pd.Series) -> Column:
    """Look at one column of text."""
    name = str(cells.name)
    text = cells.astype("string").fillna("").str.strip()
    there = text[text != ""]
    if there.empty:
        return Column(name, "empty", 0.0, 0)
    counts = there.value_counts()
    distinct = pd.Series(counts.index, dtype="string")
    lengths = distinct.str.len()
    samples = tuple(str(value) for value in there.head(200).drop_duplicates().head(5))
    numbers = _numbers(there)
    known = numbers[np.isfinite(numbers)]
    formats, also = _formats(name, distinct)
    column = Column(
        name=name,
        kind="text",
        filled=len(there) / len(text),
        distinct=len(counts),
        commonest=tuple((str(value), int(count)) for value, count in counts.head(KEPT).items()),
        samples=samples,
        formats=formats,
        also=also,
        low=float(known.min()) if len(known) else float("nan"),
        high=float(known.max()) if len(known) else float("nan"),
        numeric=len(known) / len(there),
        longest=int(lengths.max()),
        han=bool(np.mean([has_han(value) for value in samples]) >= 0.5),  # noqa: PLR2004
        unique=len(counts) == len(there),
    )
    return Column(**{**column.__dict__, "kind": _kind(column, len(there))})


def _kind(column: Column, rows: int) -> Kind:
    if column.formats:
        return "time"
    if column.samples[0].lstrip().upper().startswith(_SHAPE_WORDS):
        return "shape"
    if column.numeric >= _MOSTLY:
        return _number_kind(column)
    if column.unique and column.longest <= CODE_LENGTH and not column.han:
        blank = any(" " in value for value in column.samples)
        return "text" if blank else "code"
    if column.distinct <= KEPT or column.distinct < FEW * rows:
        return "words"
    return "text"


def _number_kind(column: Column) -> Kind:
    """Tell coordinates and codes from numbers that count something."""
    if likeness("lon", column.name) > 0.5 and likeness("lat", column.name) < 0.5:  # noqa: PLR2004
        return "lon"
    if likeness("lat", column.name) > 0.5:  # noqa: PLR2004
        return "lat"
    whole = all(value.lstrip("-").isdigit() for value in column.samples)
    return "code" if column.unique and whole else "number"


def _numbers(text: pd.Series) -> np.ndarray:
    return pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _formats(name: str, distinct: pd.Series) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ways to write times that read nearly every value, most first; and ways just as good."""
    if len(distinct) > TRIED:
        distinct = distinct.iloc[np.linspace(0, len(distinct) - 1, TRIED).astype(int)]
    named = max(likeness(word, name) for word in _TIME_WORDS) > 0.5  # noqa: PLR2004
    least = _NAMED if named else _MOSTLY
    digits = distinct.str.fullmatch(r"\d{8}|\d{12}|\d{14}").mean() > _MOSTLY
    if digits:
        return _covering(distinct, catalogue()["times"]["digits"], least) if named else ((), ())
    shaped = distinct.str.contains(r"\d[-/.\u5e74]\d", regex=True).mean()
    if shaped < least:
        return (), ()
    return _covering(distinct, catalogue()["times"]["formats"], least)


def _covering(
    text: pd.Series, formats: Sequence[str], least: float
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    fits = {written: _reads(text, written) for written in formats}
    left = np.ones(len(text), dtype=bool)
    chosen: list[str] = []
    while left.any():
        best = max(formats, key=lambda written: int((fits[written] & left).sum()))
        if not (fits[best] & left).any():
            break
        chosen.append(best)
        left &= ~fits[best]
    if 1 - left.mean() < least:
        return (), ()
    whole = fits[chosen[0]]
    also = tuple(f for f in formats if f not in chosen and (fits[f] | ~whole).all())
    return tuple(chosen), also


def _reads(text: pd.Series, written: str) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        times = pd.to_datetime(text, format=written, errors="coerce", utc="%z" in written)
    return times.notna().to_numpy(dtype=bool)
