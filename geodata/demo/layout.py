"""How buildings stand on a plot: in rows from wall to wall, on a lattice, along the street."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from geodata.demo.arrays import Bools, Floats

STREET: Final = 6.0  # from the corner of a plot to the first shop
SHOP_SHARE: Final = 0.8
FILL: Final = 0.8  # a remainder of less than this share of the pitch is spread over all rows
TIGHT: Final = 0.55
STRETCH: Final = 1.3


@dataclass(frozen=True)
class Rows:
    """What a row looks like, metres: length of a building, gap, depth, pitch, distance to wall."""

    length: float
    gap: float
    depth: float
    pitch: float
    edge: float = 5.0
    stretch: bool = True


@dataclass(frozen=True, eq=False)
class Places:
    """Middles, widths, and how far out each building stands (0 = middle of the plot, 1 = edge)."""

    middle: Floats
    width: Floats
    out: Floats

    def keep(self, chosen: Bools) -> Places:
        """Keep some of them."""
        return Places(self.middle[chosen], self.width[chosen], self.out[chosen])


NOWHERE: Final = Places(np.zeros((0, 2)), np.zeros(0), np.zeros((0, 2)))


def _turned(ring: Floats, angle: float) -> tuple[Floats, Floats]:
    """The plot with its rows level, and the matrix that turns it back."""
    cos, sin = np.cos(angle), np.sin(angle)
    back = np.array([[cos, -sin], [sin, cos]])
    return ring @ back, back.T


def _row_levels(low: float, high: float, rows: Rows) -> Floats:
    """The heights of the rows between two walls."""
    free = high - low - 2 * rows.edge - rows.depth
    if free < 0:
        return np.zeros(0)
    count = int(free // rows.pitch)
    spread = count > 0 and free % rows.pitch < FILL * rows.pitch
    step = free / count if spread else rows.pitch
    return np.asarray(high - rows.edge - rows.depth / 2 - np.arange(count + 1) * step)


def _row_ends(ring: Floats, levels: Floats, depth: float) -> tuple[Floats, Floats]:
    """Left and right end of the free strip of each row; right < left where there is none."""
    a, b = ring[:-1], ring[1:]
    left, right = np.full(len(levels), -1e9), np.full(len(levels), 1e9)
    for side in (-depth / 2, depth / 2):
        at = (levels + side)[:, None]
        crossed = (a[:, 1] - at) * (b[:, 1] - at) < 0
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            x = a[:, 0] + (at - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
        first = np.where(crossed, x, np.inf).min(axis=1)
        last = np.where(crossed, x, -np.inf).max(axis=1)
        left, right = np.maximum(left, first), np.minimum(right, last)
    return left, right


def _row(left: float, room: float, rows: Rows) -> tuple[Floats, float]:
    """Middles and width of the buildings of one row."""
    count = max(1, int((room + rows.gap) // (rows.length + rows.gap)))
    if room < rows.length:
        width = 0.96 * room
    elif rows.stretch:
        width = min((room - (count - 1) * rows.gap) / count, STRETCH * rows.length)
    else:
        width = rows.length
    if count == 1:
        return np.array([left + room / 2]), width
    middles = left + width / 2 + np.arange(count) * ((room - width) / (count - 1))
    return np.asarray(middles, dtype=float), width


def rows_of(ring: Floats, angle: float, rows: Rows) -> Places:
    """Fill a plot with rows that run from side to side, however skew it is."""
    turned, back = _turned(ring, angle)
    low, high = turned.min(axis=0), turned.max(axis=0)
    levels = _row_levels(low[1], high[1], rows)
    if not len(levels):
        return NOWHERE
    left, right = _row_ends(turned, levels, rows.depth)
    room = right - left - 2 * rows.edge
    middles, widths = [], []
    for number in np.flatnonzero(np.isfinite(room) & (room > TIGHT * rows.length)).tolist():
        x, width = _row(left[number] + rows.edge, float(room[number]), rows)
        middles.append(np.column_stack([x, np.full(len(x), levels[number])]))
        widths.append(np.full(len(x), width))
    if not middles:
        return NOWHERE
    found = np.vstack(middles)
    out = np.abs((found - (low + high) / 2) / np.maximum(high - low, 1)) * 2
    return Places(found @ back, np.concatenate(widths), out)


def lattice_of(ring: Floats, angle: float, step: tuple[float, float]) -> Places:
    """Fill the frame of a plot with points `step` metres apart, every second row shifted."""
    turned, back = _turned(ring, angle)
    low, high = turned.min(axis=0), turned.max(axis=0)
    counts = np.maximum(1, ((high - low) // step).astype(int))
    x = low[0] + (high[0] - low[0]) / counts[0] * (np.arange(counts[0]) + 0.5)
    y = low[1] + (high[1] - low[1]) / counts[1] * (np.arange(counts[1]) + 0.5)
    east, north = np.meshgrid(x, y)
    east = east + 0.4 * step[0] * (np.arange(counts[1])[:, None] % 2 - 0.5)
    found = np.column_stack([east.ravel(), north.ravel()])
    out = np.abs((found - (low + high) / 2) / np.maximum(high - low, 1)) * 2
    return Places(found @ back, np.full(len(found), step[0]), out)


def along_street(
    rng: np.random.Generator, ring: Floats, inward: float, width: tuple[float, float]
) -> tuple[Places, Floats]:
    """Place shop-houses along the sides of a plot, `inward` metres in; also gives their angles."""
    middles, widths, angles = [], [], []
    for start, end in itertools.pairwise(ring):
        length = float(np.hypot(*(end - start)))
        if length < width[1]:
            continue
        along = (end - start) / length
        size = rng.uniform(*width, int(length / width[0]) + 1)
        gap = rng.choice([0.6, 5.0, 9.0], len(size))
        at = STREET + np.cumsum(size + gap) - gap - size / 2
        use = (at + size / 2 < length - STREET) & (rng.random(len(size)) < SHOP_SHARE)
        side = np.array([-along[1], along[0]]) * inward
        middles.append(start + np.outer(at[use], along) + side)
        widths.append(size[use])
        angles.append(np.full(int(use.sum()), np.arctan2(along[1], along[0])))
    if not middles:
        return NOWHERE, np.zeros(0)
    found = np.vstack(middles)
    return Places(found, np.concatenate(widths), np.ones((len(found), 2))), np.concatenate(angles)
