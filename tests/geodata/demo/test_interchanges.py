from __future__ import annotations

import numpy as np
import pytest
import shapely

from geodata.demo.arrays import shape_array
from geodata.demo.interchanges import make_interchanges
from geodata.demo.linework import ARTERIAL, MOTORWAY
from geodata.demo.network import Network, make_network

AREA = shapely.box(0, 0, 4_000, 4_000)
DRY = shapely.Polygon()


def crossing(
    ranks: tuple[int, int], ends: tuple[float, float] = (0, 4_000), lean: float = 0
) -> Network:
    lines = [
        shapely.LineString([(0, 2_000), (4_000, 2_000)]),
        shapely.LineString([(2_000 - lean, ends[0]), (2_000 + lean, ends[1])]),
    ]
    return make_network(shape_array(lines), np.array(ranks), np.array([0, 1]), AREA, 0.25)


@pytest.mark.parametrize(("lesser", "ramps"), [(ARTERIAL, 4), (MOTORWAY, 8)])
def test_a_crossing_has_a_ramp_in_each_quarter(lesser: int, ramps: int) -> None:
    found = make_interchanges(crossing((MOTORWAY, lesser)), DRY)
    assert len(found.ramps) == ramps
    assert len(found.green) == 4
    assert shapely.is_valid(found.green).all()
    quarters = {
        tuple((p > 2_000).tolist()) for p in shapely.get_coordinates(shapely.centroid(found.green))
    }
    assert len(quarters) == 4
    roads = shapely.union_all(crossing((MOTORWAY, lesser)).edges)
    assert (shapely.distance(found.ramps, roads) < 1).all()


def test_a_road_that_ends_there_has_two() -> None:
    found = make_interchanges(crossing((MOTORWAY, ARTERIAL), (2_000, 4_000)), DRY)
    assert len(found.ramps) == 2


def test_there_is_none_on_water_at_a_sharp_angle_or_between_lesser_roads() -> None:
    whole = crossing((MOTORWAY, ARTERIAL))
    assert not len(make_interchanges(whole, shapely.Point(2_000, 2_040).buffer(5)).ramps)
    lean = crossing((MOTORWAY, ARTERIAL), (1_000, 3_000), 1_900)
    assert not len(make_interchanges(lean, DRY).ramps)
    assert not len(make_interchanges(crossing((ARTERIAL, ARTERIAL)), DRY).ramps)
