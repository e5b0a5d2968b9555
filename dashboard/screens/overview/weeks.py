"""A long daily trend by weeks, so that its line can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.model.periods import DAY

if TYPE_CHECKING:
    import pandas as pd

MOST_DAYS: Final = 200  # points; beyond it neighbours share a pixel
DAYS: Final = 7


def by_week(trend: pd.DataFrame, step_s: int) -> tuple[pd.DataFrame, int]:
    """The trend and its step in days; longer ones in whole weeks that end with the last day.

    The usual range of a week is not the sum of those of its days, so that it is left out.
    """
    if step_s != DAY or len(trend) <= MOST_DAYS:
        return trend, step_s // DAY
    rows = trend.iloc[len(trend) % DAYS :]
    week = np.arange(len(rows)) // DAYS
    weeks = rows.groupby(week).agg({"at": "first", "reported": "sum"})
    return weeks.assign(low=np.nan, high=np.nan), DAYS
