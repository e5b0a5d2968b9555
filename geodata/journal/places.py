"""Where live cases are: the site of each, found as an import finds it, in a published city."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from geodata.ingest.locate import WGS84, depths, has_shape, local_crs
from geodata.ingest.placing import Placed, Placer
from geodata.model.draft import Arranged
from geodata.model.schemas import SITE_OUTDOOR, SITE_UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geodata.journal.codes import Codes

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

NOTHING: Final = float("nan")
OUTDOOR_M: Final = 50.0  # an outdoor atom this near is where a case in the street belongs


@dataclass(frozen=True, slots=True)
class Spot:
    """What is said of a place; NaN and "" where nothing is."""

    lon: float = NOTHING
    lat: float = NOTHING
    building: str = ""
    unit: str = ""


NOWHERE: Final = Spot()


@dataclass(frozen=True)
class Layer:
    """Polygons among which a point is looked for together, each prepared once."""

    rows: npt.NDArray[np.intp]
    shapes: npt.NDArray[np.object_]
    tree: shapely.STRtree

    @classmethod
    def of(cls, shapes: npt.NDArray[np.object_], rows: npt.NDArray[np.intp]) -> Layer:
        """Take the shapes of some units."""
        chosen = shapes[rows]
        shapely.prepare(chosen)
        return cls(rows, chosen, shapely.STRtree(chosen))

    def find(self, lon: Floats, lat: Floats) -> Ints:
        """Row of the unit at each point, the lower one where two overlap; −1 = none."""
        hit, which = self.tree.query(shapely.points(lon, lat))
        inside = shapely.intersects_xy(self.shapes[which], lon[hit], lat[hit])
        found = np.full(len(lon), len(self.shapes), dtype=np.int64)
        np.minimum.at(found, hit[inside], which[inside])
        return np.append(self.rows, -1)[found]


@dataclass(frozen=True, eq=False)
class Outdoors:
    """The outdoor atoms of a city: a case in the street belongs to the one beside it."""

    places: gpd.GeoDataFrame
    sites: pd.DataFrame

    def put(self, sites: Ints, units: npt.NDArray[np.int32], lon: Floats, lat: Floats) -> Ints:
        """Move cases from the unknown place of their unit to an atom of that unit near by."""
        kinds = self.sites["kind"].to_numpy()
        left = np.flatnonzero((kinds[sites] == SITE_UNKNOWN) & np.isfinite(lon))
        if not len(left) or not len(self._rows):
            return sites
        points = shapely.points(*self._change.transform(lon[left], lat[left]))
        hit, which = self._tree.query(points, predicate="dwithin", distance=OUTDOOR_M)
        atom, unit = self._rows[which], units[left[hit]]
        start, end = (self.places[name].to_numpy()[unit] for name in ("site_from", "site_to"))
        own = (atom >= start) & (atom < end)
        hit, which, atom = hit[own], which[own], atom[own]
        far = shapely.distance(points[hit], self._tree.geometries[which])
        order = np.lexsort((-atom, -far))  # the last one written is the nearest, then the first
        moved = sites.copy()
        moved[left[hit[order]]] = atom[order]
        return moved

    @cached_property
    def _rows(self) -> Ints:
        return np.flatnonzero(self.sites["kind"].to_numpy() == SITE_OUTDOOR)

    @cached_property
    def _change(self) -> Transformer:
        return Transformer.from_crs(WGS84, local_crs(self.places.geometry), always_xy=True)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        atoms = self.sites.iloc[self._rows]
        x, y = self._change.transform(atoms["lon"].to_numpy(), atoms["lat"].to_numpy())
        return shapely.STRtree(shapely.points(x, y))


@dataclass(frozen=True, eq=False)
class Places:
    """Finds the sites of one published city."""

    codes: Codes

    def sites(self, spots: Sequence[Spot], sources: Sequence[str]) -> Ints:
        """Site of each case: its building's, else the unknown place of the unit that holds it.

        sources: keys of the channels, which may differ in how near a building has to be.
        """
        lon = np.array([spot.lon for spot in spots])
        lat = np.array([spot.lat for spot in spots])
        placed = self._placed(spots, lon, lat)
        building = pd.Series([spot.building for spot in spots], dtype="object")
        near = np.array([self._nearest.get(key, self._nearest[""]) for key in sources])
        found = np.empty(len(spots), dtype=np.int64)
        for metres in np.unique(near):
            mine = near == metres
            part = Placed(
                units=placed.units[mine],
                named=placed.named[mine],
                strange=placed.strange[mine],
                outside=placed.outside[mine],
            )
            named = building[mine].reset_index(drop=True)
            x, y = pd.Series(lon[mine]), pd.Series(lat[mine])
            found[mine] = self._placer.sites(named, x, y, part, float(metres))[0]
        return self._outdoors.put(found, placed.units, lon, lat)

    def _placed(self, spots: Sequence[Spot], lon: Floats, lat: Floats) -> Placed:
        """Unit of each spot: by its code, else the deepest that holds the point, else the root."""
        units = self.codes.units
        found = np.array([units.get(spot.unit.casefold(), -1) for spot in spots], dtype=np.int64)
        named = found >= 0
        strange = ~named & np.array([spot.unit != "" for spot in spots], dtype=np.bool_)
        for layer in self._layers:
            left = np.flatnonzero((found < 0) & np.isfinite(lon))
            found[left] = layer.find(lon[left], lat[left])
        outside = (found < 0) & np.isfinite(lon)
        return Placed(
            units=np.maximum(found, 0).astype(np.int32),
            named=named,
            strange=strange,
            outside=outside,
        )

    @cached_property
    def _layers(self) -> tuple[Layer, ...]:
        """The lowest polygons, then the higher ones, the deepest first."""
        places = self.codes.city.places
        shapes = np.asarray(places.geometry.array, dtype=np.object_)
        parents = places["parent"].to_numpy(dtype=np.int32)
        shaped = has_shape(places.geometry)
        above = np.zeros(len(parents), dtype=np.bool_)
        for unit in range(len(parents) - 1, 0, -1):
            above[parents[unit]] |= shaped[unit] or above[unit]
        depth = np.where(shaped & ~above, len(parents), depths(parents))
        steps = sorted({int(d) for d in depth[shaped]}, reverse=True)
        return tuple(Layer.of(shapes, np.flatnonzero(shaped & (depth == step))) for step in steps)

    @cached_property
    def _placer(self) -> Placer:
        city = self.codes.city
        plain = gpd.GeoDataFrame(city.buildings)
        arranged = Arranged(city.places, city.sites, plain, gpd.GeoDataFrame())
        return Placer(arranged, 0.0, (city.footprints, city.building_codes))

    @cached_property
    def _outdoors(self) -> Outdoors:
        return Outdoors(self.codes.city.places, self.codes.city.sites)

    @cached_property
    def _nearest(self) -> dict[str, float]:
        """Metres within which a building is taken, by channel; "" for the others."""
        feeds = self.codes.city.profile.incidents
        metres = {feed.source: feed.nearest_m for feed in reversed(feeds)}
        return {"": max(metres.values(), default=0.0)} | metres
