"""What part of the earth a picture shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dashboard import boxes
from geodata.model.places import Tree
from geodata.tiles import heat
from tests.dashboard.screens.conftest import PROFILE, make_city

if TYPE_CHECKING:
    from types import SimpleNamespace


@pytest.fixture(scope="module")
def city() -> Any:  # noqa: ANN401 - the parts of one
    return make_city()


def test_a_place_is_looked_at_where_people_live_and_not_in_its_woods() -> None:
    count = 400
    lon, lat = np.linspace(0.1, 0.3, count), np.linspace(0.2, 0.4, count)
    lon[0], lat[0] = 0.95, 0.95  # a ranger's house
    sites = pd.DataFrame({"building": range(count), "lon": lon, "lat": lat})
    home = make_city()
    places = home.places.copy()
    places["site_from"], places["site_to"] = 0, count
    people = pd.DataFrame({"people": np.append(0, np.full(count - 1, 5))})
    lived = make_city(sites=sites, places=places, buildings=people)
    west, south, east, north = boxes.built_box(lived, 1)
    whole = boxes.box(lived, 1)
    assert whole[0] <= west < 0.11
    assert 0.29 < east < 0.4 < whole[2]
    assert whole[1] <= south < 0.21
    assert 0.39 < north < 0.5 < whole[3]
    edge = places.assign(site_to=count - 1)  # without the ranger's house the woods are nothing
    sites["lon"] += 0.78 - sites["lon"].iloc[1]  # the houses nearly reach the border in the east
    at_edge = make_city(sites=sites[["building", "lon", "lat"]], places=edge, buildings=people)
    assert boxes.built_box(at_edge, 1)[2] == whole[2]
    assert boxes.built_box(lived, 0) == boxes.box(lived, 0)
    assert boxes.built_box(home, 1) == boxes.box(home, 1)  # too few houses to tell


@pytest.mark.parametrize(("houses", "whole"), [(0.7, True), (0.4, False)])
def test_a_place_hardly_wider_than_its_houses_is_seen_whole(*, houses: float, whole: bool) -> None:
    count = 400
    lon, lat = np.linspace(0.0, houses, count), np.linspace(0.0, 1.0, count)
    places = make_city().places.assign(site_from=0, site_to=count)
    lived = make_city(
        sites=pd.DataFrame({"building": range(count), "lon": lon, "lat": lat}),
        places=places,
        buildings=pd.DataFrame({"people": np.full(count, 5)}),
    )
    found = boxes.built_box(lived, 1)  # type: ignore[arg-type]
    assert (found == boxes.box(lived, 1)) is whole  # type: ignore[arg-type]


def test_the_last_houses_are_seen_where_the_place_goes_on_far_beyond_them() -> None:
    city = _one_level(400)
    city.sites.loc[398:, "lon"] = 1.112  # less than one in a hundred
    assert boxes.opening_box(city, 0)[2] > 1.112  # type: ignore[arg-type]
    city.sites.loc[398:, "lon"] = 1.9
    assert boxes.opening_box(city, 0)[2] < 1.12  # type: ignore[arg-type]


def _one_level(count: int) -> SimpleNamespace:
    """A city of one level whose houses stand in a small part of it."""
    places = make_city().places.iloc[:1].copy()
    places["site_from"], places["site_to"] = 0, count
    lon, lat = np.linspace(1.0, 1.1, count), np.linspace(2.0, 2.1, count)
    return make_city(
        places=places,
        tree=Tree.of(places, PROFILE, np.ones(count, np.bool_)),
        sites=pd.DataFrame({"building": range(count), "lon": lon, "lat": lat}),
        buildings=pd.DataFrame({"people": np.zeros(count)}),
    )


@pytest.mark.parametrize("count", [3, 400])
def test_a_city_that_only_buildings_divide_opens_on_them(count: int) -> None:
    west, south, east, north = boxes.opening_box(_one_level(count), 0)  # type: ignore[arg-type]
    assert 0.98 < west < 1.01
    assert 1.99 < south < 2.01
    assert 1.09 < east < 1.12
    assert 2.09 < north < 2.12


def test_a_city_of_units_opens_whole_and_so_does_one_with_a_single_house() -> None:
    home, alone = make_city(), _one_level(1)
    assert boxes.opening_box(home, 0) == boxes.box(home, 0)  # type: ignore[arg-type]
    assert boxes.opening_box(alone, 0) == boxes.box(alone, 0)  # type: ignore[arg-type]


def test_a_heat_picture_reaches_as_far_as_its_cases_warm(city: Any) -> None:  # noqa: ANN401
    west, south, east, north = boxes.box(city, 1)
    wide = boxes.heat_box(city, 1)
    reach = heat.REACH * heat.scale(boxes.built_box(city, 1), 1).blur_m / heat.METRES_A_DEGREE
    assert wide[1] <= south - reach
    assert wide[3] >= north + reach
    assert wide[0] <= west - reach
    assert wide[2] >= east + reach
    assert boxes.heat_box(city, 0) == boxes.box(city, 0)


def test_the_box_is_the_units_own(city: Any) -> None:  # noqa: ANN401
    assert boxes.box(city, 1) == (0, 0, 1, 1)
    assert boxes.box(city, 0) == (0, 0, 4, 3)
    bare = city.places.copy()
    bare.loc[1, "geometry"] = None
    assert boxes.box(make_city(places=bare), 1) == (0, 0, 1, 1)  # of what is below it
