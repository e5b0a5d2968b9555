from __future__ import annotations

from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.place import (
    LANGUAGES,
    LAYERS,
    LETTERS,
    MAX_QUERY,
    MEASURES,
    THEMES,
    Place,
    from_query,
    to_query,
)
from geodata.model.periods import read_period

CODES = st.from_regex(r"[\w.:\- ]{1,24}", fullmatch=True)
LISTS = st.lists(CODES, max_size=6).map(tuple)
DAYS = st.dates(date(2015, 1, 1), date(2023, 12, 31))
PERIODS = st.sampled_from(["", "today", "24h", "7d", "30d", "90d", "365d"]) | st.tuples(
    DAYS, DAYS
).map(lambda pair: f"{min(pair)}..{max(pair)}")
MINUTES = st.just("") | st.tuples(st.dates(date(1980, 1, 1), date(2090, 1, 1)), st.times()).map(
    lambda pair: f"{pair[0]}T{pair[1]:%H:%M}"
)
PLACES = st.builds(
    Place,
    at=st.just("") | CODES,
    period=PERIODS,
    axis=PERIODS,
    categories=LISTS,
    departments=LISTS,
    sources=LISTS,
    measure=st.sampled_from(["", *MEASURES]),
    scheme=st.just("") | CODES,
    level=st.just("") | CODES,
    heat=st.booleans(),
    play=MINUTES,
    hidden=st.sets(st.sampled_from(LAYERS)).map(lambda kept: tuple(x for x in LAYERS if x in kept)),
    division=st.just("") | CODES,
    selected=LISTS,
    table=st.just("") | CODES,
    sort=st.just("") | st.from_regex(r"-?[a-z][a-z0-9_]{0,20}", fullmatch=True),
    language=st.sampled_from(["", *LANGUAGES]),
    theme=st.sampled_from(["", *THEMES]),
    motion=st.booleans(),
)


@given(PLACES)
def test_a_place_survives_the_url(place: Place) -> None:
    query = to_query(place)
    if len(query) <= MAX_QUERY:
        assert from_query(query) == place


@given(st.text(max_size=300))
def test_any_text_is_some_place_and_its_url_is_stable(query: str) -> None:
    place = from_query(query)
    assert from_query(to_query(place)) == place


@given(st.dictionaries(st.sampled_from(sorted(LETTERS.values())), st.text(max_size=40)))
def test_any_values_are_some_place_whose_period_can_be_read(values: dict[str, str]) -> None:
    place = from_query(urlencode(values))
    assert from_query(to_query(place)) == place
    if place.period:
        read_period(place.period, 1_795_000_000, ZoneInfo("Asia/Shanghai"))


@given(PLACES)
def test_every_period_that_is_accepted_can_be_read(place: Place) -> None:
    accepted = from_query(to_query(place)).period
    if accepted:
        assert read_period(accepted, 1_795_000_000, ZoneInfo("Asia/Shanghai")).length > 0


def test_a_default_place_has_no_query() -> None:
    assert to_query(Place()) == ""
    assert Place().href() == "?"
    assert Place(at="99").href(at="") == "?"
    assert Place(at="99").href(heat=True) == "?at=99&heat=1"


def test_a_link_takes_along_what_belonged_to_what_it_changes() -> None:
    place = Place(period="2026-11-01..2026-11-03", axis="30d", table="map", sort="-n")
    assert place.href(period="7d") == "?t=7d&table=map&sort=-n"
    assert place.href(table="") == "?t=2026-11-01..2026-11-03&ax=30d"
    assert place.href(sort="n", at="99").endswith("&ax=30d&table=map&sort=n")
    assert place.href(period="7d", axis="30d").startswith("?t=7d&ax=30d")


@pytest.mark.parametrize(
    "query",
    [
        "t=2026-02-30..2026-03-01",
        "t=2026-03-02..2026-03-01",
        "t=2026-03-01T10:00..2026-03-01T10:00",
        "t=1900-01-01..2026-01-01",
        "t=9999-12-31..9999-12-31",
        "t=0000-00-00..0000-00-00",
        "t=٢٠٢٦-01-01..2026-01-02",
        "t=1h",
        "play=yesterday",
        "ax=1h",
        "ax=2026-03-02..2026-03-01",
        "sort=--n",
        "sort=<b>",
        "sort=" + "n" * 42,
        "play=2026-13-01T00:00",
        "m=speed",
        "lang=fr",
        "theme=pink",
        "at=<script>",
        "at=" + "9" * 65,
        "k=a,<b>",
        "lv=%00",
        "hide=nothing",
        "sel=" + ",".join("a" * 65),
        "x" * (MAX_QUERY + 1),
    ],
)
def test_what_makes_no_sense_falls_back_to_the_default_and_is_told(query: str) -> None:
    place = from_query(query)
    assert place == Place()
    letter, equals, _ = query.partition("=")
    assert [LETTERS.get(name, name) for name in place.dropped] == [letter if equals else "query"]
    assert to_query(place) == ""


def test_one_wrong_field_leaves_the_others_alone() -> None:
    assert from_query("?at=9901&t=never&k=a,b") == Place(at="9901", categories=("a", "b"))
    assert from_query("?at=9901&k=a,b").dropped == ()


def test_a_day_is_a_period_and_the_last_day_counts() -> None:
    place = from_query("t=2026-11-21..2026-11-21")
    assert place.period == "2026-11-21..2026-11-21"


def test_the_last_of_repeated_arguments_wins() -> None:
    assert from_query("at=1&at=2").at == "2"
