"""The moments of incident rows: read, made to agree with the status, and brought in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geodata.clocks import Limits, reckoner_of
from geodata.ingest.files import ROW, Read
from geodata.ingest.moments import day_starts, parse
from geodata.model.schemas import DAY_BITS, DEADLINES, MOMENTS, STAGES

if TYPE_CHECKING:
    from geodata.ingest.codes import CodeLists
    from geodata.ingest.findings import Ledger
    from geodata.model.profile import IncidentFeed, Profile

RECKONED = "reckoned"  # the deadline is ours, not the file's
REJECTING = "reported"  # without this moment there is no case


def read_moments(read: Read, feed: IncidentFeed, profile: Profile, ledger: Ledger) -> pd.DataFrame:
    """Every moment of the rows, `status_at`, `by_day`, `sham` and `bare`.

    sham: reported on no real day; bare: nothing says when it was reported.
    """
    columns: dict[str, object] = {}
    by_day = np.zeros(len(read.frame), dtype=np.int16)
    for column in (*MOMENTS, "status_at"):
        if column not in read.frame:
            columns[column] = pd.array([pd.NA] * len(read.frame), dtype="UInt32")
            continue
        text = read.text(column)
        found = parse(text, feed.time_formats, profile.time_zone, feed.missing_moments)
        columns[column] = found.until_night() if column in DEADLINES else found.seconds
        by_day |= np.where(found.by_day, DAY_BITS.get(column, 0), 0).astype(np.int16)
        if count := int(found.by_day.sum()):
            ledger.remark("dates_without_times", feed.layer.columns.get(column, column), count)
        rows = read.frame[ROW].to_numpy()
        if column == REJECTING:
            columns["sham"], columns["bare"] = found.placeholder, (text == "").to_numpy()
        else:
            ledger.keep(f"{column}_unreadable", rows[found.unreadable].tolist())
            ledger.keep(f"{column}_is_a_placeholder", rows[found.placeholder].tolist())
        ledger.repair("hour_skipped", rows[found.shifted].tolist())
    columns.setdefault("sham", np.zeros(len(read.frame), dtype=np.bool_))
    columns.setdefault("bare", np.ones(len(read.frame), dtype=np.bool_))
    return pd.DataFrame({**columns, "by_day": by_day}, index=read.frame.index)


def apply_status(rows: pd.DataFrame, status: pd.Series, feed: IncidentFeed, ledger: Ledger) -> None:
    """Let the status decide what the moments leave open: void, still open, closed at some time."""
    if not feed.status_open and not feed.status_void:
        return
    status = _plain(status, {*feed.status_open, *feed.status_void})
    at = rows["status_at"].fillna(rows["closed"]).fillna(rows["reported"])
    void, still_open = status.isin(feed.status_void), status.isin(feed.status_open)
    rows["voided"] = rows["voided"].where(~void, rows["voided"].fillna(at))
    contradicts = still_open & rows["closed"].notna()
    rows["closed"] = rows["closed"].where(~contradicts)
    ledger.repair("open_but_closed", rows.loc[contradicts, ROW].tolist())
    without = ~void & ~still_open & (status != "") & rows["closed"].isna()
    rows["closed"] = rows["closed"].where(~without, rows["status_at"])
    known = without & rows["closed"].notna()
    ledger.repair("closed_without_moment", rows.loc[known, ROW].tolist())
    ledger.keep("closed_without_any_moment", rows.loc[without & ~known, ROW].tolist())


def _plain(status: pd.Series, named: set[str]) -> pd.Series:
    """A status with a suffix, as Open (Transferred), is what it is without, unless it is named."""
    plain = {
        text: text if text in named else text.split(" (", maxsplit=1)[0].strip()
        for text in status.unique()
    }
    return status.map(plain)


def apply_limits(rows: pd.DataFrame, lists: CodeLists, profile: Profile, ledger: Ledger) -> None:
    """Where the file names no deadline, the limit of the matter makes one by the city's clock."""
    matters = lists.matters.entries
    limits = Limits.of((m["limit"] for m in matters), (m["limit_kind"] for m in matters))
    amount, kind = (each[rows["matter"].to_numpy()] for each in (limits.amount, limits.kind))
    rows[RECKONED] = rows["due"].isna().to_numpy() & (amount > 0)
    if not rows[RECKONED].any():
        return
    clock = reckoner_of(profile)
    start = rows[clock.clock.starts_at].fillna(0).to_numpy(np.int64)
    rows[RECKONED] &= start > 0
    made = rows[RECKONED].to_numpy()
    start, kind = start[made], kind[made]
    due = clock.deadlines(start, kind, amount[made])
    rows.loc[made, "due"] = due
    ledger.remark("deadline_reckoned", clock.calendar.file, len(due))
    unknown = clock.beyond(start, due, kind)
    beyond = rows.loc[made, ROW][unknown].tolist()
    ledger.keep("deadline_beyond_calendar", beyond, measure=clock.calendar.file)


def order_stages(rows: pd.DataFrame, time_zone: str, ledger: Ledger) -> None:
    """A stage before the report would make a negative wait: it is moved there, without minutes."""
    reported = rows["reported"].to_numpy(dtype=np.int64)
    days: np.ndarray | None = None
    by_day = rows["by_day"].to_numpy(dtype=np.int16).copy()
    for stage in STAGES[1:]:
        moment = rows[stage].to_numpy(dtype=np.float64, na_value=np.nan)
        early = np.flatnonzero(moment < reported)
        if not len(early):
            continue
        days = day_starts(reported, time_zone) if days is None else days
        # A date is not before the report if it is of the same day.
        dated = by_day[early] & DAY_BITS[stage] > 0
        wrong = early[~dated | (moment[early] < days[early])]
        by_day[early] |= DAY_BITS[stage]
        rows.loc[rows.index[early], stage] = rows["reported"].iloc[early]
        ledger.repair(f"{stage}_before_reported", rows[ROW].to_numpy()[wrong].tolist())
    rows["by_day"] = by_day
