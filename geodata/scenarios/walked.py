"""The borders of a community stretch by stretch, to be walked on the spot and ticked off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.scenarios.exports import Moved
    from geodata.scenarios.grounded import Lines

    Shapes = npt.NDArray[np.object_]

NEAR_M: Final = 15.0  # a border this near to the middle of a road or river follows it
MOSTLY: Final = 0.5  # of its length
BROAD: Final = ("arterial", "river")  # told by their kind where they have no name
LEAST_M: Final = 1.0


@dataclass(frozen=True)
class Stretch:
    """One common border of two grids under a plan.

    fresh, new_m: what of it was none before, as lines and in metres; along: rows of the ground's
    lines that it follows for the most part, the longest first: those with a name, else an arterial
    road, a railway or a river.
    """

    first: str
    second: str
    line: shapely.Geometry
    fresh: shapely.Geometry
    length_m: float
    new_m: float
    along: tuple[int, ...]


def stretches(moved: Moved) -> list[Stretch]:
    """The borders between grids of one community, those with most new ground first."""
    there = moved.there
    ground, after, before = there.ground, moved.after, moved.before
    edges = ground.edges
    inside = moved.atoms[edges.first] & (
        ground.community[edges.first] == ground.community[edges.second]
    )
    parted = inside & (edges.length_m > 0) & (after[edges.first] != after[edges.second])
    rows: dict[tuple[str, str], list[int]] = {}
    for row in np.flatnonzero(parted).tolist():
        pair = sorted((str(after[edges.first[row]]), str(after[edges.second[row]])))
        rows.setdefault((pair[0], pair[1]), []).append(row)
    fresh = before[edges.first] == before[edges.second]
    found = []
    for (one, two), mine in rows.items():
        ends = (edges.first[mine], edges.second[mine])
        sides = [shapely.boundary(ground.shapes[each]) for each in ends]
        shared = shapely.intersection(sides[0], sides[1])
        line, begun = (
            shapely.line_merge(shapely.union_all(each)) for each in (shared, shared[fresh[mine]])
        )
        length = float(edges.length_m[mine].sum())
        new = float(edges.length_m[mine][fresh[mine]].sum())
        if length >= LEAST_M:
            found.append(Stretch(one, two, line, begun, length, new, _along(line, there.lines)))
    return sorted(found, key=lambda each: (-each.new_m, each.first, each.second))


def _along(line: shapely.Geometry, lines: Lines) -> tuple[int, ...]:
    """What a border follows."""
    near = np.flatnonzero(shapely.dwithin(lines.shapes, line, NEAR_M))
    named = (lines.name_zh[near] != "") | (lines.name_en[near] != "")
    broad = np.isin(lines.kind[near], BROAD)
    return _followed(line, lines, near[named]) or _followed(line, lines, near[broad])


def _followed(line: shapely.Geometry, lines: Lines, near: npt.NDArray[np.intp]) -> tuple[int, ...]:
    held: dict[tuple[str, str], tuple[float, int]] = {}
    for row in near.tolist():
        beside = shapely.intersection(line, shapely.buffer(lines.shapes[row], NEAR_M))
        name = (str(lines.name_zh[row]), str(lines.name_en[row]))
        known = held.get(name, (0.0, row))
        held[name] = (known[0] + float(shapely.length(beside)), known[1])
    whole = max(float(shapely.length(line)), LEAST_M)
    kept = sorted((each for each in held.values() if each[0] > whole * MOSTLY / 2), reverse=True)
    return tuple(row for _, row in kept[:2])
