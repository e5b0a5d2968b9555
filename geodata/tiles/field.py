"""Points to a smooth field and to numbers of colours: by kernels, else by numpy and scipy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter

from geodata.kernels import bins as kernels
from geodata.kernels.settings import COMPILED
from geodata.tiles.mercator import RADIUS_M, to_degrees, to_metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geodata.tiles.mercator import Box

    Floats = npt.NDArray[np.float64]
    Field = npt.NDArray[np.float32]


class Bins(NamedTuple):
    """Bins over a box of the map plane, and how many more lie around them on each side."""

    plane: Box
    columns: int
    rows: int
    margin: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns with the margin."""
        return self.rows + 2 * self.margin, self.columns + 2 * self.margin

    def latitudes(self) -> Floats:
        """Latitudes between rows, from south to north."""
        height = (self.plane.north - self.plane.south) / self.rows
        steps = np.arange(self.shape[0] + 1, dtype=np.float64) - self.margin
        y = self.plane.south + height * steps
        return to_degrees(np.zeros_like(y), y)[1]


def counted(lon: Floats, lat: Floats, bins: Bins) -> Field:
    """How many points of degrees lie in each bin, rows from north to south."""
    if not COMPILED:
        return _counted(lon, lat, bins)
    rows, counts = bins.latitudes(), np.zeros(bins.shape, dtype=np.float32)
    west, width = bins.plane.west, bins.plane.east - bins.plane.west
    across = kernels.Across(RADIUS_M, west, width, bins.columns, bins.margin)
    x, y = (np.ascontiguousarray(side, dtype=np.float64) for side in (lon, lat))
    kernels.count(x, y, across, rows, kernels.slots_of(rows), counts)
    return counts


def blurred(counts: Field, sigmas: tuple[float, float], reach: float) -> Field:
    """Blur by a bell with these sigmas, in rows and columns; it ends after `reach` of them."""
    if not COMPILED:
        blurry: Field = gaussian_filter(counts, sigmas, mode="constant", truncate=reach)
        return blurry
    down, across = (_weights(sigma, reach) for sigma in sigmas)
    return kernels.blur_across(kernels.blur_down(counts, down), across)


def graded(values: Field, breaks: Sequence[float], grades: Floats) -> npt.NDArray[np.uint8]:
    """0 below the first break, the grade at each break, mixed in between, the last grade above."""
    edges = np.asarray(breaks, dtype=np.float64)
    if COMPILED:
        return kernels.graded(np.ascontiguousarray(values), edges, grades)
    steps = np.rint(np.interp(values, edges, grades))
    return np.where(values >= edges[0], steps, 0).astype(np.uint8)


def _counted(lon: Floats, lat: Floats, bins: Bins) -> Field:
    plane, (rows, columns) = bins.plane, bins.shape
    x, y = to_metres(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    across = (x - plane.west) * bins.columns / (plane.east - plane.west) + bins.margin
    down = (plane.north - y) * bins.rows / (plane.north - plane.south) + bins.margin
    inside = (across >= 0) & (across < columns) & (down >= 0) & (down < rows)
    places = down[inside].astype(np.int64) * columns + across[inside].astype(np.int64)
    counts = np.bincount(places, minlength=rows * columns)
    return counts.reshape(bins.shape).astype(np.float32)


def _weights(sigma: float, reach: float) -> Field:
    """Weight of the middle and of each step away from it; both sides together weigh one."""
    steps = np.arange(int(reach * sigma + 0.5) + 1)
    bell = np.exp(-0.5 * (steps / sigma) ** 2)
    weights: Field = (bell / (2 * bell.sum() - 1)).astype(np.float32)
    return weights
