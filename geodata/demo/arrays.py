"""Short names for the array types that the land modules share, and one random stream per task."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]
Shapes = npt.NDArray[Any]  # of shapely geometries
Table = dict[str, Any]


class Task(IntEnum):
    """Everything that draws random numbers, so that a change in one leaves the others alone."""

    SETTING = 100
    OUTLINE = 101
    WATER = 102
    ROADS = 103
    STREETS = 104
    LAND_USE = 105
    BUILDINGS = 106
    HAMLETS = 107
    PEOPLE = 108
    NAMES = 109
    OUTDOORS = 110
    DUTIES = 111
    ROAD_NAMES = 112
    FURNITURE = 113
    PONDS = 114
    REDRAWN = 115


def stream(seed: int, task: Task, *path: int) -> np.random.Generator:
    """Make the random numbers of one task; equal arguments give equal numbers."""
    return np.random.default_rng([seed, int(task), *path])


def shape_array(shapes: object) -> Shapes:
    """Put geometries into an object array, also when there is one or none."""
    found = list(shapes)  # type: ignore[call-overload]
    made = np.empty(len(found), dtype=object)
    made[:] = found
    return made
