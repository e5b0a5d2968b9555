"""Shapes as plain coordinates, the parts of one geometry type behind each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geodata.tiles.mercator import to_metres
from geodata.tiles.mvt import Type, simple_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Shapes = npt.NDArray[np.object_]
    Holes = npt.NDArray[np.int8]
    LaidOut = tuple[Floats, Ints, Holes, Ints]


def by_type(shapes: Shapes, *, degrees: bool) -> Iterator[tuple[Type, LaidOut, Ints]]:
    """Parts of one type laid out, and the place of the shape that each belongs to."""
    parts, owners = simple_parts(shapes)
    there = ~shapely.is_empty(parts)
    parts, owners = parts[there], owners[there]
    types = shapely.get_type_id(parts)
    for kind in Type:
        mine = types == kind.shapely
        if mine.any():
            yield kind, _laid_out(kind, parts[mine], degrees), owners[mine]


def joined(laid: list[LaidOut]) -> LaidOut:
    """What was laid out piece by piece, as one."""
    points, starts, holes, firsts = zip(*laid, strict=True)
    return (
        np.concatenate(points),
        _counted_on(starts),
        np.concatenate(holes),
        _counted_on(firsts),
    )


def _counted_on(edges: tuple[Ints, ...]) -> Ints:
    """Edges of several lists as those of one list behind each other."""
    return np.append(0, np.cumsum(np.concatenate([np.diff(each) for each in edges])))


def _laid_out(kind: Type, parts: Shapes, degrees: bool) -> LaidOut:  # noqa: FBT001
    """All points, where each stroke begins, whether it is a hole, and each part's first stroke."""
    points, starts, firsts = _points_of(kind, parts)
    if degrees:
        points = np.column_stack(to_metres(points[:, 0], points[:, 1]))
    holes = np.zeros(len(starts) - 1, dtype=np.int8)
    if kind is not Type.POLYGON:
        return points, starts, holes, firsts
    kept = np.ones(len(points), dtype=np.bool_)
    kept[starts[1:] - 1] = False  # the closing point of a ring is its first
    holes[:] = 1
    holes[firsts[:-1]] = 0
    return points[kept], starts - np.arange(len(starts)), holes, firsts


def _points_of(kind: Type, parts: Shapes) -> tuple[Floats, Ints, Ints]:
    """All points, where each stroke begins, and each part's first stroke."""
    if kind is Type.POLYGON and shapely.get_num_interior_rings(parts).any():
        _, points, (rings, firsts) = shapely.to_ragged_array(parts, include_z=False)
        return points, rings.astype(np.int64), firsts.astype(np.int64)
    # Without holes a part is a stroke, which is much faster to find.
    counts = shapely.get_num_coordinates(parts)
    starts = np.append(0, np.cumsum(counts, dtype=np.int64))
    return shapely.get_coordinates(parts), starts, np.arange(len(parts) + 1)
