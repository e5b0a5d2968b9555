"""BD-09: GCJ-02 turned and pushed aside once more, everywhere on earth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

EAST, NORTH = 0.0065, 0.006
_RADIUS: Final = 2e-5
_ANGLE: Final = 3e-6
_WAVE: Final = np.pi * 3000 / 180
_STEPS: Final = 12


def bd09_of(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 degrees → BD-09."""
    radius = np.hypot(lon, lat) + _RADIUS * np.sin(lat * _WAVE)
    angle = np.arctan2(lat, lon) + _ANGLE * np.cos(lon * _WAVE)
    return radius * np.cos(angle) + EAST, radius * np.sin(angle) + NORTH


def gcj02_of(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """BD-09 degrees → GCJ-02, by fixed point."""
    x, y = lon - EAST, lat - NORTH
    for _ in range(_STEPS):
        east, north = bd09_of(x, y)
        x, y = x + lon - east, y + lat - north
    return x, y
