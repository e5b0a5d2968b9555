"""The clock of a city that is looked at as its files left it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from geodata.model.schemas import DAY_BITS
from geodata.publish.clock import Clock

ZONE = "America/New_York"


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp())


def frame(*reported: str, by_day: int = 0) -> pd.DataFrame:
    return pd.DataFrame({"reported": [at(text) for text in reported], "by_day": by_day})


@pytest.mark.parametrize(
    ("last", "stands"),
    [
        ("2024-12-31T09:24", "2024-12-31T09:24:00"),
        ("2024-12-31T10:18", "2024-12-31T10:18:00"),  # a closing soon after the last report
        ("2024-12-31T16:18", "2024-12-31T09:24:00"),  # a closing of the same day
        ("2025-08-18T00:00", "2024-12-31T09:24:00"),  # a closing long after the last report
    ],
)
def test_the_clock_stands_where_the_reports_end(last: str, stands: str) -> None:
    clock = Clock(ZONE)
    clock.see(frame("2024-12-31T09:24", "2024-12-30T23:00"))
    clock.see(frame("2011-03-04T05:06"))
    clock.see(frame())
    assert clock.at(at(last)) == at(stands)


def test_a_report_known_by_its_day_lasts_until_night() -> None:
    clock = Clock(ZONE)
    clock.see(frame("2024-12-30T10:00"))
    clock.see(frame("2024-12-31T00:00", by_day=DAY_BITS["reported"]))
    assert clock.at(at("2024-12-31T00:00")) == at("2024-12-31T23:59:59")


def test_without_reports_it_stands_at_the_newest_record() -> None:
    assert Clock(ZONE).at(7) == 7
