"""The buildings with most cases, and the way to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.access import NOBODY, Live
from dashboard.place import Place
from dashboard.question import ask
from dashboard.screens.overview import busiest, tables
from dashboard.screens.overview import scene as scenes
from dashboard.screens.overview.path import path_row
from geodata.engine import Engine
from geodata.store.snapshots import open_city
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Live:
    folder = tmp_path_factory.mktemp("tiny")
    publish_tiny(folder)
    city = open_city(folder)
    return Live(city, Engine(city), NOBODY)


def test_the_path_leads_to_finer_levels_and_to_the_busiest_buildings(
    tiny: Live, find: Callable[..., list[Any]]
) -> None:
    scene = scenes.read(Place(), tiny)
    below = [each for each in find(path_row(scene), "Li") if getattr(each, "className", "")]
    ways = [each.children.href for each in below if each.className == "later"]
    assert ways == ["?lv=street", "?lv=community", "?lv=grid", "?table=buildings"]


def test_the_busiest_buildings_are_those_with_most_cases(tiny: Live) -> None:
    asked = ask(Place(period="30d"), tiny.city)
    frame = tables.table(busiest.KEY, asked, tiny)
    cells = tiny.engine.cells(replace(asked.request, level="building"))["reported"]
    best = cells[cells.index >= 0].sort_values(ascending=False)
    assert frame["受理（件）"].tolist() == best.tolist()
    named = frame["编号"].iloc[0]
    assert cells.loc[tiny.city.building(named)] == best.iloc[0]
