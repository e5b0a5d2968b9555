"""Polygons and lines cut at a box, beside what GEOS makes of them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.kernels.clip import clip_line, clip_rings
from geodata.kernels.rings import area, inside_ring, turn
from tests.geodata.kernels.shapes import SIZE, in_general, on_lines, scattered, seeds

Shape = Any
Rings = list[np.ndarray[Any, Any]]
whole_boxes = st.tuples(
    st.integers(0, 7), st.integers(0, 7), st.integers(8, 16), st.integers(8, 16)
)
boxes = st.tuples(
    st.floats(-1, 6.9), st.floats(-1, 6.9), st.floats(7.1, SIZE), st.floats(7.1, SIZE)
)


def laid_out(polygon: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401
    """Rings of a polygon as the kernels take them."""
    rings = shapely.get_rings(shapely.orient_polygons(polygon))
    points = [shapely.get_coordinates(ring)[:-1] for ring in rings]
    x, y = np.ascontiguousarray(np.concatenate(points).T)
    return x, y, np.append(0, np.cumsum([len(ring) for ring in points]))


def cut(shape: Shape, box: tuple[float, ...]) -> Rings:
    found = []
    for polygon in shapely.get_parts(shape):
        x, y, starts = clip_rings(*laid_out(polygon), *map(float, box))
        found += [
            np.column_stack([x[low:high], y[low:high]]) for low, high in itertools.pairwise(starts)
        ]
    return found


def surface(rings: Rings) -> float:
    """Outer rings less holes, told apart by the way they run."""
    return sum(area(*np.ascontiguousarray(ring.T)) for ring in rings)


def built(rings: Rings) -> Any:  # noqa: ANN401
    """The shape of which the rings are the boundary."""
    shapes = [shapely.make_valid(shapely.Polygon(ring)) for ring in rings if len(ring) > 2]
    signs = [area(*np.ascontiguousarray(ring.T)) > 0 for ring in rings if len(ring) > 2]
    outer = shapely.union_all([s for s, sign in zip(shapes, signs, strict=True) if sign])
    holes = shapely.union_all([s for s, sign in zip(shapes, signs, strict=True) if not sign])
    return shapely.difference(outer, holes)


@settings(max_examples=150, deadline=None)
@given(in_general, boxes)
def test_what_is_left_is_the_intersection(shape: Shape, box: tuple[float, ...]) -> None:
    rings = cut(shape, box)
    wanted = shapely.intersection(shape, shapely.box(*box))
    assert shapely.area(shapely.symmetric_difference(built(rings), wanted)) < 1e-6
    for ring in rings:
        assert shapely.is_valid(shapely.Polygon(ring)) or abs(shapely.Polygon(ring).area) < 1e-9
        assert (ring >= np.array(box[:2]) - 1e-9).all()
        assert (ring <= np.array(box[2:]) + 1e-9).all()
    # A ring a piece, as GEOS counts them: nothing is strung together along the rim.
    known = shapely.get_parts(wanted)
    assert sum(area(*ring.T.copy()) > 1e-6 for ring in rings) == (shapely.area(known) > 1e-6).sum()


@settings(max_examples=150, deadline=None)
@given(on_lines, whole_boxes)
def test_edges_along_the_rim_and_corners_on_it(shape: Shape, box: tuple[float, ...]) -> None:
    rings = cut(shape, box)
    wanted = shapely.intersection(shape, shapely.box(*box))
    assert surface(rings) == pytest.approx(wanted.area, abs=1e-9)
    assert shapely.area(shapely.symmetric_difference(built(rings), wanted)) < 1e-6


def test_a_box_around_and_one_inside_and_one_beside() -> None:
    square = shapely.box(0, 0, 4, 4)
    assert surface(cut(square, (-1, -1, 5, 5))) == 16
    assert surface(cut(square, (1, 1, 3, 3))) == 4
    assert surface(cut(square, (0, 0, 4, 4))) == 16
    assert cut(square, (4, 0, 8, 4)) == []


def test_a_polygon_that_touches_itself_is_cut_at_the_touching_point() -> None:
    touching = scattered(343924, 1)  # its hole touches its outer ring in one corner
    assert not shapely.is_simple(shapely.boundary(touching))
    wanted = shapely.intersection(touching, shapely.box(0, 0, 14, 8))
    rings = cut(touching, (0, 0, 14, 8))
    assert surface(rings) == pytest.approx(wanted.area)
    assert shapely.area(shapely.symmetric_difference(built(rings), wanted)) < 1e-9


def test_a_comb_falls_into_its_teeth() -> None:
    teeth = shapely.union_all(
        [shapely.box(0, 0, 9, 1), *[shapely.box(x, 0, x + 1, 4) for x in (0, 2, 4, 6, 8)]]
    )
    rings = cut(teeth, (-1, 2, 10, 5))
    assert [surface([ring]) for ring in rings] == [2] * 5


def test_a_broken_ring_still_keeps_its_surface() -> None:
    x, y = np.array([0.0, 4, 4, 0, 0, 4]), np.array([0.0, 0, 4, 4, 0, 0])  # an edge walked twice
    over_x, over_y, starts = clip_rings(x, y, np.array([0, 6]), 1.0, -1.0, 9.0, 9.0)
    rings = [np.column_stack([over_x[a:b], over_y[a:b]]) for a, b in itertools.pairwise(starts)]
    assert surface(rings) == 12


@settings(max_examples=150, deadline=None)
@given(seeds, st.integers(2, 40), st.one_of(boxes, whole_boxes), st.booleans())
def test_lines(seed: int, count: int, box: tuple[float, ...], on_grid: bool) -> None:  # noqa: FBT001
    rng = np.random.default_rng(seed)
    drawn = (
        rng.integers(0, 16, (count, 2)).astype(float) if on_grid else rng.uniform(0, 16, (count, 2))
    )
    line = shapely.LineString(drawn)
    x, y, starts = clip_line(*drawn.T.copy(), *map(float, box))
    found = sum(
        shapely.LineString(np.column_stack([x[a:b], y[a:b]])).length
        for a, b in itertools.pairwise(starts)
        if b - a > 1
    )
    inside = [
        shapely.intersection(shapely.LineString(pair), shapely.box(*box)).length
        for pair in itertools.pairwise(drawn)
        if (pair[0] != pair[1]).any()
    ]
    assert found == pytest.approx(sum(inside), abs=1e-9)
    assert line.length >= found - 1e-9
    if len(x):
        assert x.min() >= box[0] - 1e-9
        assert x.max() <= box[2] + 1e-9


def test_a_ring_is_turned_and_asked() -> None:
    x, y = np.array([0.0, 0, 4, 4, 1, 2, 1]), np.array([0.0, 4, 4, 0, 1, 1, 2])
    turn(x, y, np.array([0, 4, 7]), np.array([0, 1], dtype=np.int8))
    assert area(x[:4], y[:4]) == 16
    assert area(x[4:], y[4:]) == -0.5
    assert inside_ring(x[:4], y[:4], 1.0, 1.0)
    assert not inside_ring(x[:4], y[:4], 5.0, 1.0)
