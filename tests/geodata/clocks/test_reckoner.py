from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.clocks.hours import LATEST, hours_of
from geodata.clocks.reckoner import Reckoner, Terms
from geodata.clocks.zone import zone_of
from geodata.model.calendar import KINDS, Clock
from tests.geodata.clocks.oracle import CALENDARS, MINUTE, Weeks, weeks

if TYPE_CHECKING:
    from geodata.model.calendar import Kind

# Holidays back to back with make-up days, and both changes of the clocks.
SCENES = [
    ("china", "Asia/Shanghai", "2025-01-20", 40),
    ("china", "Asia/Shanghai", "2026-09-17", 34),
    ("weekdays", "America/New_York", "2025-03-05", 28),
    ("nights", "America/New_York", "2025-03-05", 12),
    ("nights", "America/New_York", "2025-10-30", 12),
]


@cache
def reckoner(calendar: str, zone: str) -> Reckoner:
    held = CALENDARS[calendar]
    return Reckoner(Clock(calendar=held), held, zone_of(zone), hours_of(held, zone_of(zone)))


def at(written: str, zone: str = "Asia/Shanghai") -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).timestamp())


def vector(by: Reckoner, start: int, kind: str, amount: float) -> int:
    rows = np.array([start]), np.array([KINDS.index(kind)]), np.array([amount])
    return int(by.deadlines(*rows)[0])


@settings(max_examples=60, deadline=None)
@given(
    scene=st.sampled_from(SCENES),
    share=st.floats(0, 1),
    kind=st.sampled_from(KINDS),
    quarters=st.integers(0, 96),
)
def test_equals_a_walk_through_the_minutes(
    scene: tuple[str, str, str, int], share: float, kind: Kind, quarters: int
) -> None:
    found: Weeks = weeks(*scene)
    calendar, zone, _, days = scene
    by = reckoner(calendar, zone)
    # The last days are left for limits that begin late.
    minutes = int(share * (days - 11 if calendar == "nights" else days / 3) * 24 * 60)
    amount = {"working_days": quarters / 24, "calendar_days": quarters // 14}.get(
        kind, quarters / 4
    )
    start = found.first + minutes * MINUTE
    expected = found.deadline(start, kind, amount, by.calendar.day_hours)
    assert by.deadline(start, kind, amount) == expected
    assert vector(by, start, kind, amount) == expected


@pytest.mark.parametrize(
    ("kind", "amount", "start", "end"),
    [
        ("urgent_hours", 2, "2026-02-17 23:30", "2026-02-18 01:30"),
        ("working_hours", 4, "2026-11-20 10:00", "2026-11-20 16:00"),
        ("working_hours", 4, "2026-11-20 16:00", "2026-11-23 10:00"),
        ("working_hours", 4, "2026-11-20 13:00", "2026-11-20 18:00"),
        ("working_days", 1, "2026-02-13 17:00", "2026-02-14 17:00"),  # a Saturday worked
        ("working_days", 1, "2026-02-14 17:00", "2026-02-24 17:00"),  # nine days off
        ("working_days", 2, "2026-02-13 17:00", "2026-02-24 17:00"),
        ("working_days", 1, "2026-01-03 20:00", "2026-01-04 18:00"),  # a Sunday worked
        ("calendar_days", 3, "2026-02-14 17:00", "2026-02-17 17:00"),
        ("working_hours", 0, "2026-11-21 03:00", "2026-11-21 03:00"),
    ],
)
def test_examples_of_china(kind: Kind, amount: float, start: str, end: str) -> None:
    by = reckoner("china", "Asia/Shanghai")
    assert by.deadline(at(start), kind, amount) == vector(by, at(start), kind, amount) == at(end)


def test_a_day_of_the_calendar_ends_at_the_same_time_on_the_wall() -> None:
    zone = "America/New_York"
    by = reckoner("weekdays", zone)
    before, after = at("2025-03-08 10:00", zone), at("2025-03-09 10:00", zone)
    assert after - before == 23 * 3600
    assert by.deadline(before, "calendar_days", 1) == after
    assert by.deadline(before, "urgent_hours", 24) == after + 3600


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("amount", [1e5, 1e9])
def test_a_huge_limit_ends_with_the_moments(kind: Kind, amount: float) -> None:
    by = reckoner("china", "Asia/Shanghai")
    start = at("2100-01-01 00:00")
    found = by.deadline(start, kind, amount)
    assert found == vector(by, start, kind, amount)
    assert start < found <= LATEST < 2**32 - 1
    assert found == LATEST or (kind == "urgent_hours" and amount == 1e5)


rows = st.tuples(
    st.integers(at("2024-06-01"), at("2026-06-01")),
    st.sampled_from(range(len(KINDS))),
    st.sampled_from([0.0, 0.5, 2.0, 4.0, 15.0]),
    st.integers(0, 4),
    st.sampled_from([0, 0, 3_600, 200_000, 400 * 86_400]),
)


@settings(max_examples=20, deadline=None)
@given(cases=st.lists(rows, min_size=1, max_size=20))
def test_many_at_once_are_as_one_by_one(cases: list[tuple[int, int, float, int, int]]) -> None:
    by = reckoner("china", "Asia/Shanghai")
    due, original = by.due(Terms(*(np.array(column) for column in zip(*cases, strict=True))))
    for n, (start, number, amount, extended, paused) in enumerate(cases):
        kind = KINDS[number]
        if not amount:
            assert due[n] == original[n] == 0
            continue
        assert original[n] == by.deadline(start, kind, amount)
        later = by.deadline(start, kind, amount * (1 + min(extended, 2)))
        assert due[n] == by.moved(later, kind, min(paused, 365 * 86_400))
        assert due[n] >= original[n] > start


def test_a_pause_of_unknown_time_leaves_no_deadline_at_night() -> None:
    by = reckoner("china", "Asia/Shanghai")
    due = at("2026-11-20 18:00")  # a Friday
    assert by.moved(due, "working_hours", 3_600) == at("2026-11-23 08:00")
    assert by.moved(due, "working_hours", 3 * 86_400) == at("2026-11-23 18:00")
    assert by.moved(due, "working_hours", 0) == due
    assert by.moved(due, "urgent_hours", 3_600) == at("2026-11-20 19:00")


def test_what_rests_on_unknown_holidays_is_known() -> None:
    by = reckoner("china", "Asia/Shanghai")
    names = ["2026-12-31 10:00", "2026-12-31 10:00", "2026-12-31 10:00", "2023-12-29 09:00"]
    start, kind = np.array([at(name) for name in names]), np.array([1, 1, 0, 1])
    due = by.deadlines(start, kind, np.array([6.0, 6.5, 48.0, 1.0]))
    assert by.beyond(start, due, kind).tolist() == [False, True, False, True]
    plain = reckoner("weekdays", "America/New_York")
    assert not plain.beyond(start, due, kind).any()
