"""The demo's incidents: reports with a site, a source and a fate, as the table INCIDENTS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.spatial import cKDTree

from geodata.demo.codes import CHANNELS, PLACES
from geodata.demo.reports import Planted, Reports, draw_day
from geodata.demo.rhythm import days_between
from geodata.demo.stages import NORMAL, UNIFORM, Cases, Columns, Pace, stage_columns
from geodata.model.schemas import INCIDENTS, MOMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geodata.demo.clusters import Field

Ints = npt.NDArray[np.int64]

A_DAY: Final = 1_000_000  # more cases than a day can have, to number them by day
UNLOCATED: Final = 0.008
INDOORS: Final = 0.62
INDOOR_PLACES: Final = ("home", "tower", "old")
SCATTER_M: Final = (3.0, 12.0)  # in a building, outdoors
METRES_A_DEGREE: Final = 111_320.0
NEXT_DOOR_M: Final = 80.0
# Two people who report the same thing agree about where and when, but for so much.
SAME_SPOT_M: Final = 6.0
SAME_MOMENT_S: Final = 480.0
NIGHT_HOURS: Final = (7, 20)  # patrols and cameras report between them
# By channel, by day and by night: hotline, patrol, digital, police line, petition.
SOURCES: Final = {
    "street": ((0.22, 0.43, 0.32, 0.01, 0.02), (0.62, 0.12, 0.20, 0.05, 0.01)),
    "home": ((0.60, 0.29, 0.01, 0.03, 0.07), (0.82, 0.04, 0.00, 0.12, 0.02)),
    "safety": ((0.30, 0.25, 0.03, 0.40, 0.02), (0.26, 0.05, 0.01, 0.67, 0.01)),
    "office": ((0.68, 0.12, 0.01, 0.03, 0.16), (0.80, 0.02, 0.00, 0.06, 0.12)),
}


@dataclass(frozen=True, eq=False)
class Casebook:
    """Makes the incidents of any day; prefix: how the keys of the city's cases begin."""

    world: Field
    pace: Pace
    planted: Planted
    prefix: str

    def days(self, days: Sequence[date], again: list[pd.DataFrame] | None = None) -> pd.DataFrame:
        """Incidents reported on some local days, in order, with the columns of INCIDENTS.

        The truth about second reports is added to `again`: id, first (its id), marked.
        """
        reports = Reports.joined([draw_day(self.world, self.planted, day) for day in days])
        u = dict(zip(UNIFORM, reports.u, strict=True))
        site = self._sites(reports)
        cases = Cases(
            reported=reports.reported,
            hour=reports.hour,
            weekday=(reports.day + 6) % 7,  # day 1 of the calendar was a Monday
            day=reports.day,
            matter=reports.matter,
            area=self.world.ground.area[site],
            slow=reports.slow.astype(np.float32),
            origin=np.where(reports.marked, reports.origin, -1),
            u=u,
            z=dict(zip(NORMAL, reports.z, strict=True)),
        )
        columns = stage_columns(self.pace, cases)
        columns["occurred"] = _occurred(reports, cases, columns["occurred"].astype(np.int64))
        columns |= self._where(reports, cases, site)
        columns |= self._names(reports)
        if again is not None:
            again.append(_second(reports, columns["id"]))
        columns["source"] = self._sources(reports, u["source"])
        columns["category"] = self.world.ground.codes.category[reports.matter]
        columns["matter"] = reports.matter
        columns["reported"] = reports.reported
        return _frame(columns)

    def months(
        self, first: date, until: date, again: list[pd.DataFrame] | None = None
    ) -> Iterator[pd.DataFrame]:
        """Incidents reported from `first` to before `until`, one frame a month (UTC).

        `again` as for `days`; a day that two months share is in it twice.
        """
        begin, end = self.world.midnight(first), self.world.midnight(until)
        start = datetime.fromtimestamp(begin, UTC).replace(day=1, hour=0, minute=0, second=0)
        while start.timestamp() < end:
            after = (start + timedelta(32)).replace(day=1)
            low = max(int(start.timestamp()), begin)
            high = min(int(after.timestamp()), end)
            frame = self.days(days_between(self.world.day(low), self.world.day(high - 1)), again)
            rows = np.searchsorted(frame["reported"].to_numpy(np.int64), [low, high])
            yield frame.iloc[rows[0] : rows[1]].reset_index(drop=True)
            start = after

    def _sites(self, reports: Reports) -> Ints:
        """Choose the sites that are left to chance; a second report has the first one's.

        Some of those that nobody has noticed are placed next door.
        """
        place = self.world.ground.codes.place[reports.matter]
        site = self.world.ground.pick(place, reports.place)
        site = np.where(reports.site >= 0, reports.site, site)
        site = np.where(reports.origin >= 0, site[reports.origin], site)
        aside = np.flatnonzero(reports.aside)
        site[aside] = self._beside(site[aside])
        return np.asarray(site)

    @cached_property
    def _known(self) -> tuple[Ints, npt.NDArray[np.float64], cKDTree]:
        """Sites whose place is known, their metres east and north, and a tree of these."""
        ground = self.world.ground
        sites = np.flatnonzero(np.isfinite(ground.lon))
        lon, lat = ground.lon[sites].astype(np.float64), ground.lat[sites].astype(np.float64)
        spots = np.column_stack([lon * np.cos(np.radians(lat.mean())), lat]) * METRES_A_DEGREE
        return sites, spots, cKDTree(spots)

    def _beside(self, sites: Ints) -> Ints:
        """The nearest other site of each, itself where none is next door."""
        known, spots, tree = self._known
        row = np.minimum(np.searchsorted(known, sites), len(known) - 1)
        near, other = tree.query(spots[row], k=2, distance_upper_bound=NEXT_DOOR_M)
        found = (known[row] == sites) & np.isfinite(near[:, 1])
        beside = np.where(other[:, 0] == row, other[:, 1], other[:, 0])
        return np.where(found, known[np.where(found, beside, 0)], sites)

    def _where(self, reports: Reports, cases: Cases, site: Ints) -> Columns:
        """Coordinates, floor and room; some cases are not located nearer than their community."""
        ground, u = self.world.ground, cases.u
        first = np.where(reports.origin >= 0, reports.origin, np.arange(len(reports)))
        lost = (u["unlocated"] < UNLOCATED) & (ground.unknown[site] >= 0) & (reports.site < 0)
        lost = lost[first]
        metres = np.where(ground.outdoor[site], SCATTER_M[1], SCATTER_M[0]).astype(np.float32)
        north = metres * cases.z["north"] / np.float32(METRES_A_DEGREE)
        east = metres * cases.z["east"] / np.float32(METRES_A_DEGREE)
        lat = ground.lat[site] + north
        lon = ground.lon[site] + east / np.cos(np.radians(ground.lat[site]))
        spot = np.flatnonzero((reports.origin >= 0) & ground.outdoor[site] & ~reports.aside)
        nearer = SAME_SPOT_M / SCATTER_M[1]
        for place, off in ((lat, north), (lon, east / np.cos(np.radians(ground.lat[site])))):
            place[spot] = place[first[spot]] + nearer * off[spot]
        rooms, floors = ground.rooms[site], ground.floors[site]
        indoor = [PLACES.index(name) for name in INDOOR_PLACES]
        at_home = np.isin(ground.codes.place, indoor)[reports.matter] & (rooms > 0)
        at_home &= (u["indoors"][first] < INDOORS) & ~lost
        floor = np.where(at_home, 1 + (u["floor"][first] * floors).astype(np.int64), 0)
        room = np.where(at_home, 1 + (u["room"][first] * rooms).astype(np.int64), 0)
        nowhere = np.float32(np.nan)
        floor = np.where(reports.floor >= 0, reports.floor, floor)
        room = np.where(reports.room >= 0, reports.room, room)
        return {
            "site": np.where(lost, ground.unknown[site], site),
            "lon": np.where(lost, nowhere, lon),
            "lat": np.where(lost, nowhere, lat),
            "floor": np.where(reports.vague, 0, floor),
            "room": np.where(reports.vague, 0, room),
        }

    def _sources(self, reports: Reports, u: npt.NDArray[np.float32]) -> Ints:
        """Choose sources by channel and hour; a second report comes through another one."""
        mixes = np.cumsum([SOURCES[channel] for channel in CHANNELS], axis=2).astype(np.float32)
        night = (reports.hour < NIGHT_HOURS[0]) | (reports.hour >= NIGHT_HOURS[1])
        mix = mixes[self.world.ground.codes.channel[reports.matter], night.astype(np.int64)]
        source = (u[:, None] >= mix[:, :-1]).sum(axis=1)
        again = np.flatnonzero(reports.origin >= 0)
        theirs = source[reports.origin[again]]
        # Somebody else's channel: the hotline, or the grid officer where that was the first.
        other = np.where(theirs == 0, 1, 0)
        source[again] = np.where(source[again] == theirs, other, source[again])
        return np.asarray(source, dtype=np.int64)

    def _names(self, reports: Reports) -> Columns:
        """Number the cases by day, and write the numbers as the source would."""
        days, index = np.unique(reports.day, return_inverse=True)
        written = [int(date.fromordinal(int(day)).strftime("%Y%m%d")) for day in days]
        number = np.array(written, dtype=np.int64)[index] * A_DAY + reports.number
        first = np.where(reports.marked, number[reports.origin], -1)
        text = pc.cast(pa.array(number), pa.string())
        day, rest = (pc.utf8_slice_codeunits(text, *cut) for cut in ((0, 8), (8, 14)))
        key = pc.binary_join_element_wise(self.prefix, day, "-", rest, "")
        return {"id": number, "duplicate_of": first, "key": key}


