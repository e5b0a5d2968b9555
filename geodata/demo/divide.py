"""Dividing atoms into units from the top down, so that every level nests in the one above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geodata.demo.graph import cut_parts, make_graph, smooth
from geodata.demo.linework import RAIL, RIVER, SECONDARY

if TYPE_CHECKING:
    from geodata.demo.arrays import Bools, Floats, Ints
    from geodata.demo.blocks import Blocks, Borders
    from geodata.demo.scales import Scale, Tier

COST: Final = np.array([0.12, 0.12, 0.3, 0.5, 1.1, 0.15, 1.0, 1.3, 1.0, 1.3])  # by rank of a road
HEAVY: Final = 0.34  # of a unit: cells heavier than this are not glued
ENOUGH: Final = 3  # cells per unit
SMOOTHED: Final = 12  # atoms per unit from which borders are tidied
STEPS: Final = 60


@dataclass(frozen=True, eq=False)
class Division:
    """labels: by level below the root (top first) the unit number of every atom."""

    labels: tuple[Ints, ...]


def shares(total: int, weights: Floats, most: Ints) -> Ints:
    """Share out whole numbers by weight, each from 1 to `most`, adding up to `total`."""
    weights = np.maximum(weights, 1e-9)
    low, high = 0.0, total / float(weights.min())
    for _ in range(STEPS):
        middle = (low + high) / 2
        if np.clip(middle * weights, 1, most).sum() < total:
            low = middle
        else:
            high = middle
    wanted = np.clip(high * weights, 1, most)
    found = np.floor(wanted + 1e-9).astype(np.int64)
    order = np.argsort(found - wanted, kind="stable")
    missing = total - int(found.sum())
    while missing > 0 and (found < most).any():
        room = order[found[order] < most[order]][:missing]
        found[room] += 1
        missing = total - int(found.sum())
    return found


@dataclass(frozen=True, eq=False)
class _Land:
    """What dividing needs to know about the atoms."""

    borders: Borders
    place: Floats

    def cells(self, atoms: Ints, weight: Floats, rank: int, limit: float) -> Ints:
        """Glue atoms that no road up to `rank` and no river separates; gives a cell by atom."""
        edges, count = self.borders, len(self.place)
        inside = np.zeros(count, dtype=bool)
        inside[atoms] = True
        label = self._joined(
            inside[edges.left] & inside[edges.right] & (edges.rank > rank) & (edges.rank != RIVER)
        )
        heavy = np.bincount(label, weight * inside)[label] > limit
        return np.where(heavy, count + np.arange(count), label)[atoms]

    def pieces(self, atoms: Ints) -> Ints:
        """Number the connected pieces of some atoms; gives the piece of each."""
        inside = np.zeros(len(self.place), dtype=bool)
        inside[atoms] = True
        label = self._joined(inside[self.borders.left] & inside[self.borders.right])
        return np.asarray(np.unique(label[atoms], return_inverse=True)[1])

    def _joined(self, use: Bools) -> Ints:
        """Label the atoms that some of the borders connect."""
        ends = (self.borders.left[use], self.borders.right[use])
        matrix = coo_matrix((np.ones(int(use.sum())), ends), (len(self.place),) * 2)
        return np.asarray(connected_components(matrix, directed=False)[1], dtype=np.int64)

    def divide(self, atoms: Ints, count: int, weight: Floats, rank: int) -> Ints:
        """Cut connected atoms into `count` connected parts; gives the part of each."""
        if count == 1:
            return np.zeros(len(atoms), dtype=np.int64)
        limit = HEAVY * float(weight[atoms].sum()) / count
        cell = np.unique(self.cells(atoms, weight, rank, limit), return_inverse=True)[1]
        if cell.max() + 1 < ENOUGH * count:
            cell = np.arange(len(atoms))
        number = np.full(len(self.place), -1, dtype=np.int64)
        number[atoms] = cell
        edges = self.borders
        use = (number[edges.left] >= 0) & (number[edges.right] >= 0)
        heavy = np.bincount(cell, weight[atoms]).astype(float)
        size = np.bincount(cell)
        place = [np.bincount(cell, self.place[atoms, axis]) / size for axis in (0, 1)]
        graph = make_graph(
            number[edges.left[use]],
            number[edges.right[use]],
            edges.length[use] * COST[edges.rank[use]],
            heavy,
            np.column_stack(place),
        )
        parts = cut_parts(graph, list(range(len(size))), count)
        if len(size) >= SMOOTHED * count:
            parts = smooth(graph, parts)
        part = np.zeros(len(size), dtype=np.int64)
        for index, cells in enumerate(parts):
            part[cells] = index
        return part[cell]


def _weights(tier: Tier, count: float, households: Floats, area: Floats) -> Floats:
    """Weight of each atom in units of this level; households count, and so does land."""
    homes = households / max(households.sum(), 1)
    return np.asarray(count * ((1 - tier.land) * homes + tier.land * area / area.sum()))


def _split(  # noqa: PLR0913, PLR0917 - what to divide and how
    land: _Land, parent: Ints, counts: Ints, weight: Floats, rank: int, alone: Bools
) -> Ints:
    """Divide every unit of a level into its number of parts; the atoms `alone` are one of them."""
    label = np.empty(len(parent), dtype=np.int64)
    order = np.argsort(parent, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(parent))[:-1])
    first = 0
    for atoms, count in zip(groups, counts.tolist(), strict=True):
        own, rest = atoms[alone[atoms]], atoms[~alone[atoms]]
        piece = land.pieces(rest) if len(own) and len(rest) else None
        if piece is not None and count > piece.max() + 1:
            label[own] = first + count - 1
            label[rest] = first + _each(land, rest, piece, count - 1, weight, rank)
        else:
            label[atoms] = first + land.divide(atoms, count, weight, rank)
        first += count
    return label


def _each(  # noqa: PLR0913, PLR0917 - what to divide and how
    land: _Land, atoms: Ints, piece: Ints, count: int, weight: Floats, rank: int
) -> Ints:
    """Divide pieces that do not touch into `count` parts in all."""
    counts = shares(count, np.bincount(piece, weight[atoms]).astype(float), np.bincount(piece))
    label = np.empty(len(atoms), dtype=np.int64)
    for number, first in enumerate(np.cumsum(counts) - counts):
        mine = piece == number
        label[mine] = first + land.divide(atoms[mine], int(counts[number]), weight, rank)
    return label


def _touching(borders: Borders, label: Ints) -> tuple[Ints, Ints]:
    a, b = label[borders.left], label[borders.right]
    pairs = np.unique(np.column_stack([np.minimum(a, b), np.maximum(a, b)])[a != b], axis=0)
    return pairs[:, 0], pairs[:, 1]


def _plant(borders: Borders, label: Ints, parent: Ints, households: Floats, count: int) -> Ints:
    """Join the heaviest neighbours inside a parent: communities that have grown far too big."""
    if not count:
        return label
    homes = np.bincount(label, households)
    above = np.zeros(len(homes), dtype=np.int64)
    above[label] = parent
    a, b = _touching(borders, label)
    same = above[a] == above[b]
    a, b = a[same], b[same]
    joined: set[int] = set()
    label = label.copy()
    for pair in np.argsort(-(homes[a] + homes[b]), kind="stable").tolist():
        left, right = int(a[pair]), int(b[pair])
        if len(joined) < 2 * count and not {left, right} & joined:
            joined |= {left, right}
            label[label == right] = left
    return np.unique(label, return_inverse=True)[1].astype(np.int64)


def make_division(scale: Scale, blocks: Blocks, households: Floats, airfield: Bools) -> Division:
    """Divide a city into the levels of its scale; the airfield is a community of its own."""
    area = shapely.area(blocks.atoms)
    place = shapely.get_coordinates(shapely.point_on_surface(blocks.atoms))
    land = _Land(blocks.borders.inner(), place)
    parent = np.zeros(len(area), dtype=np.int64)
    labels = []
    for depth, tier in enumerate(scale.tiers):
        planted = scale.planted if tier.key == "community" else 0
        count = tier.count or int(households.sum() / tier.households)
        weight = _weights(tier, count, households, area)
        most = np.bincount(parent)
        share = np.bincount(parent, weight).astype(float)
        counts = shares(min(count + planted, len(area)), share, most)
        rank = RAIL if depth == 0 else SECONDARY
        last: Bools | bool = depth == len(scale.tiers) - 1
        alone = airfield & (tier.key == "community")
        label = _split(land, parent, counts, weight, len(COST) if last else rank, alone)
        label = _plant(land.borders, label, parent, households, planted)
        labels.append(label)
        parent = label
    return Division(tuple(labels))
