"""The proof of a plan: nothing twice, nothing open, in one piece, every building in its grid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geodata.planner.extent import point_in
from geodata.planner.ground import Barrier
from geodata.planner.shapes import AREA_SHARE, NODE_M, holes, openings, together

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.extent import Extent, Form, Seen

    Bools = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]
    Point = tuple[float, float]

STRAYS: Final = "strays"
STRAY_M: Final = 1.0  # a building's point this far outside its grid stands in another
LEAST_M2: Final = 0.5  # of land that is missing or twice: less is rounding


@dataclass(frozen=True)
class Spot:
    """A place that is wrong: of which grid, and where."""

    number: int
    at: Point


def faults(seen: Seen) -> list[Spot]:
    """Overlaps, openings and lost land of every community; only of those that changed anew."""
    extent = seen.extent
    found = []
    for community, places in extent.of_community.items():
        grid = seen.plan.grid[extent.atoms[places]]
        key = ("proof", extent.ground.key, community, grid.tobytes())
        found += extent.facts.kept.of(key, partial(_faults, seen, community, grid))
    return found


def _faults(seen: Seen, community: int, grid: Ints) -> list[Spot]:
    extent = seen.extent
    rows = np.searchsorted(seen.numbers, np.unique(grid)).tolist()
    shapes = np.array([seen.forms[row].outline for row in rows], dtype=object)
    atoms = extent.ground.shapes[extent.atoms[extent.of_community[community]]]
    land, drawn = _land(extent, community, atoms), together(shapes)
    wrong = [*_places(openings(shapes, atoms)), *_places(_missed(shapes, drawn, land))]
    if not wrong and holes(drawn) != holes(land):
        wrong.append(point_in(drawn))
    near = shapely.STRtree(shapes).nearest(shapely.points(wrong)) if wrong else []
    return [
        Spot(int(seen.numbers[rows[int(place)]]), at) for place, at in zip(near, wrong, strict=True)
    ]


def loose(draft: Seen) -> Bools:
    """Atoms that do not hang together with the most atoms of their grid."""
    extent, size = draft.extent, len(draft.part)
    kept = draft.inner & (extent.barrier < Barrier.NARROW)
    ends = (extent.first[kept], extent.second[kept])
    links = coo_matrix((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(size, size))
    count, piece = connected_components(links, directed=False)
    if count == len(draft.numbers):
        return np.zeros(size, dtype=np.bool_)
    held = np.bincount(piece, minlength=count)
    order = np.lexsort((-held[piece], draft.part))
    main = np.full(len(draft.numbers), -1)
    first = order[np.append(True, np.diff(draft.part[order]) > 0)]
    main[draft.part[first]] = piece[first]
    return np.asarray(piece != main[draft.part])


def _land(extent: Extent, community: int, atoms: Shapes) -> shapely.Geometry:
    """What the community covered before anybody cut atoms, where that is known."""
    whole = extent.facts.land
    if whole is not None:
        known: shapely.Geometry = whole[community]
        return known
    key = ("land", extent.ground.key, community)
    return extent.facts.kept.of(key, partial(together, atoms))


def _missed(shapes: Shapes, drawn: shapely.Geometry, land: shapely.Geometry) -> shapely.Geometry:
    """Land that no grid covers, that lies outside, or that two cover; nearly always nothing."""
    size = float(shapely.area(land))
    off = max(abs(float(each) - size) for each in (shapely.area(shapes).sum(), shapely.area(drawn)))
    # Where the areas agree nothing is missing or twice, as long as all of it is on the land.
    if off <= max(AREA_SHARE * size, LEAST_M2) and not _outside_of(land, drawn):
        return shapely.Polygon()
    sound = shapely.make_valid(shapes)  # of atoms that overlap the outline may be faulty
    lost = shapely.symmetric_difference(land, shapely.union_all(sound))
    parts = shapely.get_parts([lost, _twice(sound)])
    return shapely.union_all(parts[shapely.area(parts) > LEAST_M2])


def _outside_of(land: shapely.Geometry, drawn: shapely.Geometry) -> bool:
    """Whether more lies outside than rounding does; mostly told by the corners alone."""
    if shapely.equals_exact(shapely.normalize(land), shapely.normalize(drawn), NODE_M):
        return False
    beyond = shapely.difference(shapely.make_valid(drawn), land)
    return float(shapely.area(beyond)) > LEAST_M2


def _twice(shapes: Shapes) -> shapely.Geometry:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = first < second
    return shapely.union_all(shapely.intersection(shapes[first[once]], shapes[second[once]]))


def _places(wrong: shapely.Geometry) -> list[Point]:
    """A point in each part of what is wrong."""
    if shapely.is_empty(wrong):
        return []
    parts = shapely.get_parts(wrong)
    if shapely.get_dimensions(parts).max() == 1:
        parts = shapely.get_parts(shapely.line_merge(shapely.union_all(parts)))
    return [point_in(part) for part in parts if shapely.get_dimensions(part) > 0]


def strays(seen: Seen) -> list[Spot]:
    """Buildings whose point lies outside the grid that they are counted to."""
    found = []
    for number, form in zip(seen.numbers.tolist(), seen.forms, strict=True):
        if STRAYS not in form.kept:
            form.kept[STRAYS] = _outside(form)
        found += [Spot(number, at) for at in form.kept[STRAYS]]
    return found


def _outside(form: Form) -> list[Point]:
    where = form.extent.facts.where[form.buildings]
    shapely.prepare(form.outline)
    out = where[~shapely.contains_xy(form.outline, *where.T)]
    if len(out):
        out = out[~shapely.dwithin(form.outline, shapely.points(out), STRAY_M)]
    return [(float(x), float(y)) for x, y in out]
