"""What becomes of a case: when each stage happens, whether in time, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from geodata.demo.lateness import deadlines, overdue
from geodata.demo.misrouted import first_sent, oftener

if TYPE_CHECKING:
    from datetime import date

    from geodata.clocks import Reckoner
    from geodata.demo.codes import Codes
    from geodata.demo.life import Ground

Column = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Columns = dict[str, npt.NDArray[np.generic]]

STREAM: Final = 3
# Independent uniform and normal numbers each case needs, by name.
UNIFORM: Final = (
    *("void", "void_when", "back", "late", "extend", "suspend", "pause", "whistle", "settle"),
    *("asked", "score", "appeal", "reopen", "seen", "unlocated", "indoors", "floor", "room"),
    *("source", "early"),
)
NORMAL: Final = (
    *("arrive", "accept", "dispatch", "sign", "resolve", "verify", "close", "whistle"),
    *("occurred", "overdue", "east", "north"),
)

MINUTE: Final = 60.0
HOUR: Final = 3600.0
DAY: Final = 86_400.0
LOG_P90: Final = 1.2816  # standard deviations from the median to the 90th percentile
# Hours after arrival for a limit of 24 h: median and spread of each step.
AFTER: Final = {"resolve": (3.2, 0.85), "verify": (1.1, 0.78), "close": (5.4, 0.57)}
SLOWER: Final = {"night": 0.24, "peak": 0.20, "weekend": 0.08, "back": 0.30}  # logarithms
SLOWER_MEAN: Final = 0.14  # what the above add on average, and a little trouble
ELSEWHERE: Final = 0.035  # variance that hours, returns and trouble add
WORSENING_DAYS: Final = 90.0
NIGHT: Final = (22, 6)
PEAK: Final = (17, 21)
SATURDAY: Final = 5
OCCURRED: Final = 0.88  # share for which somebody says when it happened
TWICE_BACK: Final = 0.006
WHISTLE_DISTRICT: Final = 0.75  # of the cases with a whistle are settled by the district
WORSENING: Final = 0.45  # logarithm, once complete
VOID: Final = 0.015
WHISTLED: Final = 0.06
WHISTLE_MIN: Final = (16.0, 0.426)  # 93 % within 30 minutes
ASKED: Final = 0.073
# Level that settled the case: grid or community, street, district, city.
SETTLED: Final = (0.660, 0.867, 0.968)
SCORES: Final = (0.010, 0.029, 0.073, 0.37)  # share with at most 1, 2, 3, 4 of 5
SCORES_LATE: Final = (0.07, 0.17, 0.33, 0.66)


@dataclass(frozen=True, eq=False)
class Cases:
    """Reported cases of some days, in order, with the chance numbers that decide their fate.

    slow: factor on the time to arrival; origin: row of the first report, −1 = this is one.
    """

    reported: Ints
    hour: Ints
    weekday: Ints
    day: Ints  # ordinal
    matter: Ints
    area: Ints
    slow: Column
    origin: Ints
    u: dict[str, Column]
    z: dict[str, Column]


@dataclass(frozen=True, eq=False)
class Pace:
    """How fast and how well departments work, by department and area.

    median, spread: logarithm of the minutes to arrival and its standard deviation.
    """

    codes: Codes
    clock: Reckoner
    median: npt.NDArray[np.float64]
    spread: npt.NDArray[np.float64]
    worse: int
    since: int  # ordinal of the day from which area `worse` gets slower

    def trouble(self, cases: Cases) -> Column:
        """How far the worsening area has gone downhill, 0 to 1, elsewhere 0."""
        depth = np.clip((cases.day - self.since) / WORSENING_DAYS, 0, 1)
        return np.where(cases.area == self.worse, depth, 0).astype(np.float32)


def make_pace(seed: int, ground: Ground, until: date, clock: Reckoner) -> Pace:
    """Set the pace so that each department keeps its median and 90th percentile city-wide."""
    rng = np.random.default_rng((seed, STREAM))
    table = ground.codes.departments
    weight = ground.area_people * ground.rate
    weight = weight / weight.sum()
    bend = rng.normal(0, 0.15, (len(table), len(weight)))
    bend[0, ground.dense()] = 0.24, 0.17
    bend -= (bend * weight).sum(axis=1, keepdims=True)
    median = np.log(table["arrive_median"].to_numpy(np.float64))
    spread = np.log(table["arrive_p90"].to_numpy(np.float64)) - median
    # What streets and hours add to the scatter is taken from the rest of it.
    rest = (spread / LOG_P90) ** 2 - (bend**2 * weight).sum(axis=1) - ELSEWHERE
    return Pace(
        codes=ground.codes,
        clock=clock,
        median=median[:, None] + bend - SLOWER_MEAN,
        spread=np.sqrt(np.maximum(rest, 0.02)),
        worse=ground.worsening(),
        since=until.toordinal() - int(WORSENING_DAYS),
    )


def stage_columns(pace: Pace, cases: Cases) -> Columns:
    """Work out every moment and mark of the cases; 0 = the moment never comes."""
    department = pace.codes.department[cases.matter]
    due = deadlines(pace, cases)
    limit = due["limit"]
    returning = _of(pace, "back")[department] * oftener(pace.codes, cases.matter)
    back = cases.u["back"] < returning
    before = _until_arrival(pace, cases, department, back, limit)
    trouble = pace.trouble(cases)
    late = (cases.u["late"] < _of(pace, "late")[department] * (1 + trouble)) & (limit > 0)
    called = _whistle(cases, before["arrived"])
    held = np.maximum(before["arrived"], called["whistle_arrived"])
    after = _handling(pace, cases, due, held, late)
    moments = _moments(cases, {**before, **called, **after}, due)
    marks = _marks(cases, late, due, department, back)
    sent = first_sent(pace.codes, cases.matter, cases.u["back"] / returning)
    marks["first_department"] = np.where(back, sent, department).astype(np.int16)
    return _merged(cases, {**moments, **marks})


def _of(pace: Pace, column: str) -> Column:
    return pace.codes.departments[column].to_numpy(np.float32)


def _until_arrival(
    pace: Pace, cases: Cases, department: Ints, back: Flags, limit: Column
) -> dict[str, Column]:
    """Seconds from the report to acceptance, dispatch, signature and arrival."""
    night = (cases.hour >= NIGHT[0]) | (cases.hour < NIGHT[1])
    peak = (cases.hour >= PEAK[0]) & (cases.hour < PEAK[1])
    spread = pace.spread.astype(np.float32)[department]
    total = pace.median.astype(np.float32)[department, cases.area] + spread * cases.z["arrive"]
    total += SLOWER["night"] * night + SLOWER["peak"] * peak
    total += SLOWER["weekend"] * (cases.weekday >= SATURDAY) + SLOWER["back"] * back
    total += WORSENING * pace.trouble(cases)
    arrived = np.exp(total) * np.float32(MINUTE) * cases.slow
    arrived = np.where(limit > 0, np.minimum(arrived, 0.55 * limit), arrived)
    accept = 0.055 * np.exp(0.35 * cases.z["accept"])
    send = 0.064 * np.exp(0.6 * cases.z["dispatch"])
    sign = _of(pace, "signing")[department] * (1 + 0.28 * cases.z["sign"])
    room = 0.93 / np.maximum(accept + send + np.maximum(sign, 0.05), 0.93)
    accepted = accept * room * arrived
    dispatched = accepted + send * room * arrived
    taken = dispatched + np.maximum(sign, 0.05) * room * arrived
    return {"accepted": accepted, "dispatched": dispatched, "taken": taken, "arrived": arrived}


def _whistle(cases: Cases, arrived: Column) -> dict[str, Column]:
    """Call other departments to the spot some time after arrival; handling waits for them."""
    called = cases.u["whistle"] < WHISTLED
    median, spread = WHISTLE_MIN
    since = arrived + (3 + 40 * cases.u["whistle"] / WHISTLED) * MINUTE
    there = since + median * MINUTE * np.exp(spread * cases.z["whistle"])
    return {
        "whistled": np.where(called, since, np.float32(0)),
        "whistle_arrived": np.where(called, there, np.float32(0)),
    }


def _handling(
    pace: Pace, cases: Cases, due: dict[str, Column], held: Column, late: Flags
) -> dict[str, Column]:
    """Seconds to the later stages, which begin at `held` and, if not late, end in time."""
    urgency = pace.codes.pace.astype(np.float32)[cases.matter]
    steps = {
        step: median * HOUR * np.exp(spread * cases.z[step]) * urgency
        for step, (median, spread) in AFTER.items()
    }
    spent = steps["resolve"] + steps["verify"] + steps["close"]
    end = _closing(cases, due, held + spent)
    end[late] = overdue(pace, cases, due, np.flatnonzero(late))
    factor = np.maximum(end - held, 2 * MINUTE) / np.maximum(spent, 1)
    resolved = held + steps["resolve"] * factor
    verified = resolved + steps["verify"] * factor
    closed = verified + steps["close"] * factor
    return {"resolved": resolved, "verified": verified, "closed": closed}


def _closing(cases: Cases, due: dict[str, Column], natural: Column) -> Column:
    """Seconds to closing within the deadline."""
    extended, paused, limit = due["extended"] > 0, due["pause"] > 0, due["limit"]
    granted = limit + 0.97 * cases.u["early"] * (due["due"] - limit)
    latest = np.where(extended | paused, granted, limit * (0.55 + 0.43 * cases.u["early"]))
    end = np.where(extended | paused, latest, np.minimum(natural, latest))
    return np.where(limit > 0, end, natural)


def _moments(cases: Cases, offsets: dict[str, Column], due: dict[str, Column]) -> Columns:
    """Turn seconds into moments; a void case goes no further, an enquiry needs no visit."""
    limit = due["limit"]
    void = cases.u["void"] < VOID
    end = (6 + 70 * cases.u["void_when"]) * MINUTE
    moments: Columns = {}
    for name, offset in offsets.items():
        never = (void & (offset > end)) | (offset <= 0)
        never |= (limit == 0) if name in {"arrived", "whistled", "whistle_arrived"} else False
        moments[name] = np.where(never, 0, cases.reported + offset.astype(np.int64))
    moments["voided"] = np.where(void, cases.reported + end.astype(np.int64), 0)
    for name, offset, there in (
        ("due", due["due"], limit > 0),
        ("due_original", limit, due["due"] > limit),
    ):
        moments[name] = np.where(there, cases.reported + offset.astype(np.int64), 0)
    known = cases.u["seen"] < OCCURRED
    before = 25 * MINUTE * np.exp(0.9 * cases.z["occurred"])
    moments["occurred"] = np.where(known, cases.reported - before.astype(np.int64), 0)
    return moments


def _marks(
    cases: Cases, late: Flags, due: dict[str, Column], department: Ints, back: Flags
) -> Columns:
    """Say who settled the case, how often it went back, and what the citizen thought of it."""
    u = cases.u
    settled = 1 + np.searchsorted(np.array(SETTLED, np.float32), u["settle"], side="right")
    called = u["whistle"] < WHISTLED
    settled = np.where(called, np.where(u["settle"] < WHISTLE_DISTRICT, 3, 2), settled)
    score = 1 + np.where(
        late,
        np.searchsorted(np.array(SCORES_LATE, np.float32), u["score"], side="right"),
        np.searchsorted(np.array(SCORES, np.float32), u["score"], side="right"),
    )
    return {
        "settled_at": settled.astype(np.int8),
        "department": department.astype(np.int16),
        "returned": (back * (1 + (u["back"] < TWICE_BACK))).astype(np.int8),
        "reopened": (u["reopen"] < np.where(late, 0.06, 0.021)).astype(np.int8),
        "extended": due["extended"].astype(np.int8),
        "suspended_s": due["pause"].astype(np.int32),
        "appealed": (u["appeal"] < np.where(late, 0.09, 0.0008)).astype(np.int8),
        "satisfaction": np.where(u["asked"] < ASKED, score, 0).astype(np.int8),
    }


def _merged(cases: Cases, columns: Columns) -> Columns:
    """Let a duplicate share the fate of the first report, never earlier than its own."""
    rows = np.flatnonzero(cases.origin >= 0)
    first = cases.origin[rows]
    own = cases.reported[rows]
    reach = own
    for name in ("accepted", "dispatched", "taken", "arrived", "resolved", "verified", "closed"):
        theirs: Ints = columns[name][first].astype(np.int64)
        reach = np.where(theirs > 0, np.maximum(theirs, reach), reach)
        columns[name][rows] = np.where(theirs > 0, reach, 0)
    void: Ints = columns["voided"][first].astype(np.int64)
    columns["voided"][rows] = np.where(void > 0, np.maximum(void, own), 0)
    for name in ("whistled", "whistle_arrived", "satisfaction", "appealed", "suspended_s"):
        columns[name][rows] = 0
    columns["settled_at"][rows] = columns["settled_at"][first]
    accepted: Ints = columns["accepted"].astype(np.int64)
    dispatched: Ints = columns["dispatched"].astype(np.int64)
    columns["first_department"] = np.where(dispatched > 0, columns["first_department"], -1)
    columns["department"] = np.where(accepted > 0, columns["department"], -1)
    return columns
