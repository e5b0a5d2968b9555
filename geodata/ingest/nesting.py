"""What lies in what: units to the area they share most ground with, and how well that fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.ingest import measures
from geodata.ingest.locate import WGS84, local_crs
from geodata.ingest.topology.shapes import POLYGONS, projected

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Shapes = npt.NDArray[np.object_]

SMALLEST: Final = 1e-30  # square degrees
STRADDLES: Final = 0.01  # of a unit outside its area; less is how differently borders were drawn


@dataclass(frozen=True)
class Nesting:
    """By unit: row of its area (−1 = it shares ground with none) and square metres outside it."""

    row: Ints
    outside_m2: Floats
    straddles: Flags

    @property
    def detail(self) -> str:
        """Ground of straddling units outside their area."""
        outside = self.outside_m2[self.straddles]
        return measures.areas(float(outside.sum()), float(outside.max(initial=0)))


def nested(shapes: Shapes, areas: Shapes) -> Nesting:
    """Find for each WGS-84 polygon which of the areas holds most of it; of equals the first.

    Shares are taken in degrees, in which the borders were drawn straight.
    """
    count = len(shapes)
    row, best = np.full(count, -1, dtype=np.intp), np.zeros(count)
    sound = _areal(shapes)
    if not sound.any() or not _areal(areas).any():
        return Nesting(row, best, np.zeros(count, dtype=np.bool_))
    unit, area, shared = _shared(shapes, areas, sound)
    size = np.where(sound, shapely.area(shapes), 0.0)
    # The last one written wins: the largest share, and of equal ones the first area.
    order = np.lexsort((-area, shared))
    row[unit[order]], best[unit[order]] = area[order], shared[order]
    share = np.where(row >= 0, 1 - best / np.maximum(size, SMALLEST), 0.0).clip(0, 1)
    metres = local_crs(gpd.GeoSeries(shapes, crs=WGS84))
    size_m2 = np.where(sound, shapely.area(projected(shapes, metres)), 0.0)
    return Nesting(row, share * size_m2, share > STRADDLES)


def _shared(small: Shapes, large: Shapes, sound: Flags) -> tuple[Ints, Ints, Floats]:
    """Pairs of unit and area with some ground in common, and how much."""
    here = np.flatnonzero(sound)
    tree = shapely.STRtree(large)
    unit, area = tree.query(small[here], predicate="intersects")
    unit = here[unit]
    # Most units lie wholly inside one area, where nothing needs to be cut.
    shapely.prepare(large)
    whole = shapely.covers(large[area], small[unit])
    shared = np.where(whole, shapely.area(small[unit]), 0.0)
    cut = np.flatnonzero(~whole)
    shared[cut] = shapely.area(shapely.intersection(small[unit[cut]], large[area[cut]]))
    some = shared > 0
    return unit[some], area[some], shared[some]


def _areal(shapes: Shapes) -> Flags:
    """Which shapes are polygons with something in them."""
    kinds = np.isin(shapely.get_type_id(shapes), POLYGONS)
    return np.asarray(kinds & ~shapely.is_empty(shapes), dtype=np.bool_)
