"""Borders of a level drawn together on request, with the account of the ground that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.ingest import measures
from geodata.ingest.findings import finding
from geodata.ingest.locate import WGS84, has_shape, local_crs
from geodata.ingest.topology.shapes import POLYGONS, SMALLEST_M2, measured, projected
from geodata.model.schemas import TOPOLOGY
from geodata.store.tables import conform

if TYPE_CHECKING:
    import numpy.typing as npt
    from pyproj import CRS

    from geodata.ingest.findings import Finding
    from geodata.ingest.topology.shapes import Shapes
    from geodata.model.profile import Level

NO_SNAPPING: Final = 0.0  # only overlaps and gaps are mended; no vertex moves for its own sake


def snap(
    units: gpd.GeoDataFrame, level: Level, findings: list[Finding]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Give every overlap to one unit and every narrow gap to a neighbour; `units` is not changed.

    Returns the mended units and a TOPOLOGY row of kind `moved` for each unit whose ground changed.
    """
    array = np.asarray(units.geometry.array, dtype=np.object_)
    mine = (units["level"] == level.key).to_numpy(dtype=np.bool_) & has_shape(units.geometry)
    mine &= np.isin(shapely.get_type_id(array), POLYGONS)
    rows = np.flatnonzero(mine)
    metres = local_crs(gpd.GeoSeries(units.geometry[mine]))
    before = projected(array[rows], metres)
    after = _cleaned(before, level.repair_gap_m)
    changed = np.asarray(shapely.symmetric_difference(before, after), dtype=np.object_)
    moved = measured(changed, metres)
    touched = rows[moved["row"].to_numpy()]
    array = array.copy()
    array[rows] = _returned(after, before, array[rows], metres)
    codes = units["code"].to_numpy(dtype=object)[touched]
    moved = moved.assign(level=level.key, kind="moved", unit=codes, other="")
    if len(moved):
        findings.append(_account(level, moved))
    mended = gpd.GeoDataFrame(
        pd.DataFrame(units.drop(columns="geometry")), geometry=array, crs=WGS84
    )
    return mended, gpd.GeoDataFrame(conform(moved, TOPOLOGY, "topology"), crs=WGS84)


def _cleaned(shapes: Shapes, gap_m: float) -> Shapes:
    """Make a coverage; a unit that would vanish under its neighbours stays as it was."""
    # The published types of shapely do not know the function yet.
    clean = getattr(shapely, "coverage_clean")  # noqa: B009
    cleaned = clean(shapes, gap_width=gap_m, snapping_distance=NO_SNAPPING)
    lost = shapely.area(cleaned) < SMALLEST_M2
    return np.where(lost, shapes, cleaned)


def _returned(after: Shapes, before: Shapes, original: Shapes, metres: CRS) -> Shapes:
    """Bring shapes in metres back to degrees; vertices that were there keep their very degrees.

    Through the projection and back they would come a millimetre beside those of the parent.
    """
    known, first = np.unique(_keys(before), return_index=True)
    back = gpd.GeoSeries(after, crs=metres).to_crs(WGS84)
    shapes = np.asarray(back.array, dtype=np.object_)
    keys = _keys(after)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    degrees = shapely.get_coordinates(shapes)
    same = known[at] == keys
    degrees[same] = shapely.get_coordinates(original)[first[at[same]]]
    result: Shapes = shapely.set_coordinates(shapes, degrees)
    return result


def _keys(shapes: Shapes) -> npt.NDArray[np.complex128]:
    x, y = shapely.get_coordinates(shapes).T
    keys: npt.NDArray[np.complex128] = x + 1j * y
    return keys


def _account(level: Level, moved: gpd.GeoDataFrame) -> Finding:
    largest = moved.iloc[int(moved["area_m2"].argmax())]
    # What one unit loses another gains, so that each piece of ground would count twice.
    total, most = float(moved["area_m2"].sum()), float(largest["area_m2"])
    detail = measures.areas(total, most, str(largest["unit"]))
    return finding(
        f"level {level.key}", "repaired", "borders_snapped", rows=len(moved), detail=detail
    )
