"""Drawn polygons onto atoms: what the drawing is told to be off is what somebody drew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geodata.planner.adjacency import edges_of
from geodata.planner.fitting import THROUGH, clean, fitted
from tests.geodata.planner.lands import lattice

if TYPE_CHECKING:
    from geodata.planner.fitting import Fitted
    from geodata.planner.ground import Ground

STEP_M = 1.2  # of a border that goes up in stairs


def stairs() -> list[tuple[float, float]]:
    """A border between two atoms, from south to north, with corners nearer than cleaning keeps."""
    corners = [(100.0, 0.0)]
    for at in range(20, 80, 4):
        corners += [(100.0, at), (100.0 + STEP_M, at), (100.0 + STEP_M, at + 2), (100.0, at + 2)]
    return [*corners, (100.0, 100.0)]


def land(slit_m: float) -> Ground:
    """Two atoms with stairs between them, and above two others with an opening between them."""
    border = stairs()
    shapes = np.array([
        shapely.Polygon([(0, 0), *border, (0, 100)]),
        shapely.Polygon([(200, 0), (200, 100), *border[::-1]]),
        shapely.box(0, 100, 100, 200),
        shapely.Polygon([(100, 100), (200, 100), (200, 200), (100 + slit_m, 200),
                         (100 + slit_m, 120), (100, 120)]),
    ], dtype=object)  # fmt: skip
    of = np.zeros(len(shapes), dtype=np.int32)
    return replace(lattice(2, 2), shapes=shapes, edges=edges_of(shapes, of))


def test_what_cleaning_moved_is_not_told_of_the_drawing() -> None:
    """The land itself has an opening, for which a whole file is cleaned that fits it exactly."""
    ground = land(slit_m=2.0)
    cleaned = clean(ground.shapes)
    assert shapely.area(shapely.symmetric_difference(cleaned, ground.shapes)).max() > 1
    found = fitted(ground, cleaned, ground.shapes)
    assert (found.off, found.strips_m2, found.stripped) == ((), 0.0, 0)
    assert not len(found.crossed)
    assert found.owner.tolist() == [0, 1, 2, 3]


def given_over(ground: Ground, part: shapely.Polygon) -> Fitted:
    """The ground drawn anew, with a part of its first atom in the second."""
    left, right, *above = ground.shapes
    drawn = np.array([left.difference(part), right.union(part), *above], dtype=object)
    return fitted(ground, drawn, drawn)


def test_a_border_that_runs_through_an_atom_is_told() -> None:
    ground = land(slit_m=0.0)
    found = given_over(ground, shapely.box(95, 10, 100, 60))
    assert [(each.kind, each.drawn, each.atoms) for each in found.off] == [(THROUGH, 1, (0,))]
    assert found.crossed.tolist() == [0]


def test_a_strip_along_a_border_is_counted_and_not_listed() -> None:
    ground = land(slit_m=0.0)
    found = given_over(ground, shapely.box(99.9, 0, 100, 100))
    assert found.off == ()
    assert (round(found.strips_m2, 3), found.stripped) == (10.0, 1)


def test_a_polygon_that_only_a_strip_brings_onto_the_ground_lies_beside_it() -> None:
    ground = land(slit_m=0.0)
    beside = shapely.box(199.98, 0, 400, 100)
    drawn = np.append(ground.shapes, np.array([beside], dtype=object))
    found = fitted(ground, drawn, drawn)
    assert found.community.tolist() == [0, 0, 0, 0, -1]
    assert found.off == ()
