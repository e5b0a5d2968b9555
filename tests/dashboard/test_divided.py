"""Which boundaries an address asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard import divided
from dashboard.place import Place
from dashboard.question import ask, exact
from geodata.model.errors import RequestError, UnknownPlaceError
from geodata.store.snapshots import City, open_city
from geodata.store.under import under
from tests.browser.tiny import NOW, REDRAWN, publish_tiny

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = REDRAWN.isoformat()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder: Path = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    return open_city(folder)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ""),
        ("police", "police"),
        ("2026-05-31", BEFORE),
        ("2019-01-01", BEFORE),
        (BEFORE, ""),  # the first day of today's
        ("2026-11-21", ""),
    ],
)
def test_a_day_finds_what_was_in_force_on_it(city: City, asked: str, found: str) -> None:
    division = divided.find(asked, city, NOW)
    assert (division.key if division else "") == found


def test_what_was_redrawn_after_the_last_case_is_found_by_its_last_day(city: City) -> None:
    long_ago = NOW - 400 * 86_400
    division = city.divisions[BEFORE]
    assert divided.find(divided.last_day(division), city, long_ago) is division
    with pytest.raises(KeyError):
        divided.find(BEFORE, city, long_ago)


def test_todays_boundaries_may_be_named_by_the_snapshot(city: City) -> None:
    assert divided.find(city.id, city, NOW) is None
    assert ask(Place(division=city.id), city).place.division == ""


@pytest.mark.parametrize(
    "strange", ["fire", "2026-11-23", "2026-02-30", "20260531", "2026-5-1", "tiny-1.police"]
)
def test_what_nobody_knows_is_mended_with_a_notice_and_refused_for_a_file(
    city: City, strange: str
) -> None:
    with pytest.raises(KeyError):
        divided.find(strange, city, NOW)
    place = Place(division=strange)
    asked = ask(place, city)
    assert asked.notices == ("boundary",)
    assert (asked.division, asked.place.division, asked.request.division) == (None, "", "")
    assert asked.city is city
    with pytest.raises(RequestError, match=f"bv: boundaries {strange} are not known"):
        exact(asked, place)


def test_place_level_and_cells_are_those_of_the_division(city: City) -> None:
    asked = ask(Place("P1", division="police"), city)
    assert asked.notices == ()
    assert asked.city is under(city, "police")
    assert asked.city.tree.codes[asked.unit] == "P1"
    assert (asked.request.division, asked.request.level) == ("police", "building")
    assert asked.request.place == asked.unit
    whole = ask(Place(division="police", level="police"), city)
    assert whole.request.level == "police"
    then = ask(Place("99111", division="2026-05-01"), city)
    assert then.place.division == "2026-05-01"
    assert then.request.division == BEFORE
    assert then.division is not None
    assert then.division.until == BEFORE
    assert exact(then, then.place) is then


def test_a_day_of_todays_boundaries_stays_in_the_address(city: City) -> None:
    asked = ask(Place(division="2026-11-01"), city)
    assert (asked.place.division, asked.division, asked.notices) == ("2026-11-01", None, ())


def test_a_place_that_is_none_there_leads_to_what_holds_it(city: City) -> None:
    place = Place("99111", division="police")  # a grid, of which the police knows nothing
    asked = ask(place, city)
    assert asked.place.at == "991"
    assert asked.notices == ("holder",)
    with pytest.raises(UnknownPlaceError):
        exact(asked, place)
    assert ask(Place("nowhere", division="police"), city).notices == ("unknown",)
    assert ask(Place("B991110", division="police"), city).building is not None
    levels = ask(Place(level="grid", division="police"), city)
    assert levels.notices == ("level",)


def test_the_last_day_and_the_nearest_place(city: City) -> None:
    assert divided.last_day(city.divisions[BEFORE]) == "2026-05-31"
    there = under(city, "police")
    assert divided.nearest("99111", city, there.tree) == "991"
    assert divided.nearest("P2", there, city.tree) == "991"
    assert divided.nearest("991", there, city.tree) == "991"
    for top in ("99", "", "nowhere"):
        assert divided.nearest(top, city, there.tree) == ""
