"""What the engine should answer, worked out by plain loops over every case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from geodata.columns import build_columns
from geodata.engine import Engine, Numbers, Request
from geodata.engine.fused import FusedEngine
from geodata.engine.numbers import TALLY
from geodata.engine.twin import TwinEngine
from geodata.model.overlay import Overlay
from geodata.model.schemas import DEADLINES, INCIDENTS, MOMENTS, STAGES
from tests.geodata.engine.city import OTHERS, HandMade, make_city, scattered

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.model.overlay import Live

Row = dict[str, Any]

DAY = 86_400
NOW = int(datetime(2026, 11, 21, 6, 31, 40, tzinfo=UTC).timestamp())
PLACES = ((0, 0, 20), (1, 1, 11), (2, 2, 6), (6, 11, 19))
LEVEL_RANGES = {
    "street": {1: (1, 11), 6: (11, 19)},
    "community": {2: (2, 6), 5: (6, 10)},
    "grid": {3: (3, 5), 4: (5, 6), 7: (12, 15), 8: (15, 19)},
}


@dataclass(frozen=True)
class Case:
    """One random question."""

    seed: int
    rows: int
    place: tuple[int, int, int]
    level: str
    days: float
    back: float
    categories: tuple[int, ...]
    departments: tuple[int, ...]
    sources: tuple[int, ...]
    division: str
    deadline: str
    zone: str
    unit: int = 0  # the place, where it is of the division

    @property
    def row(self) -> int:
        """The place, in the hierarchy that is asked for."""
        return self.unit % len(OTHERS[self.division]) if self.division else self.place[0]

    def holds(self, site: int) -> bool:
        """Whether a site lies in the place."""
        if not self.division:
            return self.place[1] <= site < self.place[2]
        return self.row in above(self.division, scattered(self.division, self.seed)[site])

    @property
    def request(self) -> Request:
        end = NOW - round(self.back * DAY)
        return Request(
            place=self.row,
            level=self.level,
            start=end - round(self.days * DAY),
            end=end,
            now=NOW,
            categories=self.categories,
            departments=self.departments,
            sources=self.sources,
            division=self.division,
        )


def above(division: str, unit: int) -> list[int]:
    """A unit of another hierarchy and all above it."""
    found = [unit]
    while (parent := OTHERS[division][found[-1]][0]) >= 0:
        found.append(parent)
    return found


CODES = st.sampled_from([(), (), (0,), (1, 2)])
CASES = st.builds(
    Case,
    seed=st.integers(0, 2**32 - 1),
    rows=st.sampled_from([0, 1, 30, 300, 900]),
    place=st.sampled_from(PLACES),
    level=st.sampled_from([*LEVEL_RANGES, "building"]),
    days=st.sampled_from([0.01, 1.0, 6.9, 7.0, 7.1, 14.0, 20.0, 30.0]),
    back=st.sampled_from([0.0, 0.0, -0.5, 9.3, 40.0]),
    categories=CODES,
    departments=CODES,
    sources=CODES,
    division=st.sampled_from(["", "", "", *OTHERS]),
    deadline=st.sampled_from(["closed", "resolved"]),
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Asia/Kolkata"]),
    unit=st.integers(0, 6),
)


def random_incidents(case: Case) -> pd.DataFrame:
    """Cases of 130 days with every irregularity: missing, future, backward and equal moments."""
    rng = np.random.default_rng(case.seed)
    count = case.rows
    frame = {name: np.zeros(count, dtype=np.int64) for name in INCIDENTS if name not in MOMENTS}
    frame["id"] = np.arange(count)
    frame["key"] = np.array([f"c{number}" for number in range(count)], dtype=object)
    frame["site"] = rng.integers(0, 20, count)
    frame["lon"] = np.where(rng.random(count) < 0.2, np.nan, rng.random(count))
    frame["lat"] = frame["lon"]
    for name in ("category", "source"):
        frame[name] = rng.integers(0, 3, count)
    frame["department"] = rng.integers(-1, 3, count)
    frame["settled_at"] = rng.integers(0, 5, count)
    frame["satisfaction"] = rng.integers(0, 6, count)
    frame["returned"] = rng.integers(0, 3, count) // 2
    frame["duplicate_of"] = np.where(rng.random(count) < 0.1, 0, -1)
    reported = NOW - rng.integers(-DAY, 130 * DAY, count)
    moments = {"reported": pd.array(reported, dtype="UInt32")}
    for name in MOMENTS:
        if name != "reported":
            later = reported + rng.integers(-600, 3 * DAY, count) // rng.choice([1, 60], count)
            missing = rng.random(count) < (0.9 if name == "voided" else 0.3)
            moments[name] = pd.array(np.where(missing, 0, later), dtype="UInt32")
            moments[name][missing] = pd.NA
    some = rng.random(count) < 0.3  # of which some stages are known by their day only
    frame["by_day"] = np.where(some, rng.integers(0, 256, count), 0)
    return pd.DataFrame({name: moments.get(name, frame.get(name)) for name in INCIDENTS})


def minutes(case: Row, start: str, end: str) -> float | None:
    """Minutes between two stages; None where one has not happened or is known by its day only."""
    by_day = any(case["by_day"] >> STAGES.index(stage) & 1 for stage in (start, end))
    if by_day or None in {case[start], case[end]}:
        return None
    return float(case[end] - case[start]) / 60


def as_of(row: Row, now: int) -> Row:
    """One case with what happened later forgotten."""
    known = dict(row)
    for name in MOMENTS:
        if name not in DEADLINES and row[name] is not None and row[name] > now:
            known[name] = None
    return known


def judge(row: Row, now: int, deadline: str) -> dict[str, float]:
    """TALLY of one case as plain sentences."""
    case = as_of(row, now)
    tally: dict[str, float] = dict.fromkeys(TALLY, 0.0)
    if case["voided"] is not None:
        return tally | {"voided": 1}
    if case["duplicate_of"] >= 0:
        return tally | {"duplicates": 1}
    settled = case["resolved"] if case["resolved"] is not None else case["closed"]
    done = case["closed"] if deadline == "closed" else settled
    limit = case["due"]
    arrival = minutes(case, "reported", "arrived")
    whistled = case["whistled"]
    whistle_end = None if whistled is None else whistled + 1800
    whistle_arrived = None if whistled is None else case["whistle_arrived"]
    tally["reported"] = 1
    tally["open"] = case["closed"] is None
    tally["closed"] = case["closed"] is not None
    tally["no_limit"] = limit is None
    tally["due"] = limit is not None and (done is not None or limit < now)
    tally["closed_due"] = limit is not None and done is not None
    tally["closed_on_time"] = limit is not None and done is not None and done <= limit
    tally["overdue_open"] = limit is not None and done is None and limit < now
    tally["resolved"] = settled is not None
    for number in range(1, 5):
        tally[f"settled_{number}"] = settled is not None and case["settled_at"] == number
    tally["resolved_local"] = tally["settled_1"] or tally["settled_2"]
    tally["whistled"] = whistled is not None
    tally["whistle_due"] = whistle_arrived is not None or (
        whistle_end is not None and whistle_end < now
    )
    tally["whistled_on_time"] = whistle_arrived is not None and whistle_arrived <= whistle_end
    tally["arrived"] = arrival is not None and arrival >= 0
    tally["arrived_in_30"] = arrival is not None and 0 <= arrival <= 30
    tally["asked"] = settled is not None and case["satisfaction"] > 0
    tally["satisfied"] = settled is not None and case["satisfaction"] >= 4
    # When it came back is not kept, so that it is known of settled cases only.
    tally["dispatched_done"] = case["dispatched"] is not None and settled is not None
    tally["returned"] = tally["dispatched_done"] and case["returned"] > 0
    return {name: int(value) for name, value in tally.items()}


def durations(rows: list[Row], now: int, name: str) -> list[float]:
    """Minutes from report to arrival or settlement of the cases that count."""
    found = []
    for row in rows:
        case = as_of(row, now)
        if case["voided"] is not None or case["duplicate_of"] >= 0:
            continue
        end = "arrived" if name == "arrival" else "resolved"
        if end == "resolved" and case[end] is None:
            end = "closed"
        taken = minutes(case, "reported", end)
        if taken is not None and taken >= 0:
            found.append(taken)
    return found


def expected(rows: list[Row], now: int, deadline: str) -> dict[str, float]:
    """TALLY and QUANTILES of some cases."""
    judged = [judge(row, now, deadline) for row in rows]
    answer: dict[str, float] = {name: sum(each[name] for each in judged) for name in TALLY}
    for name in ("arrival", "resolution"):
        taken = durations(rows, now, name)
        answer[f"{name}_n"] = len(taken)
        answer[f"{name}_median_min"] = float(np.quantile(taken, 0.5)) if taken else np.nan
        answer[f"{name}_p90_min"] = float(np.quantile(taken, 0.9)) if taken else np.nan
    return answer


def cell_of(case: Case, site: int) -> int:
    """The cell of a place that a site lies in, −1 = none."""
    if case.level == "building":
        return site // 2 if site % 2 == 0 else -1
    if division := case.division:
        path = above(division, scattered(division, case.seed)[site])
        here = path[: path.index(case.row) + 1]
        return next((u for u in here if OTHERS[division][u][1] == case.level), -1)
    for unit, (low, high) in LEVEL_RANGES[case.level].items():
        if low <= site < high and case.place[1] <= low and high <= case.place[2]:
            return unit
    return -1


@dataclass
class Asked:
    """A question with its answer and the cases that pass its filters."""

    case: Case
    rows: list[Row]
    numbers: Numbers
    first: int
    zone: ZoneInfo

    def window(self, start: int, end: int, now: int = NOW) -> list[Row]:
        return [r for r in self.rows if start <= r["reported"] < end and r["reported"] <= now]

    def valid(self, start: int, end: int) -> list[Row]:
        return [r for r in self.window(start, end) if judge(r, NOW, "closed")["reported"]]

    def shifted(self, moment: int, weeks: int) -> int:
        local = datetime.fromtimestamp(moment, self.zone)
        return int((local - timedelta(weeks=weeks)).timestamp())

    def cell(self, site: int) -> int:
        return cell_of(self.case, site)


def fused(city: HandMade, live: Live) -> FusedEngine:
    """The engine over columns, which must be there."""
    build_columns(city)
    engine = FusedEngine(city, grain_s=1, live=live)
    assert engine.columns.book() is not None
    return engine


Maker = Callable[[HandMade, "Live"], Engine]
ENGINES: dict[str, Maker] = {
    "duckdb": lambda city, live: Engine(city, grain_s=1, live=live),
    "fused": fused,
}


def overlay(incidents: pd.DataFrame, version: str = "1") -> Overlay:
    """Cases as they arrive live."""
    columns = {name: incidents[name].to_numpy() for name in INCIDENTS if name not in MOMENTS}
    columns |= {name: incidents[name].fillna(0).to_numpy(dtype=np.int64) for name in MOMENTS}
    return Overlay(version, columns)


def published(incidents: pd.DataFrame) -> tuple[pd.DataFrame, Overlay]:
    """What was published before some cases went on and others came, and what arrived since."""
    later, new = incidents["id"] % 3 == 0, incidents["id"] % 5 == 0
    before = incidents.copy()
    before.loc[later, ["closed", "resolved", "voided"]] = pd.NA
    before.loc[later, ["site", "department"]] = [19, -1]
    return before[~new], overlay(incidents[later | new])


def ask(case: Case, folder: Path, make: Maker, *, live: bool = False) -> Asked:
    incidents = random_incidents(case)
    before, arrived = published(incidents) if live else (incidents, None)
    city = make_city(folder, before, case.seed, deadline=case.deadline, time_zone=case.zone)
    engine = make(city, lambda: arrived)
    numbers = engine.screen(case.request)
    if isinstance(engine, TwinEngine):
        engine.close()
    plain = incidents.astype(object)
    records: list[Any] = plain.where(incidents.notna(), None).to_dict("records")
    rows = [
        row
        for row in records
        if case.holds(row["site"])
        and row["category"] in (case.categories or (0, 1, 2))
        and row["department"] in (case.departments or (-1, 0, 1, 2))
        and row["source"] in (case.sources or (0, 1, 2))
    ]
    first = int(incidents["reported"].min()) if len(incidents) else 2**32 - 1
    return Asked(case, rows, numbers, first, ZoneInfo(case.zone))