def _occurred(reports: Reports, cases: Cases, moment: Ints) -> Ints:
    """Let second reports say about when the first did that it happened; 0 = nobody says."""
    rows = np.flatnonzero((reports.origin >= 0) & (moment > 0))
    theirs = moment[reports.origin[rows]]
    about = theirs + (SAME_MOMENT_S * cases.z["occurred"][rows]).astype(np.int64)
    about = np.minimum(about, reports.reported[rows])
    moment[rows] = np.where(theirs > 0, about, moment[rows])
    return moment


def _second(reports: Reports, number: npt.NDArray[np.generic]) -> pd.DataFrame:
    """The truth about second reports: which case each of them repeats."""
    rows = np.flatnonzero(reports.origin >= 0)
    first = number[reports.origin[rows]]
    return pd.DataFrame({"id": number[rows], "first": first, "marked": reports.marked[rows]})


def _frame(columns: Columns) -> pd.DataFrame:
    """Bring the columns to the order and types of INCIDENTS; a moment 0 is null."""
    table: dict[str, object] = {}
    exact = np.zeros(len(columns["id"]), dtype=np.int16)  # every moment is known to the second
    for name, kind in INCIDENTS.items():
        values = exact if name == "by_day" else columns[name]
        if name in MOMENTS:
            table[name] = pd.arrays.IntegerArray(values.astype(np.uint32), values == 0)
        elif kind == "string":
            table[name] = pd.array(values, dtype="string")
        else:
            table[name] = values.astype(kind)
    return pd.DataFrame(table, copy=False)
