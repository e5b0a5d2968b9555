"""Some communities of a ground, cut out once; and a plan as it is seen there, grid by grid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata.planner.facts import NOBODY
from geodata.planner.ground import Barrier
from geodata.planner.shapes import together

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.facts import Facts
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

    Bools = npt.NDArray[np.bool_]
    Counts = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Extent:
    """The atoms, edges and buildings of some communities.

    atoms: rows of the ground; first, second: edges inside one community, as places in `atoms`;
    edge: their rows; buildings: rows of the facts that stand there; place: of each building's atom;
    lost: buildings near by that stand on no atom.
    """

    ground: Ground
    facts: Facts
    communities: Ints
    atoms: Ints
    first: Ints
    second: Ints
    edge: Ints
    buildings: Ints
    place: Ints
    lost: Ints

    @cached_property
    def length_m(self) -> Floats:
        """Of the edges."""
        return self.ground.edges.length_m[self.edge]

    @cached_property
    def barrier(self) -> npt.NDArray[np.uint8]:
        """Of the edges."""
        return self.ground.edges.barrier[self.edge]

    @cached_property
    def households(self) -> Counts:
        """Of the atoms."""
        return self.ground.households[self.atoms]

    @cached_property
    def people(self) -> Counts:
        """Of the atoms."""
        return self.ground.people[self.atoms]

    @cached_property
    def cases(self) -> Counts:
        """Of the atoms."""
        return self.ground.cases[self.atoms]

    @cached_property
    def area_m2(self) -> Floats:
        """Of the atoms."""
        return self.ground.area_m2[self.atoms]

    @cached_property
    def perimeter_m(self) -> Floats:
        """Of the atoms."""
        return self.ground.perimeter_m[self.atoms]

    @cached_property
    def community(self) -> Ints:
        """Of the atoms."""
        return self.ground.community[self.atoms]

    @cached_property
    def by_atom(self) -> tuple[Ints, Ints]:
        """Buildings in the order of their atoms, and where those of each atom begin."""
        order = np.argsort(self.place, kind="stable")
        starts = np.searchsorted(self.place[order], np.arange(len(self.atoms) + 1))
        return self.buildings[order], starts.astype(np.int32)

    @cached_property
    def of_community(self) -> dict[int, Ints]:
        """By community the places of its atoms."""
        return {
            int(row): np.flatnonzero(self.community == row).astype(np.int32)
            for row in self.communities
        }


@dataclass(frozen=True, eq=False)
class Form:
    """The land of one grid; places: its atoms in the extent that it was first seen in.

    What rests on the land alone is reckoned once; whose grid it is does not matter.
    """

    extent: Extent
    places: Ints

    @cached_property
    def outline(self) -> shapely.Geometry:
        """The land as a polygon in the metres of the ground."""
        return together(self.extent.ground.shapes[self.atoms])

    @cached_property
    def spot(self) -> tuple[float, float]:
        """A point inside, where it is best looked at."""
        return point_in(self.outline)

    @property
    def atoms(self) -> Ints:
        """Rows of the ground."""
        return self.extent.atoms[self.places]

    @cached_property
    def buildings(self) -> Ints:
        """Rows of the facts."""
        rows, starts = self.extent.by_atom
        begin, end = starts[self.places], starts[self.places + 1]
        return np.concatenate([rows[a:b] for a, b in zip(begin, end, strict=True)])

    @cached_property
    def kept(self) -> dict[object, Any]:
        """What others reckoned of it."""
        return {}


@dataclass(frozen=True, eq=False)
class Seen:
    """A plan in an extent; numbers: of its grids there; part: of each atom, a place in these."""

    extent: Extent
    plan: Plan
    numbers: Ints
    part: Ints

    @cached_property
    def codes(self) -> list[str]:
        """Of the grids."""
        return [self.plan.codes[number] for number in self.numbers.tolist()]

    def sums(self, held: Floats | Counts) -> Floats:
        """What the grids have of something that atoms hold."""
        found = np.bincount(self.part, held, len(self.numbers))
        return found.astype(np.float64)

    @cached_property
    def households(self) -> Floats:
        """Of the grids."""
        return self.sums(self.extent.households)

    @cached_property
    def ordinary(self) -> Bools:
        """Which grids the limits of size apply to: all but the special ones."""
        special = self.extent.facts.special
        return np.array([code not in special for code in self.codes], dtype=np.bool_)

    @cached_property
    def inner(self) -> Bools:
        """Which edges lie inside one grid."""
        return np.asarray(self.part[self.extent.first] == self.part[self.extent.second])

    @cached_property
    def forms(self) -> list[Form]:
        """The grids as pieces of land; one that has the same atoms as before is the same object."""
        extent = self.extent
        order = np.argsort(self.part, kind="stable").astype(np.int32)
        ends = np.cumsum(np.bincount(self.part, minlength=len(self.numbers))).tolist()
        starts = [0, *ends[:-1]]
        atoms = extent.atoms[order]
        written, size = atoms.tobytes(), atoms.itemsize
        keys = [
            (extent.ground.key, written[size * a : size * b])
            for a, b in zip(starts, ends, strict=True)
        ]
        return extent.facts.kept.each(
            keys, lambda row: Form(extent, order[starts[row] : ends[row]])
        )

    @cached_property
    def compactness(self) -> Floats:
        """Polsby–Popper of each grid: its area against a circle with the same border."""
        extent, inner = self.extent, self.inner
        shared = np.bincount(
            self.part[extent.first[inner]], extent.length_m[inner], len(self.numbers)
        )
        border = self.sums(extent.perimeter_m) - 2 * shared
        found = 4 * np.pi * self.sums(extent.area_m2) / np.maximum(border, 1e-9) ** 2
        return np.asarray(found, dtype=np.float64)


def point_in(shape: shapely.Geometry) -> tuple[float, float]:
    """A point inside the largest part of an area, the middle of the longest part of a line."""
    parts = shapely.get_parts(shape)
    if shapely.get_dimensions(shape) > 1:
        point = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    else:
        longest = parts[int(np.argmax(shapely.length(parts)))]
        point = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    return float(shapely.get_x(point)), float(shapely.get_y(point))


def extent_of(ground: Ground, communities: Ints, facts: Facts) -> Extent:
    """Some communities of a ground, with what is known of them; kept, as it never changes."""
    rows = np.unique(np.asarray(communities, dtype=np.int32))
    key = ("extent", ground.key, rows.tobytes())
    return facts.views.of(key, lambda: _cut_out(ground, rows, facts))


def _cut_out(ground: Ground, communities: Ints, facts: Facts) -> Extent:
    communities = np.intersect1d(communities, ground.community).astype(np.int32)
    asked = np.zeros(len(ground.communities), dtype=np.bool_)
    asked[communities] = True
    inside = asked[ground.community]
    place = np.full(len(ground) + 1, NOBODY, dtype=np.int32)  # the last stands for "no atom"
    place[:-1][inside] = np.arange(int(inside.sum()))
    edges = ground.edges
    kept = np.flatnonzero(inside[edges.first] & (edges.barrier != Barrier.COMMUNITY))
    standing = np.flatnonzero(place[facts.atom] >= 0)
    return Extent(
        ground, facts, communities, np.flatnonzero(inside).astype(np.int32),
        place[edges.first[kept]], place[edges.second[kept]], kept.astype(np.int32),
        standing.astype(np.int32), place[facts.atom[standing]], _lost(ground, inside, facts),
    )  # fmt: skip


def _lost(ground: Ground, inside: Bools, facts: Facts) -> Ints:
    """Buildings on no atom whose nearest one is inside."""
    rows = np.flatnonzero(facts.atom < 0)
    if not len(rows):
        return rows.astype(np.int32)
    near = shapely.STRtree(ground.shapes).nearest(shapely.points(facts.where[rows]))
    return rows[inside[near]].astype(np.int32)


def seen(extent: Extent, plan: Plan) -> Seen:
    """A plan in an extent."""
    key = ("seen", extent.ground.key, extent.communities.tobytes(), plan.key)
    return extent.facts.views.of(key, lambda: _seen(extent, plan))


def _seen(extent: Extent, plan: Plan) -> Seen:
    grid = plan.grid[extent.atoms]
    there = np.flatnonzero(np.bincount(grid, minlength=len(plan.codes))).astype(np.int32)
    place = np.full(len(plan.codes), NOBODY, dtype=np.int32)
    place[there] = np.arange(len(there))
    return Seen(extent, plan, there, place[grid])
