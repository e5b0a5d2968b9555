"""How departments handle their cases, against plain loops over small random cities."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from geodata.engine.assessed import COUNTED
from geodata.engine.handling import AGAIN_S, LOOKED_ON_S, NEAR_M, NEAR_S, REACHED
from geodata.engine.twin import TwinEngine
from geodata.model.schemas import STAGES
from tests.geodata.engine.city import make_city
from tests.geodata.engine.oracle import (
    CASES,
    DAY,
    ENGINES,
    NOW,
    PLACES,
    Case,
    Maker,
    Row,
    as_of,
    cell_of,
    judge,
    published,
    random_incidents,
)
from tests.geodata.engine.twins import twin

if TYPE_CHECKING:
    from geodata.engine.handling import Handling


def is_valid(row: Row) -> bool:
    return bool(judge(row, NOW, "closed")["reported"])


def check_open(found: Handling, rows: list[Row], deadline: str) -> None:
    wanted = {
        row["id"]: row
        for row in rows
        if NOW - 90 * DAY < row["reported"] <= NOW and is_valid(row) and row["closed"] is None
    }
    assert sorted(found.open["id"]) == sorted(wanted)
    dues = found.open["due"].to_numpy(dtype=float)
    assert np.array_equal(np.sort(dues), dues, equal_nan=True)
    for row in found.open.to_dict("records"):
        case = wanted[row["id"]]
        stage = [name for name in REACHED if case[name] is not None][-1]
        assert (row["stage"], row["since"]) == (stage, case[stage])
        for name in ("whistled", "whistle_arrived"):
            assert np.array_equal(row[name], case[name] or np.nan, equal_nan=True)
        assert row["overdue"] == bool(judge(case, NOW, deadline)["overdue_open"])
        assert row["done"] == (deadline == "resolved" and case["resolved"] is not None)


def check_hours(found: Handling, rows: list[Row], deadline: str, zone: ZoneInfo) -> None:
    due, missed = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for row in rows:
        judged = judge(row, NOW, deadline)
        local = datetime.fromtimestamp(row["reported"], zone)
        due[local.weekday(), local.hour] += int(judged["due"])
        missed[local.weekday(), local.hour] += int(judged["due"] - judged["closed_on_time"])
    assert len(found.hours) == 168
    for place, row in found.hours.iterrows():
        assert (row["due"], row["missed"]) == (due[place], missed[place])


def counted_stages(rows: list[Row]) -> dict[str, int]:
    """All that came in, and how many have the stage or a later one; void and double ones apart."""
    found = {"came": len(rows)}
    for stage in ("accepted", "dispatched", "resolved"):
        later = STAGES[STAGES.index(stage) :]
        found[f"reached_{stage}"] = sum(
            is_valid(row) and any(row[name] is not None for name in later) for row in rows
        )
    void = [row for row in rows if row["voided"] is not None]
    double = [row for row in rows if row["voided"] is None and row["duplicate_of"] >= 0]
    return found | {"voided": len(void), "duplicates": len(double)}


def check_routes(found: pd.DataFrame, rows: list[Row]) -> None:
    wanted = Counter[tuple[int, int, int]]()
    for row in rows:
        done = row["resolved"] is not None or row["closed"] is not None
        last, first = row["department"], row["first_department"]
        if first < 0 and not row["returned"]:
            first = last
        if is_valid(row) and row["dispatched"] is not None and done and last >= 0:
            wanted[row["matter"], first, last] += 1
    got = found.set_index(["matter", "first_department", "department"])["cases"].to_dict()
    assert got == dict(wanted)


def is_again(row: Row, known: list[Row]) -> bool:
    """Whether the same matter was reported from the building soon after closing."""
    return any(
        (other["site"], other["matter"]) == (row["site"], row["matter"])
        and is_valid(other)
        and row["closed"] < other["reported"] <= row["closed"] + AGAIN_S
        for other in known
    )


def check_evasions(found: Handling, rows: list[Row], known: list[Row]) -> None:
    for department, got in found.evasions.iterrows():
        mine = [row for row in rows if row["department"] == department]
        valid = [row for row in mine if is_valid(row)]
        settled = [r for r in valid if r["resolved"] is not None or r["closed"] is not None]
        closed = [row for row in valid if row["closed"] is not None]
        housed = [row for row in closed if row["site"] % 2 == 0 and row["matter"] >= 0]
        wanted = {
            "came": len(mine),
            "reported": len(valid),
            "whistled": sum(row["whistled"] is not None for row in valid),
            "voided": sum(row["voided"] is not None for row in mine),
            "settled": len(settled),
            "extended": sum(row["extended"] > 0 for row in settled),
            "suspended": sum(row["suspended_s"] > 0 for row in settled),
            "appealed": sum(row["appealed"] > 0 for row in settled),
            "reopened": sum(row["reopened"] > 0 for row in settled),
            "unverified": sum(row["verified"] is None for row in closed),
            "closed": len(closed),
            "closed_at_building": len(housed),
            "again": sum(is_again(row, known) for row in housed),
        }
        assert got.to_dict() == wanted


def counts_of(row: Row, deadline: str) -> Counter[str]:
    """What one case counts for where departments are assessed."""
    if not is_valid(row):
        return Counter(came=1)
    settled = row["resolved"] if row["resolved"] is not None else row["closed"]
    done = row["closed"] if deadline == "closed" else settled
    first = row["due_original"] if row["due_original"] is not None else row["due"]
    judged, sent = judge(row, NOW, deadline), row["dispatched"]
    stages = [row[name] for name in ("taken", "arrived", "resolved", "closed")]
    answered = min((moment for moment in stages if moment is not None), default=None)
    appealed = settled is not None and row["appealed"] > 0
    limited = row["due"] is not None
    return Counter({
        "came": 1,
        "settled": settled is not None,
        "reopened": settled is not None and row["reopened"] > 0,
        "verified": row["closed"] is not None and row["verified"] is not None,
        "accepted": row["accepted"] is not None,
        "raw_due": limited and (done is not None or first < NOW),
        "raw_on_time": limited and done is not None and done <= first,
        "unappealed_due": 0 if appealed else judged["due"],
        "unappealed_on_time": 0 if appealed else judged["closed_on_time"],
        "response_due": sent is not None and (answered is not None or sent + DAY < NOW),
        "responded_on_time": None not in {sent, answered} and answered <= sent + DAY,
    })  # fmt: skip


def check_assessed(found: pd.DataFrame, rows: list[Row], deadline: str) -> None:
    assert list(found.index) == [-1, 0, 1, 2]
    for department, got in found.iterrows():
        mine = [row for row in rows if row["department"] == department]
        wanted = sum((counts_of(row, deadline) for row in mine), Counter())
        assert {name: got[name] for name in ("came", *COUNTED)} == {
            name: wanted[name] for name in ("came", *COUNTED)
        }
        taken = [
            (row["reported"] - row["occurred"]) / 60
            for row in mine
            if is_valid(row)
            and not row["by_day"] & 1
            and row["occurred"] is not None
            and row["occurred"] <= row["reported"]
        ]
        assert got["discovery_n"] == len(taken)
        for name, share in (("median", 0.5), ("p90", 0.9)):
            minutes = np.quantile(taken, share) if taken else np.nan
            np.testing.assert_allclose(got[f"discovery_{name}_min"], minutes)


def marked(case: Case) -> pd.DataFrame:
    """Random cases of few matters, with marks of everything that puts a deadline off."""
    incidents = random_incidents(case)
    rng = np.random.default_rng([case.seed, 1])
    incidents["matter"] = rng.integers(-1, 2, len(incidents))
    for name in ("extended", "suspended_s", "appealed", "reopened"):
        incidents[name] = rng.integers(0, 2, len(incidents))
    incidents["first_department"] = rng.integers(-1, 3, len(incidents))
    return incidents


def check(case: Case, make: Maker, *, live: bool) -> None:
    incidents = marked(case)
    before, arrived = published(incidents) if live else (incidents, None)
    with tempfile.TemporaryDirectory() as folder:
        city = make_city(
            Path(folder), before, case.seed, deadline=case.deadline, time_zone=case.zone
        )
        engine = make(city, lambda: arrived)
        found = engine.handling(case.request)
        assessed = engine.assessed(case.request)
        workload = engine.workload(case.request)
        funnel = engine.funnel(case.request)
        routes = engine.routes(case.request)
        called = engine.called(case.request)
        if isinstance(engine, TwinEngine):
            assert not engine.fault
            engine.close()
    plain = incidents.astype(object)
    records: list[Any] = plain.where(incidents.notna(), None).to_dict("records")
    known = [
        as_of(row, NOW)
        for row in records
        if row["reported"] <= NOW
        and case.holds(row["site"])
        and row["category"] in (case.categories or (0, 1, 2))
        and row["source"] in (case.sources or (0, 1, 2))
    ]
    mine = [row for row in known if row["department"] in (case.departments or (-1, 0, 1, 2))]
    start, end = case.request.start, case.request.end
    check_open(found, mine, case.deadline)
    waiting = found.open["whistled"].notna() & found.open["whistle_arrived"].isna()
    wanted = found.open.loc[waiting, ["id", "department", "whistled"]].sort_values("id")
    assert called.drop(columns="whistle_arrived").to_numpy().tolist() == wanted.to_numpy().tolist()
    assert called["whistle_arrived"].isna().all()
    inside = [row for row in mine if start <= row["reported"] < end]
    check_hours(found, inside, case.deadline, ZoneInfo(case.zone))
    assert funnel.to_dict() == counted_stages(inside)
    loads = Counter((cell_of(case, row["site"]), row["matter"]) for row in inside if is_valid(row))
    got = zip(workload["cell"], workload["matter"], workload["cases"], strict=True)
    assert {(cell, matter): n for cell, matter, n in got} == dict(loads)
    seen = [row for row in known if start <= row["reported"] < end + LOOKED_ON_S]
    check_routes(routes, [row for row in seen if row["reported"] < end])
    check_evasions(found, [row for row in seen if row["reported"] < end], seen)
    check_assessed(
        assessed, [row for row in known if start <= row["reported"] < end], case.deadline
    )


@pytest.fixture(scope="module", params=[*ENGINES, "postgresql"])
def make(request: pytest.FixtureRequest) -> Maker:
    if request.param in ENGINES:
        return ENGINES[request.param]
    return partial(twin, request.getfixturevalue("warehouse"))


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@pytest.mark.parametrize("live", [False, True], ids=["published", "live"])
@given(case=CASES)
def test_equals_plain_loops(make: Maker, live: bool, case: Case) -> None:  # noqa: FBT001
    check(case, make, live=live)


def known_by(moment: Any, now: int) -> bool:  # noqa: ANN401  NA = not yet
    return not pd.isna(moment) and moment <= now


@pytest.mark.parametrize("live", [False, True], ids=["published", "live"])
def test_a_case_and_what_is_like_it_nearby(make: Maker, live: bool, tmp_path: Path) -> None:  # noqa: FBT001
    case = Case(
        seed=3, rows=300, place=PLACES[0], level="grid", days=30, back=0, categories=(),
        departments=(), sources=(), division="", deadline="closed", zone="Asia/Shanghai",
    )  # fmt: skip
    incidents = random_incidents(case)
    incidents["lon"] = 104 + incidents["lon"] / 250  # a street of some 400 m
    incidents["lat"] = 30.5
    before, arrived = published(incidents) if live else (incidents, None)
    city = make_city(tmp_path, before, case.seed, deadline="resolved")
    engine = make(city, lambda: arrived)
    known = incidents[incidents["reported"] <= NOW]
    for number in known["id"].iloc[:12]:
        found = engine.case(int(number), NOW)
        row = known.set_index("id").loc[number]
        assert found["id"].tolist() == [number]
        assert found["reported"].iloc[0] == row["reported"]
        ends = [row[name] for name in ("resolved", "closed") if known_by(row[name], NOW)]
        assert found["done"].dropna().tolist() == ends[:1]  # closed where no resolution is kept
        near = engine.near(found.iloc[0], NOW)
        others = known[
            (known["id"] != number)
            & (known["category"] == row["category"])
            & ~(known["voided"] <= NOW).fillna(value=False)
            & ((known["reported"].astype(int) - int(row["reported"])).abs() <= NEAR_S)
            & ((known["lon"] - row["lon"]).abs() * 111_320 * np.cos(np.radians(30.5)) <= NEAR_M)
        ]
        assert set(near["id"]) == set(others["id"])
        assert near["reported"].is_monotonic_decreasing
    assert engine.case(10**9, NOW).empty
    if isinstance(engine, TwinEngine):
        engine.close()
