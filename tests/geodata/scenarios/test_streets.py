"""Names of streets stand along them, once each, and on nothing else that is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
import shapely

from geodata.paper.frame import Frame
from geodata.scenarios import grounds
from geodata.scenarios.drawing import grids_of, labels
from geodata.scenarios.exports import Moved
from geodata.scenarios.grounded import Lines
from geodata.scenarios.streets import street_names

if TYPE_CHECKING:
    from geodata.store.snapshots import City

NAMES: Final = ("东西路", "南北路", "斜街", "短巷")


@pytest.fixture(scope="module")
def moved(made: City) -> Moved:
    """A street whose ground has four named lines; the last is far too short for its name."""
    there = grounds.opened(grounds.folder_of(made), "101")
    west, south, east, north = shapely.total_bounds(there.ground.shapes)
    x, y = (west + east) / 2, (south + north) / 2
    drawn = [[(west, y), (east, y)], [(x, south), (x, north)], [(east, north), (west, south)],
             [(x, y), (x + 1, y + 1)]]  # fmt: skip
    shapes = np.array([shapely.LineString(each) for each in drawn], dtype=object)
    lines = Lines(np.array(["road"] * 4), np.array(NAMES), np.array([""] * 4), shapes)
    rows = np.arange(len(there.ground.communities), dtype=np.int32)
    return Moved(replace(there, lines=lines), there.today, rows)


def test_each_name_stands_once_along_its_street_and_apart_from_others(moved: Moved) -> None:
    bounds = shapely.total_bounds(moved.there.ground.shapes)
    frame = Frame.of(bounds, 540.0, 400.0)
    grids = grids_of(moved, moved.plan)
    written: list[dict[str, Any]] = labels(frame, grids, ["1"] * len(grids.codes))
    found = {each["text"]: each for each in street_names(moved, frame, "zh", written)}
    assert set(found) <= set(NAMES[:3])
    assert found["东西路"]["angle"] == pytest.approx(0, abs=0.1)
    assert abs(found["南北路"]["angle"]) == pytest.approx(90, abs=0.1)
    assert all(abs(each["angle"]) <= 90 for each in found.values())
    spots = [(each["x"], each["y"]) for each in (*found.values(), *written)]
    for place, one in enumerate(spots[: len(found)]):
        assert all(np.hypot(one[0] - x, one[1] - y) >= 16 for x, y in spots[place + 1 :])
    assert street_names(moved, frame, "en", written)[0]["text"] in NAMES  # no other name is known
