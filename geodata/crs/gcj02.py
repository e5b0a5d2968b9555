"""GCJ-02: WGS-84 pushed aside by up to 700 m inside China, by the formula in public use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

# The ellipsoid of Krasovsky 1940, and the box inside which the transform applies.
SEMI_MAJOR_M: Final = 6_378_245.0
ECCENTRICITY2: Final = 0.00669342162296594323
WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
_MIDDLE: Final = (105.0, 35.0)
_STEPS: Final = 12  # at most; each shrinks the error a thousandfold
_SAME: Final = 1e-14  # degrees; below it a further step changes nothing


def inside(lon: Floats, lat: Floats) -> Flags:
    """Say which points the transform moves."""
    return (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)


def shifted(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """WGS-84 degrees → GCJ-02."""
    east, north = _offset(lon, lat)
    here = inside(lon, lat)
    return np.where(here, lon + east, lon), np.where(here, lat + north, lat)


def unshifted(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 degrees → WGS-84, by fixed point: where the offset leads to the point asked for."""
    x, y = lon, lat
    for _ in range(_STEPS):
        east, north = _offset(x, y)
        before = x, y
        x, y = lon - east, lat - north
        if not np.any((np.abs(x - before[0]) > _SAME) | (np.abs(y - before[1]) > _SAME)):
            break
    # On the box's edge a point may have come from either side; inside is where the data is.
    here = inside(x, y)
    return np.where(here, x, lon), np.where(here, y, lat)


def _offset(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees east and north that the transform adds."""
    x, y = lon - _MIDDLE[0], lat - _MIDDLE[1]
    phi = np.radians(lat)
    root = 1 - ECCENTRICITY2 * np.sin(phi) ** 2
    metres_north = SEMI_MAJOR_M * (1 - ECCENTRICITY2) / (root * np.sqrt(root))
    metres_east = SEMI_MAJOR_M / np.sqrt(root) * np.cos(phi)
    return np.degrees(_east_m(x, y) / metres_east), np.degrees(_north_m(x, y) / metres_north)


def _east_m(x: Floats, y: Floats) -> Floats:
    plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    waves = 20 * _sin(x, 1) + 40 * _sin(x, 3) + 150 * _sin(x, 12) + 300 * _sin(x, 30)
    result: Floats = plain + (_ripple(x) + waves) * 2 / 3
    return result


def _north_m(x: Floats, y: Floats) -> Floats:
    plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    waves = 20 * _sin(y, 1) + 40 * _sin(y, 3) + 160 * _sin(y, 12) + 320 * _sin(y, 30)
    result: Floats = plain + (_ripple(x) + waves) * 2 / 3
    return result


def _ripple(x: Floats) -> Floats:
    result: Floats = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    return result


def _sin(value: Floats, part: int) -> Floats:
    result: Floats = np.sin(value * np.pi / part)
    return result
