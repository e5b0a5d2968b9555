"""The bytes of a Mapbox vector tile: numbers, commands that draw, and the frame of a feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.kernels.settings import kernel, whole

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Bytes = npt.NDArray[np.uint8]
    Pen = tuple[int, int]

POINT, LINE, POLYGON = 1, 2, 3
MOVE_ONCE: Final = 9
LINE_TO: Final = 2
CLOSE: Final = 15
MOST: Final = 10  # bytes of a number
FRAME: Final = 8 * MOST  # bytes around the geometry of a feature
SEVEN: Final = 0x7F
MORE: Final = 0x80


@kernel
def room(points: int, strokes: int) -> int:
    """Bytes that so many points and strokes take at most."""
    return 2 * MOST * (points + strokes)


@kernel
def stroke(across: Ints, down: Ints, out: Bytes, at: int, pen: Pen) -> tuple[int, Pen]:
    """Move to the first point and draw to the others; `out` has room for it and for closing."""
    x, y = pen
    at = _number(out, at, MOVE_ONCE)
    for i in range(len(across)):
        if i == 1:
            at = _number(out, at, (len(across) - 1) << 3 | LINE_TO)
        right, below = across[i] - x, down[i] - y
        at = _number(out, at, (right << 1) ^ (right >> 63))
        at = _number(out, at, (below << 1) ^ (below >> 63))
        x, y = across[i], down[i]
    return at, (x, y)


@kernel
def feature(out: Bytes, size: int, key: int, tag: int, kind: int, drawn: Bytes, length: int) -> int:
    """Frame a feature: id = 1, tags = 2, type = 3, geometry = 4; `out` has room for it."""
    body = 1 + _width(key) + 2 + 1 + _width(length) + length
    if tag >= 0:
        body += 3 + _width(tag)
    size = _number(out, _byte(out, size, 0x12), body)
    size = _number(out, _byte(out, size, 0x08), key)
    if tag >= 0:
        size = _number(out, _byte(out, size, 0x12), 1 + _width(tag))
        size = _number(out, _byte(out, size, 0x00), tag)
    size = _byte(out, _byte(out, size, 0x18), kind)
    size = _number(out, _byte(out, size, 0x22), length)
    for i in range(length):
        out[size + i] = drawn[i]
    return size + length


@kernel
def roomy(out: Bytes, size: int, more: int) -> Bytes:
    """The same bytes with room for more."""
    if size + more <= len(out):
        return out
    longer = np.empty(2 * (size + more), dtype=np.uint8)
    longer[:size] = out[:size]
    return longer


@kernel
def _byte(out: Bytes, at: int, value: int) -> int:
    out[at] = value
    return at + 1


@kernel
def _number(out: Bytes, at: int, value: int) -> int:
    """Write a number, seven bits a byte, the lowest first."""
    while value > SEVEN:
        out[at] = value & SEVEN | MORE
        value >>= 7
        at += 1
    out[at] = value
    return at + 1


@kernel
def _width(value: int) -> int:
    width = 1
    while value > SEVEN:
        value >>= 7
        width += 1
    return width


def warm() -> None:
    """Compile the kernels of this module."""
    some, out = np.zeros(2, dtype=np.int64), np.empty(99, dtype=np.uint8)
    at, _ = stroke(some, some, roomy(out, 0, room(2, 1)), whole(0), (0, 0))
    feature(out, whole(0), 7, 0, LINE, out, at)
