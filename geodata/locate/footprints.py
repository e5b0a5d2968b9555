"""Shapes of very many buildings, kept as bytes: objects would take four times the memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import shapely

from geodata.kernels.boxes import BLOCK, blocks_of, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Shapes = npt.NDArray[np.object_]

PIECE: Final = 50_000  # shapes made at once where all are wanted


@dataclass(frozen=True, eq=False)
class Footprints:
    """Shapes by row, some missing; neighbours are found by boxes, which stand in blocks.

    rows: those with a shape, neighbours beside each other, as are their boxes (west, south, east,
    north); blocks: the box around every block of them.
    """

    written: pa.Array
    rows: npt.NDArray[np.int32]
    boxes: Floats
    blocks: Floats

    @classmethod
    def of(cls, shapes: Shapes) -> Footprints:
        """Keep shapes that exist as objects."""
        return cls.read(pa.array(shapely.to_wkb(shapes).tolist(), type=pa.binary()))

    @classmethod
    def read(cls, written: pa.Array | pa.ChunkedArray) -> Footprints:
        """Keep shapes in WKB, null where one is missing."""
        if isinstance(written, pa.ChunkedArray):
            written = written.combine_chunks()
        parts = [np.empty((0, 4))]
        parts += [shapely.bounds(_made(written, piece)) for piece in _pieces(len(written))]
        boxes = np.concatenate(parts)
        known = np.flatnonzero(~np.isnan(boxes[:, 0]))
        rows = known[in_order(boxes[known])]
        boxes = np.ascontiguousarray(boxes[rows])
        return cls(written, rows.astype(np.int32), boxes, blocks_of(boxes))

    def __len__(self) -> int:
        """How many rows there are, those without a shape among them."""
        return len(self.written)

    @property
    def total_bounds(self) -> Floats:
        """The box around all of them; NaN where there is none."""
        if not len(self.boxes):
            return np.full(4, np.nan)
        low, high = self.boxes[:, :2].min(axis=0), self.boxes[:, 2:].max(axis=0)
        return np.concatenate([low, high])

    def shapes(self, rows: npt.NDArray[np.integer] | Sequence[int]) -> Shapes:
        """The shapes of some rows; None where one is missing."""
        return _made(self.written, np.asarray(rows, dtype=np.int64))

    def pieces(self) -> Iterator[tuple[Ints, Shapes]]:
        """Every row and its shape, a piece at a time."""
        for piece in _pieces(len(self)):
            yield piece, _made(self.written, piece)

    def near(self, west: float, south: float, east: float, north: float) -> Ints:
        """Rows whose boxes touch a box, in order."""
        box = (west, south, east, north)
        blocks = np.flatnonzero(_touch(self.blocks, box))
        at = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        at = at[at < len(self.boxes)]
        return np.sort(self.rows[at[_touch(self.boxes[at], box)]]).astype(np.int64)


def _touch(boxes: Floats, box: tuple[float, float, float, float]) -> Flags:
    west, south, east, north = box
    apart = (boxes[:, 0] > east) | (boxes[:, 2] < west)
    apart |= (boxes[:, 1] > north) | (boxes[:, 3] < south)
    return np.asarray(~apart)


def _made(written: pa.Array, rows: Ints) -> Shapes:
    taken = written.take(pa.array(rows)).to_numpy(zero_copy_only=False)
    return np.asarray(shapely.from_wkb(taken), dtype=np.object_)


def _pieces(count: int) -> Iterator[Ints]:
    return (np.arange(start, min(start + PIECE, count)) for start in range(0, count, PIECE))
