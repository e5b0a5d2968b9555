"""Shapes of one MVT layer at one scale, ready to be cut into tiles: by machine code, or by GEOS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import pandas as pd
import shapely

from geodata.kernels import mvt as kernels
from geodata.kernels.boxes import blocks_of, in_order, touching
from geodata.kernels.rings import turn
from geodata.kernels.settings import COMPILED
from geodata.tiles.laid import by_type, joined
from geodata.tiles.mercator import Box, project
from geodata.tiles.mvt import EXTENT, Features, Type, encode, layer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy.typing as npt

    from geodata.tiles.laid import LaidOut

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Shapes = npt.NDArray[np.object_]
    Kinds = npt.NDArray[np.object_] | None
    Pieces = Iterable[tuple[Ints, Shapes]]
    Shows = Callable[[str], bool] | None

MARGIN: Final = 128  # tile units beyond the edge: half the width of the widest outline drawn


class Sheet(Protocol):
    """Shapes of one MVT layer."""

    def tile(self, box: Box, shows: Shows = None) -> bytes:
        """Write what lies in a tile's box and a little around it as an MVT layer; b"" = nothing.

        shows: whether features of a kind are written, None = all are.
        """


def sheet(
    name: str, shapes: Shapes, ids: Ints, kinds: Kinds = None, *, degrees: bool = False
) -> Sheet:
    """Prepare shapes.

    Args:
        name: of the layer.
        shapes: in metres of the map plane.
        ids: of the features.
        kinds: their property k.
        degrees: the shapes are in degrees instead.
    """
    if COMPILED:
        return FlatSheet.of(name, shapes, ids, kinds, degrees=degrees)
    return ShapeSheet.of(name, project(shapes) if degrees else shapes, ids, kinds)


def sheet_of_pieces(name: str, pieces: Pieces, kinds: npt.NDArray[np.object_]) -> Sheet:
    """Prepare very many shapes in degrees, of which some may be missing.

    Args:
        name: of the layer.
        pieces: rows and their shapes, some at a time; a row is the id of its feature.
        kinds: property k by row.
    """
    if COMPILED:
        return FlatSheet.of_pieces(name, _known(pieces), kinds)
    found = list(_known(pieces))
    rows = np.concatenate([np.empty(0, np.int64), *(rows for rows, _ in found)])
    shapes = np.concatenate([np.empty(0, np.object_), *(shapes for _, shapes in found)])
    return ShapeSheet.of(name, project(shapes), rows, kinds[rows])


def _known(pieces: Pieces) -> Iterator[tuple[Ints, Shapes]]:
    """Pieces without the rows that have no shape."""
    for rows, shapes in pieces:
        there = ~shapely.is_missing(shapes)
        yield rows[there], shapes[there]


@dataclass(frozen=True)
class ShapeSheet:
    """A sheet cut by GEOS, for machines without compiled kernels; and what these are held to."""

    name: str
    shapes: Shapes
    ids: Ints
    kinds: Kinds
    tree: shapely.STRtree
    bounds: Floats

    @classmethod
    def of(cls, name: str, shapes: Shapes, ids: Ints, kinds: Kinds = None) -> ShapeSheet:
        """Index the shapes."""
        return cls(name, shapes, ids, kinds, shapely.STRtree(shapes), shapely.bounds(shapes))

    def tile(self, box: Box, shows: Shows = None) -> bytes:
        """Write the layer; only what crosses the rim is clipped."""
        rim = _rim(box)
        found = np.sort(self.tree.query(shapely.box(*rim)))
        if shows is not None and self.kinds is not None:
            found = found[np.array([shows(kind) for kind in self.kinds[found]], dtype=np.bool_)]
        shapes, bounds = self.shapes[found], self.bounds[found]
        crossing = (bounds[:, :2] < rim[:2]).any(axis=1) | (bounds[:, 2:] > rim[2:]).any(axis=1)
        if crossing.any():
            shapes[crossing] = shapely.clip_by_rect(shapes[crossing], *rim)
        kinds = None if self.kinds is None else self.kinds[found].tolist()
        return encode([Features(self.name, shapes, self.ids[found], kinds)], box)


@dataclass(frozen=True)
class Strokes:
    """Shapes of one geometry type as the kernels read them.

    codes: value of each feature among the sheet's, -1 = none; blocks: boxes around neighbours.
    """

    type: Type
    flat: kernels.Flat
    codes: Ints
    blocks: Floats
    order: Ints  # rows of features as they were given, by their place in `flat`


@dataclass(frozen=True)
class FlatSheet:
    """A sheet cut and written by kernels."""

    name: str
    values: tuple[str, ...]
    strokes: tuple[Strokes, ...]

    @classmethod
    def of(
        cls, name: str, shapes: Shapes, ids: Ints, kinds: Kinds = None, *, degrees: bool = False
    ) -> FlatSheet:
        """Lay the shapes out as plain coordinates, neighbours beside each other."""
        values, codes = _numbered(kinds, len(shapes))
        made = [
            _strokes(found, kind, owners, ids, codes)
            for kind, found, owners in by_type(shapes, degrees=degrees)
        ]
        return cls(name, values, tuple(made))

    @classmethod
    def of_pieces(cls, name: str, pieces: Pieces, kinds: npt.NDArray[np.object_]) -> FlatSheet:
        """Lay out shapes in degrees that are never there all at once; kinds: by row."""
        values, codes = _numbered(kinds, len(kinds))
        laid: dict[Type, list[tuple[LaidOut, Ints]]] = {}
        for rows, shapes in pieces:
            for kind, found, owners in by_type(shapes, degrees=True):
                laid.setdefault(kind, []).append((found, rows[owners]))
        made = []
        for kind, parts in laid.items():
            owners = np.concatenate([mine for _, mine in parts])
            found = joined([each for each, _ in parts])
            made.append(_strokes(found, kind, owners, np.arange(len(kinds)), codes))
        return cls(name, values, tuple(made))

    def tile(self, box: Box, shows: Shows = None) -> bytes:
        """Write the layer."""
        rim = _rim(box)
        found = [(each, self._shown(each, _found(each, rim), shows)) for each in self.strokes]
        used = _used([each.codes[rows] for each, rows in found])
        frame = kernels.Frame(box.west, box.north, EXTENT / (box.east - box.west), *rim)
        written = b"".join(
            kernels.features(
                each.flat, int(each.type), rows, _places(used, each.codes[rows]), frame
            ).tobytes()
            for each, rows in found
            if len(rows)
        )
        return layer(self.name, written, [self.values[code] for code in used])

    def _shown(self, strokes: Strokes, rows: Ints, shows: Shows) -> Ints:
        """Those of some features whose kind is written."""
        if shows is None or not len(rows):
            return rows
        used, of = np.unique(strokes.codes[rows], return_inverse=True)
        kept = np.array([code < 0 or shows(self.values[code]) for code in used.tolist()])
        shown: Ints = rows[kept[of]]
        return shown


def _numbered(kinds: Kinds, count: int) -> tuple[tuple[str, ...], Ints]:
    """Every kind once, and the number of each feature's; -1 where there are no kinds."""
    if kinds is None:
        return (), np.full(count, -1, dtype=np.int64)
    codes, values = pd.factorize(kinds, sort=True)
    return tuple(values), codes.astype(np.int64)


