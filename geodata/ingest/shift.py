"""Layers that say nothing of GCJ-02 and yet stand where it would put them: told, never moved.

A layer is compared with places already read that hold the same ground. If it fits them better once
the shift of GCJ-02 is taken away, that is a finding with the offset in metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata import crs
from geodata.crs import gcj02
from geodata.ingest import measures
from geodata.ingest.findings import finding
from geodata.ingest.locate import WGS84, has_shape, local_crs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from geodata.ingest.findings import Finding, Ledger

    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

REASON: Final = "crs_suspected_gcj02"
FITS: Final = 0.9  # share in common, after the shift is taken away, of layers of the same ground
BETTER: Final = 0.5  # of what did not fit, at most this much is left
NOTICEABLE: Final = 0.005  # share that did not fit at first; less is how borders are drawn
CROSSING: Final = 0.05  # share of road length inside buildings that wants an explanation
MOST_ROADS: Final = 20_000


@dataclass(frozen=True)
class Fit:
    """How well two layers share their ground: as they are, and with the shift taken from one."""

    before: float
    after: float
    offset_m: float

    @property
    def detail(self) -> str:
        """The measurement."""
        return measures.fits(self.offset_m, self.before, self.after)

    @property
    def suspect(self) -> bool:
        """Whether the shift explains what does not fit."""
        left, first = 1 - self.after, 1 - self.before
        return self.after >= FITS and first > NOTICEABLE and left <= BETTER * first


def areas(layer: Shapes, known: Shapes) -> Fit | None:
    """Compare a layer of areas with known areas of the same ground; None outside China."""
    ours, theirs = shapely.union_all(_solid(layer)), shapely.union_all(_solid(known))
    if ours.is_empty or theirs.is_empty or not _in_china(ours):
        return None
    back = shapely.transform(ours, _unshifted)
    return Fit(_iou(ours, theirs), _iou(back, theirs), _apart_m(ours, theirs))


def note_units(
    units: gpd.GeoDataFrame, known: Mapping[str, shapely.Geometry], ledger: Ledger
) -> None:
    """Compare the units of a file with the parents they fill."""
    mine = units[has_shape(units.geometry) & units["parent"].isin(list(known)).to_numpy()]
    if mine.empty:
        return
    parents = np.array([known[code] for code in sorted(set(mine["parent"]))], dtype=np.object_)
    fit = areas(np.asarray(mine.geometry.array, dtype=np.object_), parents)
    if fit is not None and fit.suspect:
        ledger.remark(REASON, fit.detail, len(mine))


def note_roads(
    buildings: gpd.GeoDataFrame, roads: gpd.GeoDataFrame | None, findings: list[Finding]
) -> None:
    """Compare buildings with roads: roads that run through buildings give a shift away."""
    if roads is None or not len(roads) or not len(buildings):
        return
    lines = np.asarray(roads.geometry.array, dtype=np.object_)[:MOST_ROADS]
    solid = _solid(np.asarray(buildings.geometry.array, dtype=np.object_))
    if not len(solid) or not _in_china(shapely.box(*shapely.total_bounds(solid))):
        return
    before = _crossing(lines, solid)
    if before < CROSSING:
        return
    share, name = min(
        (_crossing(lines, shapely.transform(solid, _unshifted)), "buildings"),
        (_crossing(shapely.transform(lines, _unshifted), solid), "roads"),
    )
    if share <= BETTER * before:
        middle = shapely.centroid(shapely.box(*shapely.total_bounds(solid)))
        offset = _apart_m(middle, shapely.transform(middle, _unshifted))
        detail = measures.crosses(offset, before, share)
        findings.append(finding(name, "read", REASON, detail=detail))


def _crossing(lines: Shapes, solid: Shapes) -> float:
    """Share of the length of lines that runs inside polygons."""
    line, house = shapely.STRtree(solid).query(lines, predicate="intersects")
    inside = shapely.length(shapely.intersection(lines[line], solid[house])).sum()
    return float(inside / max(shapely.length(lines).sum(), 1e-12))


def _solid(shapes: Shapes) -> Shapes:
    solid: Shapes = shapes[~shapely.is_missing(shapes) & (shapely.get_dimensions(shapes) == 2)]  # noqa: PLR2004
    return solid


def _in_china(shape: shapely.Geometry) -> bool:
    west, south, east, north = shapely.bounds(shape)
    x, y = np.array([west, east]), np.array([south, north])
    return bool(gcj02.inside(x, y).all())


def _unshifted(coordinates: Floats) -> Floats:
    x, y = crs.to_wgs84(crs.GCJ02, coordinates[:, 0], coordinates[:, 1])
    return np.column_stack([x, y])


def _iou(one: shapely.Geometry, two: shapely.Geometry) -> float:
    shared = shapely.area(shapely.intersection(one, two))
    whole = shapely.area(one) + shapely.area(two) - shared
    return float(shared / whole)


def _apart_m(one: shapely.Geometry, two: shapely.Geometry) -> float:
    """Metres between the middles of two shapes."""
    middles = gpd.GeoSeries([shapely.centroid(one), shapely.centroid(two)], crs=WGS84)
    first, second = middles.to_crs(local_crs(middles))
    return float(shapely.distance(first, second))
