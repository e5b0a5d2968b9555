"""Ranks with the range that the data allow, and groups of units that cannot be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

COLUMNS = ("rank", "rank_best", "rank_worst", "group_first", "group_last")


def ranks(value: Floats, low: Floats, high: Floats, *, falling: bool) -> pd.DataFrame:
    """Rank units by value, 1 = best; falling: the smallest value is best.

    rank_best, rank_worst: two units are told apart where their intervals have nothing in common,
    and all others may change places. group_first, group_last: a group is a largest set of units
    none of which can be told from another, numbered from the best; a unit is in all of these.
    Units without a value have no rank (0).
    """
    known = np.isfinite(value) & ~np.isnan(low) & ~np.isnan(high)
    sign = 1.0 if falling else -1.0
    best, worst = (low, high) if falling else (-high, -low)
    found = np.zeros((len(value), len(COLUMNS)), dtype=np.int64)
    found[known] = _ranked(sign * value[known], best[known], worst[known])
    return pd.DataFrame(found, columns=list(COLUMNS))


def _ranked(value: Floats, low: Floats, high: Floats) -> npt.NDArray[np.int64]:
    """The columns for values of which the smallest is best."""
    lows, highs = np.sort(low), np.sort(high)
    commons = _commons(lows, highs)
    return np.column_stack(
        [
            1 + np.searchsorted(np.sort(value), value, side="left"),
            1 + np.searchsorted(highs, low, side="left"),
            np.searchsorted(lows, high, side="right"),
            1 + np.searchsorted(commons, low, side="left"),
            np.searchsorted(commons, high, side="right"),
        ]
    ).astype(np.int64)


def _commons(lows: Floats, highs: Floats) -> Floats:
    """One point for each largest set of intervals that have something in common.

    Such a set is complete at the beginning of an interval after which, before any other begins,
    one ends.
    """
    after = np.append(lows[1:], np.inf)
    ends = np.append(highs, np.inf)[np.searchsorted(highs, lows, side="left")]
    return np.unique(lows[ends < after])
