"""What a metre of border costs where it runs: little along streets, much through an estate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.planner.facts import NOBODY
from geodata.planner.ground import Barrier

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.ground import Ground

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]
    Shapes = npt.NDArray[np.object_]

# Of a metre of border: a wall between two estates is what all is measured by.
ALONG_BARRIER: Final = 0.4
ALONG_LINE: Final = 0.5
OPEN: Final = 1.4  # between buildings where nothing on the ground shows it
IN_ESTATE: Final = 5.0
BUILDING_M: Final = 400.0  # so many metres of border does it cost to run through a building
THROUGH_M: Final = 0.05  # a border this little inside a wall runs along it
STEP_M: Final = 5.0  # between places at which a border is looked at
LINE_M: Final = 3.0  # a border this near to the middle of a street runs along it


@dataclass(frozen=True)
class Marks:
    """What a calm border keeps to.

    estate: of each atom, a number, -1 = none; lines: streets and rivers; footprints: of buildings.
    """

    estate: Ints
    lines: Shapes
    footprints: Shapes


def no_marks(ground: Ground) -> Marks:
    """Nothing is known that a border should keep to."""
    none = np.array([], dtype=object)
    return Marks(np.full(len(ground), NOBODY, dtype=np.int32), none, none)


def costs(ground: Ground, rows: Rows, marks: Marks) -> Floats:
    """What each of some edges costs if a border runs there: its metres, each by what it crosses."""
    edges = ground.edges
    first, second = edges.first[rows], edges.second[rows]
    one, two = marks.estate[first], marks.estate[second]
    each = np.full(len(rows), OPEN)
    each[one != two] = 1.0
    each[(one == two) & (one != NOBODY)] = IN_ESTATE
    shapes = ground.shapes
    shared = shapely.intersection(shapely.boundary(shapes[first]), shapely.boundary(shapes[second]))
    each += _along(shared, marks.lines) * (np.minimum(ALONG_LINE, each) - each)
    walled = np.isin(edges.barrier[rows], (Barrier.ARTERIAL, Barrier.RIVER))
    each[walled] = ALONG_BARRIER
    through = _through(shared, marks.footprints)
    return np.asarray(each * edges.length_m[rows] + BUILDING_M * through, dtype=np.float64)


def _along(shared: Shapes, lines: Shapes) -> Floats:
    """Which share of each common border runs along a line."""
    middle, length, border = _steps(shared)
    on = shapely.STRtree(middle).query(lines, predicate="dwithin", distance=LINE_M)[1]
    on = np.unique(on)
    whole = np.maximum(np.bincount(border, length, len(shared)), 1e-9)
    return np.asarray(np.bincount(border[on], length[on], len(shared)) / whole)


def _through(shared: Shapes, footprints: Shapes) -> Floats:
    """Through how many buildings each common border runs."""
    inner = shapely.buffer(footprints, -THROUGH_M)
    on = shapely.STRtree(shared).query(inner, predicate="intersects")[1]
    return np.bincount(on, minlength=len(shared)).astype(np.float64)


def _steps(shared: Shapes) -> tuple[Shapes, Floats, Rows]:
    """Short stretches of borders: the middle and length of each, and of which border it is."""
    parts, border = shapely.get_parts(shared, return_index=True)
    drawn = shapely.get_dimensions(parts) == 1
    parts, border = parts[drawn], border[drawn]
    at, part = shapely.get_coordinates(shapely.segmentize(parts, STEP_M), return_index=True)
    on = np.flatnonzero(part[1:] == part[:-1])
    length = np.hypot(*(at[on + 1] - at[on]).T)
    middle = np.atleast_1d(np.asarray(shapely.points((at[on] + at[on + 1]) / 2)))
    return middle, length, border[part[on]]
