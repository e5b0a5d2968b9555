"""Numbers and moments as people read them."""

from __future__ import annotations

import math

import pytest

from dashboard.i18n import amounts, moments

ZONE = "Asia/Shanghai"
MOMENT = 1_795_242_700  # Saturday 2026-11-21 14:31:40


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "0", "0"), (18964, "18,964", "18,964"), (123_456, "123,456", "123,456"),
        (1_234_567, "123\u2009万", "1.23M"),
        (230_000_000, "2.30\u2009亿", "230M"),
        (math.nan, "—", "—"), (None, "—", "—"), (-5, "−5", "−5"),
    ],
)  # fmt: skip
def test_count(value: float | None, zh: str, en: str) -> None:
    assert amounts.count(value, "zh") == zh
    assert amounts.count(value, "en") == en


@pytest.mark.parametrize(
    ("value", "shown"), [(-1, "—"), (0, "<5"), (4, "<5"), (5, "5"), (196, "196")]
)
def test_few(value: float | None, shown: str) -> None:
    assert amounts.few(value, "zh") == shown


def test_changes_have_signs_and_arrows() -> None:
    assert [amounts.change(x) for x in (0.21, -0.04, 0.001, math.nan)] == ["+21%", "−4%", "0%", "—"]
    assert [amounts.arrow(x) for x in (0.21, -0.04, 0.001)] == ["↑", "↓", "—"]


def test_durations_change_their_unit() -> None:
    assert [amounts.minutes(x, "en") for x in (47, 204, 6000)] == ["47 min", "3.4 h", "4.2 days"]


def test_moments_in_the_citys_zone() -> None:
    assert moments.clock(MOMENT, ZONE, seconds=True) == "14:31:40"
    assert moments.day(MOMENT, ZONE, "zh") == "11-21\u2009六"
    assert moments.day(MOMENT, ZONE, "en") == "Sat 21 Nov"
    assert moments.when(MOMENT - 90_000, MOMENT, ZONE, "zh") == "11-20"
    assert moments.hour(MOMENT - 60, MOMENT, ZONE, "en") == "14:30"
    assert moments.hour(MOMENT - 55_000, MOMENT, ZONE, "zh") == "昨日\u200923:15"
    assert moments.hour(MOMENT - 55_000, MOMENT, ZONE, "en") == "yesterday 23:15"
    night = MOMENT - 52_000  # 00:05 of the same day
    assert moments.hour(night - 3_600, night, ZONE, "zh") == "昨日\u200923:05"
    assert moments.hour(MOMENT - 180_000, MOMENT, ZONE, "en") == "19 Nov"
    assert moments.minute(MOMENT, ZONE) == "2026-11-21T14:31"


def test_dates_are_written_as_their_readers_write_them() -> None:
    early = MOMENT - 300 * 86_400  # 2026-01-25
    assert moments.date(early, ZONE, "zh") == "01-25"
    assert moments.date(early, ZONE, "en") == "25 Jan"
    assert moments.full_stamp(early, ZONE, "zh") == "2026-01-25 14:31"
    assert moments.full_stamp(early, ZONE, "en") == "25 Jan 2026 14:31"
    assert moments.month(early, ZONE, "en") == "Jan 2026"


def test_the_ends_of_a_stretch_tell_no_more_than_they_must() -> None:
    noon, day = MOMENT - 9_100, 86_400  # 12:00 of that day
    ends = [(noon - 12 * 3600, noon + 12 * 3600), (noon - day, noon), (noon, noon + 3600)]
    said = [moments.span_ends(each, MOMENT, ZONE, "en") for each in ends]
    assert [tuple(each.values()) for each in said] == [
        ("21 Nov", "21 Nov"), ("20 Nov 12:00", "21 Nov 12:00"), ("21 Nov 12:00", "13:00"),
    ]  # fmt: skip
    short = moments.span_ends(ends[1], MOMENT, ZONE, "en", clocks=False)
    assert short == {"a": "20 Nov", "b": "21 Nov"}
    before = moments.span_ends((noon - 400 * day, noon), MOMENT, ZONE, "zh")
    assert before == {"a": "2025-10-17", "b": "2026-11-21"}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-3, "0 s"), (40, "40 s"), (260, "4 min 20 s"), (7300, "2 h"), (200_000, "2 d")],
)
def test_age(seconds: float, said: str) -> None:
    assert moments.age(seconds, "en") == said
