"""Which of many boxes touch one: boxes near each other stand in blocks, passed over as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.kernels.settings import kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

BLOCK: Final = 64
BITS: Final = 16  # a side of the curve along which boxes are put in order


def in_order(bounds: Floats) -> Ints:
    """Rows of boxes (west, south, east, north) so that neighbours stand together."""
    if not len(bounds):
        return np.empty(0, dtype=np.int64)
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    low, high = middles.min(axis=0), middles.max(axis=0)
    cells = ((middles - low) / np.maximum(high - low, 1e-9) * ((1 << BITS) - 1)).astype(np.int64)
    code = np.zeros(len(bounds), dtype=np.int64)
    for bit in range(BITS):
        code |= (cells[:, 0] >> bit & 1) << 2 * bit | (cells[:, 1] >> bit & 1) << (2 * bit + 1)
    return np.argsort(code, kind="stable")


def blocks_of(bounds: Floats) -> Floats:
    """The box around every block of boxes."""
    edges = np.arange(0, len(bounds), BLOCK)
    low = np.minimum.reduceat(bounds[:, :2], edges) if len(edges) else bounds[:, :2]
    high = np.maximum.reduceat(bounds[:, 2:], edges) if len(edges) else bounds[:, 2:]
    return np.ascontiguousarray(np.hstack([low, high]))


@kernel
def touching(
    bounds: Floats, blocks: Floats, west: float, south: float, east: float, north: float
) -> Ints:
    """Rows of the boxes that touch a box."""
    found = np.empty(BLOCK, dtype=np.int64)
    count = 0
    for block in range(len(blocks)):
        if not _touch(blocks[block], west, south, east, north):
            continue
        if count + BLOCK > len(found):
            longer = np.empty(2 * len(found) + BLOCK, dtype=np.int64)
            longer[:count] = found[:count]
            found = longer
        for row in range(block * BLOCK, min((block + 1) * BLOCK, len(bounds))):
            if _touch(bounds[row], west, south, east, north):
                found[count] = row
                count += 1
    return found[:count]


@kernel
def _touch(box: Floats, west: float, south: float, east: float, north: float) -> bool:
    return bool(box[0] <= east and box[2] >= west and box[1] <= north and box[3] >= south)


def warm() -> None:
    """Compile the kernels of this module."""
    bounds = np.array([[0.0, 0.0, 1.0, 1.0]])
    touching(bounds, blocks_of(bounds), 0.0, 0.0, 1.0, 1.0)
