"""Whether grids of a file lie aside as those of Chinese web maps do, read as what they are not.

GCJ-02 lies some 500 m aside and BD-09 a kilometre: near enough to pass for the right place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata import crs as shifted
from geodata.planner.shapes import outlines
from geodata.scenarios import systems
from geodata.scenarios.grounded import WGS84, mover

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.scenarios.drawn import Drawn
    from geodata.scenarios.grounded import Grounded

    Floats = npt.NDArray[np.float64]

MOST_POINTS: Final = 2_000
FURTHEST_M: Final = 3_000.0  # no system of a web map is further aside
FAR_M: Final = 15.0  # borders that are less aside may be drawn so
TIMES: Final = 4  # as near have borders to be in another system
# The share of points that is looked at: a plan moves many borders, but few communities'.
SHARE: Final = 0.25


@dataclass(frozen=True)
class Shift:
    """How a file lies aside; system: in which it would not; degrees: whether it can be read so.

    far_m: how far that is from where it lies now.
    """

    system: str
    far_m: float
    degrees: bool


def shift_of(drawn: Drawn, there: Grounded) -> Shift | None:
    """The system in which drawn borders meet today's, where they do not as they were read."""
    points = _sampled(drawn)
    as_read = shifted.canonical(drawn.crs) if shifted.known(drawn.crs) else WGS84
    tree = _borders(there, points)
    if not len(tree.geometries):
        return None
    off = _off(tree, points)
    if off < FAR_M:
        return None
    others = [each for each in (WGS84, *shifted.NAMES) if each != as_read]
    moved = [_as(points, there.crs, as_read, each) for each in others]
    found = [_off(tree, each) for each in moved]
    best = int(np.argmin(found))
    if found[best] * TIMES > off:
        return None
    far = float(np.median(np.hypot(*(moved[best] - points).T)))
    return Shift(others[best], far, systems.in_degrees(drawn.crs))


def _sampled(drawn: Drawn) -> Floats:
    """Some corners of drawn borders, in metres."""
    corners = shapely.get_coordinates(drawn.shapes)
    return np.asarray(corners[:: max(1, len(corners) // MOST_POINTS)])


def _borders(there: Grounded, points: Floats) -> shapely.STRtree:
    """Borders of today's grids around some points."""
    ground, today = there.ground, there.today
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    around = shapely.box(west, south, east, north).buffer(FURTHEST_M)
    near = np.unique(today.grid[shapely.intersects(ground.shapes, around)])
    drawn = outlines(ground, today, near.tolist())
    return shapely.STRtree([shapely.boundary(each) for each in drawn.values()])


def _off(tree: shapely.STRtree, points: Floats) -> float:
    """How far the nearest quarter of some points is from the borders, at most, in metres."""
    _, far = tree.query_nearest(shapely.points(points), return_distance=True, all_matches=False)
    return float(np.quantile(far, SHARE))


def _as(points: Floats, metric: str, read: str, other: str) -> Floats:
    """Points in metres, had their degrees been read as another system."""
    degrees = mover(metric, WGS84)(points)
    lon, lat = degrees[:, 0], degrees[:, 1]
    if read != WGS84:
        lon, lat = shifted.from_wgs84(read, lon, lat)
    if other != WGS84:
        lon, lat = shifted.to_wgs84(other, lon, lat)
    return np.asarray(mover(WGS84, metric)(np.column_stack((lon, lat))))
