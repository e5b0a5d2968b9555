"""Lines and areas drawn by hand: smooth curves, ribbons, blobs, coasts and ridges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.noise import Noise

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geodata.demo.arrays import Floats

LUMPS: Final = range(2, 9)
TENSION: Final = 0.5
WIDE: Final = 1.2  # blobs are wider than high
THINNEST: Final = 0.3  # of a blob's radius
SMALL: Final = 1e-9
RIDGE_STEP: Final = 150.0


def unit_rows(vectors: Floats) -> Floats:
    """Scale every row to length 1."""
    length = np.hypot(vectors[:, 0], vectors[:, 1])
    return np.asarray(vectors / np.maximum(length, SMALL)[:, None], dtype=float)


def normals(line: Floats) -> Floats:
    """Unit vectors to the left of a line at each of its points."""
    along = unit_rows(np.gradient(line, axis=0))
    return np.column_stack([-along[:, 1], along[:, 0]])


def smooth_curve(points: Floats, step: float = 100.0) -> Floats:
    """Draw a Catmull-Rom curve through a few points, a point every `step` metres."""
    given = np.asarray(points, dtype=float)
    knots = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    pieces = []
    for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        count = max(2, int(np.hypot(*(c - b)) / step))
        t = np.linspace(0, 1, count, endpoint=False)[:, None]
        bend = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        pieces.append(TENSION * (2 * b + (c - a) * t + bend))
    return np.vstack([*pieces, knots[-2][None]])


def ribbon(line: Floats, half: Floats) -> BaseGeometry:
    """Draw the polygon that reaches `half` metres to both sides of a line, point by point."""
    side = normals(line) * np.asarray(half)[:, None]
    ring = np.vstack([line + side, (line - side)[::-1]])
    return shapely.make_valid(shapely.Polygon(ring))


def blob(
    rng: np.random.Generator,
    centre: Floats,
    radius: float,
    rough: float = 0.12,
    points: int = 160,
) -> BaseGeometry:
    """Draw a lumpy round area, a lake or a pond."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    reach = np.ones(points)
    for lump in LUMPS:
        wave = np.cos(lump * angle + rng.uniform(0, 2 * np.pi))
        reach += rough * rng.normal() / lump**0.9 * wave
    reach = radius * np.maximum(reach, THINNEST)
    ring = np.column_stack([reach * np.cos(angle) * WIDE, reach * np.sin(angle)])
    return shapely.make_valid(shapely.Polygon(ring + centre))


def ridge(rng: np.random.Generator, start: Floats, end: Floats, rough: float = 0.16) -> Floats:
    """Draw a ridge line by halving: each half swings out less than the one before."""
    points = np.array([start, end], dtype=float)
    swing = rough
    while np.hypot(*np.diff(points, axis=0).T).max() > RIDGE_STEP:
        step = np.diff(points, axis=0)
        side = np.column_stack([-step[:, 1], step[:, 0]])
        off = np.clip(rng.normal(0, swing, len(step)), -2 * swing, 2 * swing)
        middle = (points[1:] + points[:-1]) / 2 + side * off[:, None]
        woven = np.empty((2 * len(points) - 1, 2))
        woven[::2], woven[1::2] = points, middle
        points = woven
        swing *= 0.97
    return points


def meander(rng: np.random.Generator, start: Floats, end: Floats) -> Floats:
    """Draw a small river that winds from start to end."""
    length = float(np.hypot(*(end - start)))
    t = np.linspace(0, 1, max(8, int(length / 80)))
    along = (end - start) / length
    side = np.array([-along[1], along[0]])
    fade = np.minimum(1, np.minimum(t, 1 - t) * 8)
    swing = 0.05 * length * Noise(rng, length * 0.7)(t * length, t * 0)
    swing += 130 * Noise(rng, 1_600)(t * length, t * 0)
    return np.asarray(start + np.outer(t, end - start) + np.outer(swing * fade, side), dtype=float)
