"""Where a file lies whose CRS is not told: under the one that puts it where the others are."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import CRSError, ProjError

from geodata.wizard.draft import Guess, guessed
from geodata.wizard.spots import CHINA, DEGREES, MERIDIANS, Box, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.wizard.looks import Look

_FITS: Final = 0.5  # share of two boxes that they have in common
_OFFERED: Final = 5
MOST: Final = 512  # ways to degrees that are kept


def box_in_degrees(look: Look, crs: str) -> Box | None:
    """Box of a file in degrees under a CRS; None where that cannot be."""
    return turned(look.box, crs) if look.box and crs else None


def turned(box: Box, crs: str) -> Box | None:
    """Take a box to degrees."""
    try:
        change = _to_degrees(crs)
        found = change.transform_bounds(*box) if change else None
    except (CRSError, ProjError):
        change = found = None
    if change is None:
        return box if within(box, DEGREES) else None
    return found if found and all(np.isfinite(found)) else None


@lru_cache(MOST)
def _to_degrees(crs: str) -> Transformer | None:
    """The way from a CRS to degrees; None where it is in degrees. Making one takes long."""
    known = CRS.from_user_input(crs)
    if known.is_geographic:
        return None
    return Transformer.from_crs(known, "EPSG:4326", always_xy=True)


def crs_of(look: Look, others: Sequence[Box]) -> Guess:
    """Take the CRS a file declares or its range speaks for, else one that fits the other files."""
    spot = look.spot
    if spot.crs or look.box is None:
        return guessed(spot.crs, spot.confidence, spot.reason)
    fitting = _fitting(look.box, _joined(others)) if others else []
    if fitting:
        return guessed(fitting[0], 0.7, "crs_fits", crs=fitting[0])
    return guessed("", 0.0, spot.reason)


def offered(look: Look, others: Sequence[Box]) -> tuple[str, ...]:
    """List the CRS a person may choose from, the likeliest first."""
    plane = look.box is not None and not within(look.box, DEGREES)
    fitting = _fitting(look.box, _joined(others)) if others and look.box and plane else []
    return tuple(dict.fromkeys([*fitting[:_OFFERED], *look.spot.others]))


def _fitting(box: Box, around: Box) -> list[str]:
    """Projected CRS of that part of the world, in which a box comes to lie like another."""
    scored = []
    for code, name in _projected(around):
        found = turned(box, code)
        share = _common(found, around) if found else 0.0
        if share >= _FITS:
            local = "CGCS2000" in name if within(around, CHINA) else "NAD83 /" in name
            scored.append((not local, -round(share, 2), len(name), code))
    return [code for _, _, _, code in sorted(scored)]


@cache
def _projected(around: Box) -> tuple[tuple[str, str], ...]:
    area = AreaOfInterest(*around)
    found = query_crs_info(
        auth_name="EPSG", pj_types=PJType.PROJECTED_CRS, area_of_interest=area, contains=True
    )
    codes = {f"EPSG:{info.code}": info.name for info in found}
    if within(around, CHINA):  # a city at the edge of a zone often keeps its neighbour's meridian
        codes |= dict.fromkeys((f"EPSG:{code}" for code in MERIDIANS), "CGCS2000")
    return tuple(codes.items())


def _joined(boxes: Sequence[Box]) -> Box:
    west, south, east, north = np.array(boxes).T
    return float(west.min()), float(south.min()), float(east.max()), float(north.max())


def _common(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (_area(one) + _area(other) - shared)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
