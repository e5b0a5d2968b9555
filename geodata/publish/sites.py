"""Sites: what every incident is counted at, numbered so that each unit is one range of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.ingest import astray, measures
from geodata.ingest.files import SWAPPED
from geodata.ingest.findings import finding
from geodata.ingest.locate import WGS84, has_shape, units_near
from geodata.model.schemas import (
    BUILDINGS,
    SITE_BUILDING,
    SITE_FORMER,
    SITE_OUTDOOR,
    SITE_UNKNOWN,
)
from geodata.publish.shapes import to_wgs84

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geodata.ingest.findings import Action

    Ints = npt.NDArray[np.int32]

# Within a unit: first its unknown place, then what has no building, then the buildings.
_ORDER = {SITE_UNKNOWN: 0, SITE_FORMER: 1, SITE_OUTDOOR: 2, SITE_BUILDING: 3}


@dataclass(frozen=True)
class Assigner:
    """Finds the unit of things that come with a code, a shape, both or neither."""

    places: gpd.GeoDataFrame
    nearest_m: float
    findings: list[dict[str, object]]

    def units(self, frame: gpd.GeoDataFrame, table: str) -> tuple[Ints, gpd.GeoSeries]:
        """Row of the unit of each thing, and its point; what is nowhere belongs to the root."""
        points = inner_points(frame.geometry)
        rows = {str(code): row for row, code in enumerate(self.places["code"].tolist())}
        codes = [str(code) for code in frame["unit"].tolist()]
        found = np.array([rows.get(code, -1) for code in codes], dtype=np.int32)
        strange = int(
            ((found < 0) & np.array([bool(code) for code in codes], dtype=np.bool_)).sum()
        )
        missing = np.flatnonzero(found < 0)
        wanted = gpd.GeoSeries(points.iloc[missing])
        found[missing], off_m = units_near(self.places, wanted, self.nearest_m)
        near, lost = int(np.isfinite(off_m).sum()), gpd.GeoSeries(points[found < 0])
        found[found < 0] = 0
        self._note(table, "repaired", "unit_code_unknown", strange)
        self._note(table, "repaired", "unit_by_nearest", near, measures.nearest(off_m))
        self._note_lost(table, lost)
        return found, points

    def _note_lost(self, table: str, points: gpd.GeoSeries) -> None:
        """Say what lies in no unit: as if turned round, or so far off."""
        turned = astray.turned(self.places, points)
        far = astray.off_m(self.places, gpd.GeoSeries(points[~turned]))
        self._note(table, "kept", SWAPPED, int(turned.sum()))
        self._note(table, "kept", "outside_every_unit", int((~turned).sum()), measures.beyond(far))

    def _note(self, table: str, action: Action, reason: str, rows: int, detail: str = "") -> None:
        if rows:
            self.findings.append(finding(table, action, reason, detail=detail, rows=rows))


def inner_points(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Make a WGS-84 point inside each shape: its centroid, if that lies inside."""
    array = np.asarray(shapes.array, dtype=np.object_)
    points = shapely.centroid(array)
    outside = has_shape(shapes) & ~shapely.intersects(array, points)
    points[outside] = shapely.point_on_surface(array[outside])
    return gpd.GeoSeries(points, crs=WGS84)


def arrange_buildings(buildings: gpd.GeoDataFrame, assigner: Assigner) -> gpd.GeoDataFrame:
    """Put buildings in the order of their units, then codes, with a point; `site` is still −1."""
    buildings = to_wgs84(buildings.reset_index(drop=True))
    units, points = assigner.units(buildings, "buildings")
    buildings = buildings.assign(unit=units, lon=points.x.to_numpy(), lat=points.y.to_numpy())
    buildings = buildings.assign(site=np.int32(-1), building=np.int32(-1))
    order = building_order(buildings["code"], units)
    buildings = buildings.iloc[order].reset_index(drop=True)
    buildings["building"] = np.arange(len(buildings), dtype=np.int32)
    return buildings[[*BUILDINGS, "geometry"]]


def building_order(codes: pd.Series, units: Ints) -> npt.NDArray[np.intp]:
    """How buildings follow each other: by their units, then by their codes."""
    return np.lexsort((codes.astype(str).to_numpy(dtype=np.object_), units))


def make_sites(
    places: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    outdoors: gpd.GeoDataFrame | None,
    assigner: Assigner,
    former: Sequence[str] = (),
) -> pd.DataFrame:
    """Number every unit's unknown place, former ones, its outdoor atoms and its buildings.

    former: codes of the units in which those lie.
    """
    count = len(places)
    parts = [_part(SITE_UNKNOWN, np.arange(count, dtype=np.int32))]
    row = {str(code): number for number, code in enumerate(places["code"])} if former else {}
    parts.append(_part(SITE_FORMER, np.array([row[code] for code in former], dtype=np.int32)))
    if outdoors is not None and len(outdoors):
        outdoors = to_wgs84(outdoors.reset_index(drop=True))
        units, points = assigner.units(outdoors, "outdoors")
        parts.append(_part(SITE_OUTDOOR, units, points.x, points.y))
    parts.append(
        _part(
            SITE_BUILDING,
            buildings["unit"].to_numpy(dtype=np.int32),
            buildings["lon"],
            buildings["lat"],
        )
    )
    sites = pd.concat([part for part in parts if len(part)], ignore_index=True)
    order = np.lexsort((sites.index, sites["kind"].map(_ORDER), sites["unit"]))
    sites = sites.iloc[order].reset_index(drop=True)
    sites["site"] = np.arange(len(sites), dtype=np.int32)
    return sites


def _part(
    kind: int,
    units: Ints,
    lon: pd.Series | None = None,
    lat: pd.Series | None = None,
) -> pd.DataFrame:
    nowhere = np.full(len(units), np.nan)
    own = np.arange(len(units)) if kind == SITE_BUILDING else np.full(len(units), -1)
    return pd.DataFrame(
        {
            "kind": np.full(len(units), kind, dtype=np.int8),
            "unit": units,
            "building": own.astype(np.int32),
            "lon": nowhere if lon is None else lon.to_numpy(),
            "lat": nowhere if lat is None else lat.to_numpy(),
        }
    )


def site_ranges(sites: pd.DataFrame, ends: Ints) -> tuple[Ints, Ints]:
    """By unit, the half-open range of its sites, those of the units below it included.

    ends: by unit, the row after its last descendant.
    """
    units = sites["unit"].to_numpy()
    first = np.searchsorted(units, np.arange(len(ends) + 1)).astype(np.int32)
    return first[:-1], first[ends]
