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

MOST_POINTS, LEAST_POINTS = 2_000, 100
STEP_M: Final = 5.0  # between them, along borders that are short
NEAR_M: Final = 5.0  # of a border of today: the same, but for the hand that drew it
# Of their length drawn borders lie on today's: most, where they are read as what they are, though a
# plan moves some of them; some by chance, as blocks of a town repeat themselves.
MOST, SOME = 0.6, 0.3


@dataclass(frozen=True)
class Shift:
    """How a file lies aside; system: in which it would not; degrees: whether it can be read so.

    far_m: how far that is from where it lies now.
    """

    system: str
    far_m: float
    degrees: bool


def shift_of(drawn: Drawn, there: Grounded) -> Shift | None:
    """The system in which drawn borders are today's, where they are not as they were read."""
    points = _along(drawn)
    if len(points) < LEAST_POINTS:
        return None  # too little to tell it from chance
    as_read = shifted.canonical(drawn.crs) if shifted.known(drawn.crs) else WGS84
    others = [each for each in (WGS84, *shifted.NAMES) if each != as_read]
    moved = [points, *(_as(points, there.crs, as_read, each) for each in others)]
    now, *then = _shares(moved, there)
    best = int(np.argmax(then))
    if now > SOME or then[best] < MOST:
        return None
    far = float(np.median(np.hypot(*(moved[best + 1] - points).T)))
    return Shift(others[best], far, systems.in_degrees(drawn.crs))


def _along(drawn: Drawn) -> Floats:
    """Points along drawn borders, equally far from each other, in metres."""
    lines = shapely.get_parts(shapely.boundary(drawn.shapes))
    length = shapely.length(lines)
    step = max(STEP_M, float(length.sum()) / MOST_POINTS)
    count = np.maximum(1, (length / step).astype(int))
    far = np.concatenate([np.arange(n) for n in count]) * np.repeat(length / count, count)
    return shapely.get_coordinates(shapely.line_interpolate_point(np.repeat(lines, count), far))


def _shares(several: list[Floats], there: Grounded) -> list[float]:
    """How many of each set of points lie on borders of today's grids, as shares."""
    points = np.asarray(shapely.points(np.concatenate(several)))
    atoms = shapely.STRtree(there.ground.shapes)
    near = atoms.query(points, predicate="dwithin", distance=NEAR_M)[1]
    today = there.today
    grids = outlines(there.ground, today, np.unique(today.grid[near]).tolist())
    tree = shapely.STRtree([shapely.boundary(each) for each in grids.values()])
    on = np.zeros(len(points), dtype=bool)
    on[tree.query(points, predicate="dwithin", distance=NEAR_M)[0]] = True
    return [float(each.mean()) for each in np.split(on, len(several))]


def _as(points: Floats, metric: str, read: str, other: str) -> Floats:
    """Points in metres, had their degrees been read as another system."""
    degrees = mover(metric, WGS84)(points)
    lon, lat = degrees[:, 0], degrees[:, 1]
    if read != WGS84:
        lon, lat = shifted.from_wgs84(read, lon, lat)
    if other != WGS84:
        lon, lat = shifted.to_wgs84(other, lon, lat)
    return np.asarray(mover(WGS84, metric)(np.column_stack((lon, lat))))
