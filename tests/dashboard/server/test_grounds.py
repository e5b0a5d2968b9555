"""The ground of a new city is made beside the server, once, and only where it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.server import cities, grounds
from geodata.scenarios.grounds import grounded, is_ready
from geodata.scenarios.source import NoGroundError
from geodata.store.snapshots import City, open_city
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_city_gets_its_ground_once(tmp_path: Path) -> None:
    publish_tiny(tmp_path)
    first, second = (grounds.Keeper(tmp_path, cities.Cities(tmp_path)) for _ in range(2))
    assert not is_ready(open_city(tmp_path))
    assert first.look()
    assert not first.look()
    assert not second.look()
    first.let_go()
    city = open_city(tmp_path)
    there = grounded(city)
    assert there.ground.households.sum() == city.buildings["households"].sum()


def test_a_city_without_grids_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_tiny(tmp_path)

    def refuse(_: City) -> None:
        raise NoGroundError

    monkeypatch.setattr(grounds, "check", refuse)
    keeper = grounds.Keeper(tmp_path, cities.Cities(tmp_path))
    assert not keeper.look()
    assert not is_ready(open_city(tmp_path))


def test_what_went_wrong_is_in_the_message(tmp_path: Path) -> None:
    publish_tiny(tmp_path)
    with pytest.raises(RuntimeError, match="nowhere"):
        grounds.make(tmp_path, "nowhere")
