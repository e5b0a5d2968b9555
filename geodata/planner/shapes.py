"""Grids as polygons: unions of atoms, and the proof that nothing is left open between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

NODE_M: Final = 0.01
GAP_M: Final = 3.0  # the width up to which an opening between two grids is a fault and no lake
AREA_SHARE: Final = 1e-9  # of a community: what rounding may lose


@dataclass(frozen=True)
class Measures:
    """Of each living grid, in the order of `numbers`."""

    numbers: npt.NDArray[np.int32]
    load: Floats
    area_m2: Floats
    perimeter_m: Floats

    @property
    def compactness(self) -> Floats:
        """Polsby–Popper: the area against that of a circle with the same border, 0 to 1."""
        return np.asarray(4 * np.pi * self.area_m2 / np.maximum(self.perimeter_m, 1e-9) ** 2)


def outline(ground: Ground, plan: Plan, number: int) -> shapely.Geometry:
    """One grid as a polygon in the metres of the ground."""
    return shapely.coverage_union_all(ground.shapes[plan.atoms(number)])


def outlines(
    ground: Ground, plan: Plan, numbers: Iterable[int] | None = None
) -> dict[int, shapely.Geometry]:
    """Living grids as polygons, by number; all, or the named ones."""
    chosen = plan.living if numbers is None else np.fromiter(numbers, dtype=np.int32)
    return {int(number): outline(ground, plan, int(number)) for number in chosen}


def gaps(ground: Ground, plan: Plan, community: int) -> list[str]:
    """What is wrong with a community's grids as polygons: overlaps, openings, areas, holes.

    The answer is empty for every plan that the operations made; it is asked all the same, since
    polygons are what is published.
    """
    numbers = [n for n in plan.living.tolist() if plan.community[n] == community]
    shapes = np.array([outline(ground, plan, number) for number in numbers], dtype=object)
    atoms = ground.shapes[ground.community == community]
    whole = shapely.coverage_union_all(atoms)
    drawn = shapely.coverage_union_all(shapes)
    found = []
    if not shapely.is_empty(openings(shapes, atoms)):
        found.append("overlap or gap")
    area = float(shapely.area(whole))
    if abs(float(shapely.area(shapes).sum()) - area) > AREA_SHARE * area:
        found.append("area")
    if holes(drawn) != holes(whole):
        found.append("hole")
    return found


def measure(ground: Ground, plan: Plan, load: Floats) -> Measures:
    """Load, area and border of every living grid, from the atoms alone."""
    size = len(plan.codes)
    edges = ground.edges
    inside = plan.grid[edges.first] == plan.grid[edges.second]
    shared = np.bincount(plan.grid[edges.first[inside]], edges.length_m[inside], size)
    sums = (np.bincount(plan.grid, column, size) for column in (load, ground.area_m2))
    border = np.bincount(plan.grid, ground.perimeter_m, size) - 2 * shared
    numbers = plan.living
    columns = (np.asarray(each[numbers], dtype=np.float64) for each in (*sums, border))
    return Measures(numbers, *columns)


def together(shapes: Shapes) -> shapely.Geometry:
    """The union of shapes, fast where they are a coverage; of faulty ones as well."""
    try:
        return shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:
        return shapely.union_all(shapes)


def openings(shapes: Shapes, atoms: Shapes) -> shapely.Geometry:
    """Lines along which shapes overlap or narrow openings lie between them; empty if none are.

    Openings that lie between the atoms as well do not count: where a narrow strip of another
    community reaches in, the ground itself has one.
    """
    if shapely.coverage_is_valid(shapes, gap_width=GAP_M):
        return shapely.MultiLineString()
    overlaps = shapely.union_all(shapely.coverage_invalid_edges(shapes))
    drawn, own = (
        shapely.union_all(shapely.coverage_invalid_edges(each, gap_width=GAP_M))
        for each in (shapes, atoms)
    )
    narrow = shapely.difference(drawn, shapely.buffer(own, NODE_M))
    if shapely.length(narrow) <= NODE_M:
        return overlaps
    return shapely.union(overlaps, narrow)


def holes(shape: shapely.Geometry) -> int:
    """How many holes a shape has."""
    return int(shapely.get_num_interior_rings(shapely.get_parts(shape)).sum())
