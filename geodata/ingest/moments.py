"""Written times into epoch seconds UTC, all rows at once.

A time of day that is 00:00:00 is as a rule none: the system knew the date only. Where at least one
in twenty moments of a column stands at midnight, those are dates (by chance one in 1,440 would).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Seconds = npt.NDArray[np.int64]

LATEST: Final = 2**32 - 1  # epoch seconds are kept in 32 bits: until 2106
MIDNIGHTS: Final = 0.05  # share of a column's moments from which those at midnight are dates
NEVER: Final = -1  # epoch seconds of what has none
DAY_S: Final = 86_400


@dataclass(frozen=True)
class Moments:
    """seconds: `UInt32`, null where there is no moment; unreadable: a text that is no time."""

    seconds: pd.Series
    unreadable: Flags
    shifted: Flags  # fell into the hour that the clock skips in spring
    placeholder: Flags  # a day that only stands for "none"
    by_day: Flags  # known by the day only: the seconds are those of its midnight

    def until_night(self) -> pd.Series:
        """Seconds of a deadline: one given as a day lasts until that day ends."""
        return self.seconds.where(~self.by_day, self.seconds + DAY_S - 1)


@dataclass
class _Distinct:
    """Every different text of a column once."""

    seconds: Seconds
    shifted: Flags
    placeholder: Flags
    midnight: Flags
    date: Flags  # written without a time of day


def parse(
    text: pd.Series, formats: Sequence[str], time_zone: str, missing: Sequence[str] = ()
) -> Moments:
    """Read times by the first format that fits; those without an offset are local.

    Of the hour that comes twice in autumn the first is meant; one skipped in spring is moved on.
    `missing`: days (2024-12-31) that stand for no moment at all.
    """
    codes, texts = pd.factorize(text)
    distinct = pd.Series(texts, dtype="str")
    found = _read(distinct, formats, ZoneInfo(time_zone), missing)
    # A moment of none, -1, finds the last row: one of nothing is put there.
    every = {
        name: np.append(values, NEVER if name == "seconds" else False)[codes]
        for name, values in vars(found).items()
    }
    written = np.append((distinct != "").to_numpy(dtype=np.bool_), False)[codes]
    seconds = every["seconds"].astype(np.int64)
    known = (seconds >= 0) & (seconds <= LATEST)
    flags = {name: np.asarray(every[name], dtype=np.bool_) for name in every if name != "seconds"}
    midnight = flags["midnight"] & known
    dated = bool(known.any()) and midnight.sum() >= MIDNIGHTS * known.sum()
    column = pd.arrays.IntegerArray(np.where(known, seconds, 0).astype(np.uint32), ~known)
    return Moments(
        pd.Series(column, index=text.index),
        unreadable=written & ~known & ~flags["placeholder"],
        shifted=flags["shifted"],
        placeholder=flags["placeholder"],
        by_day=known & (flags["date"] | (midnight if dated else np.False_)),
    )


def day_starts(seconds: Seconds, time_zone: str) -> Seconds:
    """Give the local midnight before each moment."""
    zone = ZoneInfo(time_zone)
    utc = pd.DatetimeIndex(seconds.astype("datetime64[s]")).tz_localize("UTC")
    midnight, _ = _to_utc(utc.tz_convert(zone).tz_localize(None).normalize(), zone)
    return midnight.to_numpy().astype("datetime64[s]").astype(np.int64)


def _read(
    text: pd.Series, formats: Sequence[str], zone: ZoneInfo, missing: Sequence[str]
) -> _Distinct:
    count = len(text)
    flags = [np.zeros(count, dtype=np.bool_) for _ in range(4)]
    found = _Distinct(np.full(count, NEVER, dtype=np.int64), *flags)
    open_rows = (text != "").to_numpy(dtype=np.bool_, copy=True)
    days = pd.DatetimeIndex(np.array(missing, dtype="datetime64[s]"))
    for written_as in formats:
        left = np.flatnonzero(open_rows)
        if not len(left):
            break
        open_rows[_fill(text.iloc[left], left, written_as, zone, days, found)] = False
    return found


def _fill(  # noqa: PLR0913, PLR0917 (the table is filled in place, format by format)
    text: pd.Series,
    rows: npt.NDArray[np.intp],
    written_as: str,
    zone: ZoneInfo,
    missing: pd.DatetimeIndex,
    found: _Distinct,
) -> npt.NDArray[np.intp]:
    """Read what fits one format; returns the rows that did."""
    has_offset = "%z" in written_as
    times = pd.to_datetime(text, format=written_as, errors="coerce", utc=has_offset)
    there = times.notna().to_numpy()
    rows = rows[there]
    if not len(rows):
        return rows
    read = pd.DatetimeIndex(times[there])
    if has_offset:
        read = read.tz_convert(zone).tz_localize(None)
        utc = pd.DatetimeIndex(times[there]).tz_localize(None)
    else:
        utc, found.shifted[rows] = _to_utc(read, zone)
    found.placeholder[rows] = read.normalize().isin(missing)
    found.midnight[rows] = np.asarray(read == read.normalize())
    found.date[rows] = not any(sign in written_as for sign in ("%H", "%I", "%T", "%X", "%c"))
    seconds = utc.to_numpy().astype("datetime64[s]").astype(np.int64)
    found.seconds[rows] = np.where(found.placeholder[rows], NEVER, seconds)
    return rows


def _to_utc(local: pd.DatetimeIndex, zone: ZoneInfo) -> tuple[pd.DatetimeIndex, Flags]:
    first = np.ones(len(local), dtype=np.bool_)
    strict = local.tz_localize(zone, ambiguous=first, nonexistent="NaT")
    moved = local.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
    return moved.tz_convert("UTC").tz_localize(None), np.asarray(strict.isna())
