"""Shifted Chinese coordinates, which no CRS library knows: GCJ-02 and BD-09, both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.crs.bd09 import bd09_of, gcj02_of
from geodata.crs.gcj02 import shifted, unshifted

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

GCJ02: Final = "GCJ-02"
BD09: Final = "BD-09"
NAMES: Final = (GCJ02, BD09)
_NAMES: Final = {"GCJ02": GCJ02, "MARS": GCJ02, "BD09": BD09, "BD09LL": BD09, "BAIDU": BD09}


def known(name: str) -> bool:
    """Say whether this room turns coordinates of that name into WGS-84: GCJ-02, gcj02, BD-09."""
    return _plain(name) in _NAMES


def canonical(name: str) -> str:
    """Write a known name as this room does: gcj02 → GCJ-02.

    Raises:
        KeyError: the name is not known.
    """
    return _NAMES[_plain(name)]


def to_wgs84(name: str, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Take degrees of a known system to WGS-84, exact to a billionth of a degree; NaN stays NaN."""
    x, y = _degrees(lon, lat)
    if canonical(name) == BD09:
        x, y = gcj02_of(x, y)
    return unshifted(x, y)


def from_wgs84(name: str, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Take WGS-84 degrees to a known system; GCJ-02 leaves what is outside China where it is."""
    x, y = shifted(*_degrees(lon, lat))
    return bd09_of(x, y) if canonical(name) == BD09 else (x, y)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.upper() if letter.isalnum())


def _degrees(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
