from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geodata.demo.rhythm import HOURS, WEEK, days_between, festival, heating, wetness

if TYPE_CHECKING:
    from geodata.demo.plan import Plan


def test_every_curve_has_its_hours_and_days() -> None:
    assert {len(text.split()) for text in HOURS.values()} == {24}
    assert {len(days) for days in WEEK.values()} == {7}


def test_a_year_has_the_cases_it_should(plan: Plan) -> None:
    rhythm = plan.world.rhythm
    year = days_between(plan.until - timedelta(365), plan.until - timedelta(1))
    daily = np.mean([rhythm.expected(day).sum() for day in year])
    assert daily == pytest.approx(rhythm.daily, rel=0.04)
    likely = np.mean([rhythm.likely(day).sum() for day in year])
    assert likely == pytest.approx(daily, rel=0.03)


def test_the_spring_festival_is_quiet_and_mondays_are_not(plan: Plan) -> None:
    rhythm = plan.world.rhythm
    assert festival(date(2026, 2, 17)) == 1
    assert festival(date(2026, 3, 17)) == 0
    quiet, usual = (rhythm.expected(day).sum() for day in (date(2026, 2, 17), date(2026, 3, 17)))
    assert quiet < 0.6 * usual
    office = rhythm.codes.rhythm.index("office")
    monday, sunday = (rhythm.expected(date(2026, 11, d))[office].sum() for d in (16, 15))
    assert monday > 2 * sunday


def test_heating_is_for_the_winter() -> None:
    assert heating(date(2026, 1, 10)) > 5 * heating(date(2026, 7, 10))


def test_rain_comes_in_summer_and_falls_the_same_again() -> None:
    days = [date(2025, 1, 1) + timedelta(number) for number in range(730)]
    rain = np.array([wetness(3, day) for day in days])
    summer = np.array([6 <= day.month <= 8 for day in days])
    assert rain[summer].mean() > 2 * rain[~summer].mean()
    assert (rain == 0).mean() > 0.5
    assert wetness(3, days[5]) == rain[5]
