"""Incidents and alerts to their sites: by name, code or polygon, else to an unknown place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geodata.ingest.files import ROW
from geodata.ingest.findings import Finding, Ledger
from geodata.ingest.locate import WGS84, units_at
from geodata.model.schemas import INCIDENTS, SITE_UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pandas as pd

    from geodata.ingest.incidents import FeedRows
    from geodata.model.draft import Arranged
    from geodata.model.profile import IncidentFeed

    Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Placer:
    """Finds sites among the numbered places of one city."""

    arranged: Arranged
    nearest_m: float

    @cached_property
    def unknown(self) -> Ints:
        """By unit, its unknown place."""
        sites = self.arranged.sites
        own = sites[(sites["kind"] == SITE_UNKNOWN).to_numpy()]
        return own.sort_values("unit")["site"].to_numpy(dtype=np.int32)

    def units(
        self, place: pd.Series, lon: pd.Series, lat: pd.Series, level: str, by: str
    ) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """Unit of each row (0, the root, where nothing is known) and which names led nowhere."""
        rows = self._named(level, by)
        found = place.str.casefold().map(rows).fillna(-1).to_numpy(dtype=np.int32)
        strange = (found < 0) & (place != "").to_numpy() & (by != "polygon")
        left = np.flatnonzero((found < 0) & lon.notna().to_numpy())
        points = gpd.GeoSeries(gpd.points_from_xy(lon.iloc[left], lat.iloc[left]), crs=WGS84)
        found[left] = units_at(self.arranged.places, points, self.nearest_m)
        return np.maximum(found, 0), strange

    def sites(
        self, building: pd.Series, lon: pd.Series, lat: pd.Series, units: Ints
    ) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """Site of each row: its building's, else its unit's unknown place; and strange codes."""
        buildings = self.arranged.buildings
        found = np.full(len(units), -1, dtype=np.int32)
        strange = np.zeros(len(units), dtype=np.bool_)
        if not len(buildings):
            return self.unknown[units], strange | (building != "").to_numpy()
        rows = {str(code): row for row, code in enumerate(buildings["code"])}
        found[:] = building.map(rows).fillna(-1).to_numpy(dtype=np.int32)
        strange = (found < 0) & (building != "").to_numpy()
        left = np.flatnonzero((found < 0) & lon.notna().to_numpy())
        points = shapely.points(lon.iloc[left].to_numpy(), lat.iloc[left].to_numpy())
        tree = shapely.STRtree(np.asarray(buildings.geometry.array, dtype=np.object_))
        hit, which = tree.query(points, predicate="within")
        found[left[hit]] = which
        own = buildings["site"].to_numpy()[found]
        return np.where(found >= 0, own, self.unknown[units]).astype(np.int32), strange

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
        yield rows[list(INCIDENTS)]


def _placed(read: FeedRows, placer: Placer, ledger: Ledger) -> pd.DataFrame:
    rows, feed = read.rows.copy(), read.feed
    units, strange = _units(rows, feed, placer)
    cure = "mend the name or add the unit; the coordinates decide, else the place is unknown"
    ledger.repair("place_not_found", rows.loc[strange, ROW].tolist(), cure)
    nowhere = units == 0
    cure = "name the place or survey the spot; the case counts for the city as unknown place"
    if len(placer.arranged.places) > 1:
        ledger.repair("place_unknown", rows.loc[nowhere, ROW].tolist(), cure)
    rows["site"], strange = placer.sites(rows["building"], rows["lon"], rows["lat"], units)
    cure = "mend the building's code or add the building; the case counts for the unit"
    ledger.repair("building_not_found", rows.loc[strange, ROW].tolist(), cure)
    return rows


def _units(
    rows: pd.DataFrame, feed: IncidentFeed, placer: Placer
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    return placer.units(rows["place"], rows["lon"], rows["lat"], feed.place_level, feed.place_by)
