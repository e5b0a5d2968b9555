"""Points to counts by bin, a blur along rows and columns, and values to colours by their breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geodata.kernels.settings import kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Field = npt.NDArray[np.float32]

SLOTS_A_ROW: Final = 4  # of the table that says where to begin to look for a row


def slots_of(edges: Floats) -> Ints:
    """For even steps from the first edge to the last, the bin in which each begins."""
    steps = np.linspace(edges[0], edges[-1], SLOTS_A_ROW * len(edges))
    return np.maximum(np.searchsorted(edges, steps, side="right") - 1, 0)


class Across(NamedTuple):
    """Bins along a row of the map plane: its western edge, width and columns, those beside it."""

    radius: float  # of the earth
    west: float
    width: float
    columns: int
    margin: int


@kernel
def count(
    lon: Floats, lat: Floats, across: Across, rows: Floats, slots: Ints, counts: Field
) -> None:
    """Count points by bin.

    rows: latitudes between the rows of bins, rising; slots: of the rows, as `slots_of` gives them.
    The first row of `counts` is the northernmost.
    """
    last = len(rows) - 1
    per_degree = (len(slots) - 1) / (rows[last] - rows[0])
    for i in range(len(lon)):
        place = (np.radians(lon[i]) * across.radius - across.west) * across.columns / across.width
        place += across.margin
        if not (rows[0] <= lat[i] < rows[last] and 0 <= place < counts.shape[1]):
            continue
        row = slots[np.int64((lat[i] - rows[0]) * per_degree)]
        while row > 0 and lat[i] < rows[row]:  # rounding may have begun one too far
            row -= 1
        while lat[i] >= rows[row + 1]:
            row += 1
        counts[last - 1 - row, np.int64(place)] += np.float32(1)


@kernel
def blur_down(field: Field, weights: Field) -> Field:
    """Blur along columns; weights: of the middle and of each row further away, on either side."""
    found = np.zeros_like(field)
    for row in range(len(field)):
        if not field[row].any():
            continue
        low, high = max(0, row - len(weights) + 1), min(len(field), row + len(weights))
        for other in range(low, high):
            _add(found[other], field[row], weights[abs(other - row)])
    return found


@kernel
def blur_across(field: Field, weights: Field) -> Field:
    """Blur along rows."""
    found = np.zeros_like(field)
    width = field.shape[1]
    reach = min(len(weights), width)
    for row in range(len(field)):
        _add(found[row], field[row], weights[0])
        for step in range(1, reach):
            _add(found[row, step:], field[row, : width - step], weights[step])
            _add(found[row, : width - step], field[row, step:], weights[step])
    return found


@kernel
def _add(into: Field, what: Field, weight: float) -> None:
    """Add one row to another: a loop over plain rows, so that it runs eight numbers at a time."""
    for i in range(len(into)):
        into[i] += what[i] * weight


@kernel
def graded(field: Field, breaks: Floats, grades: Floats) -> npt.NDArray[np.uint8]:
    """Colour numbers: 0 below the first break, the grade at each break, mixed in between."""
    height, width = field.shape
    found = np.zeros((height, width), dtype=np.uint8)
    last = len(breaks) - 1
    for row in range(height):
        for column in range(width):
            value = np.float64(field[row, column])
            if not value >= breaks[0]:
                continue
            step = 0
            while step < last and value >= breaks[step + 1]:
                step += 1
            grade = grades[step]
            if step < last:
                share = (value - breaks[step]) / (breaks[step + 1] - breaks[step])
                grade += share * (grades[step + 1] - grades[step])
            found[row, column] = np.uint8(np.rint(grade))
    return found


def warm() -> None:
    """Compile the kernels of this module."""
    edges = np.array([0.0, 1.0, 2.0])
    field = np.zeros((2, 2), dtype=np.float32)
    points = np.array([0.5, 1.5])
    count(points, points, Across(1.0, 0.0, 1.0, 2, 0), edges, slots_of(edges), field)
    weights = np.array([0.5, 0.25], dtype=np.float32)
    graded(blur_across(blur_down(field, weights), weights), edges, edges)
