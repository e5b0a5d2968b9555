"""Rows of INCIDENTS into the events that would have made them, in the order of their moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import orjson
import pandas as pd

from geodata.demo.feed import demo_notes, plan_of
from geodata.engine.files import covering
from geodata.journal.vocabulary import COUNTED, HAPPENED
from geodata.model.errors import RequestError
from geodata.model.schemas import (
    DAY_BITS,
    DEADLINES,
    INCIDENTS,
    LATER_COLUMNS,
    MOMENTS,
    SITE_BUILDING,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.store.snapshots import City

    Given = dict[str, Any]

BEFORE_S: Final = 30 * 86_400  # how long ago a case may have been reported that goes on that day
ROWS: Final = """
    SELECT * FROM read_parquet($files, union_by_name = true)
    WHERE reported >= $start AND reported < $end ORDER BY reported, id
"""
KNOWN_AT_END: Final = ("settled_at", "satisfaction", *COUNTED, "suspended_s")
LISTS: Final = ("category", "matter", "department", "source")


@dataclass(frozen=True)
class Played:
    """One event of the past: its moment and its line."""

    at: int
    line: bytes


def newest_day(city: City) -> date:
    """The last whole local day before the city's clock."""
    zone = ZoneInfo(city.profile.time_zone)
    return datetime.fromtimestamp(city.now(), zone).date() - timedelta(days=1)


def window(city: City, day: date | None, hour: float, hours: float) -> tuple[int, int]:
    """First moment and the one after the last of some hours of a local day."""
    day = day or newest_day(city)
    midnight = datetime.combine(day, datetime.min.time(), ZoneInfo(city.profile.time_zone))
    start = midnight + timedelta(hours=hour)
    return int(start.timestamp()), int((start + timedelta(hours=hours)).timestamp())


def events(city: City, start: int, end: int) -> list[Played]:
    """Every event of the city between two moments, in order.

    Raises:
        RequestError: nothing was reported then.
    """
    rows = _rows(city, start - BEFORE_S, end)
    found = [
        Played(int(event["at"]), orjson.dumps(event))
        for event in _of_rows(city, rows)
        if start <= event["at"] < end
    ]
    if not found:
        msg = f"nothing happened in {city.id} between these moments; choose another day"
        raise RequestError(msg)
    return sorted(found, key=lambda played: played.at)


def _rows(city: City, start: int, end: int) -> pd.DataFrame:
    """Rows reported between two moments: published ones, and the made-up days after those."""
    parts = []
    if files := covering(city.incident_files(), (start, end)):
        with duckdb.connect() as database:
            values = {"files": files, "start": start, "end": end}
            parts.append(database.execute(ROWS, values).df())
    parts.append(_made_up(city, start, end))
    # Rows of an older publication lack the newest columns.
    known = [_completed(part) for part in parts if len(part)]
    if not known:
        return pd.DataFrame(columns=list(INCIDENTS))
    whole = pd.concat(known, ignore_index=True).drop_duplicates("id")
    reported = whole["reported"].to_numpy(dtype=np.int64)
    return whole[(reported >= start) & (reported < end)].reset_index(drop=True)


def _completed(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(**{name: rows.get(name, none) for name, none in LATER_COLUMNS.items()})
    named = rows["first_department"].fillna(LATER_COLUMNS["first_department"])  # of older files
    return rows.assign(first_department=named.astype("int64"))


def _made_up(city: City, start: int, end: int) -> pd.DataFrame:
    """Days of a demo city that its feed has not written yet."""
    notes = demo_notes(city)
    if notes is None:
        return pd.DataFrame()
    zone, there = ZoneInfo(city.profile.time_zone), {path.stem for path in city.latest_days()}
    first = max(datetime.fromtimestamp(start, zone).date(), date.fromisoformat(notes["until"]))
    last = datetime.fromtimestamp(end - 1, zone).date()
    every = [first + timedelta(days=n) for n in range(max((last - first).days + 1, 0))]
    missing = [day for day in every if day.isoformat() not in there]
    if not missing:
        return pd.DataFrame()
    plan = plan_of(city, missing[-1])
    return plan.casebook(plan.world.scale).days(missing)


def _of_rows(city: City, rows: pd.DataFrame) -> Iterator[Given]:
    tables = (city.categories, city.matters, city.departments, city.sources)
    keys = {name: [*table["key"], None] for name, table in zip(LISTS, tables, strict=True)}
    places = _Places.of(city)
    for name in MOMENTS:
        rows[name] = rows[name].fillna(0).astype("int64")
    numbers = dict(zip(rows["id"], zip(rows["source"], rows["key"], strict=True), strict=True))
    for record in rows.to_dict("records"):
        row: Given = {str(name): value for name, value in record.items()}
        case = {"source": keys["source"][row["source"]], "case": str(row["key"])}
        repeated = numbers.get(row["duplicate_of"])
        said = _said(row, keys) | places.of_row(row)
        if repeated is not None:
            said["duplicate_of"] = [keys["source"][repeated[0]], str(repeated[1])]
        first, last = (keys["department"][row[name]] for name in ("first_department", "department"))
        given_to = {"department": last, "first_department": first}
        named = {name: key for name, key in given_to.items() if key is not None}
        yield from _stages(case, row, said, named)


def _said(row: Given, keys: dict[str, list[Any]]) -> Given:
    """What a report says of the case."""
    said = {name: keys[name][row[name]] for name in ("category", "matter")}
    said |= {name: row[name] for name in ("occurred", *DEADLINES, "floor", "room") if row[name]}
    return {name: value for name, value in said.items() if value is not None}


def _stages(case: Given, row: Given, said: Given, given_to: Given) -> Iterator[Given]:
    """The report, its later stages, and at its end what is only known then."""
    bits = int(row["by_day"])
    dispatched = row["dispatched"] > 0
    for stage in HAPPENED:
        if not row[stage]:
            continue
        event = case | {"stage": stage, "at": row[stage]}
        if bits & DAY_BITS.get(stage, 0):
            event["by_day"] = True
        if stage == "reported":
            event |= said | ({} if dispatched else given_to)
        elif stage == "dispatched":
            event |= given_to
        yield event
    known: Given = {name: int(row[name]) for name in KNOWN_AT_END if row[name]}
    if row["returned"] and "first_department" not in given_to:
        known["first_department"] = None  # not the one that is named with the dispatch
    if known:
        last = max(row[stage] for stage in HAPPENED)
        yield case | {"stage": "corrected", "at": last, "fields": known}


@dataclass(frozen=True)
class _Places:
    """What a source would say of the place of a case: its building or its unit, and the point."""

    building: list[str]
    unit: list[str]

    @classmethod
    def of(cls, city: City) -> _Places:
        sites = city.sites
        codes = city.buildings["code"].to_numpy(dtype=object)
        housed = sites["kind"].to_numpy() == SITE_BUILDING
        building = np.full(len(sites), "", dtype=object)
        building[housed] = codes[sites["building"].to_numpy()[housed]]
        unit = city.places["code"].to_numpy(dtype=object)[sites["unit"].to_numpy()]
        return cls(building.tolist(), unit.tolist())

    def of_row(self, row: Given) -> Given:
        site = int(row["site"])
        place: Given = {"unit": str(self.unit[site])}
        if self.building[site]:
            place["building"] = str(self.building[site])
        if np.isfinite(row["lon"]):
            place |= {"lon": float(row["lon"]), "lat": float(row["lat"])}
        return place
