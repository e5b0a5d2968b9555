"""The borders about pieces of cut atoms: vertices for the neighbours, and which atoms touch now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.cluster.hierarchy import DisjointSet

from geodata.planner.adjacency import LEAST_M, edges_of
from geodata.planner.ground import Barrier, Edges

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.ground import Ground

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]
    Shapes = npt.NDArray[np.object_]

ON_M: Final = 5e-6  # a vertex this near to a border lies in it
Links = list[tuple[int, int, float, int]]  # two atoms, metres, barrier


def with_vertices(
    shape: shapely.Geometry, points: Floats, near_m: float = ON_M
) -> shapely.Geometry:
    """A polygon with those of some points as vertices that lie in its border, or so near to it."""
    west, south, east, north = shapely.bounds(shape)
    near = (points >= (west - near_m, south - near_m)) & (points <= (east + near_m, north + near_m))
    points = points[near.all(axis=1)]
    if not len(points):
        return shape
    rings = [
        _ring(shapely.get_coordinates(ring), points, near_m) for ring in shapely.get_rings(shape)
    ]
    if sum(map(len, rings)) == shapely.get_num_coordinates(shape):
        return shape
    return shapely.Polygon(rings[0], rings[1:])


def _ring(at: Floats, points: Floats, near_m: float) -> Floats:
    begin, way = at[:-1], np.diff(at, axis=0)
    length = np.maximum((way**2).sum(axis=1), ON_M**2)
    to = points[:, None] - begin
    along = np.clip((to * way).sum(axis=2) / length, 0, 1)
    apart = np.hypot(*np.moveaxis(to - along[:, :, None] * way, 2, 0))
    side = np.argmin(apart, axis=1)
    row = np.arange(len(points))
    known = (points[:, None] == at).all(axis=2).any(axis=1)
    fresh = (apart[row, side] <= near_m) & ~known
    order = np.lexsort((along[row, side][fresh], side[fresh]))
    return np.insert(at, side[fresh][order] + 1, points[fresh][order], axis=0)


def seams(ground: Ground, gone: Rows, numbers: Ints, shapes: Shapes, parent: Ints) -> Edges:
    """The edges in place of those of cut atoms.

    gone: rows of the edges that these had; numbers, shapes, parent: of the pieces, then of the
    neighbours, which are their own parents.
    """
    cut = np.bincount(parent).astype(np.int64)
    is_piece = cut[parent] > 1
    community = ground.community[parent]
    local = edges_of(shapes, community)
    fresh = is_piece[local.first] | is_piece[local.second]
    found: Links = [
        (int(i), int(j), float(length), Barrier.NONE)
        for i, j, length in zip(
            local.first[fresh], local.second[fresh], local.length_m[fresh], strict=True
        )
    ]
    before = _before(ground.edges, gone)
    links = _judged(found, parent, community, before)
    links = _kept(links, shapes, parent, before)
    links = _together(links, parent, is_piece)
    first, second = np.sort(
        np.array([(numbers[i], numbers[j]) for i, j, _, _ in links], dtype=np.int32), axis=1
    ).T
    return Edges(
        first, second,
        np.array([length for _, _, length, _ in links]),
        np.array([barrier for _, _, _, barrier in links], dtype=np.uint8),
    )  # fmt: skip


def _before(edges: Edges, gone: Rows) -> dict[tuple[int, int], list[tuple[float, int]]]:
    """Length and barrier of the edges that are gone, by their atoms; a link has no length."""
    found: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for row in gone.tolist():
        pair = int(edges.first[row]), int(edges.second[row])
        found.setdefault(pair, []).append((float(edges.length_m[row]), int(edges.barrier[row])))
    return found


def _judged(
    links: Links,
    parent: Ints,
    community: Ints,
    before: dict[tuple[int, int], list[tuple[float, int]]],
) -> Links:
    """What lies in each new border: what lay in the one that it is a part of."""
    found: Links = []
    for i, j, length, _ in links:
        p, q = sorted((int(parent[i]), int(parent[j])))
        old = [barrier for metres, barrier in before.get((p, q), []) if metres > 0]
        if community[i] != community[j]:
            barrier = int(Barrier.COMMUNITY)
        elif length < LEAST_M:
            barrier = int(Barrier.NARROW)
        else:
            barrier = old[0] if old else int(Barrier.NONE)
        found.append((i, j, length, barrier))
    return found


def _kept(
    links: Links,
    shapes: Shapes,
    parent: Ints,
    before: dict[tuple[int, int], list[tuple[float, int]]],
) -> Links:
    """Where two atoms hung together their pieces do: over the longest border, or a link again."""
    rows: dict[tuple[int, int], list[int]] = {}
    for row, (i, j, _, _) in enumerate(links):
        p, q = sorted((int(parent[i]), int(parent[j])))
        rows.setdefault((p, q), []).append(row)
    for pair, olds in before.items():
        for metres, barrier in olds:
            own = rows.get(pair, [])
            open_ = any(links[row][3] < Barrier.NARROW for row in own)
            if barrier >= Barrier.NARROW or (metres > 0 and open_):
                continue
            if metres > 0 and own:
                longest = max(own, key=lambda row: links[row][2])
                links[longest] = (*links[longest][:3], barrier)
            else:
                links.append((*_nearest(shapes, parent, pair), 0.0, barrier))
    return links


def _nearest(shapes: Shapes, parent: Ints, pair: tuple[int, int]) -> tuple[int, int]:
    """The nearest pieces of two atoms."""
    one, two = (np.flatnonzero(parent == atom) for atom in pair)
    apart = shapely.distance(shapes[one][:, None], shapes[two])
    at = np.unravel_index(int(np.argmin(apart)), apart.shape)
    return int(one[at[0]]), int(two[at[1]])


def _together(links: Links, parent: Ints, is_piece: npt.NDArray[np.bool_]) -> Links:
    """The pieces of one atom hang together, even where they share hardly more than a point."""
    for atom in np.unique(parent[is_piece]).tolist():
        pieces = np.flatnonzero(parent == atom).tolist()
        joined = DisjointSet(pieces)
        own = [row for row, (i, j, _, _) in enumerate(links) if parent[i] == parent[j] == atom]
        for row in own:
            if links[row][3] < Barrier.NARROW:
                joined.merge(*links[row][:2])
        for row in sorted(own, key=lambda row: -links[row][2]):
            if joined.merge(*links[row][:2]):
                links[row] = (*links[row][:3], int(Barrier.NONE))
        for piece in pieces[1:]:
            if joined.merge(pieces[0], piece):
                links.append((pieces[0], piece, 0.0, int(Barrier.NONE)))
    return links
