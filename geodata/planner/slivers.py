"""Pieces between two lines that are no place of their own join a neighbour of their grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.ground import Edges

    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]

SLIVER_M2: Final = 400.0
THIN: Final = 0.03  # Polsby–Popper: a strip thirty times as long as wide
ROUNDS: Final = 6  # a sliver may lie between slivers


def is_sliver(shapes: Shapes, held: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which shapes hold nobody and are tiny or thin."""
    area = shapely.area(shapes)
    thin = 4 * np.pi * area < THIN * shapely.length(shapes) ** 2
    return np.asarray((held == 0) & ((area < SLIVER_M2) | thin))


def hosts(edges: Edges, owner: Ints, sliver: npt.NDArray[np.bool_]) -> Ints:
    """The shape that each one joins: itself, or of a sliver the neighbour with most border.

    Only a neighbour of the same grid will do; a sliver that has none stays.
    """
    joined = np.arange(len(owner), dtype=np.int32)
    ends = np.concatenate((edges.first, edges.second))
    others = np.concatenate((edges.second, edges.first))
    length = np.tile(edges.length_m, 2)
    fit = sliver[ends] & ~sliver[others] & (owner[ends] == owner[others])
    order = np.lexsort((length[fit], ends[fit]))
    joined[ends[fit][order]] = others[fit][order]  # the last, longest one stays
    return joined


def united(shapes: Shapes, joined: Ints) -> Shapes:
    """The shapes that are left, each with those that join it."""
    drawn = shapes.copy()
    for host in np.unique(joined[joined != np.arange(len(joined))]).tolist():
        drawn[host] = shapely.coverage_union_all(shapes[joined == host])
    return np.asarray(drawn[joined == np.arange(len(joined))])
