"""Atoms too heavy to be shared out evenly: straight lines through each, between its buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.ops import split

from geodata.planner.cutting import BEYOND_M
from geodata.planner.halving import WALL_M

if TYPE_CHECKING:
    import numpy.typing as npt

    Counts = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]

WAYS: Final = 12  # directions in which a line may run
LONG: Final = 0.5  # what a line as long as the atom is wide costs, against halves of 0 and 1
LEAST_APART: Final = 2  # buildings; of one alone nothing can be cut


def lines(
    shape: shapely.Geometry, where: Floats, footprints: Shapes, held: Counts, most: float
) -> list[shapely.Geometry]:
    """Straight lines that cut an area into pieces that hold no more than `most`, where they can."""
    line = between(shape, where, footprints, held) if held.sum() > most else None
    if line is None:
        return []
    found = [line]
    for half in shapely.get_parts(split(shape, line)):
        on = shapely.intersects_xy(half, *where.T)
        found += lines(half, where[on], footprints[on], held[on], most)
    return found


def between(
    shape: shapely.Geometry, where: Floats, footprints: Shapes, held: Counts
) -> shapely.Geometry | None:
    """A straight line across an area that leaves every building whole; None if there is none.

    The one that comes nearest to halves and is short. where, footprints, held: of the buildings;
    one of which only a point is known is a point.
    """
    if len(where) < LEAST_APART or not held.sum():
        return None
    points = np.asarray(shapely.points(where))
    drawn = np.where(shapely.is_missing(footprints), points, footprints)
    corners, building = shapely.get_coordinates(drawn, return_index=True)
    found = [
        (cost, way, at)
        for way, angle in enumerate(np.pi * np.arange(WAYS) / WAYS)
        for cost, at in _gaps(corners @ _across(angle), building, held)
    ]
    side_m = float(np.sqrt(shapely.area(shape)))
    across = [_line(shape, np.pi * way / WAYS, at) for _, way, at in found]
    costs = [
        cost + LONG * float(shapely.length(line)) / side_m if line is not None else np.inf
        for (cost, _, _), line in zip(found, across, strict=True)
    ]
    return across[int(np.argmin(costs))] if costs and min(costs) < np.inf else None


def _across(angle: float) -> Floats:
    return np.array([-np.sin(angle), np.cos(angle)])


def _gaps(at: Floats, building: npt.NDArray[np.intp], held: Counts) -> list[tuple[float, float]]:
    """Where a line passes between buildings, and how far from halves that is, 0 to 1."""
    low, high = np.full(len(held), np.inf), np.full(len(held), -np.inf)
    np.minimum.at(low, building, at)
    np.maximum.at(high, building, at)
    order = np.argsort(low, kind="stable")
    reached = np.maximum.accumulate(high[order])[:-1]
    following = low[order][1:]
    share = np.cumsum(held[order])[:-1] / held.sum()
    free = (following - reached > 2 * WALL_M) & (share > 0) & (share < 1)
    return [
        (abs(2 * float(part) - 1), float(a + b) / 2)
        for part, a, b in zip(share[free], reached[free], following[free], strict=True)
    ]


def _line(shape: shapely.Geometry, angle: float, at: float) -> shapely.Geometry | None:
    """The line of a direction, a little beyond the area; None if it meets it more than once."""
    west, south, east, north = shapely.bounds(shape)
    along = np.array([np.cos(angle), np.sin(angle)])
    middle = np.array([(west + east) / 2, (south + north) / 2])
    foot = middle + (at - middle @ _across(angle)) * _across(angle)
    reach = float(np.hypot(east - west, north - south))
    whole = shapely.linestrings(np.stack((foot - reach * along, foot + reach * along)))
    inside = shapely.intersection(whole, shapely.buffer(shape, BEYOND_M))
    return inside if isinstance(inside, shapely.LineString) else None
