"""Random polygons with holes, in general position and on whole numbers where edges coincide."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from hypothesis import strategies as st

SIZE = 16.0


def star(rng: np.random.Generator, corners: int) -> Any:  # noqa: ANN401
    """A star about some middle, with a star-shaped hole in it every other time."""
    middle = rng.uniform(0, SIZE, 2)
    radius = rng.uniform(0.5, SIZE / 2)
    outer = _around(rng, middle, corners, radius)
    if rng.random() < 0.5:
        return outer
    return shapely.difference(outer, _around(rng, middle, 5, radius / 2))


def _around(rng: np.random.Generator, middle: Any, corners: int, radius: float) -> Any:  # noqa: ANN401
    turns = np.sort(rng.uniform(0, 2 * np.pi, corners))
    reach = rng.uniform(0.3, 1, corners) * radius
    points = middle + np.column_stack([np.cos(turns), np.sin(turns)]) * reach[:, None]
    return shapely.make_valid(shapely.Polygon(points))


def polygonal(shape: Any) -> Any:  # noqa: ANN401
    """What of a shape has a surface."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    areal = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return shapely.multipolygons(areal)


def scattered(seed: int, count: int) -> Any:  # noqa: ANN401
    """A multipolygon of several stars."""
    rng = np.random.default_rng(seed)
    stars = [star(rng, int(rng.integers(3, 24))) for _ in range(count)]
    return polygonal(shapely.union_all(stars))


def squared(seed: int, corners: int) -> Any:  # noqa: ANN401
    """A multipolygon whose corners are whole numbers, touching itself and running along lines."""
    rng = np.random.default_rng(seed)
    ring = shapely.Polygon(rng.integers(0, int(SIZE), (corners, 2)))
    return polygonal(shapely.make_valid(ring))


seeds = st.integers(0, 2**32 - 1)
# No ring touches another or itself, as it may where one is cut into another.
in_general = st.builds(scattered, seeds, st.integers(1, 4)).filter(
    lambda shape: bool(shapely.is_simple(shapely.boundary(shape)))
)
on_lines = st.builds(squared, seeds, st.integers(4, 24)).filter(lambda shape: not shape.is_empty)
