"""Shapes to features of a Mapbox vector tile (version 2.1), cut at the tile's rim on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geodata.kernels.clip import clip_line, clip_rings
from geodata.kernels.rings import area, inside_ring
from geodata.kernels.settings import kernel, whole
from geodata.kernels.wire import CLOSE, FRAME, LINE, POINT, POLYGON, feature, room, roomy, stroke

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bytes = npt.NDArray[np.uint8]
    Grid = npt.NDArray[np.int64]  # room for the whole coordinates of a short stroke
    Written = tuple[Bytes, int]
    Pen = tuple[int, int]

SHORT: Final = 1 << 12  # points


class Flat(NamedTuple):
    """Shapes of one kind, point after point.

    starts: where each stroke (point, line or ring) begins, and where the last one ends; rings run
    with their inside to the left and do not repeat their first point.
    holes: 1 for a stroke that is a hole of the outer ring before it.
    firsts: first stroke of each feature, and one more.
    bounds: of each feature: west, south, east, north.
    """

    x: Floats
    y: Floats
    starts: Ints
    holes: npt.NDArray[np.int8]
    firsts: Ints
    ids: Ints
    bounds: Floats


class Frame(NamedTuple):
    """A tile: its north-western corner, tile units a metre, and the box at which shapes are cut."""

    west: float
    north: float
    scale: float
    least_x: float
    least_y: float
    most_x: float
    most_y: float


@kernel
def features(flat: Flat, kind: int, found: Ints, tags: Ints, frame: Frame) -> Bytes:
    """Write the found features; tags: number of each one's value, -1 for none."""
    out, size = np.empty(1 << 14, dtype=np.uint8), whole(0)
    drawn = np.empty(1 << 10, dtype=np.uint8)
    grid = np.empty((2, SHORT), dtype=np.int64)
    # Taken out of their tuple here, because for every call inside the loop that takes its time.
    x, y, starts, holes, firsts, bounds, ids = (
        flat.x, flat.y, flat.starts, flat.holes, flat.firsts, flat.bounds, flat.ids,
    )  # fmt: skip
    for number in range(len(found)):
        row = found[number]
        low, high = firsts[row], firsts[row + 1]
        crossing = _crosses(bounds, row, frame)
        need = room(starts[high] - starts[low], high - low)
        if need > len(drawn):
            drawn = roomy(drawn, 0, need)
        if kind == POLYGON:
            drawn, length = _polygons(x, y, starts, holes, low, high, crossing, frame, drawn, grid)
        elif kind == LINE:
            drawn, length = _lines(x, y, starts, low, high, crossing, frame, drawn, grid)
        else:
            length = _points(x, y, starts, low, high, frame, drawn, grid)
        if length:
            if size + length + FRAME > len(out):
                out = roomy(out, size, length + FRAME)
            size = feature(out, size, ids[row], tags[number], kind, drawn, length)
    return out[:size]


@kernel
def _polygons(
    all_x: Floats,
    all_y: Floats,
    all_starts: Ints,
    holes: npt.NDArray[np.int8],
    first: int,
    last: int,
    crossing: bool,
    frame: Frame,
    out: Bytes,
    grid: Grid,
) -> Written:
    """Rings of one feature, each polygon cut by itself."""
    at, pen = whole(0), (0, 0)  # typed, or it is compiled twice
    while first < last:
        after = first + 1
        while after < last and holes[after]:
            after += 1
        low, high = all_starts[first], all_starts[after]
        x, y, starts = all_x[low:high], all_y[low:high], all_starts[first : after + 1] - low
        if crossing:
            x, y, starts = clip_rings(
                x, y, starts, frame.least_x, frame.least_y, frame.most_x, frame.most_y
            )
            out = roomy(out, at, room(len(x), len(starts)))
            at, pen = _pieces(x, y, starts, frame, grid, out, at, pen)
        else:
            at, pen = _rings(x, y, starts, frame, grid, out, at, pen)
        first = after
    return out, at


@kernel
def _rings(
    x: Floats, y: Floats, starts: Ints, frame: Frame, grid: Grid, out: Bytes, at: int, pen: Pen
) -> tuple[int, Pen]:
    """An outer ring and its holes; these go with it where nothing is left of it."""
    for ring in range(len(starts) - 1):
        low, high = starts[ring], starts[ring + 1]
        size, pen = _ring(x[low:high], y[low:high], ring == 0, frame, grid, out, at, pen)
        if ring == 0 and size == at:
            break
        at = size
    return at, pen


@kernel
def _pieces(
    x: Floats, y: Floats, starts: Ints, frame: Frame, grid: Grid, out: Bytes, at: int, pen: Pen
) -> tuple[int, Pen]:
    """What a polygon has left: holes run the other way, and each finds its outer ring."""
    count = len(starts) - 1
    outer = np.zeros(count, dtype=np.bool_)
    for ring in range(count):
        outer[ring] = (
            area(x[starts[ring] : starts[ring + 1]], y[starts[ring] : starts[ring + 1]]) > 0
        )
    owners = _owners(x, y, starts, outer)
    for ring in range(count):
        if not outer[ring]:
            continue
        low, high = starts[ring], starts[ring + 1]
        size, pen = _ring(x[low:high], y[low:high], outer[ring], frame, grid, out, at, pen)
        if size == at:
            continue
        at = size
        for hole in range(count):
            if owners[hole] == ring:
                low, high = starts[hole], starts[hole + 1]
                at, pen = _ring(x[low:high], y[low:high], outer[hole], frame, grid, out, at, pen)
    return at, pen


