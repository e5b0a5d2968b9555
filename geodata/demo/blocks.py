"""Atoms: the smallest areas, which all units are made of, and the borders between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Bools, Floats, Ints, Shapes, shape_array
from geodata.demo.linework import FIELD, LOCAL, OUTLINE, RAIL, RIVER, Linework
from geodata.demo.network import Network, faces_of, make_network, point_keys
from geodata.demo.steps import begin

if TYPE_CHECKING:
    from geodata.demo.setting import Setting
    from geodata.demo.streets import Streets
    from geodata.model.draft import Progress

GRID: Final = 0.25  # metres to which the network on the ground is rounded
LEAST: Final = 4_000.0  # m² of an atom
NEEDLE: Final = 0.012  # area / perimeter² below which an atom is needle-thin
NEEDLE_LEAST: Final = 6  # times LEAST: a needle this large may stay
ACROSS_BIG: Final = 0.3  # weight of a side along a big road when joining atoms
ROUNDS: Final = 4
STUBS: Final = 30  # pieces of road that are taken back from the middle of a river
BEND_STEP: Final = 55.0


@dataclass(frozen=True, eq=False)
class Borders:
    """Every piece of border once: atom on one side, on the other (-1 = outside), metres, rank."""

    left: Ints
    right: Ints
    length: Floats
    rank: Ints

    def inner(self) -> Borders:
        """Drop the outer border."""
        keep = self.right >= 0
        return Borders(self.left[keep], self.right[keep], self.length[keep], self.rank[keep])


@dataclass(frozen=True, eq=False)
class Blocks:
    """The ground cut into atoms.

    atoms: polygons that tile the city; sheet: a point of each on the sheet (n × 2);
    net: the network between them; borders: who touches whom.
    """

    atoms: Shapes
    sheet: Floats
    net: Network
    borders: Borders


def _segments(shapes: Shapes) -> tuple[Ints, Floats, Floats]:
    """All straight pieces of the shapes: owner, first and last point."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    same = owner[1:] == owner[:-1]
    return owner[:-1][same].astype(np.int64), points[:-1][same], points[1:][same]


def borders_between(atoms: Shapes, edges: Shapes, ranks: Ints) -> Borders:
    """Find the borders by equal end points, without intersecting anything."""
    own, first, last = _segments(atoms)
    edge, edge_first, edge_last = _segments(edges)
    a, b, c, d = (point_keys(points) for points in (first, last, edge_first, edge_last))
    ids, place = np.unique(np.concatenate([a, b, c, d]), return_inverse=True)
    i, j, k, m = np.split(place, np.cumsum([len(a), len(b), len(c)]))
    key = np.minimum(i, j) * len(ids) + np.maximum(i, j)
    edge_key = np.minimum(k, m) * len(ids) + np.maximum(k, m)
    order = np.argsort(edge_key, kind="stable")
    edge_key, edge_rank = edge_key[order], ranks[edge][order]
    at = np.clip(np.searchsorted(edge_key, key), 0, len(edge_key) - 1)
    rank = np.where(edge_key[at] == key, edge_rank[at], OUTLINE + 1)
    length = np.hypot(*(last - first).T)
    order = np.argsort(key, kind="stable")
    key, own, length, rank = key[order], own[order], length[order], rank[order]
    lead = np.concatenate([[True], key[1:] != key[:-1]])
    paired = np.concatenate([~lead[1:], [False]])
    other = np.where(paired, np.concatenate([own[1:], [0]]), -1)
    return Borders(own[lead], other[lead], length[lead], rank[lead])


def _small(atoms: Shapes) -> Bools:
    area = shapely.area(atoms)
    needle = area < NEEDLE * shapely.length(atoms) ** 2
    return np.asarray((area < LEAST) | (needle & (area < NEEDLE_LEAST * LEAST)))


def _hosts(borders: Borders, small: Bools) -> Ints:
    """For each small atom the neighbour with the longest common side, -1 = none."""
    weight = borders.length * np.where(borders.rank <= RAIL, ACROSS_BIG, 1)
    count = len(small)
    own = np.concatenate([borders.left, borders.right])
    other = np.concatenate([borders.right, borders.left])
    use = small[own]
    pair, at = np.unique(own[use] * count + other[use], return_inverse=True)
    total = np.bincount(at, np.concatenate([weight, weight])[use], len(pair))
    order = np.lexsort((total, pair // count))
    host = np.full(count, -1, dtype=np.int64)
    host[pair[order] // count] = pair[order] % count  # the longest comes last and wins
    return host


def _join(atoms: Shapes, host: Ints) -> Shapes:
    """Join each atom to its host, smallest first, each atom at most once."""
    taken = np.zeros(len(atoms), dtype=bool)
    groups: list[list[int]] = []
    wanting = np.flatnonzero(host >= 0)
    for atom in wanting[np.argsort(shapely.area(atoms[wanting]), kind="stable")].tolist():
        other = int(host[atom])
        if not taken[atom] and not taken[other]:
            taken[[atom, other]] = True
            groups.append([other, atom])
    joined = [shapely.coverage_union_all(atoms[group]) for group in groups]
    return shape_array([*atoms[~taken], *joined])


def join_small(atoms: Shapes, edges: Shapes, ranks: Ints) -> Shapes:
    """Join tiny and needle-thin atoms to a neighbour, not across big roads if possible."""
    for _ in range(ROUNDS):
        borders = borders_between(atoms, edges, ranks).inner()
        host = _hosts(borders, _small(atoms))
        if (host < 0).all():
            break
        atoms = _join(atoms, host)
    return atoms


def _off_the_water(net: Network, wet: shapely.Geometry) -> None:
    """Turn streets on the water, and roads that end there, into parts of the river bed."""
    ends = [shapely.get_point(net.edges, at) for at in (0, -1)]
    in_water = np.array([shapely.intersects(wet, points) for points in ends])
    ranks = net.ranks
    ranks[(ranks >= LOCAL) & (ranks < OUTLINE) & in_water.any(axis=0)] = RIVER
    keys = point_keys(shapely.get_coordinates(np.concatenate(ends)))
    node = np.unique(keys, return_inverse=True)[1].reshape(2, -1)
    for _ in range(STUBS):
        drawn = ~np.isin(ranks, (RIVER, FIELD, OUTLINE))
        degree = np.bincount(node[:, drawn].ravel(), minlength=int(node.max()) + 1)
        stub = drawn & ((degree[node] == 1) & in_water).any(axis=0)
        if not stub.any():
            break
        ranks[stub] = RIVER


def make_blocks(
    setting: Setting, wet: shapely.Geometry, work: Linework, streets: Streets, progress: Progress
) -> Blocks:
    """Bend all lines to the ground, node them once and find the atoms between them."""
    lines, ranks, roads = work.arrays()
    local = np.arange(len(streets.lines)) + int(roads.max()) + 1
    lines = np.concatenate([lines, streets.lines])
    ranks = np.concatenate([ranks, streets.ranks])
    roads = np.concatenate([roads, local])
    ground = setting.ground()
    begin(progress, "joining the road network")
    net = make_network(setting.bend(lines, BEND_STEP), ranks, roads, ground, GRID)
    edges, ranks = net.edges, net.ranks
    _off_the_water(net, wet)
    begin(progress, "finding street blocks")
    atoms = faces_of(edges, ground)
    begin(progress, "joining small blocks")
    atoms = join_small(atoms, edges, ranks)
    begin(progress, "placing blocks")
    inside = shapely.get_coordinates(shapely.point_on_surface(atoms))
    borders = borders_between(atoms, edges, ranks)
    return Blocks(atoms, setting.unwarp(inside), net, borders)
