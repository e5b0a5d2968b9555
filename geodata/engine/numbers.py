"""The answer to a request: everything a screen shows, from one consistent read.

Tables are frames of raw counts and quantiles with the columns of TALLY; rates are made from them by
`geodata.metrics.registry`, so that each is defined once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

    from geodata.engine.request import Request

TALLY: Final = (
    "reported",  # cases reported in the period (void and duplicate ones apart: in no other count)
    "open",  # reported in the period and not closed
    "due",  # have a limit and are closed, or it is over: 应结案
    "closed",
    "closed_due",  # of `due`: closed (`profile.deadline` names the stage), in time or late
    "closed_on_time",
    "overdue_open",  # open past their deadline
    "no_limit",  # shown apart, never as on time
    "resolved",
    "resolved_local",  # settled at street level or below
    "settled_1",
    "settled_2",
    "settled_3",
    "settled_4",
    "whistled",
    "whistle_due",  # of `whistled`: arrived, or the minutes allowed are over
    "whistled_on_time",
    "arrived",
    "arrived_in_30",
    "asked",  # satisfaction asked
    "satisfied",
    "returned",  # of `dispatched_done`: sent back at least once; when is not kept, so that only
    "dispatched_done",  # cases that are settled can be judged
    "voided",  # reported + voided + duplicates = all that came in
    "duplicates",  # not void themselves
)
BACKLOG: Final = (  # in `total`, `previous` and `departments` only: cases of the last 90 days,
    "backlog_open",  # whatever the period: open at the moment the screen is judged
    "backlog_overdue",  # of these: past their deadline
)
QUANTILES: Final = (
    "arrival_n",  # cases with a known arrival
    "arrival_median_min",  # reported → arrived
    "arrival_p90_min",
    "resolution_n",
    "resolution_median_min",  # reported → resolved (closed where no stage `resolved` is kept)
    "resolution_p90_min",
)


@dataclass(frozen=True)
class Numbers:
    """All numbers of one screen.

    request: as answered: its moments may have been moved back to a whole step of the cache.
    total: one row (Series) TALLY + BACKLOG + QUANTILES for the place, unknown places included.
    previous: the same for the window just before of equal length, judged as of the same length
        before `now`, so that both are equally ripe; None where the data do not reach.
    norm: `reported` expected: the mean of the same window in earlier weeks, moved by whole weeks
        (8 windows, 4 if longer than 7 days); NaN where fewer than two lie inside the data.
        A window that is not over yet is compared with equally long pieces.
    norm_low, norm_high: 10th and 90th percentile of those windows.
    norm_weeks: how many earlier windows the norm rests on.
    cells: index = unit (or building) row, TALLY + QUANTILES + `norm`; every cell of the place,
        also those without cases. Index -1 = known to the place but to none of its cells
        ("unknown place"); cells + unknown add up to total.
    departments: index = row of departments (-1 = none yet), TALLY + BACKLOG + QUANTILES + `norm`;
        every one, or those asked for.
    categories: index = row of categories, TALLY + `norm`; every one, or those asked for.
    sources: index = row of sources, TALLY, and `newest` (epoch seconds of the newest record in the
        whole city; NaN = none).
    trend: one row a step from at least 14 days before `end` to `end`: at (epoch s), reported,
        low, high (the 10–90 % band of earlier weeks; NaN where unknown).
    trend_step_s: 3600 up to 14 days, else 86400.
    sparks: index = day (epoch s, last 14 local days), TALLY + QUANTILES: the six small lines.
    steps: ladder, one row a step (from_stage, to_stage, n, median_min, p90_min).
    newest: epoch seconds of the newest moment known to the data (≤ now).
    version: changes whenever any number could change.
    """

    request: Request
    total: pd.Series
    previous: pd.Series | None
    norm: float
    norm_low: float
    norm_high: float
    norm_weeks: int
    cells: pd.DataFrame
    departments: pd.DataFrame
    categories: pd.DataFrame
    sources: pd.DataFrame
    trend: pd.DataFrame
    trend_step_s: int
    sparks: pd.DataFrame
    steps: pd.DataFrame
    newest: int
    version: str
