from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.clocks import calendar_of, reckoner_of, shipped
from geodata.model.calendar import Calendar, Clock
from geodata.model.errors import ProfileError
from geodata.model.profile import Matter, Profile, read_profile
from geodata.store.toml import dump

if TYPE_CHECKING:
    from pathlib import Path

CITY = """
key = "t"
name_zh = "t"
name_en = "T"
levels = [{key = "city", name_zh = "c", name_en = "c"}]
[clock]
calendar = "%s"
"""
OWN = """
name_zh = "o"
name_en = "Own"
until = 2027-01-01
[weekly]
monday = ["08:00-12:00", "13:00-24:00"]
[[holidays]]
name_zh = "h"
name_en = "H"
first = 2026-11-16
last = 2026-11-16
worked = [2026-11-14]
"""


def profile(folder: Path, calendar: str) -> Profile:
    path = folder / "city.toml"
    path.write_text(CITY % calendar, encoding="utf-8")
    return read_profile(path)


def test_a_calendar_beside_the_profile_is_kept_with_it(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    city = profile(tmp_path, "own.toml")
    kept = tmp_path / "kept" / "profile.toml"
    kept.parent.mkdir()
    kept.write_text(dump(city.model_dump(mode="json", exclude_none=True)), encoding="utf-8")
    assert read_profile(kept) == city
    assert calendar_of(city.clock).file == "own.toml"
    assert reckoner_of(city).deadline(1_794_600_000, "working_days", 1) == 1_794_646_800


def test_a_calendar_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"own\.toml: cannot be read"):
        profile(tmp_path, "own.toml")
    with pytest.raises(ProfileError, match="'mars' is shipped; name one of china, weekdays"):
        reckoner_of(profile(tmp_path, "mars"))


@pytest.mark.parametrize("name", shipped())
def test_shipped_calendars_are_whole(name: str) -> None:
    found = calendar_of(Clock(calendar=name))
    assert found.file == f"{name}.toml"
    days = [day for each in found.holidays for day in (each.first, *each.worked)]
    assert all(found.since <= day < found.until for day in days if found.since and found.until)
    off = [day for each in found.holidays for day in each.worked if day.weekday() < 5]
    assert off == []  # only weekends are worked for a holiday


@pytest.mark.parametrize(
    "weekly",
    [{}, {"monday": ["12:00-08:00"]}, {"monday": ["8-12"]}, {"monday": ["08:00-12:00"] * 2}],
)
def test_hours_that_make_no_sense_are_refused(weekly: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match="spell"):
        Calendar.model_validate({"name_zh": "x", "name_en": "x", "weekly": weekly})


def test_limits_of_older_profiles_are_hours_that_run_day_and_night() -> None:
    words = {"key": "m", "name_zh": "m", "name_en": "m", "category": "c"}
    old = Matter.model_validate({**words, "limit_h": 24})
    assert (old.limit, old.limit_kind) == (24, "urgent_hours")
    with pytest.raises(ValueError, match="leave limit_h out"):
        Matter.model_validate({**words, "limit_h": 24, "limit": 1})
