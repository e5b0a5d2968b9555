"""The simulated live feed of a demo city: whole days, written ahead, judged as of now."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

import geopandas as gpd

from geodata.demo.plan import make_casebook
from geodata.demo.rhythm import days_between
from geodata.model.draft import Arranged
from geodata.store.months import write_day

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    import pandas as pd

    from geodata.demo.incidents import Casebook

log = logging.getLogger(__name__)

AGAIN_S: Final = 3600.0
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
    def buildings(self) -> gpd.GeoDataFrame:
        """BUILDINGS."""

    @property
    def estates(self) -> gpd.GeoDataFrame | None:
        """ESTATES."""


def demo_notes(city: CityLike) -> Mapping[str, Any] | None:
    """Seed, scale and until of a demo city; None for any other."""
    return city.meta.get("notes", {}).get("demo") or None


def casebook_of(city: CityLike) -> Casebook:
    """Make the casebook that a demo city's history was written with.

    Raises:
        ValueError: the city is not a demo.
    """
    notes = demo_notes(city)
    if notes is None:
        message = f"snapshot {city.id} is not a demo: its notes have no part `demo`"
        raise ValueError(message)
    estates = gpd.GeoDataFrame() if city.estates is None else city.estates
    arranged = Arranged(city.places, city.sites, city.buildings, estates)
    until = date.fromisoformat(notes["until"])
    return make_casebook(str(notes["scale"]), int(notes["seed"]), until, arranged)


def day_frame(city: CityLike, day: date) -> pd.DataFrame:
    """Incidents of one local day of a demo city, future stages included; always the same."""
    return casebook_of(city).days([day])


@dataclass(frozen=True, eq=False)
class Feed:
    """Keeps DIR/feed/<snapshot>/<day>.parquet filled from the demo's `until` to tomorrow."""

    city: CityLike
    data_dir: Path

    @cached_property
    def casebook(self) -> Casebook:
        """The demo's casebook, made once: it takes a moment."""
        return casebook_of(self.city)

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
        zone: ZoneInfo = self.casebook.world.zone
        last = moment.astimezone(zone).date() + timedelta(AHEAD_DAYS)
        days = days_between(date.fromisoformat(notes["until"]), last)
        missing = [day for day in days if not self._path(day).exists()]
        return [self._write(day) for day in missing]

    def run(self, stop: threading.Event) -> None:
        """Fill now and then every hour until told to stop."""
        while not stop.is_set():
            try:
                self.fill()
            except OSError:  # a full disk today need not be full in an hour
                log.exception("feed of %s: a day could not be written", self.city.id)
            stop.wait(AGAIN_S)

    def _path(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.parquet"

    def _write(self, day: date) -> Path:
        return write_day(self.folder, day.isoformat(), self.casebook.days([day]))
