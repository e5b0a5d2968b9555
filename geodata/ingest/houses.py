"""Cases to buildings: by code, by the footprint around the spot, else by the nearest footprint."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Transformer

from geodata.ingest.locate import WGS84, local_crs
from geodata.model.code_index import CodeIndex
from geodata.model.earth import METRES_A_DEGREE

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from geodata.locate.footprints import Footprints
    from geodata.model.draft import Arranged

    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Shapes = npt.NDArray[np.object_]

ROOM: Final = 0.02  # more than a degree is longer in one place than in another
LEAST: Final = 0.01  # of the cosine near the poles


@dataclass(frozen=True)
class Housed:
    """By case: row of its building (−1 = none) and how it came there.

    strange: the code it names is no building's; across: the building at the spot is of another
    unit than the case; off_m: metres to the nearest building taken, NaN otherwise; far: a nearest
    one was wanted, and there is none near enough.
    """

    row: Ints
    strange: Flags
    across: Flags
    off_m: Floats
    far: Flags


@dataclass(frozen=True, eq=False)
class Standing:
    """Some buildings of a city: their rows, and where they stand in degrees and in metres."""

    rows: Rows
    shapes: Shapes
    metres: CRS

    @cached_property
    def degrees_tree(self) -> shapely.STRtree:
        """Footprints as they are published."""
        return shapely.STRtree(self.shapes)

    @cached_property
    def metres_tree(self) -> shapely.STRtree:
        """Footprints in metres."""
        moved = gpd.GeoSeries(self.shapes, crs=WGS84).to_crs(self.metres)
        return shapely.STRtree(np.asarray(moved.array, dtype=np.object_))


@dataclass(frozen=True)
class Houses:
    """The buildings of a city by code and by where they stand.

    packed: their footprints and codes where a server holds them already; then the buildings of
    `arranged` need no shapes, and only those near the cases are made.
    """

    arranged: Arranged
    packed: tuple[Footprints, CodeIndex] | None = None

    @cached_property
    def codes(self) -> CodeIndex:
        """Rows by code."""
        if self.packed is not None:
            return self.packed[1]
        return CodeIndex(map(str, self.arranged.buildings["code"]))

    @cached_property
    def metres(self) -> CRS:
        """The local CRS in which distances are measured."""
        if self.packed is not None:
            return local_crs(self.packed[0])
        return local_crs(self.arranged.buildings.geometry)

    @cached_property
    def _every(self) -> Standing:
        shapes = np.asarray(self.arranged.buildings.geometry.array, dtype=np.object_)
        return Standing(np.arange(len(shapes)), shapes, self.metres)

    def _about(self, x: Floats, y: Floats, reach_m: float) -> Standing:
        """The buildings within reach of some points, or all of them."""
        if self.packed is None:
            return self._every
        up = reach_m / METRES_A_DEGREE * (1 + ROOM)
        across = up / np.maximum(np.cos(np.radians(y)), LEAST)
        boxes = zip(x - across, y - up, x + across, y + up, strict=True)
        near = [np.empty(0, np.int64), *(self.packed[0].near(*box) for box in boxes)]
        rows = np.unique(np.concatenate(near))
        return Standing(rows, self.packed[0].shapes(rows), self.metres)

    def find(  # noqa: PLR0913, PLR0917 (what a case says of its place)
        self,
        building: pd.Series,
        lon: pd.Series,
        lat: pd.Series,
        units: Ints,
        named: Flags,
        nearest_m: float,
    ) -> Housed:
        """Find the building of each case; `named`: the source itself says the unit.

        A named unit is kept: a building of another one is not taken, however near it stands.
        """
        count = len(units)
        row: Ints = self.codes.rows(building)
        strange = (row < 0) & (building != "").to_numpy()
        across, far = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
        off_m: Floats = np.full(count, np.nan)
        left = np.flatnonzero((row < 0) & lon.notna().to_numpy())
        x, y = (each.iloc[left].to_numpy(dtype=np.float64) for each in (lon, lat))
        standing = self._about(x, y, nearest_m)
        hit, which = standing.degrees_tree.query(shapely.points(x, y), predicate="within")
        which = standing.rows[which]
        own = ~named[left[hit]] | self._of_unit(which, units[left[hit]])
        row[left[hit[own]]] = which[own]
        across[left[hit[~own]]] = True
        if nearest_m > 0:
            open_ = row[left] < 0
            points = (x[open_], y[open_], left[open_])
            self._nearest(standing, points, units, nearest_m, (row, across, off_m))
            far[left] = (row[left] < 0) & ~across[left]
        return Housed(row, strange, across & (row < 0), off_m, far)

    def _nearest(
        self,
        standing: Standing,
        given: tuple[Floats, Floats, Rows],
        units: Ints,
        nearest_m: float,
        into: tuple[Ints, Flags, Floats],
    ) -> None:
        """Give cases (x, y, their rows) the nearest building of their own unit within reach."""
        x, y, left = given
        row, across, off_m = into
        change = Transformer.from_crs(CRS(WGS84), self.metres, always_xy=True)
        points = shapely.points(*change.transform(x, y))
        tree = standing.metres_tree
        hit, place = tree.query(points, predicate="dwithin", distance=nearest_m)
        which = standing.rows[place]
        own = self._of_unit(which, units[left[hit]])
        across[left[hit[~own]]] = True
        hit, which, place = hit[own], which[own], place[own]
        distance = shapely.distance(points[hit], tree.geometries[place])
        order = np.lexsort((-which, -distance))  # the last one written is the nearest, then first
        row[left[hit[order]]], off_m[left[hit[order]]] = which[order], distance[order]

    def _of_unit(self, buildings: Rows, units: Ints) -> Flags:
        """Whether each building stands in the unit beside it, or in one below that."""
        places = self.arranged.places
        site = self.arranged.buildings["site"].to_numpy()[buildings]
        start, end = (places[c].to_numpy()[units] for c in ("site_from", "site_to"))
        return np.asarray((site >= start) & (site < end), dtype=np.bool_)
