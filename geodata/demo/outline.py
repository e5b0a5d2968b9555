"""The border of a city: ridge lines, small rivers and roads in turn, as real borders run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.curves import meander, ridge, smooth_curve

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geodata.demo.arrays import Floats
    from geodata.demo.scales import Scale

CORNERS: Final = 11
RIDGES: Final = 4  # neighbouring sides along the hills
BOX: Final = 2.6  # 2 = an ellipse, more = nearer to a rectangle
TRIES: Final = 40


@dataclass(frozen=True)
class Outline:
    """The border on the sheet.

    area: the polygon; ridges, rivers, roads: the sides of each sort, arrays of points.
    """

    area: BaseGeometry
    ridges: tuple[Floats, ...]
    rivers: tuple[Floats, ...]
    roads: tuple[Floats, ...]


def _corners(rng: np.random.Generator, scale: Scale) -> Floats:
    """Corners of the city anticlockwise, some pushed in and some pulled out."""
    angle = (np.arange(CORNERS) + rng.uniform(-0.3, 0.3, CORNERS)) * 2 * np.pi / CORNERS
    cos, sin = np.cos(angle), np.sin(angle)
    reach = (np.abs(cos) ** BOX + np.abs(sin) ** BOX) ** (-1 / BOX)
    push = rng.uniform(0.8, 1.04, CORNERS)
    half = np.array([scale.half_width, scale.half_height])
    return np.asarray(np.column_stack([cos, sin]) * (reach * push)[:, None] * half, dtype=float)


def _road_side(rng: np.random.Generator, start: Floats, end: Floats) -> Floats:
    """A side along a road: nearly straight, with one bow."""
    step = end - start
    middle = start + step * rng.uniform(0.35, 0.65)
    middle = middle + np.array([-step[1], step[0]]) * rng.normal(0, 0.05)
    return smooth_curve(np.array([start, middle, end]), 60.0)


def _draw(rng: np.random.Generator, scale: Scale) -> Outline:
    corners = _corners(rng, scale)
    first = int(np.argmax(corners[:, 1] - 0.25 * np.abs(corners[:, 0]))) - RIDGES // 2
    sides: dict[str, list[Floats]] = {"ridge": [], "river": [], "road": []}
    ring = []
    for turn in range(CORNERS):
        at = (first + turn) % CORNERS
        start, end = corners[at], corners[(at + 1) % CORNERS]
        sort = "ridge" if turn < RIDGES else ("river", "road")[turn % 2]
        draw = {"ridge": ridge, "river": meander, "road": _road_side}[sort]
        side = draw(rng, start, end)
        sides[sort].append(side)
        ring.append(side[:-1])
    area = shapely.Polygon(np.vstack(ring))
    return Outline(area, tuple(sides["ridge"]), tuple(sides["river"]), tuple(sides["road"]))


def make_outline(rng: np.random.Generator, scale: Scale) -> Outline:
    """Draw a border that does not cross itself."""
    for _ in range(TRIES):
        outline = _draw(rng, scale)
        if shapely.is_valid(outline.area):
            return outline
    message = "no border without crossings was found; choose another seed"
    raise ValueError(message)
