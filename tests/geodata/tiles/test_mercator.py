"""Which tiles a box touches, and at which zoom it fills a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.tiles.mercator import WORLD_M, Box, fitting_zoom, pixel_m, tile_box, tiles_over

SLACK_M = 1e-6
inside = st.floats(-WORLD_M / 2 + 1, WORLD_M / 2 - 1)


@given(st.tuples(inside, inside), st.tuples(inside, inside), st.integers(0, 6))
def test_the_tiles_cover_the_box_and_none_lies_beside_it(
    eastward: tuple[float, float], northward: tuple[float, float], z: int
) -> None:
    box = Box(min(eastward), min(northward), max(eastward), max(northward))
    tiles = [tile_box(z, x, y) for x, y in tiles_over(box, z)]
    assert min(tile.west for tile in tiles) <= box.west + SLACK_M
    assert max(tile.east for tile in tiles) >= box.east - SLACK_M
    assert min(tile.south for tile in tiles) <= box.south + SLACK_M
    assert max(tile.north for tile in tiles) >= box.north - SLACK_M
    for tile in tiles:
        assert tile.west <= box.east + SLACK_M
        assert tile.east >= box.west - SLACK_M
        assert tile.south <= box.north + SLACK_M
        assert tile.north >= box.south - SLACK_M


@given(st.floats(10, WORLD_M / 2), st.floats(100, 4000))
def test_a_box_fills_the_width_at_its_zoom_and_not_before(side: float, width: float) -> None:
    z = fitting_zoom(Box(0, 0, side, side / 2), width)
    assert side / pixel_m(z) >= width * (1 - 1e-9)
    if z > 0:
        assert side / pixel_m(z - 1) < width * (1 + 1e-9)


def test_a_known_tile() -> None:
    assert tiles_over(tile_box(3, 5, 2).grown(-1.0), 3) == [(5, 2)]
    assert pixel_m(0) == pytest.approx(156_543.034, abs=1e-3)
