"""What grids have to fit to: grids of departments, micro-grids, party branches, streets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.planner.facts import NOBODY

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.extent import Extent, Seen
    from geodata.planner.facts import Units
    from geodata.planner.rules import Rules

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]

STRIP: Final = 0.02  # of the ground of a grid that may lie beyond a border drawn by others
IN_STREET_M: Final = 12.0  # a border this near to the middle of a street lies in it
ASKED: Final = (0.25, 0.5, 0.75)  # where along a border
ONE_TO_ONE: Final = "1:1"


def across(seen: Seen, rules: Rules) -> list[int]:
    """Places of grids that do not fit to the grids of a department.

    1:N: a grid lies in more than one of them; 1:1: or one of them has further grids.
    """
    bad: set[int] = set()
    for units in seen.extent.facts.professional:
        shares = _shares(seen, units)
        part, unit = np.nonzero(shares > STRIP)
        parted = np.bincount(part, minlength=len(seen.numbers)) > 1
        bad.update(np.flatnonzero(parted).tolist())
        if rules.professional == ONE_TO_ONE:
            several = np.bincount(unit, minlength=shares.shape[1]) > 1
            bad.update(part[several[unit]].tolist())
    return sorted(bad)


def cut_micro(seen: Seen) -> tuple[list[tuple[int, int]], int]:
    """Micro-grids in several grids: of each one grid that has not most of it, and an atom there.

    Grids as their places, atoms as rows of the ground; and how many micro-grids there are.
    """
    extent, micro = seen.extent, seen.extent.facts.micro
    if micro is None:
        return [], 0
    unit = micro.unit[extent.atoms]
    inside = np.flatnonzero(unit != NOBODY)
    size = len(seen.numbers)  # a table of all grids by all micro-grids would be too much for a city
    pairs, first, row = np.unique(
        unit[inside].astype(np.int64) * size + seen.part[inside],
        return_index=True, return_inverse=True,
    )  # fmt: skip
    units, whose = np.unique(pairs // size, return_inverse=True)
    ground = np.bincount(row.ravel(), extent.area_m2[inside], len(pairs))
    share = ground / np.maximum(np.bincount(whose, ground, len(units)), 1e-9)[whose]
    order = np.lexsort((-share, whose))
    begin = np.searchsorted(whose[order], np.arange(len(units) + 1))
    second = order[begin[:-1][np.diff(begin) > 1] + 1]  # who has most of it may have all
    cut = second[share[second] > STRIP]
    atoms = extent.atoms[inside[first[cut]]]
    return list(zip((pairs[cut] % size).tolist(), atoms.tolist(), strict=True)), len(units)


def _shares(seen: Seen, units: Units) -> Floats:
    """Which share of each grid's ground lies in each unit; of those that reach into the extent."""
    extent = seen.extent
    unit = units.unit[extent.atoms]
    inside = unit != NOBODY
    there, row = np.unique(unit[inside], return_inverse=True)
    ground = np.zeros((len(seen.numbers), len(there)))
    np.add.at(ground, (seen.part[inside], row.ravel()), extent.area_m2[inside])
    return np.asarray(ground / np.maximum(seen.sums(extent.area_m2), 1e-9)[:, None])


def without_branch(seen: Seen, branches: Floats) -> tuple[list[int], list[float]]:
    """Places of grids without a party branch, and metres to the nearest one, the farthest first.

    No metres where there is no branch at all.
    """
    extent = seen.extent
    atom, held = _on_atoms(extent, branches)
    has = np.zeros(len(seen.numbers), dtype=np.bool_)
    has[seen.part[atom]] = True
    rows = np.flatnonzero(~has).tolist()
    if not len(held):
        return rows, []
    away = [float(np.hypot(*(held - seen.forms[row].spot).T).min()) for row in rows]
    order = sorted(range(len(rows)), key=lambda i: -away[i])
    return [rows[i] for i in order], [away[i] for i in order]


def _on_atoms(extent: Extent, points: Floats) -> tuple[Ints, Floats]:
    """Places of the atoms on which points lie; and all the points."""

    def make() -> Ints:
        if not len(points):
            return np.zeros(0, dtype=np.int32)
        shapes = extent.ground.shapes[extent.atoms]
        found = shapely.STRtree(shapes).query(shapely.points(points), predicate="intersects")[1]
        return np.unique(found).astype(np.int32)

    key = ("on atoms", extent.ground.key, extent.communities.tobytes(), points.tobytes())
    return extent.facts.views.of(key, make), points


def along_streets(seen: Seen) -> Floats:
    """By grid the share of its border with other grids of the community that lies in a street.

    1 of a grid that has no such border.
    """
    extent = seen.extent
    border = np.flatnonzero(~seen.inner)
    on = np.array([in_street(extent, int(edge)) for edge in border], dtype=np.bool_)
    size = len(seen.numbers)
    whole, good = np.zeros(size), np.zeros(size)
    for ends in (extent.first, extent.second):
        part = seen.part[ends[border]]
        whole += np.bincount(part, extent.length_m[border], size)
        good += np.bincount(part[on], extent.length_m[border][on], size)
    return np.where(whole > 0, good / np.maximum(whole, 1e-9), 1.0)


def in_street(extent: Extent, edge: int) -> bool:
    """Whether the common border of two atoms lies in a street, or along a road or a river."""
    if extent.barrier[edge]:
        return True
    key = ("in street", extent.ground.key, int(extent.edge[edge]))
    return extent.facts.kept.of(key, partial(_in_street, extent, edge))


def _in_street(extent: Extent, edge: int) -> bool:
    shapes = extent.ground.shapes
    one, two = (shapes[extent.atoms[ends[edge]]] for ends in (extent.first, extent.second))
    shared = shapely.line_merge(shapely.intersection(shapely.boundary(one), shapely.boundary(two)))
    parts = shapely.get_parts(shared)
    lines = parts[shapely.get_dimensions(parts) == 1]
    if not len(lines):
        return False
    longest = lines[int(np.argmax(shapely.length(lines)))]
    points = shapely.line_interpolate_point(longest, ASKED, normalized=True)
    near = _tree(extent).query(points, predicate="dwithin", distance=IN_STREET_M)[0]
    return len(np.unique(near)) * 2 > len(ASKED)


def _tree(extent: Extent) -> shapely.STRtree:
    key = ("streets", extent.ground.key, extent.communities.tobytes())
    return extent.facts.views.of(key, partial(_stretches, extent))


def _stretches(extent: Extent) -> shapely.STRtree:
    """Every stretch of a street near the extent as a line of its own."""
    lines = extent.facts.streets
    box = shapely.box(*shapely.total_bounds(extent.ground.shapes[extent.atoms]))
    wide = shapely.buffer(box, IN_STREET_M)
    near = lines[shapely.intersects(lines, wide)] if lines is not None else np.array([], object)
    at, line = shapely.get_coordinates(near, return_index=True)
    on = np.flatnonzero(line[1:] == line[:-1])
    return shapely.STRtree(np.asarray(shapely.linestrings(np.stack((at[on], at[on + 1]), axis=1))))
