"""Geometry of GeoJSON: read fast where it is right, mended part by part where it is not."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import shapely

from geodata.formats.sheet import Action, Raw, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable

CRS84: Final = "OGC:CRS84"  # of GeoJSON that declares none
DEPTHS: Final = {  # of the lists in `coordinates`
    "Point": 1,
    "MultiPoint": 2,
    "LineString": 2,
    "MultiLineString": 3,
    "Polygon": 3,
    "MultiPolygon": 4,
}
TYPES: Final = frozenset({*DEPTHS, "GeometryCollection"})
# Coordinates nested otherwise than their type says, where only one meaning is left.
_OTHERWISE: Final = {
    ("Polygon", 2): "ring",
    ("Polygon", 4): "MultiPolygon",
    ("MultiPolygon", 3): "Polygon",
    ("MultiPoint", 1): "Point",
    ("LineString", 3): "MultiLineString",
    ("MultiLineString", 2): "LineString",
}
_CURES: Final = {
    "ring_closed": "end every ring where it begins",
    "geometry_nesting": "nest the coordinates as their type says",
    "coordinates_as_text": "write coordinates as numbers",
    "part_left_out": "mend or remove the part of the geometry that cannot be read",
    "geometry_not_understood": "mend the geometry of these rows; they are read without it",
}
_LACKING: Final = {"part_left_out", "geometry_not_understood"}  # nothing could be mended
_RING: Final = 3  # different points that a ring needs


class _NotUnderstoodError(ValueError):
    """A geometry that no mending makes sense of."""


def row_numbers(numbers: Iterable[int]) -> np.ndarray:
    """Make the array of row numbers."""
    return np.fromiter(numbers, dtype=np.int64)


def type_of(item: dict[str, Any]) -> str:
    """Read the type of a feature or geometry; "" where it is no text."""
    kind = item.get("type")
    return kind if isinstance(kind, str) else ""


def crs_of(document: dict[str, Any]) -> str:
    """Read the old `crs` member: a name, or a bare EPSG code; "" if there is none."""
    declared = document.get("crs")
    inner = declared.get("properties") if isinstance(declared, dict) else None
    if not isinstance(inner, dict):
        return ""
    if isinstance(inner.get("code"), (int, str)):
        return f"EPSG:{inner['code']}"
    return str(inner["name"]) if isinstance(inner.get("name"), str) else ""


def shapes(geometries: list[object], raw: Raw) -> np.ndarray:
    """Build all shapes; what had to be mended, or could not be, is remarked by row."""
    written = [_json(geometry) if geometry else None for geometry in geometries]
    found = shapely.from_geojson(np.array(written, dtype=np.object_), on_invalid="ignore")
    found = np.atleast_1d(shapely.force_2d(found))
    faults: dict[str, list[int]] = {}
    numbers = raw.numbers() if raw.rows is not None else np.arange(1, len(geometries) + 1)
    for index in np.flatnonzero(~shapely.is_geometry(found)):
        if geometries[index] is None:
            continue
        mended: set[str] = set()
        try:
            found[index] = _shape(geometries[index], mended)
        except (_NotUnderstoodError, ValueError, shapely.errors.ShapelyError, RecursionError):
            mended = {"geometry_not_understood"}
        for fault in mended:
            faults.setdefault(fault, []).append(int(numbers[index]))
    found[shapely.is_empty(found)] = None
    for fault, rows in sorted(faults.items()):
        action: Action = "kept" if fault in _LACKING else "repaired"
        raw.remarks.append(Remark(action, fault, rows, _CURES[fault]))
    return np.asarray(found, dtype=np.object_)


def _json(geometry: object) -> bytes | str:
    try:
        return orjson.dumps(geometry)
    except TypeError:  # a number or a letter that only Python's own JSON takes
        return json.dumps(geometry)


def _shape(geometry: object, mended: set[str]) -> shapely.Geometry:
    if not isinstance(geometry, dict):
        raise _NotUnderstoodError
    kind = type_of(geometry)
    if kind == "GeometryCollection":
        return shapely.GeometryCollection(_parts(geometry.get("geometries"), mended))
    coordinates = geometry.get("coordinates")
    if kind not in DEPTHS or not isinstance(coordinates, list):
        raise _NotUnderstoodError
    depth = _depth(coordinates)
    if depth != DEPTHS[kind]:
        if (kind, depth) == ("Point", 2) and len(coordinates) == 1:
            kind, coordinates = "Point", coordinates[0]
        elif (kind, depth) in _OTHERWISE:
            kind = _OTHERWISE[kind, depth]
        else:
            raise _NotUnderstoodError
        mended.add("geometry_nesting")
    return _of_kind(kind, coordinates, mended)


def _parts(geometries: object, mended: set[str]) -> list[shapely.Geometry]:
    if not isinstance(geometries, list):
        raise _NotUnderstoodError
    parts = []
    for geometry in geometries:
        try:
            parts.append(_shape(geometry, mended))
        except _NotUnderstoodError:
            mended.add("part_left_out")
    if not parts:
        raise _NotUnderstoodError
    return parts


def _of_kind(kind: str, coordinates: list[Any], mended: set[str]) -> shapely.Geometry:
    shape: shapely.Geometry
    match kind:
        case "Point":
            shape = shapely.Point(_position(coordinates, mended))
        case "MultiPoint":
            shape = shapely.MultiPoint(_positions(coordinates, mended))
        case "LineString":
            shape = shapely.LineString(_positions(coordinates, mended))
        case "MultiLineString":
            shape = shapely.MultiLineString([_positions(line, mended) for line in coordinates])
        case "ring":
            shape = shapely.Polygon(_ring(coordinates, mended))
        case "Polygon":
            shape = _polygon(coordinates, mended)
        case _:
            shape = shapely.MultiPolygon([_polygon(part, mended) for part in coordinates])
    return shape


def _polygon(rings: object, mended: set[str]) -> shapely.Polygon:
    if not isinstance(rings, list) or not rings:
        raise _NotUnderstoodError
    outer, *holes = (_ring(ring, mended) for ring in rings)
    return shapely.Polygon(outer, holes)


def _ring(ring: object, mended: set[str]) -> list[tuple[float, float]]:
    positions = _positions(ring, mended)
    if len(set(positions)) < _RING:
        raise _NotUnderstoodError
    if positions[0] != positions[-1]:
        mended.add("ring_closed")
        positions.append(positions[0])
    return positions


def _positions(line: object, mended: set[str]) -> list[tuple[float, float]]:
    if not isinstance(line, list):
        raise _NotUnderstoodError
    return [_position(position, mended) for position in line]


def _position(position: object, mended: set[str]) -> tuple[float, float]:
    """Read x and y; height and measure are of no use to a map."""
    if not isinstance(position, list) or len(position) < 2:  # noqa: PLR2004 (x and y)
        raise _NotUnderstoodError
    return _number(position[0], mended), _number(position[1], mended)


def _number(value: object, mended: set[str]) -> float:
    if isinstance(value, str):
        mended.add("coordinates_as_text")
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _NotUnderstoodError
    try:
        number = float(value)
    except (ValueError, OverflowError) as error:
        raise _NotUnderstoodError from error
    if not math.isfinite(number):
        raise _NotUnderstoodError
    return number


def _depth(coordinates: object) -> int:
    depth = 0
    while isinstance(coordinates, list):
        depth += 1
        coordinates = coordinates[0] if coordinates else None
    return depth
