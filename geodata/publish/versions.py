"""Boundaries that were in force before: where today's sites lay under them.

A publication keeps those of the one before it if they differ from its own, and all that one kept,
so that a city never loses them though its old snapshots go. A profile may declare more.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.ingest.findings import finding
from geodata.ingest.locate import WGS84, units_at
from geodata.model.errors import ImportRefusedError, NoCityError, ProfileError, SnapshotError
from geodata.model.places import Tree
from geodata.model.schemas import SITE_UNKNOWN
from geodata.publish.divisions import NO_RANGE
from geodata.publish.hierarchies import Made
from geodata.publish.numbering import number_units
from geodata.publish.shapes import measure, to_wgs84
from geodata.store.snapshots import LIVE, live_id, open_snapshot, snapshot_ids

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import numpy.typing as npt

    from geodata.model.draft import Arranged, Draft
    from geodata.model.profile import Level, Profile
    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int32]
    Levels = tuple[Level, ...]
    Known = dict[str, tuple[Levels, gpd.GeoDataFrame]]  # by the day that ended them
    Shapes = npt.NDArray[np.object_]

LOG: Final = logging.getLogger(__name__)
LOST: Final = "earlier_boundaries_lost"
MOST: Final = 12  # kept, the newest
SAME_DEG: Final = 1e-7  # a centimetre: what is written anew by other software is no other border
ALIKE: Final = ["code", "level", "above"]  # names may be mended without another boundary
SHAPE: Final = "shape"


@dataclass(frozen=True)
class Today:
    """The city whose sites are looked for under earlier boundaries; nearest_m as in a draft."""

    profile: Profile
    arranged: Arranged
    nearest_m: float


def earlier(draft: Draft, arranged: Arranged, past: Path) -> list[Made]:
    """The earlier boundaries of a city, the newest first.

    Args:
        draft: may declare some.
        arranged: the city under the boundaries in force, whose sites are looked for.
        past: data directory of the publication before.

    Raises:
        ImportRefusedError: declared units contradict themselves.
    """
    known = _kept(draft, arranged, past) if draft.keeps_past else {}
    for until, units in draft.earlier.items():
        known[until.isoformat()] = (draft.profile.levels, _declared(until, units, draft.profile))
    today = Today(draft.profile, arranged, draft.nearest_m)
    return [_made(until, *known[until], today) for until in sorted(known, reverse=True)[:MOST]]


def _declared(until: date, units: gpd.GeoDataFrame, profile: Profile) -> gpd.GeoDataFrame:
    try:
        return measure(to_wgs84(number_units(units, profile)))
    except ImportRefusedError as error:
        msg = f"earlier boundaries until {until}: {error}"
        raise ImportRefusedError(msg) from error


def _kept(draft: Draft, arranged: Arranged, past: Path) -> Known:
    """What the publication before had: its own boundaries if they differ, and what it kept."""
    before = _before(draft, past)
    if before is None:
        return {}
    kept = {
        each.key: (before.division_levels(each.key), before.division_places(each.key))
        for each in before.divisions.values()
        if each.until
    }
    if not alike(before.places, arranged.places):
        today = today_in(draft.profile.time_zone).isoformat()
        # Of two publications in one day the first was never in force for a day.
        kept.setdefault(today, (before.profile.levels, before.places))
    return kept


def today_in(zone: str) -> date:
    """The day in a time zone."""
    return datetime.now(ZoneInfo(zone)).date()


def _before(draft: Draft, past: Path) -> City | None:
    """The publication of a city that is in force: the live one, else its newest.

    What was published by mistake and withdrawn is newer than the live one and was never in force.
    """
    for snapshot in _tried(draft, past):
        try:
            city = open_snapshot(past, snapshot)
            if city.profile.key == draft.profile.key and len(city.places):
                return city
        except (SnapshotError, ProfileError):
            LOG.exception("%s cannot be read; its boundaries are not kept", snapshot)
            draft.findings.append(finding(snapshot, "read", LOST))
    return None


def _tried(draft: Draft, past: Path) -> list[str]:
    newest = snapshot_ids(past)[::-1]
    try:
        live = live_id(past)
    except NoCityError:
        return newest
    except SnapshotError:
        LOG.exception("nobody knows which publication is in force; the newest counts")
        draft.findings.append(finding(LIVE, "read", LOST))
        return newest
    return [live, *(snapshot for snapshot in newest if snapshot != live)]


def alike(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    """Whether two PLACES are the same boundaries: codes, levels, who holds whom, and borders."""
    if len(one) != len(other):
        return False
    first, second = _by_code(one), _by_code(other)
    if not first[ALIKE].equals(second[ALIKE]):
        return False
    return bool(_same_shapes(first[SHAPE].to_numpy(), second[SHAPE].to_numpy()).all())


def _by_code(places: gpd.GeoDataFrame) -> pd.DataFrame:
    codes = places["code"].astype(str).to_numpy(dtype=object)
    parents = places["parent"].to_numpy()
    above = np.where(parents >= 0, codes[parents], "")
    levels = places["level"].astype(str).to_numpy(dtype=object)
    frame = pd.DataFrame({"code": codes, "level": levels, "above": above, SHAPE: _shapes(places)})
    return frame.sort_values("code", ignore_index=True)


def _shapes(places: gpd.GeoDataFrame) -> Shapes:
    return np.asarray(places.geometry.array, dtype=np.object_)


def _same_shapes(one: Shapes, other: Shapes) -> npt.NDArray[np.bool_]:
    first, second = (shapely.normalize(each) for each in (one, other))
    missing = shapely.is_missing(first) & shapely.is_missing(second)
    return np.asarray(missing | shapely.equals_exact(first, second, SAME_DEG))


def _made(until: str, levels: Levels, places: gpd.GeoDataFrame, today: Today) -> Made:
    places = places.assign(site_from=NO_RANGE, site_to=NO_RANGE)
    tree = Tree.of(places, today.profile.model_copy(update={"levels": levels}))
    units = settled(places, tree, today.arranged, today.nearest_m)
    return Made(until, "", "", until, levels, places, units)


def settled(old: gpd.GeoDataFrame, tree: Tree, arranged: Arranged, nearest_m: float) -> Ints:
    """By site of today, the row of the earlier unit that it lay in.

    Where a unit has not changed, what is in it has not either. Elsewhere the place of the site
    decides; one that nobody knows lay in what held the whole of its unit of today.
    """
    sites, places = arranged.sites, arranged.places
    unit = sites["unit"].to_numpy()
    found: Ints = _unchanged(old, places)[unit]
    unknown = sites["kind"].to_numpy() >= SITE_UNKNOWN
    moved = (found < 0) & ~unknown
    points = gpd.GeoSeries.from_xy(sites["lon"][moved], sites["lat"][moved], crs=WGS84)
    found[moved] = np.maximum(units_at(old, points, nearest_m), 0)
    middles = gpd.GeoSeries.from_xy(places["label_lon"], places["label_lat"], crs=WGS84)
    lost = np.flatnonzero((found < 0) & unknown)
    inner = units_at(old, gpd.GeoSeries(middles.iloc[unit[lost]]))
    starts, ends = places["site_from"].to_numpy(), places["site_to"].to_numpy()
    for site, middle in zip(lost, inner, strict=True):
        here = slice(int(starts[unit[site]]), int(ends[unit[site]]))
        held = np.append(found[here][~unknown[here]], middle)
        held = held[held >= 0]
        found[site] = tree.holder(int(held.min()), int(held.max())) if len(held) else 0
    return found


def _unchanged(old: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> Ints:
    """By unit of today, the row of the same unit with the same border before; -1 = it changed."""
    rows = {code: row for row, code in enumerate(old["code"].astype(str))}
    found = np.array([rows.get(str(code), -1) for code in places["code"]], dtype=np.int32)
    there = found >= 0
    ours, theirs = _shapes(places)[there], _shapes(old)[found[there]]
    levels = [frame["level"].astype(str).to_numpy() for frame in (places, old)]
    same = _same_shapes(ours, theirs) & (levels[0][there] == levels[1][found[there]])
    found[np.flatnonzero(there)[~same]] = -1
    return found
