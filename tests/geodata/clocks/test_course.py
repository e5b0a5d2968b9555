from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.clocks import Course, Overtime, Reckoner, read, reckoner_of
from geodata.clocks.zone import zone_of
from geodata.model.calendar import KINDS, Clock, Kind
from geodata.model.profile import Level, Profile
from tests.geodata.clocks.oracle import works

YEAR = 365 * 86_400


def by(**clock: object) -> Reckoner:
    given = Clock.model_validate({"calendar": "china", **clock})
    levels = (Level(key="district", name_zh="区", name_en="district"),)
    return reckoner_of(Profile(key="x", name_zh="x", name_en="x", levels=levels, clock=given))


def at(written: str) -> int:
    return int(
        datetime.fromisoformat(written).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    )


MONDAY = at("2026-11-16 09:00")
LATE = at("2026-12-01 12:00")
CASE = Course(start=MONDAY, kind="working_days", amount=1)


def test_a_case_in_time() -> None:
    found = read(CASE, by(), at("2026-11-16 15:00"))
    assert found.deadline == found.original == at("2026-11-17 09:00")
    assert found.remaining_s == 4 * 3600  # until 18:00, and from 08:00 to 09:00
    assert found.overtime == found.raw == Overtime()
    assert (found.exempt, found.reasons) == (False, ())


def test_overtime_in_time_of_work_and_in_all() -> None:
    found = read(replace(CASE, stop=at("2026-11-18 08:30")), by(), LATE)
    assert found.remaining_s == 0
    assert found.overtime == found.raw == Overtime(23 * 3600 + 1800, 7 * 3600 + 1800)


def test_an_extension_adds_the_original_limit_at_most_twice() -> None:
    stopped = replace(CASE, stop=at("2026-11-19 09:30"))
    once, twice, more = (read(replace(stopped, extended=n), by(), LATE) for n in (1, 2, 3))
    assert once.deadline == at("2026-11-18 09:00")
    assert twice.deadline == more.deadline == at("2026-11-19 09:00")
    assert more.reasons == ("extension_refused",)
    assert once.original == at("2026-11-17 09:00")
    assert (once.overtime.clock_s, once.raw.clock_s) == (8 * 3600 + 1800, 16 * 3600 + 1800)


def test_a_suspension_stops_the_clock_once() -> None:
    pauses = (at("2026-11-16 10:00"), at("2026-11-18 10:00")), (at("2026-11-18 11:00"), LATE)
    found = read(replace(CASE, suspensions=pauses), by(), LATE)
    assert found.deadline == at("2026-11-19 09:00")
    assert found.reasons == ("second_suspension",)
    assert found.original == at("2026-11-17 09:00")


def test_a_suspension_that_lasts() -> None:
    now = at("2026-11-20 10:00")
    found = read(replace(CASE, suspensions=((at("2026-11-16 10:00"), None),)), by(), now)
    assert found.remaining_s == 7 * 3600
    assert found.reasons == ("suspended_now",)
    assert found.overtime == Overtime()
    assert found.raw.elapsed_s == 3 * 86_400 + 3600
    cut = read(replace(CASE, suspensions=((MONDAY, None),)), by(), MONDAY + 2 * YEAR)
    assert cut.deadline == by().after(MONDAY + YEAR, "working_days", 8 * 3600)
    assert cut.reasons == ("suspension_cut",)


def test_a_suspension_after_the_deadline_takes_nothing_back() -> None:
    found = read(replace(CASE, suspensions=((at("2026-11-18 09:00"), None),)), by(), LATE)
    assert found.deadline == found.original


def test_the_second_example_of_the_manual() -> None:
    case = Course(start=at("2026-11-20 16:00"), kind="working_hours", amount=4)
    first, extended = at("2026-11-23 10:00"), replace(case, extended=1)
    assert read(case, by(), LATE).deadline == first
    assert read(extended, by(), LATE).deadline == at("2026-11-23 16:00")
    paused = replace(extended, suspended_s=86_400, stop=at("2026-11-23 17:00"))
    found = read(paused, by(), LATE)
    assert (found.deadline, found.original) == (at("2026-11-24 16:00"), first)
    assert (found.overtime, found.raw) == (Overtime(), Overtime(7 * 3600, 5 * 3600))


