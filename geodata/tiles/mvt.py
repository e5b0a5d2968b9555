"""Shapes to Mapbox vector tiles (version 2.1), a whole layer at a time.

All coordinates of a layer are quantised, turned and written in a few array operations; only the
frame around each feature is put together one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from geodata.tiles.mercator import Box

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Shapes = npt.NDArray[np.object_]

EXTENT: Final = 4096
MOVE_ONCE: Final = 9  # command MoveTo, one point
LINE: Final = 2  # command LineTo, to be combined with a count
CLOSE: Final = 15  # command ClosePath
KIND_KEY: Final = b"\x1a\x01k"  # the one key of a layer's features: k


class Type(IntEnum):
    """Kinds of geometry as the format numbers them."""

    POINT = 1
    LINE = 2
    POLYGON = 3

    @property
    def shapely(self) -> shapely.GeometryType:
        """The same kind as shapely numbers it."""
        return SHAPELY_TYPES[self]


SHAPELY_TYPES: Final = {
    Type.POINT: shapely.GeometryType.POINT,
    Type.LINE: shapely.GeometryType.LINESTRING,
    Type.POLYGON: shapely.GeometryType.POLYGON,
}
LEAST_POINTS: Final = {Type.POINT: 1, Type.LINE: 2, Type.POLYGON: 3}


@dataclass(frozen=True)
class Features:
    """Features of one layer in metres of the map plane; `kinds` become the property k."""

    name: str
    shapes: Shapes
    ids: Ints
    kinds: Sequence[str] | None = None


@dataclass(frozen=True)
class Strokes:
    """Point sequences of one geometry type: whole coordinates, and how they belong together.

    points: x and y; starts, counts: of each sequence; owners: feature of each sequence.
    """

    points: Ints
    starts: Ints
    counts: Ints
    owners: Ints


def encode(layers: Iterable[Features], box: Box) -> bytes:
    """Write a tile; layers without anything in the box are left out."""
    return b"".join(_layer(features, box) for features in layers)


def _layer(features: Features, box: Box) -> bytes:
    parts, owners = simple_parts(features.shapes)
    values = sorted(set(features.kinds)) if features.kinds is not None else []
    tags = {value: _framed(b"\x12", b"\x00" + _varint(n)) for n, value in enumerate(values)}
    written = []
    for kind in Type:
        mine = shapely.get_type_id(parts) == kind.shapely
        if not mine.any():
            continue
        for owner, geometry in _geometries(parts[mine], owners[mine], kind, box):
            tag = tags[features.kinds[owner]] if features.kinds is not None else b""
            # id = 1, tags = 2, type = 3, geometry = 4
            head = b"\x08" + _varint(int(features.ids[owner])) + tag + bytes((0x18, kind))
            written.append(_framed(b"\x12", head + _framed(b"\x22", geometry)))
    return layer(features.name, b"".join(written), values)


def layer(name: str, features: bytes, values: Sequence[str]) -> bytes:
    """Frame written features, which name their value by its place in `values`; b"" without any."""
    if not features:
        return b""
    listed = b"".join(_framed(b"\x22", _framed(b"\x0a", value.encode())) for value in values)
    body = _framed(b"\x0a", name.encode()) + features
    body += (KIND_KEY if values else b"") + listed + b"\x28" + _varint(EXTENT) + b"\x78\x02"
    return _framed(b"\x1a", body)


def simple_parts(shapes: Shapes) -> tuple[Shapes, Ints]:
    """Points, lines and polygons without any collection around them, and whose they are."""
    types = shapely.get_type_id(shapes)
    if (types <= shapely.GeometryType.POLYGON).all():  # nothing too, which is no collection
        there = np.flatnonzero(types >= 0)
        return shapes[there], there
    parts, owners = shapely.get_parts(shapes, return_index=True)
    nested = shapely.get_type_id(parts) > shapely.GeometryType.POLYGON
    if nested.any():  # a clipped shape may be a collection of multi-part shapes
        parts, again = shapely.get_parts(parts, return_index=True)
        owners = owners[again]
    return parts, owners


def _geometries(parts: Shapes, owners: Ints, kind: Type, box: Box) -> Iterable[tuple[int, bytes]]:
    """Give the encoded geometry of each feature that still has a shape at this scale."""
    strokes = (
        _rings(parts, owners, box) if kind is Type.POLYGON else _lines(parts, owners, kind, box)
    )
    if not len(strokes.starts):
        return
    data, ends = _varints(_commands(strokes, kind))
    lengths = _lengths(strokes.counts, kind)
    edges = np.append(0, ends)[np.append(0, np.cumsum(lengths))]
    first = np.flatnonzero(_changes(strokes.owners))
    bounds = edges[np.append(first, len(strokes.owners))]
    for place, owner in enumerate(strokes.owners[first]):
        yield int(owner), data[bounds[place] : bounds[place + 1]]


def _quantised(sequences: Shapes, box: Box) -> tuple[Ints, Ints]:
    """Whole tile coordinates with y downwards, repeated points dropped; sequence of each point."""
    points, sequence = shapely.get_coordinates(sequences, return_index=True)
    scale = EXTENT / (box.east - box.west)
    grid = np.rint((points - (box.west, box.north)) * (scale, -scale)).astype(np.int64)
    fresh = _changes(sequence)
    fresh[1:] |= (grid[1:] != grid[:-1]).any(axis=1)
    return grid[fresh], sequence[fresh]


def _lines(parts: Shapes, owners: Ints, kind: Type, box: Box) -> Strokes:
    points, sequence = _quantised(parts, box)
    counts = np.bincount(sequence, minlength=len(parts))
    long_enough = counts >= LEAST_POINTS[kind]
    return _strokes(points[long_enough[sequence]], counts[long_enough], owners[long_enough])


def _rings(polygons: Shapes, owners: Ints, box: Box) -> Strokes:
    """Rings with a surface, outer ones clockwise on the screen, holes the other way."""
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    points, ring = _quantised(rings, box)
    first = np.flatnonzero(_changes(ring))
    last = np.append(first[1:], len(ring)) - 1
    open_end = np.ones(len(points), dtype=np.bool_)
    open_end[last] = (points[last] != points[first]).any(axis=1)  # the closing point is implied
    points, ring = points[open_end], ring[open_end]
    counts = np.bincount(ring, minlength=len(rings))
    areas = _areas(points, counts)
    outer = _changes(polygon)
    good = (counts >= LEAST_POINTS[Type.POLYGON]) & (areas != 0)
    good &= good[np.flatnonzero(outer)][np.cumsum(outer) - 1]  # a hole goes with its outer ring
    turned = (areas > 0) != outer
    strokes = _strokes(points[good[ring]], counts[good], owners[polygon[good]])
    return _reversed(strokes, turned[good])


def _areas(points: Ints, counts: Ints) -> Ints:
    """Twice the surface of each ring, positive where it runs clockwise on the screen."""
    areas = np.zeros(len(counts), dtype=np.int64)
    if not len(points):
        return areas
    ends = np.cumsum(counts)
    after = np.arange(1, len(points) + 1)
    after[ends[counts > 0] - 1] = (ends - counts)[counts > 0]
    cross = points[:, 0] * points[after, 1] - points[after, 0] * points[:, 1]
    areas[counts > 0] = np.add.reduceat(cross, (ends - counts)[counts > 0])
    return areas


def _strokes(points: Ints, counts: Ints, owners: Ints) -> Strokes:
    return Strokes(points, np.cumsum(counts) - counts, counts, owners)


def _reversed(strokes: Strokes, turned: Flags) -> Strokes:
    """Give the strokes with some of them run backwards."""
    order = np.arange(len(strokes.points))
    mirrored = np.repeat(2 * strokes.starts + strokes.counts - 1, strokes.counts) - order
    backwards = np.repeat(turned, strokes.counts)
    points = strokes.points[np.where(backwards, mirrored, order)]
    return Strokes(points, strokes.starts, strokes.counts, strokes.owners)


def _lengths(counts: Ints, kind: Type) -> Ints:
    """How many numbers each stroke takes: commands and coordinates."""
    return 2 * counts + {Type.POINT: 1, Type.LINE: 2, Type.POLYGON: 3}[kind]


def _commands(strokes: Strokes, kind: Type) -> Ints:
    """Commands and zigzag steps of all strokes in one row."""
    steps = np.diff(strokes.points, axis=0, prepend=0)
    # Steps run on through a feature and begin anew at the next one.
    begins = strokes.starts[_changes(strokes.owners)]
    steps[begins] = strokes.points[begins]
    steps = (steps << 1) ^ (steps >> 63)
    lengths = _lengths(strokes.counts, kind)
    ends = np.cumsum(lengths)
    heads = ends - lengths
    row = np.empty(ends[-1], dtype=np.int64)
    within = np.arange(len(steps)) - np.repeat(strokes.starts, strokes.counts)
    at = np.repeat(heads, strokes.counts) + np.where(within == 0, 1, 2 + 2 * within)
    row[at], row[at + 1] = steps[:, 0], steps[:, 1]
    row[heads] = MOVE_ONCE
    if kind is not Type.POINT:
        row[heads + 3] = (strokes.counts - 1) << 3 | LINE
    if kind is Type.POLYGON:
        row[ends - 1] = CLOSE
    return row


def _changes(labels: Ints) -> Flags:
    """Where a run of equal labels begins."""
    changes = np.ones(len(labels), dtype=np.bool_)
    changes[1:] = labels[1:] != labels[:-1]
    return changes


def _varints(numbers: Ints) -> tuple[bytes, Ints]:
    """Write numbers as varints; the second answer is where each ends."""
    sizes = np.searchsorted((1 << 7, 1 << 14, 1 << 21, 1 << 28), numbers, side="right") + 1
    ends = np.cumsum(sizes)
    data = np.empty(ends[-1], dtype=np.uint8)
    for place in range(int(sizes.max())):
        longer = sizes > place
        more = np.where(sizes[longer] > place + 1, 0x80, 0)
        data[(ends - sizes)[longer] + place] = (numbers[longer] >> 7 * place & 0x7F) | more
    return data.tobytes(), ends


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits a byte
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def _framed(tag: bytes, data: bytes) -> bytes:
    return tag + _varint(len(data)) + data
