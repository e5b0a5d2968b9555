"""The ground of a city from its land: blocks, cut where they are heavy, without slivers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.planner.adjacency import edges_of
from geodata.planner.adoption import NOBODY, Residual, owners
from geodata.planner.bridges import bridged
from geodata.planner.cutting import cuts, faces
from geodata.planner.ground import Ground
from geodata.planner.plan import Plan, first_plan
from geodata.planner.slivers import ROUNDS, hosts, is_sliver, united

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.land import Land

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]

MOST_HOUSEHOLDS: Final = 60  # of an atom, where its buildings can be told apart


def make(land: Land, most_households: int = MOST_HOUSEHOLDS) -> tuple[Ground, Plan, Residual]:
    """The atoms, today's grids as the first plan on them, and what of these did not fit."""
    lines = np.concatenate((shapely.boundary(land.grids), land.lines))
    between = cuts(faces(lines), land, most_households)
    drawn = faces(np.concatenate((lines, between))) if len(between) else faces(lines)
    shapes, owner, residual = owners(land, drawn)
    shapes, owner = _whole(land, shapes, owner)
    community = land.community[owner]
    households, people, cases = _held(land, shapes)
    edges = edges_of(shapes, community, land.arterials, land.rivers)
    edges, in_pieces = bridged(shapes, owner, edges)
    ground = Ground(shapes, land.crs, community, land.communities, households, people, cases, edges)
    codes = tuple(sorted(land.codes[row] for row in in_pieces))
    return ground, _first(land, ground, owner), replace(residual, in_pieces=codes)


def _first(land: Land, ground: Ground, owner: Ints) -> Plan:
    return first_plan(ground, owner, land.codes)


def standing(shapes: Shapes, where: Floats) -> Ints:
    """The shape on which each point (n, 2) lies, -1 for none; one on a border is on the first."""
    point, shape = shapely.STRtree(shapes).query(shapely.points(where), predicate="intersects")
    order = np.lexsort((shape, point))
    point, first = np.unique(point[order], return_index=True)
    found = np.full(len(where), NOBODY, dtype=np.int32)
    found[point] = shape[order][first]
    return found


def _held(land: Land, shapes: Shapes) -> list[npt.NDArray[np.int64]]:
    """Households, people and cases of each shape; a building on a border counts once."""
    on = standing(shapes, land.where)
    columns = (land.households, land.people, land.cases)
    return [
        np.bincount(on[on >= 0], column[on >= 0], len(shapes)).astype(np.int64)
        for column in columns
    ]


def _whole(land: Land, shapes: Shapes, owner: Ints) -> tuple[Shapes, Ints]:
    """The shapes once slivers have joined their neighbours."""
    for _ in range(ROUNDS):
        sliver = is_sliver(shapes, _held(land, shapes)[0])
        joined = hosts(edges_of(shapes, land.community[owner]), owner, sliver)
        stays = joined == np.arange(len(joined))
        if stays.all():
            break
        shapes, owner = united(shapes, joined), owner[stays]
    return shapes, owner
