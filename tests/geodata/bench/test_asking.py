from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from geodata.bench.asking import LISTS, PERIODS, Screen, screens

if TYPE_CHECKING:
    from geodata.store.snapshots import City


def test_every_level_and_period_is_asked_as_often(city: City) -> None:
    kinds = len(city.tree.level_keys) * len(PERIODS)
    found = screens(city, 3 * kinds)
    counts = Counter((city.tree.level(each.unit), each.period) for each in found)
    assert len(counts) == kinds
    assert set(counts.values()) == {3}
    assert {len(each.filters) for each in found} == {0, 1, 2}
    assert found == screens(city, 3 * kinds)
    assert found != screens(city, 3 * kinds, seed=2)


def test_a_screen_is_the_same_question_to_an_engine_and_to_a_server(city: City) -> None:
    unit = len(city.tree) - 1
    screen = Screen(unit, "grid", "7d", {"categories": 1, "sources": 0})
    request = screen.request(1_000_000)
    assert (request.place, request.end - request.start) == (unit, PERIODS["7d"])
    assert (request.categories, request.departments, request.sources) == ((1,), (), (0,))
    assert parse_qs(screen.query(city).removeprefix("?")) == {
        "at": [city.tree.codes[unit]],
        "t": ["7d"],
        LISTS["categories"]: [city.categories["key"].iloc[1]],
        LISTS["sources"]: [city.sources["key"].iloc[0]],
    }
    assert Screen(0, "grid", "24h", {}).query(city) == "?t=24h"
