"""Incident files into rows of INCIDENTS; the place is found later, once places are numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from pyproj import Transformer

from geodata.ingest.coding import put_codes
from geodata.ingest.files import ROW, Read, as_crs, read_layer
from geodata.ingest.findings import Ledger, finding
from geodata.ingest.locate import WGS84
from geodata.ingest.moments import parse
from geodata.model.schemas import INCIDENTS, MOMENTS, STAGES

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.ingest.codes import CodeLists
    from geodata.ingest.findings import Finding
    from geodata.model.profile import IncidentFeed, Profile

# Values of columns that a file may leave out.
ABSENT: Final = {"matter": -1, "department": -1, "duplicate_of": -1}
PLACE_TEXTS: Final = ("place", "building")
_WORLD: Final = (180.0, 90.0)


@dataclass(frozen=True)
class FeedRows:
    """One feed read: columns of INCIDENTS but `id` and `site`, and what the file says of places."""

    feed: IncidentFeed
    file: str
    rows: pd.DataFrame


def read_feed(
    feed: IncidentFeed, profile: Profile, folder: Path, lists: CodeLists, findings: list[Finding]
) -> FeedRows:
    """Read one incident file; rows without a readable `reported` or with a known key are rejected.

    Raises:
        ImportRefusedError: the file cannot be used as a whole.
    """
    read = read_layer(feed.layer, folder, profile.crs)
    ledger = Ledger(read.file, len(read.frame), findings, read.passed_over)
    rows = pd.DataFrame({ROW: read.frame[ROW], "key": _keys(read, ledger)})
    for column in PLACE_TEXTS:
        rows[column] = read.text(column)
    rows = pd.concat([rows, _moments(read, feed, profile, ledger)], axis=1)
    rows["lon"], rows["lat"] = _coordinates(read, feed, profile, ledger)
    _apply_status(rows, read.text("status"), feed, ledger)
    rows = _rejected(rows, ledger)
    if added := put_codes(rows, read, feed, lists):
        cure = "add them to the profile to give them names in both languages"
        findings.append(finding(read.file, "read", "codes_not_in_profile", cure=cure, rows=added))
    _apply_limits(rows, lists)
    _order_stages(rows, ledger)
    ledger.close(len(rows))
    for column, kind in INCIDENTS.items():
        if column not in rows and column not in {"id", "site"}:
            rows[column] = pd.Series(ABSENT.get(column, 0), index=rows.index, dtype=kind)
    return FeedRows(feed, read.file, rows)


def _keys(read: Read, ledger: Ledger) -> pd.Series:
    keys = read.text("key")
    numbers = read.frame[ROW].astype("string")
    if "key" in read.frame:
        blank = (keys == "").to_numpy()
        cure = "give each case its number; its row stands in for it"
        ledger.repair("key_missing", read.frame.loc[blank, ROW].tolist(), cure)
    return keys.where(keys != "", "row-" + numbers)


def _moments(read: Read, feed: IncidentFeed, profile: Profile, ledger: Ledger) -> pd.DataFrame:
    columns = {}
    for column in (*MOMENTS, "status_at"):
        moments = parse(read.text(column), feed.time_formats, profile.time_zone)
        columns[column] = moments.seconds
        if column == "reported":
            continue
        rows = read.frame[ROW].to_numpy()
        cure = f"write {column} as one of the profile's time_formats; it counts as not known"
        ledger.repair(f"{column}_unreadable", rows[moments.unreadable].tolist(), cure)
        cure = f"{column} is in the hour that the clock skips; it was moved on by it"
        ledger.repair("hour_skipped", rows[moments.shifted].tolist(), cure)
    return pd.DataFrame(columns)


def _coordinates(
    read: Read, feed: IncidentFeed, profile: Profile, ledger: Ledger
) -> tuple[pd.Series, pd.Series]:
    """Lon and lat in WGS-84; NaN where they are missing or stand for "missing"."""
    if "geometry" in read.frame:
        points = read.shapes.representative_point()
        return points.x, points.y
    lon, lat = (_numbers(read.text(column)) for column in ("lon", "lat"))
    if "lon" not in read.frame:
        return lon, lat
    sham = pd.Series(data=False, index=lon.index)
    for x, y in feed.missing_coordinates:
        sham |= (lon == x) & (lat == y)
    if feed.whole_degrees_missing:
        sham |= (lon % 1 == 0) & (lat % 1 == 0)
    blank = lon.isna() | lat.isna()
    crs = as_crs(read.file, feed.layer.crs or profile.crs)
    if crs.is_geographic:
        far = ((lon.abs() > _WORLD[0]) | (lat.abs() > _WORLD[1])) & ~blank
    else:
        far = pd.Series(data=False, index=lon.index)
        lon, lat = (pd.Series(c) for c in _to_wgs84(crs.to_wkt(), lon, lat))
    cure = "survey the spot; until then the case counts where its place says, else as unknown"
    rows = read.frame[ROW]
    for reason, wrong in (
        ("coordinates_missing", blank),
        ("coordinates_rounded_away", sham & ~blank),
        ("coordinates_not_on_earth", far & ~sham),
    ):
        ledger.repair(reason, rows[wrong].tolist(), cure)
    known = ~(blank | sham | far)
    return lon.where(known), lat.where(known)


def _to_wgs84(crs: str, lon: pd.Series, lat: pd.Series) -> tuple[list[float], list[float]]:
    change = Transformer.from_crs(crs, WGS84, always_xy=True)
    x, y = change.transform(lon.to_numpy(), lat.to_numpy())
    return x, y


def _numbers(text: pd.Series) -> pd.Series:
    return pd.to_numeric(text, errors="coerce").astype("float64")


def _apply_status(
    rows: pd.DataFrame, status: pd.Series, feed: IncidentFeed, ledger: Ledger
) -> None:
    """Let the status decide what the moments leave open: void, still open, closed at some time."""
    named = [*feed.status_open, *feed.status_void]
    if not named:
        return
    at = rows["status_at"].fillna(rows["closed"]).fillna(rows["reported"])
    void = status.isin(feed.status_void)
    rows["voided"] = rows["voided"].where(~void, rows["voided"].fillna(at))
    contradicts = status.isin(feed.status_open) & rows["closed"].notna()
    rows["closed"] = rows["closed"].where(~contradicts)
    cure = "the status says open; remove the moment of closing or mend the status"
    ledger.repair("open_but_closed", rows.loc[contradicts, ROW].tolist(), cure)
    without = ~status.isin(named) & (status != "") & rows["closed"].isna()
    rows["closed"] = rows["closed"].where(~without, rows["status_at"])
    cure = "enter the moment of closing; that of the status stands in, else the case stays open"
    ledger.repair("closed_without_moment", rows.loc[without, ROW].tolist(), cure)


def _rejected(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Leave out rows that cannot be counted: no moment of report, or counted already."""
    unread = rows["reported"].isna()
    cure = "write the moment of the report in one of the profile's time_formats"
    _reject(rows[unread], "reported_unreadable", cure, ledger)
    rows = rows[~unread]
    again = rows["key"].duplicated()
    _reject(rows[again], "key_twice", "keep one row of each case", ledger)
    return rows[~again].copy()


def _reject(left: pd.DataFrame, reason: str, cure: str, ledger: Ledger) -> None:
    ledger.reject(reason, left[ROW].tolist(), left["key"].tolist(), cure)


def _apply_limits(rows: pd.DataFrame, lists: CodeLists) -> None:
    """Where the file names no deadline, the matter's limit makes one."""
    hours = np.array([entry["limit_h"] for entry in lists.matters.entries] + [0.0], dtype=float)
    limit_s = pd.Series(hours[rows["matter"]] * 3600, index=rows.index).round().astype("UInt32")
    made = rows["due"].isna() & (limit_s > 0)
    rows["due"] = rows["due"].where(~made, rows["reported"] + limit_s)


def _order_stages(rows: pd.DataFrame, ledger: Ledger) -> None:
    """A stage before the report would make a negative wait: it is moved to the report."""
    for stage in STAGES[1:]:
        early = (rows[stage] < rows["reported"]).fillna(value=False).astype(bool)
        rows[stage] = rows[stage].where(~early, rows["reported"])
        cure = f"mend {stage}, which is before the report; the moment of the report stands in"
        ledger.repair(f"{stage}_before_reported", rows.loc[early, ROW].tolist(), cure)
