"""Rings of polygons: which way they run, and what lies inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.kernels.settings import kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@kernel
def turn(x: Floats, y: Floats, starts: Ints, holes: npt.NDArray[np.int8]) -> None:
    """Turn rings in place, so that each polygon's inside is to the left of them."""
    for ring in range(len(starts) - 1):
        low, high = starts[ring], starts[ring + 1]
        if (area(x[low:high], y[low:high]) > 0) == (holes[ring] != 0):
            x[low:high] = x[low:high][::-1].copy()
            y[low:high] = y[low:high][::-1].copy()


@kernel
def inside_ring(x: Floats, y: Floats, at_x: float, at_y: float) -> bool:
    """Whether a point lies in a ring."""
    inside = False
    before = len(x) - 1
    for i in range(len(x)):
        if (y[i] > at_y) != (y[before] > at_y):
            across = (x[before] - x[i]) * (at_y - y[i]) / (y[before] - y[i]) + x[i]
            if at_x < across:
                inside = not inside
        before = i
    return inside


@kernel
def area(x: Floats, y: Floats) -> float:
    """Surface of a ring, positive where its inside is to the left."""
    twice = 0.0
    before = len(x) - 1
    for i in range(len(x)):
        # Far from the origin products of coordinates would drown the difference.
        twice += (x[before] - x[0]) * (y[i] - y[0]) - (x[i] - x[0]) * (y[before] - y[0])
        before = i
    return twice / 2


def warm() -> None:
    """Compile the kernels of this module."""
    x, y = np.array([0.0, 2.0, 2.0]), np.array([0.0, 0.0, 2.0])
    turn(x, y, np.array([0, 3]), np.zeros(1, dtype=np.int8))
    inside_ring(x, y, 1.5, 0.5)
