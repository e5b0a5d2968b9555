"""Written times into epoch seconds UTC, all rows at once."""

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

LATEST: Final = 2**32 - 1  # epoch seconds are kept in 32 bits: until 2106


@dataclass(frozen=True)
class Moments:
    """seconds: `UInt32`, null where there is no moment; unreadable: a text that is no time."""

    seconds: pd.Series
    unreadable: Flags
    shifted: Flags  # fell into the hour that the clock skips in spring


def parse(text: pd.Series, formats: Sequence[str], time_zone: str) -> Moments:
    """Read times by the first format that fits; those without an offset are local.

    Of the hour that comes twice in autumn the first is meant; one skipped in spring is moved on.
    """
    seconds = np.full(len(text), -1, dtype=np.int64)
    shifted = np.zeros(len(text), dtype=np.bool_)
    written = (text != "").to_numpy(dtype=np.bool_)
    for written_as in formats:
        left = np.flatnonzero(written & (seconds < 0))
        if not len(left):
            break
        _fill(text.iloc[left], left, written_as, ZoneInfo(time_zone), seconds, shifted)
    known = (seconds >= 0) & (seconds <= LATEST)
    column = pd.array(np.where(known, seconds, 0), dtype="UInt32")
    column[~known] = pd.NA
    return Moments(pd.Series(column, index=text.index), written & ~known, shifted)


def _fill(  # noqa: PLR0913, PLR0917 (the two arrays are filled in place, format by format)
    text: pd.Series,
    rows: npt.NDArray[np.intp],
    written_as: str,
    zone: ZoneInfo,
    seconds: npt.NDArray[np.int64],
    shifted: Flags,
) -> None:
    has_offset = "%z" in written_as
    times = pd.to_datetime(text, format=written_as, errors="coerce", utc=has_offset)
    there = times.notna().to_numpy()
    rows = rows[there]
    if not len(rows):
        return
    found = pd.DatetimeIndex(times[there])
    if not has_offset:
        first = np.ones(len(found), dtype=np.bool_)
        strict = found.tz_localize(zone, ambiguous=first, nonexistent="NaT")
        shifted[rows] = np.asarray(strict.isna())
        found = found.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
    utc = found.tz_convert("UTC").tz_localize(None)
    seconds[rows] = utc.to_numpy().astype("datetime64[s]").astype(np.int64)
