"""Where names stand: among the people of a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from dashboard.place import Place
from dashboard.screens.overview.anchors import anchors, other_parts

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


def test_a_place_of_several_large_parts_is_named_on_each(make_scene: Callable[..., Scene]) -> None:
    west, east, islet = (
        shapely.box(0, 0, 0.4, 0.4),
        shapely.box(0.5, 0.5, 1, 1),
        shapely.box(0.8, 0, 0.9, 0.1),
    )
    neck = shapely.box(0.39, 0.39, 0.51, 0.51).difference(shapely.box(0.39, 0.39, 0.5, 0.5))
    for shape in (shapely.union_all([west, east, islet]), shapely.union_all([west, east, neck])):
        places = make_scene().city.places.copy()
        places.loc[places.index[STREET], "geometry"] = shape
        places.loc[places.index[STREET], ["label_lon", "label_lat"]] = (0.85, 0.05)  # on the islet
        parted = make_scene(Place(level="street"), places=places)
        spot = anchors(parted, [STREET])[STREET]
        assert spot == pytest.approx((0.75, 0.75), abs=0.05)
        (other,) = other_parts(parted, STREET, spot)
        assert other == pytest.approx((0.2, 0.2), abs=0.05)
    assert other_parts(make_scene(Place(level="street")), STREET, (0.5, 0.5)) == []
