"""The simulated live feed of a demo city: whole days, written ahead, judged as of now."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol
from zoneinfo import ZoneInfo

import geopandas as gpd

from geodata.demo.alerts import reach
from geodata.demo.codes import demo_profile
from geodata.demo.plan import make_plan
from geodata.demo.rhythm import days_between
from geodata.model.draft import Arranged
from geodata.store.months import write_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from geodata.demo.incidents import Casebook
    from geodata.demo.plan import Plan

AHEAD_DAYS: Final = 1


class CityLike(Protocol):
    """What the feed needs of a published city; `store.snapshots.City` fits."""

    @property
    def id(self) -> str:
        """Snapshot id."""

    @property
    def meta(self) -> Mapping[str, Any]:
        """What the publication noted: `notes.demo` holds seed, scale and until."""

    @property
    def places(self) -> gpd.GeoDataFrame:
        """PLACES."""

    @property
    def sites(self) -> pd.DataFrame:
        """SITES."""

    @property
    def buildings(self) -> pd.DataFrame:
        """BUILDINGS without their shapes."""

    @property
    def estates(self) -> gpd.GeoDataFrame | None:
        """ESTATES."""


def demo_notes(city: CityLike) -> Mapping[str, Any] | None:
    """Seed, scale and until of a demo city; None for any other."""
    return city.meta.get("notes", {}).get("demo") or None


def plan_of(city: CityLike, day: date | None = None) -> Plan:
    """Make the plan that a demo city's history was written with, as far as `day` needs it.

    Raises:
        ValueError: the city is not a demo.
    """
    notes = demo_notes(city)
    if notes is None:
        message = f"snapshot {city.id} is not a demo: its notes have no part `demo`"
        raise ValueError(message)
    estates = gpd.GeoDataFrame() if city.estates is None else city.estates
    arranged = Arranged(city.places, city.sites, gpd.GeoDataFrame(city.buildings), estates)
    until = date.fromisoformat(notes["until"])
    return make_plan(str(notes["scale"]), int(notes["seed"]), until, arranged, day)


@dataclass(frozen=True, eq=False)
class Feed:
    """Keeps DIR/feed/<snapshot>/<day>.parquet filled from the demo's `until` to tomorrow."""

    city: CityLike
    data_dir: Path
    _books: dict[date, tuple[Plan, Casebook]] = field(default_factory=dict, repr=False)

    @property
    def folder(self) -> Path:
        """Where the days are written."""
        return self.data_dir / "feed" / self.city.id

    def fill(self, now: float | None = None) -> list[Path]:
        """Write the days that are missing up to tomorrow and name their files."""
        notes = demo_notes(self.city)
        if notes is None:
            return []
        moment = datetime.fromtimestamp(time.time() if now is None else now, UTC)
        zone = ZoneInfo(demo_profile(str(notes["scale"])).time_zone)
        until = date.fromisoformat(notes["until"])
        last = moment.astimezone(zone).date() + timedelta(AHEAD_DAYS)
        missing = [day for day in days_between(until, last) if not self._path(day).exists()]
        return [self._write(until, day) for day in missing]

    def _path(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.parquet"

    def _write(self, until: date, day: date) -> Path:
        _, book = self._book(until, day)
        return write_day(self.folder, day.isoformat(), book.days([day]))

    def _book(self, until: date, day: date) -> tuple[Plan, Casebook]:
        """Plan and casebook that hold for a day; one is kept, as it takes a moment to make."""
        end = reach(until, day)
        if end not in self._books:
            plan = plan_of(self.city, day)
            self._books.clear()
            self._books[end] = plan, plan.casebook(plan.world.scale)
        return self._books[end]
