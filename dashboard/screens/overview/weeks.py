"""The line of a scene: what is known of it, and by weeks where it is long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.model.periods import DAY

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.screens.overview.scene import Scene

MOST_DAYS: Final = 200  # points; beyond it neighbours share a pixel
DAYS: Final = 7


def known(scene: Scene) -> pd.DataFrame:
    """The trend; what lies before the data is not known and never zero.

    Nor is the step in which the data begin, of which only the end was seen.
    """
    trend = scene.line.trend
    before = trend["at"] < float(scene.city.meta.get("first") or 0)
    return trend.assign(reported=trend["reported"].where(~before)) if before.any() else trend


def by_week(trend: pd.DataFrame, step_s: int) -> tuple[pd.DataFrame, int]:
    """The trend and its step in days; longer ones in whole weeks that end with the last day.

    The usual range of a week is not the sum of those of its days, so that it is left out.
    """
    if step_s != DAY or len(trend) <= MOST_DAYS:
        return trend, step_s // DAY
    rows = trend.iloc[len(trend) % DAYS :]
    week = np.arange(len(rows)) // DAYS
    # A week that is not known as a whole is not known.
    grouped = rows.groupby(week)
    weeks = grouped[["at"]].first()
    weeks["reported"] = grouped["reported"].sum(min_count=DAYS)
    return weeks.assign(low=np.nan, high=np.nan), DAYS
