"""Cases to buildings: by code, by the footprint around the spot, else by the nearest footprint."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Transformer

from geodata.ingest.locate import WGS84, local_crs

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from geodata.model.draft import Arranged

    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Shapes = npt.NDArray[np.object_]


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


@dataclass(frozen=True)
class Houses:
    """The buildings of a city by code and by where they stand."""

    arranged: Arranged

    @cached_property
    def codes(self) -> dict[str, int]:
        """Rows by code."""
        return {str(code): row for row, code in enumerate(self.arranged.buildings["code"].tolist())}

    @cached_property
    def metres(self) -> CRS:
        """The local CRS in which distances are measured."""
        return local_crs(self.arranged.buildings.geometry)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Footprints in metres."""
        moved = self.arranged.buildings.geometry.to_crs(self.metres)
        return shapely.STRtree(np.asarray(moved.array, dtype=np.object_))

    @cached_property
    def degrees(self) -> shapely.STRtree:
        """Footprints as they are published."""
        return shapely.STRtree(np.asarray(self.arranged.buildings.geometry.array, dtype=np.object_))

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
        row: Ints = np.array([self.codes.get(code, -1) for code in building], dtype=np.int32)
        strange = (row < 0) & (building != "").to_numpy()
        across, far = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
        off_m: Floats = np.full(count, np.nan)
        left = np.flatnonzero((row < 0) & lon.notna().to_numpy())
        x, y = lon.iloc[left].to_numpy(), lat.iloc[left].to_numpy()
        hit, which = self.degrees.query(shapely.points(x, y), predicate="within")
        own = ~named[left[hit]] | self._of_unit(which, units[left[hit]])
        row[left[hit[own]]] = which[own]
        across[left[hit[~own]]] = True
        if nearest_m > 0:
            open_ = row[left] < 0
            self._nearest(left[open_], x[open_], y[open_], units, nearest_m, (row, across, off_m))
            far[left] = (row[left] < 0) & ~across[left]
        return Housed(row, strange, across & (row < 0), off_m, far)

    def _nearest(  # noqa: PLR0913, PLR0917 (what is filled in stands last)
        self,
        left: Rows,
        x: Floats,
        y: Floats,
        units: Ints,
        nearest_m: float,
        into: tuple[Ints, Flags, Floats],
    ) -> None:
        """Give cases the nearest building of their own unit within `nearest_m`."""
        row, across, off_m = into
        change = Transformer.from_crs(CRS(WGS84), self.metres, always_xy=True)
        points = shapely.points(*change.transform(x, y))
        hit, which = self.tree.query(points, predicate="dwithin", distance=nearest_m)
        own = self._of_unit(which, units[left[hit]])
        across[left[hit[~own]]] = True
        hit, which = hit[own], which[own]
        distance = shapely.distance(points[hit], self.tree.geometries[which])
        order = np.lexsort((-which, -distance))  # the last one written is the nearest, then first
        row[left[hit[order]]], off_m[left[hit[order]]] = which[order], distance[order]

    def _of_unit(self, buildings: Rows, units: Ints) -> Flags:
        """Whether each building stands in the unit beside it, or in one below that."""
        places = self.arranged.places
        site = self.arranged.buildings["site"].to_numpy()[buildings]
        start, end = (places[c].to_numpy()[units] for c in ("site_from", "site_to"))
        return np.asarray((site >= start) & (site < end), dtype=np.bool_)
