"""Straight lines through heavy atoms, between their buildings."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import split

from geodata.planner.grains import between, lines

FIELD: Final = shapely.box(0, 0, 200, 100)


def houses(
    *boxes: tuple[float, float, float, float],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    drawn = np.array([shapely.box(*each) for each in boxes], dtype=object)
    return shapely.get_coordinates(shapely.centroid(drawn)), drawn


ROW: Final = houses((10, 40, 40, 60), (60, 40, 90, 60), (110, 40, 140, 60), (160, 40, 190, 60))


def test_a_line_halves_what_lives_there_straight_across() -> None:
    line = between(FIELD, *ROW, np.full(4, 10))
    assert line is not None
    assert line.length < 101
    sides = shapely.get_parts(split(FIELD, line))
    assert [int(shapely.contains(each, ROW[1]).sum()) for each in sides] == [2, 2]


def test_no_line_where_a_building_is_alone_or_they_touch() -> None:
    assert between(FIELD, *(each[:1] for each in ROW), np.full(1, 10)) is None
    assert between(FIELD, *houses((0, 0, 101, 100), (100, 0, 200, 100)), np.full(2, 10)) is None
    assert between(FIELD, *ROW, np.zeros(4, dtype=np.int64)) is None


def test_points_are_enough_where_no_walls_are_known() -> None:
    where = ROW[0]
    assert between(FIELD, where, np.full(4, None, dtype=object), np.full(4, 10)) is not None


def test_lines_go_on_until_pieces_are_light() -> None:
    held = np.full(4, 10)
    assert len(lines(FIELD, *ROW, held, 40)) == 0
    assert len(lines(FIELD, *ROW, held, 20)) == 1
    drawn = lines(FIELD, *ROW, held, 10)
    assert len(drawn) == 3
    assert not shapely.intersects(shapely.union_all(drawn), ROW[1]).any()
