"""KML: its placemarks with name, description and extended data; links are never followed."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.formats import strange
from geodata.formats.cells import column
from geodata.formats.names import unique
from geodata.formats.sheet import FileRefusedError, Raw
from geodata.formats.xmls import guarded, local, root_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from geodata.formats.source import Source

_PLAIN: Final = ("name", "description", "address", "phoneNumber", "visibility")
_SHAPES: Final = frozenset({"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"})
_BETWEEN: Final = re.compile(r"\s*,\s*")
_FOLDER: Final = "folder"


def read(source: Source) -> Raw:
    """Read every placemark, with the folder it lies in."""
    safe, encoding = guarded(source)
    root = root_of(safe)
    marks = list(_placemarks(root, ""))
    if not marks and any(local(element.tag) == "NetworkLink" for element in root.iter()):
        detail = "only links to other files"
        raise FileRefusedError(
            reason="points_elsewhere", detail=detail, cure="give the files themselves"
        )
    raw = Raw({}, crs="OGC:CRS84", encoding=encoding, count=len(marks))
    rows = [_properties(mark, folder) for mark, folder in marks]
    keys = dict.fromkeys(key for row in rows for key in row)
    if len(keys) > source.limits.columns:
        detail = f"has {len(keys):,} different fields"
        raise FileRefusedError(reason="too_many_columns", detail=detail, cure="export it as rows")
    for name, key in zip(unique(keys, raw.remarks), keys, strict=True):
        raw.columns[name] = column(row.get(key, "") for row in rows)
    raw.shapes = _all_shapes([mark for mark, _ in marks], raw)
    strange.note(raw)
    return raw


def _placemarks(element: Element, folder: str) -> Iterator[tuple[Element, str]]:
    for child in element:
        tag = local(child.tag)
        if tag == "Placemark":
            yield child, folder
        elif tag in {"Document", "Folder"}:
            name = next((text_of(part) for part in child if local(part.tag) == "name"), "")
            yield from _placemarks(child, name if tag == "Folder" else folder)


def _properties(mark: Element, folder: str) -> dict[str, str]:
    row = {"id": mark.attrib["id"]} if "id" in mark.attrib else {}
    if folder:
        row[_FOLDER] = folder
    for child in mark:
        tag = local(child.tag)
        if tag in _PLAIN:
            row[tag] = text_of(child)
        elif tag == "ExtendedData":
            row |= dict(_extended(child))
    return row


def _extended(element: Element) -> Iterator[tuple[str, str]]:
    for child in element.iter():
        tag, name = local(child.tag), child.attrib.get("name", "")
        if tag == "SimpleData" and name:
            yield name, text_of(child)
        elif tag == "Data" and name:
            values = (part for part in child if local(part.tag) == "value")
            yield name, text_of(next(values, None))


def _all_shapes(marks: list[Element], raw: Raw) -> np.ndarray:
    shapes = np.full(len(marks), None, dtype=np.object_)
    bad, closed = [], []
    for index, mark in enumerate(marks):
        mended: set[str] = set()
        try:
            parts = [_shape(child, mended) for child in mark if local(child.tag) in _SHAPES]
        except (ValueError, IndexError, shapely.errors.ShapelyError):
            bad.append(index + 1)
            continue
        if parts:
            shapes[index] = parts[0]
        if mended:
            closed.append(index + 1)
    raw.mended_shapes(bad, closed)
    return shapes


def _shape(element: Element, mended: set[str]) -> shapely.Geometry:
    match local(element.tag):
        case "MultiGeometry":
            parts = [_shape(child, mended) for child in element if local(child.tag) in _SHAPES]
            return _gathered(parts)
        case "Polygon":
            outer = [_ring(ring, mended) for ring in _rings(element, "outerBoundaryIs")]
            inner = [_ring(ring, mended) for ring in _rings(element, "innerBoundaryIs")]
            return shapely.Polygon(outer[0], inner)
        case "LinearRing":
            return shapely.LinearRing(_ring(element, mended))
        case "Point":
            return shapely.Point(_positions(element)[0])
    return shapely.LineString(_positions(element))


def _gathered(parts: list[shapely.Geometry]) -> shapely.Geometry:
    """Make one geometry of several, of one type if they are of one."""
    areas = [part for part in parts if isinstance(part, shapely.Polygon)]
    lines = [part for part in parts if isinstance(part, shapely.LineString)]
    points = [part for part in parts if isinstance(part, shapely.Point)]
    if len(areas) == len(parts):
        return shapely.MultiPolygon(areas)
    if len(lines) == len(parts):
        return shapely.MultiLineString(lines)
    if len(points) == len(parts):
        return shapely.MultiPoint(points)
    return shapely.GeometryCollection(parts)


def _rings(polygon: Element, side: str) -> Iterator[Element]:
    for boundary in polygon:
        if local(boundary.tag) == side:
            yield from (ring for ring in boundary if local(ring.tag) == "LinearRing")


def _ring(element: Element, mended: set[str]) -> list[tuple[float, float]]:
    positions = _positions(element)
    if positions[0] != positions[-1]:
        mended.add("ring_closed")
        positions.append(positions[0])
    return positions


def _positions(element: Element) -> list[tuple[float, float]]:
    written = next((text_of(child) for child in element if local(child.tag) == "coordinates"), "")
    positions = []
    for position in _BETWEEN.sub(",", written).split():
        x, y, *_ = (float(number) for number in position.split(","))
        if not (math.isfinite(x) and math.isfinite(y)):
            raise ValueError
        positions.append((x, y))
    if not positions:
        raise ValueError
    return positions
