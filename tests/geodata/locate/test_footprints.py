"""Shapes of buildings kept as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.locate import footprints
from geodata.locate.footprints import Footprints

if TYPE_CHECKING:
    import pytest

SPOT = st.floats(0, 10, allow_nan=False)
BOXES = st.lists(st.none() | st.tuples(SPOT, SPOT, SPOT, SPOT), max_size=200)


def shapes_of(boxes: list[tuple[float, float, float, float] | None]) -> np.ndarray:
    made = np.empty(len(boxes), dtype=np.object_)
    made[:] = [None if each is None else shapely.box(*each) for each in boxes]
    return made


@given(BOXES, st.tuples(SPOT, SPOT, SPOT, SPOT))
def test_finds_what_touches_a_box(boxes: list, asked: tuple[float, float, float, float]) -> None:
    shapes = shapes_of(boxes)
    west, east = sorted(asked[::2])
    south, north = sorted(asked[1::2])
    bounds = shapely.bounds(shapes)
    touch = (bounds[:, 0] <= east) & (bounds[:, 2] >= west)
    touch &= (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    found = Footprints.of(shapes).near(west, south, east, north)
    assert found.tolist() == np.flatnonzero(touch).tolist()


@given(BOXES)
def test_gives_back_every_shape(boxes: list) -> None:
    shapes = shapes_of([*boxes, None])
    kept = Footprints.of(shapes)
    assert len(kept) == len(shapes)
    assert shapely.equals_exact(kept.shapes(np.arange(len(shapes))), shapes)[
        ~shapely.is_missing(shapes)
    ].all()
    known = shapely.is_missing(kept.shapes(list(range(len(shapes)))))
    assert known.tolist() == shapely.is_missing(shapes).tolist()
    np.testing.assert_array_equal(kept.total_bounds, shapely.total_bounds(shapes))


def test_pieces_are_all_rows_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprints, "PIECE", 3)
    shapes = shapes_of([(n, n, n + 1.0, n + 1.0) for n in range(8)])
    pieces = list(Footprints.of(shapes).pieces())
    assert [len(rows) for rows, _ in pieces] == [3, 3, 2]
    assert np.concatenate([rows for rows, _ in pieces]).tolist() == list(range(8))
    assert shapely.equals(np.concatenate([each for _, each in pieces]), shapes).all()


def test_none_have_no_box() -> None:
    empty = Footprints.of(shapes_of([None]))
    assert not len(empty.near(-9.0, -9.0, 9.0, 9.0))
    assert np.isnan(empty.total_bounds).all()
