"""Puts a demo city's parts together: ground, rhythm, clusters, alerts and pace."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from geodata.clocks import reckoner_of
from geodata.demo.alerts import Alarm, alarms, reach
from geodata.demo.clusters import Cluster, Field, month_clusters
from geodata.demo.codes import demo_profile, read_codes
from geodata.demo.incidents import Casebook
from geodata.demo.life import make_ground
from geodata.demo.reports import Planted
from geodata.demo.rhythm import days_between, make_rhythm
from geodata.demo.stages import VOID, make_pace
from geodata.demo.story import story_clusters

if TYPE_CHECKING:
    from datetime import date

    from geodata.model.draft import Arranged

HISTORY_MONTHS: Final = 24
# Valid cases a week per 1,000 people near `until`, before what is planted.
WEEKLY_PER_1000: Final = {"district": 13.4, "nested": 12.3, "city": 10.7}
PREFIX: Final = {"district": "LT", "nested": "LY", "city": "LJ"}


@dataclass(frozen=True, eq=False)
class Plan:
    """A demo city's field with everything that is planted in it up to the day `end`."""

    world: Field
    until: date
    end: date

    @property
    def first(self) -> date:
        """First day of the history."""
        return first_day(self.until)

    @cached_property
    def alarms(self) -> list[Alarm]:
        """Alerts with their cases."""
        return alarms(self.world, self.until, self.end)

    @cached_property
    def clusters(self) -> list[Cluster]:
        """Everything planted, by time."""
        days = days_between(self.first, self.end)
        months = sorted({(day.year, day.month) for day in days})
        found = [c for month in months for c in month_clusters(self.world, *month)]
        found += story_clusters(self.world, self.until)
        found += [alarm.cluster for alarm in self.alarms]
        return sorted(found, key=lambda c: int(c.moment[0]) if len(c.moment) else 0)

    def casebook(self, scale: str) -> Casebook:
        """Make the casebook of the city."""
        clock = reckoner_of(demo_profile(scale))
        pace = make_pace(self.world.seed, self.world.ground, self.until, clock)
        return Casebook(self.world, pace, Planted.of(self.clusters), PREFIX[scale])


def first_day(until: date) -> date:
    """Two years before, on the same day of the month where there is one."""
    try:
        return until.replace(year=until.year - HISTORY_MONTHS // 12)
    except ValueError:  # 29 February
        return until.replace(year=until.year - HISTORY_MONTHS // 12, day=28)


def make_plan(
    scale: str, seed: int, until: date, arranged: Arranged, day: date | None = None
) -> Plan:
    """Plan a demo city whose places are arranged, as far as `day` (default: `until`) needs it."""
    ground = make_ground(seed, arranged)
    valid = WEEKLY_PER_1000[scale] * ground.people / 7000
    rhythm = make_rhythm(seed, read_codes(), valid / (1 - VOID), until)
    zone = ZoneInfo(demo_profile(scale).time_zone)
    field = Field(seed, scale, ground, rhythm, zone)
    return Plan(field, until, reach(until, day or until))
