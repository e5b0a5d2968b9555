"""Coordinate systems: how people write them, those around a plan, and which of them a file fits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import ProjError

from geodata import crs as shifted
from geodata.scenarios.grounded import WGS84, mover

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Shapes = npt.NDArray[np.object_]
    Box = tuple[float, float, float, float]

CGCS2000: Final = "EPSG:4490"
DEGREES: Final = 360.0  # no coordinate in degrees is further from zero
# Zones of CGCS2000 by the middle, three degrees apart, as surveys of cities use them; the same
# with the number of the zone before the easting; and those of six degrees with theirs.
FIRST_ZONE, FIRST_MIDDLE, LAST_MIDDLE = 4534, 75, 135
FIRST_NUMBERED, FIRST_WIDE, LAST_WIDE = 4513, 4491, 4501
STEP: Final = 3  # degrees between their middles
WEB: Final = "EPSG:3857"  # of maps on the web
BARE: Final = re.compile(r"(?:EPSG[\s:：]*)?(\d{4,6})", re.IGNORECASE)


@dataclass(frozen=True)
class Land:
    """Where a plan is: its system, and west, south, east, north in it."""

    crs: str
    box: Box

    @property
    def middle(self) -> Floats:
        """Longitude and latitude of its middle."""
        west, south, east, north = self.box
        at = mover(self.crs, WGS84)(np.array([[(west + east) / 2, (south + north) / 2]]))
        return np.asarray(at[0])

    def holds(self, points: Floats) -> int:
        """How many of some points in its system lie in it."""
        west, south, east, north = self.box
        x, y = points[:, 0], points[:, 1]
        return int(((x >= west) & (x <= east) & (y >= south) & (y <= north)).sum())

    def touched(self, boxes: Floats) -> bool:
        """Whether some box in its system touches it; what is not finite does not."""
        west, south, east, north = self.box
        left, low, right, high = boxes.T
        return bool(((left <= east) & (right >= west) & (low <= north) & (high >= south)).any())


def plain(written: str) -> str:
    """A system as the room of systems knows it: 4547, epsg：4547 → EPSG:4547; gcj02 → GCJ-02."""
    written = written.strip()
    if shifted.known(written):
        return shifted.canonical(written)
    bare = BARE.fullmatch(written)
    return f"EPSG:{bare[1]}" if bare else written


def understood(crs: str) -> CRS | None:
    """A system of places on a map of the earth; None of what is none, or is not known."""
    try:
        known = CRS.from_user_input(crs)
        if not (known.is_geographic or known.is_projected):
            return None
        mover(known.to_wkt(), WGS84)
    except ProjError:  # also of another world: no way leads from the moon to here
        return None
    return known


def called(crs: str) -> str:
    """What a refusal calls it: its code, else its name; a file may have written a long text."""
    if shifted.known(crs) or BARE.fullmatch(crs):
        return crs
    return name_of(crs)


def name_of(crs: str) -> str:
    """What surveyors call it."""
    known = None if shifted.known(crs) else understood(crs)
    return known.name if known else crs


def in_degrees(crs: str) -> bool:
    """Whether its coordinates are longitude and latitude."""
    known = None if shifted.known(crs) else understood(crs)
    return known is None or known.is_geographic


def moved(shapes: Shapes, crs: str, to: str) -> Shapes:
    """Shapes of a known system in another one; what is no place there is not finite."""
    if shifted.known(crs):
        shapes = shapely.transform(
            shapes, lambda at: np.column_stack(shifted.to_wgs84(crs, at[:, 0], at[:, 1]))
        )
        crs = WGS84
    known = CRS.from_user_input(crs)
    if known == CRS.from_user_input(to):
        return shapes
    return np.asarray(shapely.transform(shapes, mover(known.to_wkt(), to)))


def around(land: Land) -> tuple[str, ...]:
    """Zones in metres beside a plan, the nearest first; none of them is its own."""
    near = sorted(_zones(), key=lambda middle: abs(middle - land.middle[0]))[:3]
    if abs(near[0] - land.middle[0]) > STEP:
        return ()  # not in China
    codes = [_zone(middle) for middle in near] + [_numbered(near[0])]
    return tuple(code for code in codes if code != land.crs)


def offered(land: Land) -> tuple[str, ...]:
    """Those that a list for this plan has: its own, those in degrees, the zones beside it."""
    all_ = (land.crs, CGCS2000, WGS84, *shifted.NAMES, *around(land))
    return tuple(dict.fromkeys(all_))


def fitting(shapes: Shapes, land: Land) -> str:
    """The system that puts most shapes of a file on a plan, the likeliest first; or ""."""
    boxes = shapely.bounds(shapes)
    middles = np.column_stack([boxes[:, [0, 2]].mean(axis=1), boxes[:, [1, 3]].mean(axis=1)])
    points = np.asarray(shapely.points(middles), dtype=object)
    flat = float(np.abs(middles).max()) <= DEGREES
    best, most = "", 0
    for crs in (WGS84, *shifted.NAMES) if flat else _metric(land):
        held = land.holds(shapely.get_coordinates(moved(points, crs, land.crs)))
        if held > most:
            best, most = crs, held
    return best


def _metric(land: Land) -> Iterator[str]:
    """Systems in metres that a file of this place may be in, the likeliest first."""
    lon, lat = (float(each) for each in land.middle)
    yield land.crs
    middles = sorted(_zones(), key=lambda middle: abs(middle - lon))
    yield from map(_zone, middles)
    yield from map(_numbered, middles)
    yield from (f"EPSG:{code}" for code in range(FIRST_WIDE, LAST_WIDE + 1))
    utm = int((lon + 180) // 6) + 1
    yield from (
        f"EPSG:{(32_600 if lat >= 0 else 32_700) + zone}"
        for zone in (utm, utm - 1, utm + 1) if 1 <= zone <= 60  # noqa: PLR2004 (as many as there are)
    )  # fmt: skip
    yield WEB


def _zones() -> range:
    return range(FIRST_MIDDLE, LAST_MIDDLE + 1, STEP)


def _zone(middle: int) -> str:
    return f"EPSG:{FIRST_ZONE + (middle - FIRST_MIDDLE) // STEP}"


def _numbered(middle: int) -> str:
    return f"EPSG:{FIRST_NUMBERED + (middle - FIRST_MIDDLE) // STEP}"


def zone_of(lon: float) -> str:
    """The zone of CGCS2000 around a longitude; "" where there is none."""
    middle = round(lon / STEP) * STEP
    return _zone(middle) if middle in _zones() else ""
