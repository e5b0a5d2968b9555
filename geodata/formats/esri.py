"""Geometry as ArcGIS writes it in JSON: points, paths, and rings whose turn says what is a hole."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import numpy as np
import shapely

if TYPE_CHECKING:
    from geodata.formats.sheet import Raw

_EPSG: Final = 32_767  # above it a number is Esri's own
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SECOND: Final = 1000  # milliseconds
_RING: Final = 4  # points of the smallest closed ring


def crs_of(document: dict[str, Any]) -> str:
    """Name the spatial reference: EPSG:4490, ESRI:102100, or WKT; "" if there is none."""
    reference = document.get("spatialReference")
    if not isinstance(reference, dict):
        return ""
    code = reference.get("latestWkid") or reference.get("wkid")
    if isinstance(code, int):
        return f"{'EPSG' if code <= _EPSG else 'ESRI'}:{code}"
    return str(reference.get("wkt") or "")


def moments_of(document: dict[str, Any]) -> frozenset[str]:
    """Name the properties that are moments, as `fields` declares them."""
    fields = document.get("fields")
    return frozenset(
        field["name"]
        for field in (fields if isinstance(fields, list) else [])
        if isinstance(field, dict)
        and field.get("type") == "esriFieldTypeDate"
        and isinstance(field.get("name"), str)
    )


def moments(values: list[object]) -> list[object]:
    """Write milliseconds since 1970 in ISO 8601; what is no such number stays as it is."""
    fine = any(_is_number(value) and value % _SECOND for value in values)
    return [_moment(value, fine=fine) for value in values]


def _moment(value: object, *, fine: bool) -> object:
    if not _is_number(value):
        return value
    try:
        moment = _EPOCH + dt.timedelta(milliseconds=value)
    except (OverflowError, ValueError):  # no year has it
        return value
    return moment.isoformat(timespec="microseconds" if fine else "seconds")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def shapes(geometries: list[object], raw: Raw) -> np.ndarray:
    """Build all shapes; a geometry that makes no sense is remarked and left out."""
    found = np.full(len(geometries), None, dtype=np.object_)
    bad, closed = [], []
    for index, (geometry, number) in enumerate(zip(geometries, raw.numbers(), strict=True)):
        if not geometry:
            continue
        try:
            found[index] = _shape(geometry)
        except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError):
            bad.append(int(number))
        else:
            if isinstance(geometry, dict) and any(
                _open(ring) for ring in geometry.get("rings", [])
            ):
                closed.append(int(number))
    raw.mended_shapes(bad, closed)
    return found


def _shape(geometry: object) -> shapely.Geometry | None:
    if not isinstance(geometry, dict):
        raise TypeError
    if "rings" in geometry:
        return _area([_line(ring) for ring in geometry["rings"]])
    if "paths" in geometry:
        lines = [_line(path) for path in geometry["paths"]]
        return shapely.MultiLineString(lines) if len(lines) != 1 else shapely.LineString(lines[0])
    if "points" in geometry:
        return shapely.MultiPoint(_line(geometry["points"]))
    x, y = geometry["x"], geometry["y"]
    if x in (None, "NaN"):  # how ArcGIS writes a point that is nowhere
        return None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError
    return shapely.Point(x, y)


def _line(positions: list[list[float]]) -> np.ndarray:
    line = np.array([[position[0], position[1]] for position in positions], dtype=np.float64)
    if not np.isfinite(line).all():
        raise ValueError
    return line


def _open(ring: list[list[float]]) -> bool:
    return bool(ring) and ring[0][:2] != ring[-1][:2]


def _area(rings: list[np.ndarray]) -> shapely.Geometry | None:
    """Give every hole (counter-clockwise) to the smallest outer ring around it."""
    closed = [
        ring if (ring[0] == ring[-1]).all() else np.vstack([ring, ring[:1]]) for ring in rings
    ]
    if not closed:
        return None
    if any(len(ring) < _RING for ring in closed):
        raise ValueError
    lines = np.array([shapely.LinearRing(ring) for ring in closed], dtype=np.object_)
    areas = np.array([shapely.Polygon(line) for line in lines], dtype=np.object_)
    is_hole = np.array([shapely.is_ccw(line) for line in lines])
    if is_hole.all():  # written by a program that knows no turn
        is_hole[:] = False
    holes: dict[int, list[Any]] = {int(outer): [] for outer in np.flatnonzero(~is_hole)}
    sizes = shapely.area(areas)
    order = sorted(holes, key=lambda outer: float(sizes[outer]))
    for hole in np.flatnonzero(is_hole):
        inside = areas[hole].representative_point()
        around = [outer for outer in order if areas[outer].contains(inside)]
        if around:
            holes[around[0]].append(lines[hole])
        else:
            holes[int(hole)] = []
    parts = [shapely.Polygon(lines[outer], inner) for outer, inner in holes.items()]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