def _rim(box: Box) -> Box:
    """What is drawn of a tile: its box and the margin around it."""
    return box.grown(MARGIN * (box.east - box.west) / EXTENT)


def _found(strokes: Strokes, rim: Box) -> Ints:
    """Places of the features that may show, in the order in which they were given."""
    found = touching(strokes.flat.bounds, strokes.blocks, *rim)
    return found[np.argsort(strokes.order[found])]


def _used(codes: list[Ints]) -> Ints:
    """Every value that occurs, once."""
    found = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *codes]))
    return found[found >= 0]


def _places(used: Ints, codes: Ints) -> Ints:
    """Number of each code in the tile's own list."""
    return np.searchsorted(used, codes) if len(used) else codes


def _strokes(laid: LaidOut, kind: Type, owners: Ints, ids: Ints, codes: Ints) -> Strokes:
    """Put features in order whose parts, of one type, come owner by owner."""
    points, starts, holes, firsts = laid
    rows, first_parts = np.unique(owners, return_index=True)
    firsts = np.append(firsts[:-1][first_parts], firsts[-1])
    bounds = _bounds(points, starts[firsts[:-1]])
    order = in_order(bounds)
    rows, counts = rows[order], np.diff(firsts)[order]
    strokes = _ranges(firsts[:-1][order], counts)
    lengths = np.diff(starts)[strokes]
    points = points[_ranges(starts[:-1][strokes], lengths)]
    flat = kernels.Flat(
        x=np.ascontiguousarray(points[:, 0]),
        y=np.ascontiguousarray(points[:, 1]),
        starts=np.append(0, np.cumsum(lengths)),
        holes=holes[strokes],
        firsts=np.append(0, np.cumsum(counts)),
        ids=ids[rows].astype(np.int64),
        bounds=np.ascontiguousarray(bounds[order]),
    )
    if kind is Type.POLYGON:
        turn(flat.x, flat.y, flat.starts, flat.holes)
    return Strokes(kind, flat, codes[rows], blocks_of(flat.bounds), rows)


def _bounds(points: Floats, starts: Ints) -> Floats:
    """Box around the points of each feature."""
    low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
    return np.hstack([low, high])


def _ranges(starts: Ints, counts: Ints) -> Ints:
    """All numbers of some ranges one after the other."""
    ends = np.cumsum(counts)
    numbers: Ints = np.arange(ends[-1]) + np.repeat(starts - (ends - counts), counts)
    return numbers
