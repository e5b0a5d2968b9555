"""Parts of a ground as one, and what of a ground lies in some communities alone."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import shapely

from geodata.planner.adjacency import LEAST_M, edges_of
from geodata.planner.adoption import Residual
from geodata.planner.ground import Barrier, Edges, Ground
from geodata.planner.plan import first_plan
from geodata.scenarios.grounded import Buildings, Grounded, Lines, Outdoors
from geodata.scenarios.parts import Part
from geodata.scenarios.source import BESIDE_M

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import numpy.typing as npt

    from geodata.planner.plan import Plan

    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]

S = TypeVar("S", Buildings, Outdoors)
G = TypeVar("G", Grounded, Part)
T = TypeVar("T", Buildings, Outdoors, Lines, Edges)


def joined(found: list[Part]) -> Part:
    """Several parts as one: rows of atoms, grids and communities one after the other."""
    if len(found) == 1:
        return found[0]
    grounds = [part.ground for part in found]
    atoms = _starts([len(ground) for ground in grounds])
    ground = Ground(
        crs=grounds[0].crs,
        communities=tuple(code for each in grounds for code in each.communities),
        community=_shifted(
            [each.community for each in grounds],
            _starts([len(each.communities) for each in grounds]),
        ),
        edges=_stacked([
            replace(each.edges, first=each.edges.first + start, second=each.edges.second + start)
            for each, start in zip(grounds, atoms, strict=True)
        ]),
        **_columns(grounds, ("shapes", "households", "people", "cases")),
    )  # fmt: skip
    ground = _meeting(ground)
    return Part(
        ground,
        _today(ground, [part.today for part in found]),
        _told([part.residual for part in found]),
        _stacked([_moved(part.buildings, start) for part, start in zip(found, atoms, strict=True)]),
        _stacked([_moved(part.outdoors, start) for part, start in zip(found, atoms, strict=True)]),
        _stacked([part.lines for part in found]),
    )


def _meeting(ground: Ground) -> Ground:
    """The ground with edges over the borders of its parts, which are borders of communities."""
    edges, size = ground.edges, len(ground)
    shared = np.bincount(edges.first, edges.length_m, size)
    shared += np.bincount(edges.second, edges.length_m, size)
    outer = np.flatnonzero(ground.perimeter_m - shared > LEAST_M).astype(np.int32)
    found = edges_of(ground.shapes[outer], ground.community[outer])
    over = found.barrier == Barrier.COMMUNITY
    pairs = np.sort(np.stack((outer[found.first[over]], outer[found.second[over]])), axis=0)
    known = set(zip(edges.first.tolist(), edges.second.tolist(), strict=True))
    fresh = np.array([pair not in known for pair in zip(*pairs.tolist(), strict=True)], dtype=bool)
    first, second = pairs[:, fresh]
    more = Edges(first, second, found.length_m[over][fresh], found.barrier[over][fresh])
    return replace(ground, edges=_stacked([edges, more]))


def _starts(sizes: Sequence[int]) -> Ints:
    """Where each of several tables begins, one after the other."""
    return np.cumsum([0, *sizes[:-1]], dtype=np.int32)


def _shifted(columns: Sequence[Ints], starts: Ints) -> Ints:
    moved = [column + start for column, start in zip(columns, starts, strict=True)]
    return np.concatenate(moved).astype(np.int32)


def _columns(tables: Sequence[object], names: Sequence[str]) -> dict[str, Any]:
    return {name: np.concatenate([getattr(each, name) for each in tables]) for name in names}


def _stacked(tables: list[T]) -> T:
    return type(tables[0])(**_columns(tables, [each.name for each in fields(tables[0])]))


def _moved(table: S, start: np.int32) -> S:
    """What stands on atoms whose numbers begin later."""
    return replace(table, atom=np.where(table.atom < 0, table.atom, table.atom + start))


def _today(ground: Ground, plans: list[Plan]) -> Plan:
    grid = _shifted([each.grid for each in plans], _starts([len(each.codes) for each in plans]))
    return first_plan(ground, grid, tuple(code for each in plans for code in each.codes))


def _told(found: list[Residual]) -> Residual:
    return Residual(
        {pair: size for each in found for pair, size in each.overlap_m2.items()},
        {code: size for each in found for code, size in each.gap_m2.items()},
        tuple(code for each in found for code in each.in_pieces),
        tuple(code for each in found for code in each.lost),
    )


def only(there: G, communities: npt.NDArray[np.bool_]) -> G:
    """What lies in some communities alone; communities: whether each is one of them."""
    if communities.all():
        return there
    atoms = np.flatnonzero(communities[there.ground.community])
    less, today, row = _fewer(there, atoms, np.flatnonzero(communities))
    return replace(
        there, ground=less, today=today,
        buildings=_standing(there.buildings, row), outdoors=_standing(there.outdoors, row),
    )  # fmt: skip


def _fewer(there: Grounded | Part, atoms: Rows, communities: Rows) -> tuple[Ground, Plan, Ints]:
    """The ground of some atoms, today's plan on it, and the row there of each atom, else -1."""
    ground, today, edges = there.ground, there.today, there.ground.edges
    row = np.full(len(ground) + 1, -1, dtype=np.int32)  # the last stands for "none"
    row[atoms] = np.arange(len(atoms))
    of = np.full(len(ground.communities), -1, dtype=np.int32)
    of[communities] = np.arange(len(communities))
    kept = (row[edges.first] >= 0) & (row[edges.second] >= 0)
    less = Ground(
        ground.shapes[atoms], ground.crs, of[ground.community[atoms]],
        tuple(ground.communities[each] for each in communities),
        ground.households[atoms], ground.people[atoms], ground.cases[atoms],
        Edges(row[edges.first[kept]], row[edges.second[kept]], edges.length_m[kept],
              edges.barrier[kept]),
    )  # fmt: skip
    numbers, grid = np.unique(today.grid[atoms], return_inverse=True)
    codes = tuple(today.codes[number] for number in numbers)
    return less, first_plan(less, grid.astype(np.int32), codes), row


def of_street(part: Part, communities: npt.NDArray[np.bool_]) -> Part:
    """A part of its own for some communities, with the lines and the residual that concern it."""
    less = only(part, communities)
    west, south, east, north = shapely.total_bounds(less.ground.shapes)
    around = shapely.box(west - BESIDE_M, south - BESIDE_M, east + BESIDE_M, north + BESIDE_M)
    near = shapely.intersects(part.lines.shapes, around)
    lines = Lines(**{each.name: getattr(part.lines, each.name)[near] for each in fields(Lines)})
    codes, told = set(less.today.codes), part.residual
    residual = Residual(
        {pair: size for pair, size in told.overlap_m2.items() if pair[0] in codes},
        {code: size for code, size in told.gap_m2.items() if code in codes},
        tuple(code for code in told.in_pieces if code in codes),
        tuple(code for code in told.lost if code in codes),
    )
    return replace(less, lines=lines, residual=residual)


def _standing(table: S, row: Ints) -> S:
    kept = row[table.atom] >= 0
    columns = {each.name: getattr(table, each.name)[kept] for each in fields(table)}
    return replace(table, **columns | {"atom": row[table.atom[kept]]})
