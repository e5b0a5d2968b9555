"""Incidents and alerts to their sites: by name, code or polygon, else to an unknown place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from geodata.ingest import astray, measures
from geodata.ingest.files import ROW, SWAPPED
from geodata.ingest.findings import Finding, Ledger
from geodata.ingest.houses import Housed, Houses
from geodata.ingest.locate import WGS84, has_shape, units_at
from geodata.model.schemas import INCIDENTS, SITE_UNKNOWN, TOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pandas as pd

    from geodata.ingest.incidents import FeedRows
    from geodata.locate.footprints import Footprints
    from geodata.model.code_index import CodeIndex
    from geodata.model.draft import Arranged

    Flags = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Placed:
    """By case: its unit (0, the root, where nothing is known) and how that was found.

    named: the source says it; strange: it gives a name or code that no unit has; outside: its
    point lies in no unit.
    """

    units: Ints
    named: Flags
    strange: Flags
    outside: Flags


@dataclass(frozen=True)
class Placer:
    """Finds sites among the numbered places of one city; packed: see `Houses`."""

    arranged: Arranged
    nearest_m: float
    packed: tuple[Footprints, CodeIndex] | None = None

    @cached_property
    def unknown(self) -> Ints:
        """By unit, its unknown place."""
        sites = self.arranged.sites
        own = sites[(sites["kind"] == SITE_UNKNOWN).to_numpy()]
        return own.sort_values("unit")["site"].to_numpy(dtype=np.int32)

    @cached_property
    def bounded(self) -> Flags:
        """By unit, whether shapes hold all of it, so that a point in none of them is not in it."""
        parents = self.arranged.places["parent"].to_numpy(dtype=np.int32)
        known = has_shape(self.arranged.places.geometry).copy()
        partly = np.zeros(len(parents), dtype=np.bool_)  # its shape may be that of some parts only
        partly[parents[known & (parents >= 0)]] = True
        for unit, above in enumerate(parents.tolist()):
            if above >= 0:
                known[unit] |= known[above] and not partly[above]
        return known

    @cached_property
    def houses(self) -> Houses:
        """The buildings, to be found by cases."""
        return Houses(self.arranged, self.packed)

    def units(  # noqa: PLR0913 (what a case says of its place)
        self,
        place: pd.Series,
        lon: pd.Series,
        lat: pd.Series,
        level: str,
        by: str,
        *,
        point_first: bool = False,
    ) -> Placed:
        """Find the unit of each row by name or code, else by polygon; or the other way round."""
        rows = self._named(level, by)
        found = place.str.casefold().map(rows).fillna(-1).to_numpy(dtype=np.int32)
        named = found >= 0
        strange = ~named & (place != "").to_numpy() & (by != "polygon")
        there = lon.notna().to_numpy()
        points = gpd.GeoSeries(gpd.points_from_xy(lon[there], lat[there]), crs=WGS84)
        at = np.zeros(len(place), dtype=np.int32)
        at[there] = units_at(self.arranged.places, points, self.nearest_m)
        outside = (at < 0) & (~named | self.bounded[found])
        told = (point_first | ~named) & (at > 0)  # the root is what holds a stray point
        found[told], named[told] = at[told], False
        return Placed(np.maximum(found, 0), named, strange, outside)

    def sites(
        self,
        building: pd.Series,
        lon: pd.Series,
        lat: pd.Series,
        placed: Placed,
        nearest_m: float = 0.0,
    ) -> tuple[Ints, Housed | None]:
        """Site of each row: its building's, else its unit's unknown place; and how it was found.

        There is nothing to find where the city has no buildings.
        """
        buildings = self.arranged.buildings
        if not len(buildings):
            return self.unknown[placed.units], None
        housed = self.houses.find(building, lon, lat, placed.units, placed.named, nearest_m)
        own = buildings["site"].to_numpy()[housed.row]
        sites = np.where(housed.row >= 0, own, self.unknown[placed.units])
        return sites.astype(np.int32), housed

    def _named(self, level: str, by: str) -> dict[str, int]:
        """Rows of units by name or code in lower case; a name that two units share names none."""
        if by == "polygon":
            return {}
        places = self.arranged.places
        chosen = places[(places["level"] == level).to_numpy()] if level else places
        columns = ["code"] if by == "code" else ["name_zh", "name_en"]
        rows: dict[str, int] = {}
        shared: set[str] = set()
        for column in columns:
            for name, unit in zip(chosen[column].str.casefold(), chosen["unit"], strict=True):
                if rows.setdefault(str(name), int(unit)) != unit:
                    shared.add(str(name))
        return {name: unit for name, unit in rows.items() if name and name not in shared}


def placed(
    feeds: list[FeedRows], arranged: Arranged, nearest_m: float, findings: list[Finding]
) -> Iterator[pd.DataFrame]:
    """Give every incident its site and its id, feed by feed."""
    placer = Placer(arranged, nearest_m)
    first = 0
    for read in feeds:
        rows = _placed(read, placer, Ledger(read.file, 0, findings))
        rows["id"] = np.arange(first, first + len(rows), dtype=np.int64)
        first += len(rows)
        yield rows[[*INCIDENTS, *(name for name in TOLD if name in rows)]]


def _placed(read: FeedRows, placer: Placer, ledger: Ledger) -> pd.DataFrame:
    rows, feed = read.rows.copy(), read.feed
    found = placer.units(
        rows["place"],
        rows["lon"],
        rows["lat"],
        feed.place_level,
        feed.place_by,
        point_first=feed.place_first == "point",
    )
    rows["site"], housed = placer.sites(
        rows["building"], rows["lon"], rows["lat"], found, feed.nearest_m
    )
    account(rows, found, housed, placer, feed.nearest_m, ledger)
    unplace(rows, found)
    return rows


def unplace(rows: pd.DataFrame, found: Placed) -> None:
    """Take points away that lie outside: what counts by its name must not stand elsewhere."""
    rows.loc[found.named & found.outside, ["lon", "lat"]] = np.nan


def account(  # noqa: PLR0913, PLR0917 (what is known of where rows belong)
    rows: pd.DataFrame,
    found: Placed,
    housed: Housed | None,
    placer: Placer,
    nearest_m: float,
    ledger: Ledger,
) -> None:
    """Say which rows have no place, or not the one they name, and which came to a building how."""
    ledger.keep("place_not_found", rows.loc[found.strange, ROW].tolist())
    _account_places(rows, found, placer.arranged.places, ledger)
    if housed is None:
        strange = (rows["building"] != "").to_numpy()
        ledger.keep("building_not_found", rows.loc[strange, ROW].tolist())
    else:
        _account(rows, housed, nearest_m, ledger)


def _account_places(
    rows: pd.DataFrame, found: Placed, places: gpd.GeoDataFrame, ledger: Ledger
) -> None:
    """Say which cases have no place, and of those with a point that it lies outside the city."""
    shaped = has_shape(places.geometry).any()
    lost = np.flatnonzero(found.outside) if shaped else np.empty(0, dtype=np.intp)
    points = gpd.GeoSeries(
        gpd.points_from_xy(rows["lon"].iloc[lost], rows["lat"].iloc[lost]), crs=WGS84
    )
    turned = astray.turned(places, points)
    far = astray.off_m(places, gpd.GeoSeries(points.iloc[~turned]))
    numbers = rows[ROW].to_numpy()
    ledger.keep(SWAPPED, numbers[lost[turned]].tolist())
    ledger.keep("point_outside_city", numbers[lost[~turned]].tolist(), measure=measures.beyond(far))
    unknown = found.units == 0
    unknown[lost] = False
    if len(places) > 1:
        ledger.keep("place_unknown", numbers[unknown].tolist())


def _account(rows: pd.DataFrame, housed: Housed, nearest_m: float, ledger: Ledger) -> None:
    """Say how many cases came to their building in which way, and what stays at its point."""
    ledger.keep("building_not_found", rows.loc[housed.strange, ROW].tolist())
    ledger.keep("building_across_border", rows.loc[housed.across, ROW].tolist())
    near = np.isfinite(housed.off_m)
    if near.any():
        ledger.remark("building_by_nearest", measures.nearest(housed.off_m), int(near.sum()))
    if housed.far.any():
        ledger.remark("building_too_far", measures.farther(nearest_m), int(housed.far.sum()))
