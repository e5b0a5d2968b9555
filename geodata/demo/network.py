"""The road network: lines cut at their crossings, without dead ends, each with its rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import shapely

from geodata.demo.linework import OUTLINE

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geodata.demo.arrays import Bools, Floats, Ints, Shapes

NEAR: Final = 2.0  # a piece of the network lies this many grid steps from its line at most
END: Final = 1  # crossings at an end of a street that leads nowhere


def point_keys(points: Floats) -> npt.NDArray[np.complex128]:
    """Make one comparable number of each point, equal for points equal to 1 mm."""
    return np.ascontiguousarray(np.round(points, 3)).view(np.complex128).ravel()


def _open_ends(net: Shapes) -> Bools:
    """Which pieces belong to no dead end."""
    first = shapely.get_coordinates(shapely.get_point(net, 0))
    last = shapely.get_coordinates(shapely.get_point(net, -1))
    node = np.unique(point_keys(np.vstack([first, last])), return_inverse=True)[1]
    a, b = np.split(node, 2)
    alive = np.ones(len(net), dtype=bool)
    while True:
        degree = np.bincount(np.concatenate([a[alive], b[alive]]), minlength=int(node.max()) + 1)
        dead = alive & ((degree[a] == END) | (degree[b] == END))
        if not dead.any():
            return alive
        alive &= ~dead


@dataclass(frozen=True, eq=False)
class Network:
    """Pieces between crossings: shape, rank, and the road each belongs to (-1 = the border)."""

    edges: Shapes
    ranks: Ints
    roads: Ints


def _best_line(piece: Ints, line: Ints, ranks: Ints, count: int) -> Ints:
    """For each piece the most important line it lies on, -1 = none."""
    none = len(ranks) * (OUTLINE + 1)
    best = np.full(count, none, dtype=np.int64)
    np.minimum.at(best, piece, ranks[line] * len(ranks) + line)
    return np.where(best == none, -1, best % max(len(ranks), 1))


def make_network(
    lines: Shapes, ranks: Ints, roads: Ints, area: BaseGeometry, grid: float
) -> Network:
    """Cut lines and the border of an area at their crossings and keep what lies inside.

    grid: every point is rounded to this many metres, so that no sliver is narrower.
    """
    zone = shapely.buffer(area, 30)
    shapely.prepare(zone)
    near = shapely.intersects(zone, lines)
    lines, ranks, roads = lines[near], ranks[near], roads[near]
    border = shapely.get_exterior_ring(area)
    net = shapely.get_parts(shapely.union_all([*lines, border], grid_size=grid))
    middle = shapely.line_interpolate_point(net, 0.5, normalized=True)
    edge = shapely.buffer(area, 2 * grid)
    shapely.prepare(edge)
    inside = shapely.intersects(edge, middle)
    net, middle = net[inside], middle[inside]
    piece, line = shapely.STRtree(lines).query(middle, predicate="dwithin", distance=NEAR * grid)
    best = _best_line(piece, line, ranks, len(net))
    rank = np.where(best < 0, OUTLINE, ranks[best])
    road = np.where(best < 0, -1, roads[best])
    alive = _open_ends(net)
    return Network(net[alive], rank[alive], road[alive])


def faces_of(net: Shapes, area: BaseGeometry) -> Shapes:
    """Find the areas that a network encloses inside the border."""
    faces = shapely.get_parts(shapely.polygonize(net))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    shapely.prepare(area)
    return np.asarray(faces[shapely.contains_xy(area, inner[:, 0], inner[:, 1])])
