"""An address is read in one way, whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dashboard import levels
from dashboard.i18n import LANGUAGES, t
from dashboard.place import LETTERS, MAX_QUERY, Place, from_query
from dashboard.question import FILTERS, ask, exact
from geodata.metrics.classes import LEAST_CASES
from geodata.model.errors import RequestError, UnknownPlaceError
from geodata.model.periods import DAY, HOUR
from geodata.model.places import Tree
from tests.dashboard.screens.conftest import NOW, PROFILE, make_city

if TYPE_CHECKING:
    from types import SimpleNamespace


@pytest.fixture(scope="module")
def city() -> Any:  # noqa: ANN401 - the parts of one
    return make_city()


def test_a_level_without_shapes_is_not_opened_at_but_where_it_is_asked_for() -> None:
    places = make_city().places
    places.loc[places["level"] == "community", "geometry"] = None
    listed = make_city(places=places)
    assert ask(Place(), listed).request.level == "street"  # type: ignore[arg-type]
    assert ask(Place(level="community"), listed).request.level == "community"  # type: ignore[arg-type]
    assert ask(Place(), make_city()).request.level == "community"  # type: ignore[arg-type]


def test_another_moment_than_the_citys_own_can_be_asked_about(city: Any) -> None:  # noqa: ANN401
    then = NOW - 5 * DAY
    asked = ask(Place(period="24h"), city, now=then)
    assert asked.request.now == then
    assert asked.window.end == then


def test_a_short_period_is_shown_by_larger_cells() -> None:
    """Where most cells of a level have too few cases for a rate, the one above is coloured."""
    home = make_city()
    cells = len(home.tree.cells(0, "community"))
    a_day = {"first": 0, "last": 100 * DAY, "counts": {"incidents": 100 * LEAST_CASES * cells}}
    busy = make_city(meta=home.meta | a_day)
    hour = "2026-11-20T10:00..2026-11-20T11:00"
    for period, level in (("7d", "community"), ("24h", "community"), (hour, "street")):
        assert ask(Place(period=period), busy).request.level == level  # type: ignore[arg-type]
    short = Place(period=hour)
    asked = short.moved(level="community")
    assert ask(asked, busy).request.level == "community"  # type: ignore[arg-type]
    warm = short.moved(heat=True)
    assert ask(warm, busy).request.level == "community"  # type: ignore[arg-type]


def test_place_filters_and_period_reach_the_engine(city: Any) -> None:  # noqa: ANN401
    place = Place(
        "9901001",
        period="30d",
        categories=("k1",),
        departments=("k2",),
        sources=("k0",),
        level="street",
    )
    asked = ask(place, city)
    request = asked.request
    assert (request.place, request.level) == (1, "street")
    assert (request.start, request.end, request.now) == (NOW - 30 * DAY, NOW, NOW)
    assert (request.categories, request.departments, request.sources) == ((1,), (2,), (0,))
    assert exact(asked, place) is asked
    assert asked.place == place


@pytest.mark.parametrize(
    ("place", "mended", "notice", "letter"),
    [
        (Place(categories=("k1", "none")), Place(categories=("k1",)), "categories_some", "k"),
        (Place(categories=("none",)), Place(), "categories", "k"),
        (Place(departments=("none", "k2")), Place(departments=("k2",)), "departments_some", "d"),
        (Place(departments=("none",)), Place(), "departments", "d"),
        (Place(sources=("none",)), Place(), "sources", "src"),
        (Place(level="none"), Place(), "level", "lv"),
        (from_query("t=2026-13-01..2026-13-05"), Place(), "period", "t"),
        (from_query("m=speed"), Place(), "measure", "m"),
        (from_query("x" * (MAX_QUERY + 1)), Place(), "query", "query"),
    ],
)
def test_what_nobody_knows_is_told_on_the_page_and_refused_for_a_file(
    city: Any,  # noqa: ANN401
    place: Place,
    mended: Place,
    notice: str,
    letter: str,
) -> None:
    asked = ask(place, city)
    assert (asked.place, asked.notices) == (mended, (notice,))
    assert len(asked.request.categories) == len(mended.categories)
    assert len(asked.request.departments) == len(mended.departments)
    with pytest.raises(RequestError, match=f"^{letter}: "):
        exact(asked, place)


@pytest.mark.parametrize("name", [*LETTERS, "query", *(f"{each}_some" for each in FILTERS)])
def test_every_field_that_can_be_dropped_has_its_words(name: str) -> None:
    if name not in {"heat", "motion"}:  # anything but 0 means yes
        said = {t(f"notice.{name}", language, city="C") for language in LANGUAGES}
        assert len(said) == len(LANGUAGES)


def test_a_moment_beside_the_address_replaces_the_one_in_it(city: Any) -> None:  # noqa: ANN401
    place = from_query("heat=1&play=1795242660")
    assert ask(place, city).notices == ("play",)
    assert exact(ask(place, city, NOW), place).window.end == NOW


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
        monkeypatch.setattr(levels, "MOST_ASKED", most)
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
    monkeypatch.setattr(levels, "MOST_ASKED", 39)
    assert ask(Place(level="building"), many).request.level == "community"  # type: ignore[arg-type]
    assert ask(Place("9901001", level="building"), many).notices == ()  # type: ignore[arg-type]


def test_a_level_nobody_asked_for_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    places = make_city().places
    places.loc[2, "site_to"] = 40
    sites = pd.DataFrame({"building": range(40)})
    crowded = make_city(
        places=places, sites=sites, tree=Tree.of(places, PROFILE, np.ones(40, np.bool_))
    )
    place = Place(str(places["code"].iloc[2]))
    assert ask(place, crowded).request.level == "building"  # type: ignore[arg-type]
    monkeypatch.setattr(levels, "MOST_ASKED", 39)
    asked = ask(place, crowded)  # type: ignore[arg-type]
    assert asked.request.level == "community"
    assert exact(asked, place) is asked  # nothing was mended: nobody had asked for buildings


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


@pytest.mark.parametrize("period", ["today", "24h"])
def test_the_heat_of_a_day_opens_at_its_newest_whole_window(city: Any, period: str) -> None:  # noqa: ANN401
    place = Place(period=period, heat=True)
    newest = NOW - NOW % 900
    asked = ask(place, city)
    assert (asked.window.start, asked.window.end) == (newest - HOUR, newest)
    for summed in (place.moved(play="all"), place.moved(heat=False)):
        assert ask(summed, city).window == asked.span
    assert ask(place.moved(period="7d"), city).window == ask(Place(period="7d"), city).window


def test_a_period_shorter_than_a_window_is_summed(city: Any) -> None:  # noqa: ANN401
    asked = ask(Place(period="2026-11-20T10:00..2026-11-20T10:45", heat=True), city)
    assert asked.window == asked.span


def test_a_scheme_that_nobody_knows_is_told_and_dropped() -> None:
    city = make_city()
    assert ask(Place(scheme="urban"), city).place.scheme == "urban"  # type: ignore[arg-type]
    asked = ask(Place(scheme="moon"), city)  # type: ignore[arg-type]
    assert (asked.place.scheme, asked.notices) == ("", ("scheme",))