def test_of_a_suspension_its_length_may_be_all_that_is_known() -> None:
    found = read(replace(CASE, suspended_s=2 * 86_400), by(), LATE)
    assert found.deadline == at("2026-11-19 09:00")
    assert read(replace(CASE, suspended_s=2 * YEAR), by(), LATE).reasons == ("suspension_cut",)


@pytest.mark.parametrize("event", ["returned", "reopened"])
def test_what_the_profile_says_of_cases_that_come_back(event: str) -> None:
    again = replace(CASE, **{event: (at("2026-11-18 14:00"), LATE + 1)})
    assert read(again, by(), LATE).deadline == at("2026-11-17 09:00")
    found = read(again, by(**{event: "starts_anew"}), LATE)
    assert found.deadline == at("2026-11-19 12:00")
    assert found.original == at("2026-11-17 09:00")  # the raw overtime stays
    assert found.reasons == ("started_anew",)


def test_an_appeal_of_unknown_outcome_is_told_and_exempts_nothing() -> None:
    late = replace(CASE, stop=at("2026-11-18 08:30"))
    plain, appealed = (read(replace(late, appealed=each), by(), LATE) for each in (False, True))
    assert (appealed.exempt, appealed.reasons) == (False, ("appealed",))
    assert not plain.exempt
    assert appealed.raw == plain.raw != Overtime()


def test_deadlines_kept_with_a_case_hold_whatever_its_limit() -> None:
    kept = replace(CASE, amount=0, start=None, due=MONDAY, due_original=MONDAY - 3600)
    found = read(replace(kept, stop=MONDAY), by(), LATE)
    assert (found.deadline, found.original, found.exempt) == (MONDAY, MONDAY - 3600, False)
    assert found.overtime == Overtime()
    assert found.raw.elapsed_s == 3600


@pytest.mark.parametrize("out", ["voided", "duplicate"])
def test_what_is_no_case_of_its_own_has_no_clock(out: str) -> None:
    found = read(replace(CASE, out=out), by(), LATE)
    assert (found.remaining_s, found.overtime, found.raw) == (0, Overtime(), Overtime())
    assert (found.exempt, found.reasons) == (True, (out,))


@pytest.mark.parametrize(
    ("course", "reason"),
    [(replace(CASE, amount=0), "no_limit"), (replace(CASE, start=None), "not_started")],
)
def test_without_a_limit_or_a_start_there_is_no_deadline(course: Course, reason: str) -> None:
    found = read(course, by(), LATE)
    assert (found.deadline, found.original, found.exempt) == (None, None, True)
    assert found.reasons == (reason,)


@settings(max_examples=15, deadline=None)
@given(
    begin=st.integers(0, 3 * 24 * 12),
    marks=st.lists(st.integers(0, 4 * 24 * 12), min_size=2, max_size=2, unique=True),
    kind=st.sampled_from(KINDS),
    amount=st.integers(1, 3),
)
def test_equals_a_clock_that_ticks(begin: int, marks: list[int], kind: Kind, amount: int) -> None:
    tick, here = 300, by()
    start = at("2026-02-12 00:00") + begin * tick
    pause, resume = (start + mark * tick for mark in sorted(marks))
    course = Course(start=start, kind=kind, amount=amount, suspensions=((pause, resume),))
    left = amount * {"working_days": 8, "calendar_days": 24}.get(kind, 1) * 3600
    worked = kind in {"working_hours", "working_days"}
    now = start
    zone = zone_of("Asia/Shanghai")
    while left:
        shown = int(zone.wall(np.array([now]))[0])
        wall = datetime.fromtimestamp(shown, ZoneInfo("UTC")).replace(tzinfo=None)
        counts = works(here.calendar, wall) if worked else True
        left -= tick * (counts and not pause <= now < resume)
        now += tick
    assert read(course, here, start + YEAR).deadline == now
