"""The line of a scene: what is known of it, by weeks where it is long, by days where few happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geodata.model.periods import DAY, day_start

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

MOST_DAYS: Final = 200  # points; beyond it neighbours share a pixel
DAYS: Final = 7
LEAST_AN_HOUR: Final = 1.0  # cases; below it a line by the hour only jumps between none and one


def known(scene: Scene) -> pd.DataFrame:
    """The trend; what lies before the data is not known and never zero.

    Nor is the step in which the data begin, of which only the end was seen.
    """
    trend = scene.line.trend
    before = trend["at"] < float(scene.city.meta.get("first") or 0)
    return trend.assign(reported=trend["reported"].where(~before)) if before.any() else trend


def drawn(scene: Scene) -> tuple[pd.DataFrame, int]:
    """What is drawn of the line, and the days of its steps; 0: hours."""
    trend, step_s = known(scene), scene.line.trend_step_s
    if step_s < DAY and trend["reported"].mean() < LEAST_AN_HOUR:
        days = by_day(trend, ZoneInfo(scene.zone))
        if len(days) > 1:
            return days, 1
    return by_week(trend, step_s)


def is_summed(scene: Scene) -> bool:
    """Whether the steps drawn are sums of those of the answer: of them nobody knows what is usual.

    A line of weeks or of days made from hours has no band and no peak.
    """
    days = drawn(scene)[1]
    return days != scene.line.trend_step_s // DAY


def by_day(trend: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    """The hours as days from the first whole one on; the last may still run."""
    starts = pd.Series([day_start(int(at), zone) for at in trend["at"]], index=trend.index)
    whole = trend[starts > starts.iloc[0]] if trend["at"].iloc[0] > starts.iloc[0] else trend
    grouped = whole.groupby(starts[whole.index])["reported"]
    # A day of which an hour is not known is not known.
    sums = grouped.sum().where(grouped.count() == grouped.size())
    days = pd.DataFrame({"at": sums.index.to_numpy(), "reported": sums.to_numpy()})
    return days.assign(low=np.nan, high=np.nan)


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
