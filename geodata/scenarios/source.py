"""What a published city has for its ground, read once and given street by street."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from geodata.model.errors import NotAllowedError
from geodata.model.schemas import SITE_OUTDOOR
from geodata.scenarios.grounded import WGS84, mover
from geodata.scenarios.systems import zone_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt

    from geodata.store.snapshots import City

    Counts = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]
    Shapes = npt.NDArray[np.object_]

GRID: Final = "grid"  # key of the level that plans are made of
MOST_GRIDS: Final = 2_500  # of a region, so that its lines and buildings fit into little memory
YEAR_S: Final = 365 * 86_400
BESIDE_M: Final = 60.0  # how far beyond a street's grids roads and rivers are looked at
HARD: Final = ("motorway", "arterial", "rail")
NO_LINE: Final = ("lane", "field", "outline")  # too small to end a block
POND: Final = "pond"
AREA: Final = 2  # dimensions
HOUSE: Final = (
    "code", "estate", "households", "people", "unit", "site", "lon", "lat", "geometry",
)  # fmt: skip
TEXT: Final = ("code", "estate")


class NoGroundError(NotAllowedError):
    """This city has nothing to plan with; the message says what is missing."""


def crs_of(city: City) -> str:
    """The projected system in metres in which a city is planned: the profile's, or its zone's."""
    own = CRS.from_user_input(city.profile.crs)
    if own.is_projected and own.axis_info[0].unit_conversion_factor == 1:
        return city.profile.crs
    lon = float(np.nanmean(city.places["label_lon"]))
    lat = float(np.nanmean(city.places["label_lat"]))
    if (zone := zone_of(lon)) and lat > 0:
        return zone
    return f"EPSG:{(32_600 if lat >= 0 else 32_700) + int((lon + 180) // 6) + 1}"


def check(city: City) -> None:
    """Refuse a city whose grids cannot be planned.

    Raises:
        NoGroundError: it has no grids, their borders are not known, or it has no roads.
    """
    key, levels = city.profile.key, {level.key: level for level in city.profile.levels}
    if GRID not in levels or not (city.places["level"] == GRID).any():
        msg = f"{key}: has no grids; grids are a level of the profile with the key {GRID!r}"
        raise NoGroundError(msg)
    if not levels[GRID].geometry or not _drawn(city).any():
        msg = f"{key}: its grids have no borders; name their files in the profile's level {GRID!r}"
        raise NoGroundError(msg)
    roads = city.basemap("roads")
    if roads is None or not len(roads):
        msg = f"{key}: has no roads, which borders follow; name their file as basemap.roads"
        raise NoGroundError(msg)


def _drawn(city: City) -> npt.NDArray[np.bool_]:
    """Which units are grids with a border."""
    shapes = np.asarray(city.places.geometry.array, dtype=object)
    has = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    return np.asarray(has & (city.places["level"] == GRID).to_numpy(), dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Source:
    """One city in the metres of its ground; made by `of`."""

    city: City
    crs: str
    move: Callable[[Floats], Floats]

    @classmethod
    def of(cls, city: City) -> Source:
        """Check a city and prepare to read it.

        Raises:
            NoGroundError: it cannot be planned.
        """
        check(city)
        crs = crs_of(city)
        return cls(city, crs, mover(WGS84, crs))

    @cached_property
    def grids(self) -> Rows:
        """Rows of the grids that have a border, in depth-first order."""
        return np.flatnonzero(_drawn(self.city))

    @cached_property
    def streets(self) -> dict[int, Rows]:
        """The grids by the unit above their community: what lies in one file."""
        parents = self.city.tree.parents
        above = parents[parents[self.grids]]
        street = np.where(above < 0, parents[self.grids], above)
        return {int(unit): self.grids[street == unit] for unit in np.unique(street)}

    @cached_property
    def regions(self) -> dict[int, list[int]]:
        """The streets by the largest unit above them that is made in one go.

        Inside of one neighbours share every vertex, over the border of streets as well.
        """
        found: dict[int, list[int]] = {}
        for street in self.streets:
            found.setdefault(self._region(street), []).append(street)
        return found

    def _region(self, street: int) -> int:
        tree, unit = self.city.tree, street
        while (above := int(tree.parents[unit])) >= 0 and self._count(above) <= MOST_GRIDS:
            unit = above
        return unit

    def _count(self, unit: int) -> int:
        """How many grids a unit has."""
        first, end = np.searchsorted(self.grids, (unit, int(self.city.tree.ends[unit])))
        return int(end - first)

    def shapes(self, units: Rows) -> Shapes:
        """Borders of units in metres."""
        drawn = np.asarray(self.city.places.geometry.array[units], dtype=object)
        return self.moved(drawn)

    def moved(self, shapes: Shapes) -> Shapes:
        """Shapes of the files in metres."""
        return np.asarray(shapely.transform(shapely.force_2d(shapes), self.move))

    @cached_property
    def _houses(self) -> pa.Table:
        path = self.city.folder / "buildings.parquet"
        return pq.read_table(path, columns=list(HOUSE))

    def houses(self, units: range) -> dict[str, Any]:
        """Columns of the buildings of some units; geometry: footprints in metres, None of points.

        cases: of the last year, of each.
        """
        unit = self._houses["unit"].to_numpy()
        rows = np.flatnonzero((unit >= units.start) & (unit < units.stop))
        table = self._houses.take(rows)
        found: dict[str, Any] = {
            name: table[name].to_numpy() for name in HOUSE if name not in {*TEXT, "geometry"}
        }
        found |= {name: np.array(table[name].to_pylist(), dtype=np.str_) for name in TEXT}
        drawn = np.asarray(shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)))
        drawn[shapely.get_dimensions(drawn) < AREA] = None
        found["geometry"] = self.moved(drawn)
        return found | {"cases": self.cases[found["site"]]}

    def outdoors(self, units: range) -> dict[str, Any]:
        """Columns of the sites of some units that are no buildings, with their cases."""
        sites = self.city.sites
        unit, kind = sites["unit"].to_numpy(), sites["kind"].to_numpy()
        rows = np.flatnonzero((unit >= units.start) & (unit < units.stop) & (kind == SITE_OUTDOOR))
        own = sites.iloc[rows]
        found = {name: own[name].to_numpy() for name in ("site", "unit", "lon", "lat")}
        return found | {"cases": self.cases[found["site"]]}

    @cached_property
    def cases(self) -> Counts:
        """Cases of the last year by site, those that count: not voided, no second reports."""
        last = int(self.city.meta["last"])
        found = np.zeros(len(self.city.sites), dtype=np.int64)
        for path in self.city.incident_files():
            found += _cases(path, last - YEAR_S, last, len(found))
        return found

    def roads(self, box: tuple[float, float, float, float]) -> dict[str, Any]:
        """Roads that cut blocks near a box in metres: kind, names, lines in metres."""
        frame = self._near("roads", box)
        cls = frame["cls"].to_numpy(dtype=object) if "cls" in frame else np.full(len(frame), "")
        frame = frame[~np.isin(cls.astype(str), NO_LINE)]
        hard = frame["cls"].isin(HARD).to_numpy() if "cls" in frame else np.zeros(len(frame), bool)
        return self._lines(frame, np.where(hard, "arterial", "road"))

    def rivers(self, box: tuple[float, float, float, float]) -> dict[str, Any]:
        """Waters that are no ponds near a box: names, areas or lines in metres."""
        if self.city.basemap("water") is None:
            return {"kind": [], "name_zh": [], "name_en": [], "shapes": np.array([], dtype=object)}
        frame = self._near("water", box)
        frame = frame[frame["kind"] != POND] if "kind" in frame else frame
        return self._lines(frame, np.full(len(frame), "river"))

    def _lines(self, frame: gpd.GeoDataFrame, kind: npt.NDArray[np.str_]) -> dict[str, Any]:
        names = {
            name: frame[name].fillna("").to_list() if name in frame else [""] * len(frame)
            for name in ("name_zh", "name_en")
        }
        drawn = np.asarray(frame.geometry.array, dtype=object)
        return {"kind": kind.tolist(), **names, "shapes": self.moved(drawn)}

    def _near(self, name: str, box: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
        """Rows of a layer of the base map that come near a box in metres."""
        frame = self.city.basemap(name)
        if frame is None:
            msg = f"{self.city.id}: has no layer {name} of the base map"
            raise NoGroundError(msg)
        west, south, east, north = box
        corners = np.array([[west, south], [east, south], [east, north], [west, north]])
        around = shapely.transform(shapely.multipoints(corners), mover(self.crs, WGS84))
        rows = frame.sindex.query(shapely.box(*shapely.bounds(around)), predicate="intersects")
        return frame.iloc[np.sort(rows)]


def _cases(path: Path, since: int, until: int, sites: int) -> Counts:
    """Cases by site of one file, reported in a stretch of time."""
    columns = ["site", "reported", "voided", "duplicate_of"]
    table = pq.read_table(path, columns=columns)
    kept = pc.and_(
        pc.and_(pc.greater(table["reported"], since), pc.less_equal(table["reported"], until)),
        pc.and_(pc.is_null(table["voided"]), pc.less(table["duplicate_of"], 0)),
    )
    found = table["site"].filter(kept).to_numpy()
    return np.bincount(found, minlength=sites).astype(np.int64)
