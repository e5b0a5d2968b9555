"""Time windows on the local clock."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.model.errors import RequestError
from geodata.model.periods import (
    DAY,
    HOUR,
    Window,
    day_start,
    from_wall,
    last_days,
    norm_windows,
    read_period,
    shift_weeks,
    wall_later,
    wall_seconds,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BALTIMORE = ZoneInfo("America/New_York")
NOW = 1_795_242_700  # 2026-11-21 14:31:40 in Shanghai
SUMMER_ENDS = int(datetime(2026, 11, 1, 6, tzinfo=UTC).timestamp())  # in Baltimore


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("24h", DAY),
        ("7d", 7 * DAY),
        ("90d", 90 * DAY),
        ("today", 14 * HOUR + 31 * 60 + 40),
        ("2026-11-01..2026-11-21", 21 * DAY),
        ("2026-11-21T08:00..2026-11-21T09:30", 5400),
        ("2026-11-20..2026-11-21T06:00", 30 * HOUR),
    ],
)
def test_periods(text: str, length: int) -> None:
    window = read_period(text, NOW, SHANGHAI)
    assert window.length == length
    assert window.days == length / DAY


@pytest.mark.parametrize(
    "text",
    ["", "8d", "a..b", "2026-11-21..2026-11-01", "1..2", "2026-13-01..2026-11-01", "1930-01-01.."],
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(RequestError):
        read_period(text, NOW, SHANGHAI)


def test_a_day_has_as_many_hours_as_the_clock_says() -> None:
    long = read_period("2026-11-01..2026-11-01", NOW, BALTIMORE)
    assert long.length == 25 * HOUR
    edges = last_days(long.end, 2, BALTIMORE)
    assert edges[1:] == (long.start, long.end)
    assert day_start(long.end - 1, BALTIMORE) == long.start


def test_a_week_keeps_its_hour_when_summer_ends() -> None:
    monday = SUMMER_ENDS + DAY
    assert monday - shift_weeks(monday, -1, BALTIMORE) == 7 * DAY + HOUR
    assert shift_weeks(NOW, -3, SHANGHAI) == NOW - 21 * DAY


@given(st.integers(0, 400 * DAY))
def test_walls_and_moments_agree(ago: int) -> None:
    moment = NOW - ago
    for zone in (SHANGHAI, BALTIMORE):
        wall = wall_seconds(np.array([moment]), zone)
        back = int(from_wall(wall, zone)[0])
        assert back in {moment, moment - HOUR}  # the hour that comes twice is its first
        local = datetime.fromtimestamp(moment, zone).replace(tzinfo=UTC)
        assert wall[0] == int(local.timestamp())


def test_windows_of_the_norm() -> None:
    week = Window(NOW - 7 * DAY, NOW)
    windows = norm_windows(week, 0, SHANGHAI)
    assert [week.start - window.start for window in windows] == [7 * DAY * k for k in range(1, 9)]
    assert {window.length for window in windows} == {week.length}
    month = norm_windows(Window(NOW - 30 * DAY, NOW), 0, SHANGHAI)
    assert [NOW - window.end for window in month] == [35 * DAY * k for k in range(1, 5)]
    assert norm_windows(week, week.start - 7 * DAY + 1, SHANGHAI) == ()
    assert len(norm_windows(week, week.start - 21 * DAY, SHANGHAI)) == 3


def test_a_step_of_the_local_clock_takes_in_the_hour_that_comes_twice() -> None:
    midnight = SUMMER_ENDS - 2 * HOUR
    assert wall_later(midnight, DAY, BALTIMORE) == midnight + DAY + HOUR
    assert wall_later(midnight + DAY + HOUR, -DAY, BALTIMORE) == midnight
    assert wall_later(SUMMER_ENDS - HOUR, HOUR, BALTIMORE) == SUMMER_ENDS + HOUR
    assert wall_later(SUMMER_ENDS + HOUR, HOUR, BALTIMORE) == SUMMER_ENDS + 2 * HOUR
