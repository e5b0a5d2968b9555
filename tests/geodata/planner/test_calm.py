"""What border costs: streets are cheap, estates dear, buildings dearest."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pytest
import shapely

from geodata.planner import calm
from geodata.planner.calm import costs, no_marks
from geodata.planner.ground import Barrier
from tests.geodata.planner.lands import lattice

GROUND: Final = lattice(3, 1)  # two borders of 100 m, at 100 and at 200
ROWS: Final = np.arange(2)
NONE: Final = no_marks(GROUND)


def shapes(*each: shapely.Geometry) -> np.ndarray:
    return np.array(each, dtype=object)


def test_open_ground_costs_its_length() -> None:
    assert costs(GROUND, ROWS, NONE).tolist() == pytest.approx([100 * calm.OPEN] * 2)
    assert len(costs(GROUND, ROWS[:0], NONE)) == 0


def test_a_border_between_estates_is_cheaper_than_one_through_an_estate() -> None:
    marks = replace(NONE, estate=np.array([4, 4, 7], dtype=np.int32))
    assert costs(GROUND, ROWS, marks).tolist() == pytest.approx([100 * calm.IN_ESTATE, 100])


def test_along_a_street_it_costs_little_as_far_as_the_street_goes() -> None:
    lines = shapes(
        shapely.LineString([(100, -10), (100, 110)]), shapely.LineString([(200, 0), (200, 47)])
    )
    first, second = costs(GROUND, ROWS, replace(NONE, lines=lines))
    assert first == pytest.approx(100 * calm.ALONG_LINE)
    assert second == pytest.approx(50 * (calm.ALONG_LINE + calm.OPEN))
    across = shapes(shapely.LineString([(0, 50), (300, 50)]))
    assert costs(GROUND, ROWS, replace(NONE, lines=across))[0] > 90 * calm.OPEN


def test_through_a_building_it_costs_most() -> None:
    house = shapes(shapely.box(90, 20, 110, 80))
    first, second = costs(GROUND, ROWS, replace(NONE, footprints=house))
    assert first - second == pytest.approx(calm.BUILDING_M)


def test_along_a_barrier_it_costs_least() -> None:
    edges = replace(GROUND.edges, barrier=np.array([Barrier.RIVER, 0], dtype=np.uint8))
    first, second = costs(replace(GROUND, edges=edges), ROWS, NONE)
    assert first == pytest.approx(100 * calm.ALONG_BARRIER)
    assert second == pytest.approx(100 * calm.OPEN)
