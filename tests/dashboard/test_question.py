"""An address is read in one way, whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from dashboard import question
from dashboard.place import Place
from dashboard.question import ask, exact
from geodata.model.errors import RequestError, UnknownPlaceError
from geodata.model.periods import DAY, HOUR
from tests.dashboard.screens.conftest import NOW, make_city

if TYPE_CHECKING:
    from types import SimpleNamespace


@pytest.fixture(scope="module")
def city() -> Any:  # noqa: ANN401 - the parts of one
    return make_city()


def test_place_filters_and_period_reach_the_engine(city: Any) -> None:  # noqa: ANN401
    place = Place("9901001", "30d", ("k1", "none"), ("k2",), ("k0",), level="street")
    asked = ask(place, city)
    request = asked.request
    assert (request.place, request.level) == (1, "street")
    assert (request.start, request.end, request.now) == (NOW - 30 * DAY, NOW, NOW)
    assert (request.categories, request.departments, request.sources) == ((1,), (2,), (0,))
    assert exact(asked, place) is asked
    assert asked.place == place


def test_a_building_is_counted_by_buildings(city: Any) -> None:  # noqa: ANN401
    asked = ask(Place(at="B008651"), city)
    assert (asked.building, asked.unit, asked.request.level) == (0, 6, "building")


@pytest.mark.parametrize(
    ("at", "shown", "notice"), [("9901001999", "9901001", "nearest"), ("X", "", "unknown")]
)
def test_an_unknown_code_is_mended_and_told(city: Any, at: str, shown: str, notice: str) -> None:  # noqa: ANN401
    asked = ask(Place(at=at), city)
    assert (asked.place.at, asked.notices) == (shown, (notice,))
    with pytest.raises(UnknownPlaceError, match=at):
        exact(asked, Place(at=at))


def test_too_many_cells_become_the_finest_that_fit(
    city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most, level in ((36, "community"), (35, "street"), (11, "district")):
        monkeypatch.setattr(question, "MOST_ASKED", most)
        asked = ask(Place(level="community"), city)  # type: ignore[arg-type]
        assert asked.request.level == level
        assert asked.place.level == level
        assert asked.notices == (() if level == "community" else ("too_fine",))
    with pytest.raises(RequestError, match="lv: more than 11 cells"):
        exact(asked, Place(level="community"))


def test_all_buildings_of_a_city_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    places = make_city().places
    places.loc[0, "site_to"] = 41
    sites = pd.DataFrame({"building": [*range(40), -1]})
    many = make_city(places=places, sites=sites)
    assert ask(Place(level="building"), many).request.level == "building"  # type: ignore[arg-type]
    monkeypatch.setattr(question, "MOST_ASKED", 39)
    assert ask(Place(level="building"), many).request.level == "community"  # type: ignore[arg-type]
    assert ask(Place("9901001", level="building"), many).notices == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(("version", "known"), [("", True), ("snap", True), ("2019", False)])
def test_only_todays_boundaries_are_answered(city: Any, version: str, *, known: bool) -> None:  # noqa: ANN401
    place = Place(division=version)
    asked = ask(place, city)
    assert asked.notices == (() if known else ("boundary",))
    assert asked.place.division == ""
    if not known:
        with pytest.raises(RequestError, match="bv: boundaries 2019"):
            exact(asked, place)


@pytest.mark.parametrize(("period", "length"), [("7d", HOUR), ("30d", DAY)])
def test_a_played_minute_ends_an_hour_or_a_day(city: Any, period: str, length: int) -> None:  # noqa: ANN401
    minute = NOW - NOW % 60
    place = Place(period=period, heat=True, play="2026-11-21T14:31")
    for asked in (ask(place, city), ask(Place(period=period), city, minute)):
        assert (asked.window.start, asked.window.end) == (minute - length, minute)
        assert asked.span.end == NOW
    assert ask(place.moved(heat=False), city).window == asked.span


def test_the_box_is_the_units_own(city: Any) -> None:  # noqa: ANN401
    assert question.box(city, 1) == (0, 0, 1, 1)
    assert question.box(city, 0) == (0, 0, 4, 3)
    bare = city.places.copy()
    bare.loc[1, "geometry"] = None
    assert question.box(make_city(places=bare), 1) == (0, 0, 1, 1)  # of what is below it
