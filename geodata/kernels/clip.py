"""Polygons and lines cut at a rectangle; what a polygon leaves is whole rings, in several pieces.

Rings run with their inside to the left and do not repeat their first point. They are cut at one
side of the rectangle after the other: along such a line a polygon's inside lies between the first
crossing and the second, the third and the fourth …, so pieces are closed between neighbours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.kernels.settings import kernel, whole

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Rings = tuple[Floats, Floats, Ints]


@kernel
def clip_rings(
    x: Floats, y: Floats, starts: Ints, west: float, south: float, east: float, north: float
) -> Rings:
    """Cut a polygon's rings, outer and holes, at a box; what is left runs as it ran before.

    starts: where each ring begins, and where the last one ends.
    """
    x, y, starts = _half(x, y, starts, 1.0, west)
    x, y, starts = _half(x, y, starts, -1.0, east)
    y, x, starts = _half(y, x, starts, 1.0, south)
    y, x, starts = _half(y, x, starts, -1.0, north)
    return x, y, starts


@kernel
def clip_line(x: Floats, y: Floats, west: float, south: float, east: float, north: float) -> Rings:
    """Cut a line at a box into the pieces inside."""
    over_x, over_y = np.empty(2 * len(x)), np.empty(2 * len(x))
    starts = np.zeros(len(x) + 1, dtype=np.int64)
    pieces, size = 0, 0
    for i in range(len(x) - 1):
        dx, dy = x[i + 1] - x[i], y[i + 1] - y[i]
        enter, leave = _within(x[i], dx, west, east, 0.0, 1.0)
        enter, leave = _within(y[i], dy, south, north, enter, leave)
        if enter > leave:
            continue
        if enter > 0 or size == starts[pieces]:
            if size > starts[pieces]:
                pieces += 1
                starts[pieces] = size
            over_x[size], over_y[size] = x[i] + enter * dx, y[i] + enter * dy
            size += 1
        over_x[size], over_y[size] = x[i] + leave * dx, y[i] + leave * dy
        size += 1
        if leave < 1:
            pieces += 1
            starts[pieces] = size
    if size > starts[pieces]:
        pieces += 1
        starts[pieces] = size
    return over_x[:size], over_y[:size], starts[: pieces + 1]


@kernel
def _within(
    start: float, step: float, low: float, high: float, enter: float, leave: float
) -> tuple[float, float]:
    """Narrow the share of a segment that lies between two limits; nothing left: enter > leave."""
    if step == 0:
        return (enter, leave) if low <= start <= high else (1.0, 0.0)
    first, last = (low - start) / step, (high - start) / step
    if step < 0:
        first, last = last, first
    return max(enter, first), min(leave, last)


@kernel
def _half(a: Floats, u: Floats, starts: Ints, sign: float, limit: float) -> Rings:
    """Cut rings at the line a = limit; sign: 1 keeps what is above it, -1 what is below.

    a: the coordinate across the line; u: the one along it.
    """
    beyond = 0
    for i in range(len(a)):
        if sign * (a[i] - limit) <= 0:
            beyond += 1
    if beyond == 0:
        return a, u, starts
    if beyond == len(a):
        return a[:0], u[:0], starts[:1]
    over_a, over_u = np.empty(2 * len(a)), np.empty(2 * len(a))
    bounds = np.zeros(len(a) + 1, dtype=np.int64)  # of chains: what is left of a ring in one go
    after = np.empty(len(a), dtype=np.int64)  # the chain that follows in the same ring
    uncut = np.zeros(len(a), dtype=np.bool_)
    chains = whole(0)
    for ring in range(len(starts) - 1):
        first = chains
        chains = _chains(
            a, u, starts[ring], starts[ring + 1], sign, limit, over_a, over_u, bounds, chains
        )
        for chain in range(first, chains):
            after[chain] = chain + 1
        if chains > first:
            after[chains - 1] = first
            uncut[first] = over_a[bounds[first]] != limit
    following = _linked(over_u, bounds, after[:chains], uncut)
    return _joined(over_a, over_u, bounds, following)


@kernel
def _chains(
    a: Floats,
    u: Floats,
    begin: int,
    end: int,
    sign: float,
    limit: float,
    over_a: Floats,
    over_u: Floats,
    bounds: Ints,
    chains: int,
) -> int:
    """Append what is left of one ring, chain by chain from entry to exit; how many there are."""
    size = bounds[chains]
    entry, before = begin, end - 1
    while entry < end and not (sign * (a[entry] - limit) > 0 and sign * (a[before] - limit) <= 0):
        before = entry
        entry += 1
    enters = entry < end
    if not enters:
        entry, before = begin, end - 1
    if not enters and sign * (a[begin] - limit) <= 0:
        return chains
    was_in = not enters
    i = entry
    for _ in range(end - begin):
        is_in = sign * (a[i] - limit) > 0
        if is_in != was_in:
            share = (limit - a[before]) / (a[i] - a[before])
            over_a[size], over_u[size] = limit, u[before] + share * (u[i] - u[before])
            size += 1
        if is_in:
            over_a[size], over_u[size] = a[i], u[i]
            size += 1
        elif was_in:
            chains += 1
            bounds[chains] = size
        was_in, before = is_in, i
        i = i + 1 if i + 1 < end else begin
    if not enters:
        chains += 1
        bounds[chains] = size
    return chains


@kernel
def _linked(over_u: Floats, bounds: Ints, after: Ints, uncut: npt.NDArray[np.bool_]) -> Ints:
    """By chain, the one that follows it along the line: its neighbour there.

    Where crossings are not in turns, because a polygon was no valid one, the next of the same ring.
    """
    following = after.copy()
    ends = np.empty(2 * len(after), dtype=np.int64)
    places = np.empty(2 * len(after))
    count = 0
    for chain in range(len(after)):
        if not uncut[chain]:
            ends[count], ends[count + 1] = 2 * chain, 2 * chain + 1
            places[count], places[count + 1] = over_u[bounds[chain]], over_u[bounds[chain + 1] - 1]
            count += 2
    order = np.argsort(places[:count])
    for pair in range(0, count, 2):
        one, other = ends[order[pair]], ends[order[pair + 1]]
        if one % 2 == other % 2 and pair + 2 < count:  # crossings in one spot have no order
            third = order[pair + 2]
            if places[third] == places[order[pair + 1]]:
                order[pair + 2], order[pair + 1] = order[pair + 1], third
                other = ends[third]
        if one % 2 == other % 2:
            return after
        leaving, entering = (one, other) if one % 2 else (other, one)
        following[leaving // 2] = entering // 2
    return following


@kernel
def _joined(over_a: Floats, over_u: Floats, bounds: Ints, following: Ints) -> Rings:
    """Rings made of chains that follow one another."""
    count = len(following)
    rings_a, rings_u = np.empty(bounds[count]), np.empty(bounds[count])
    starts = np.zeros(count + 1, dtype=np.int64)
    done = np.zeros(count, dtype=np.bool_)
    rings, size = 0, 0
    for first in range(count):
        chain = first
        while not done[chain]:
            done[chain] = True
            for i in range(bounds[chain], bounds[chain + 1]):
                rings_a[size], rings_u[size] = over_a[i], over_u[i]
                size += 1
            chain = following[chain]
        if size > starts[rings]:
            rings += 1
            starts[rings] = size
    return rings_a[:size], rings_u[:size], starts[: rings + 1]


def warm() -> None:
    """Compile the kernels of this module."""
    x, y = np.array([0.0, 2.0, 2.0]), np.array([0.0, 0.0, 2.0])
    x, y, _ = clip_rings(x, y, np.array([0, 3]), 1.0, -1.0, 3.0, 1.0)
    clip_line(x, y, 1.0, 0.0, 3.0, 1.0)
