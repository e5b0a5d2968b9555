"""Today's grids as the first plan: every face to the grid it lies in, and what did not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.land import Land

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

NOBODY: Final = -1
TOLD_M2: Final = 1.0  # less is rounding


@dataclass(frozen=True)
class Residual:
    """What of today's grids could not be kept as it was drawn; told, and nothing lost.

    overlap_m2: of pairs of codes, given to the first; gap_m2: by the code it was given to.
    in_pieces: codes of grids in more than one piece, which stay so; lost: without any ground.
    """

    overlap_m2: dict[tuple[str, str], float]
    gap_m2: dict[str, float]
    in_pieces: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def owners(land: Land, faces: Shapes) -> tuple[Shapes, Ints, Residual]:
    """The faces that belong to a grid, the row of it, and what was drawn twice or by none.

    Where grids overlap the smaller one has it, since a small grid inside a large one is meant so.
    """
    inner = shapely.point_on_surface(faces)
    face, grid = shapely.STRtree(land.grids).query(inner, predicate="intersects")
    order = np.lexsort((shapely.area(land.grids)[grid], face))
    face, grid = face[order], grid[order]
    first = np.flatnonzero(np.diff(face, prepend=-1))
    owner = np.full(len(faces), NOBODY, dtype=np.int32)
    owner[face[first]] = grid[first]
    twice = np.setdiff1d(np.arange(len(face)), first)
    overlap = _by_pair(land, owner[face[twice]], grid[twice], shapely.area(faces[face[twice]]))
    owner, gap = _fill(land, faces, owner)
    kept = owner != NOBODY
    lost = np.setdiff1d(np.arange(len(land.codes)), owner[kept])
    return faces[kept], owner[kept], Residual(overlap, gap, lost=_codes(land, lost))


def _by_pair(land: Land, one: Ints, two: Ints, area: Floats) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for a, b, size in zip(one.tolist(), two.tolist(), area.tolist(), strict=True):
        pair = (land.codes[a], land.codes[b])
        found[pair] = found.get(pair, 0.0) + size
    return {pair: size for pair, size in found.items() if size >= TOLD_M2}


def _fill(land: Land, faces: Shapes, owner: Ints) -> tuple[Ints, dict[str, float]]:
    """Give the openings between grids to the neighbour with the longest common border."""
    drawn = shapely.union_all(land.grids)
    whole = shapely.union_all([
        shapely.Polygon(shapely.get_exterior_ring(part)) for part in shapely.get_parts(drawn)
    ])  # fmt: skip
    bare = np.flatnonzero(owner == NOBODY)
    inner = shapely.point_on_surface(faces[bare])
    bare = bare[shapely.intersects(whole, inner)] if len(bare) else bare
    gap: dict[str, float] = {}
    tree = shapely.STRtree(faces)
    filled = owner.copy()
    for row in bare.tolist():
        near = np.array([n for n in tree.query(faces[row], "intersects") if owner[n] != NOBODY])
        if not len(near):
            continue
        shared = shapely.length(shapely.intersection(faces[row], faces[near]))
        filled[row] = owner[near[int(np.argmax(shared))]]
        code = land.codes[int(filled[row])]
        gap[code] = gap.get(code, 0.0) + float(shapely.area(faces[row]))
    return filled, {code: size for code, size in gap.items() if size >= TOLD_M2}


def _codes(land: Land, rows: npt.NDArray[np.intp]) -> tuple[str, ...]:
    return tuple(land.codes[row] for row in rows.tolist())
