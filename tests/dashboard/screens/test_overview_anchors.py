"""Where names stand: among the people of a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from dashboard.place import Place
from dashboard.screens.overview.anchors import anchors

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.screens.overview.scene import Scene

STREET, PARTS = 1, [2, 3, 4]  # from west to east, of a square from 0 to 1


def _peopled(make_scene: Callable[..., Scene], *people: int, level: str = "community") -> Scene:
    places = make_scene().city.places.copy()
    places.loc[places.index[PARTS], "people"] = people
    return make_scene(Place(level=level), places=places)


@pytest.mark.parametrize(
    ("people", "lon"), [((9, 0, 0), 1 / 6), ((5, 5, 0), 1 / 3), ((0, 0, 0), 0.5)]
)
def test_a_name_stands_where_people_live(
    make_scene: Callable[..., Scene], people: tuple[int, ...], lon: float
) -> None:
    assert anchors(_peopled(make_scene, *people), [STREET])[STREET] == pytest.approx((lon, 0.5))


def test_a_name_stands_in_the_middle_of_a_place_that_is_a_cell_itself(
    make_scene: Callable[..., Scene],
) -> None:
    itself = _peopled(make_scene, 9, 0, 0, level="street")
    assert anchors(itself, [STREET])[STREET] == pytest.approx((0.5, 0.5))


def test_a_name_never_leaves_its_place(make_scene: Callable[..., Scene]) -> None:
    scene = _peopled(make_scene, 5, 0, 5)  # the middle of the people lies between them
    places = scene.city.places.copy()
    ring = shapely.difference(shapely.box(0, 0, 1, 1), shapely.box(0.3, 0.1, 0.7, 0.9))
    places.loc[places.index[STREET], "geometry"] = ring
    ringed = make_scene(Place(level="community"), places=places)
    lon, lat = anchors(ringed, [STREET])[STREET]
    assert shapely.contains_xy(ring, lon, lat)