@kernel
def _owners(x: Floats, y: Floats, starts: Ints, outer: npt.NDArray[np.bool_]) -> Ints:
    """By hole, the outer ring that holds it; -1 for the outer rings."""
    owners = np.full(len(outer), -1, dtype=np.int64)
    several = np.count_nonzero(outer) > 1
    for hole in range(len(outer)):
        if outer[hole]:
            continue
        at = starts[hole]
        for ring in range(len(outer)):
            if outer[ring] and (
                not several
                or inside_ring(
                    x[starts[ring] : starts[ring + 1]], y[starts[ring] : starts[ring + 1]],
                    x[at], y[at],
                )
            ):  # fmt: skip
                owners[hole] = ring
                break
    return owners


@kernel
def _ring(
    x: Floats,
    y: Floats,
    outer: bool,
    frame: Frame,
    grid: Grid,
    out: Bytes,
    at: int,
    pen: Pen,
) -> tuple[int, Pen]:
    """One ring in whole tile units, clockwise on the screen if it is an outer one."""
    across, down = _whole(x, y, frame, grid)
    count = len(across)
    while count > 1 and across[count - 1] == across[0] and down[count - 1] == down[0]:
        count -= 1
    twice = 0
    before = count - 1
    for i in range(count):
        twice += across[before] * down[i] - across[i] * down[before]
        before = i
    if count < POLYGON or twice == 0:
        return at, pen
    across, down = across[:count], down[:count]
    if (twice > 0) != outer:
        across, down = across[::-1].copy(), down[::-1].copy()
    at, pen = stroke(across, down, out, at, pen)
    out[at] = CLOSE
    return at + 1, pen


@kernel
def _lines(
    all_x: Floats,
    all_y: Floats,
    all_starts: Ints,
    first: int,
    last: int,
    crossing: bool,
    frame: Frame,
    out: Bytes,
    grid: Grid,
) -> Written:
    at, pen = whole(0), (0, 0)
    for number in range(first, last):
        low, high = all_starts[number], all_starts[number + 1]
        x, y = all_x[low:high], all_y[low:high]
        if not crossing:
            at, pen = _line(x, y, frame, grid, out, at, pen)
            continue
        x, y, starts = clip_line(x, y, frame.least_x, frame.least_y, frame.most_x, frame.most_y)
        out = roomy(out, at, room(len(x), len(starts)))
        for piece in range(len(starts) - 1):
            low, high = starts[piece], starts[piece + 1]
            at, pen = _line(x[low:high], y[low:high], frame, grid, out, at, pen)
    return out, at


@kernel
def _line(
    x: Floats, y: Floats, frame: Frame, grid: Grid, out: Bytes, at: int, pen: Pen
) -> tuple[int, Pen]:
    across, down = _whole(x, y, frame, grid)
    if len(across) >= LINE:
        at, pen = stroke(across, down, out, at, pen)
    return at, pen


@kernel
def _points(
    x: Floats, y: Floats, starts: Ints, first: int, last: int, frame: Frame, out: Bytes, grid: Grid
) -> int:
    at, pen = whole(0), (0, 0)
    for number in range(first, last):
        low = starts[number]
        if frame.least_x <= x[low] <= frame.most_x and frame.least_y <= y[low] <= frame.most_y:
            across, down = _whole(x[low : low + 1], y[low : low + 1], frame, grid)
            at, pen = stroke(across, down, out, at, pen)
    return at


@kernel
def _crosses(bounds: Floats, row: int, frame: Frame) -> bool:
    """Whether a feature reaches beyond the rim."""
    low = bounds[row, 0] < frame.least_x or bounds[row, 1] < frame.least_y
    return bool(low or bounds[row, 2] > frame.most_x or bounds[row, 3] > frame.most_y)


@kernel
def _whole(x: Floats, y: Floats, frame: Frame, grid: Grid) -> tuple[Ints, Ints]:
    """Whole tile coordinates with y downwards, repeated points dropped."""
    if len(x) > SHORT:
        grid = np.empty((2, len(x)), dtype=np.int64)
    across, down = grid[0], grid[1]
    count = 0
    for i in range(len(x)):
        right = np.int64(np.rint((x[i] - frame.west) * frame.scale))
        below = np.int64(np.rint((frame.north - y[i]) * frame.scale))
        if count == 0 or right != across[count - 1] or below != down[count - 1]:
            across[count], down[count] = right, below
            count += 1
    return across[:count], down[:count]


def warm() -> None:
    """Compile the kernels of this module."""
    flat = Flat(
        np.array([0.0, 2.0, 2.0]), np.array([0.0, 0.0, 2.0]), np.array([0, 3]),
        np.zeros(1, dtype=np.int8), np.array([0, 1]), np.array([7]),
        np.array([[0.0, 0.0, 2.0, 2.0]]),
    )  # fmt: skip
    frame = Frame(0.0, 1.0, 16.0, -1.0, -1.0, 1.0, 1.0)
    for kind in (POINT, LINE, POLYGON):
        features(flat, kind, np.array([0]), np.array([0]), frame)
