"""A server that has just started already knows its first screen."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import TYPE_CHECKING

from dashboard.access import NOBODY, Live
from dashboard.place import Place
from dashboard.server import warm
from geodata.engine import Engine
from geodata.kernels import DRAWING
from geodata.tiles.pyramid import EXACT, band

if TYPE_CHECKING:
    import pytest

    from geodata.store.snapshots import City

FINER = ("z11", "z13", EXACT)  # than what a city is first seen at


def test_the_first_screen_is_read_and_its_tiles_are_cut(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut: list[tuple[str, int]] = []
    read: list[Place] = []
    monkeypatch.setattr(warm, "tile", lambda _city, layer, z, *_: cut.append((layer, z)))
    warm.warm(Live(city, Engine(city), NOBODY), lambda place, _: read.append(place))
    assert len(read) == 1
    layers, zooms = {layer for layer, _ in cut}, {z for _, z in cut}
    assert {"base", "street"} <= layers
    assert max(zooms) - min(zooms) == 1


def test_what_is_asked_next_is_made_ready_after_the_first_screen(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(warm, "tile", lambda *_: None)
    warm.warm(
        Live(city, Engine(city), NOBODY),
        lambda *_: done.append("first"),
        lambda _: done.append("later"),
    )
    assert done == ["first", "later"]


def test_the_first_grid_that_is_parted_does_not_wait_for_machine_code(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(warm, "tile", lambda *_: None)
    monkeypatch.setattr(warm, "ready", done.extend)
    warm.warm(Live(city, Engine(city), NOBODY), lambda *_: None)
    assert done == list(DRAWING)


def test_every_finer_scale_is_made_ready_behind_it(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, str]] = []
    monkeypatch.setattr(warm, "tile", lambda _city, layer, z, *_: made.append((layer, band(z))))
    monkeypatch.setattr(warm, "fitting_zoom", lambda *_: 9)
    warm._lay_out(city)  # noqa: SLF001 - what nobody waits for
    wanted = {(layer, each) for layer in ("base", *city.tree.level_keys) for each in FINER}
    assert set(made) == wanted


def test_what_stays_is_looked_through_for_garbage_no_more() -> None:
    before = gc.get_threshold()
    try:
        warm.begin()
        warm.settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] == warm.YOUNG
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_a_failure_is_logged_and_the_server_starts(
    city: City, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_place: Place, _live: Live) -> None:
        message = "no"
        raise ValueError(message)

    warm.warm(Live(city, Engine(city), NOBODY), fail)
    assert "could not be read" in caplog.text


def test_a_city_whose_first_screen_shows_buildings_has_its_tiles_cut_too(
    city: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = warm.ask(Place(), city)
    houses = replace(asked, request=replace(asked.request, level="building"))
    cut: list[str] = []
    monkeypatch.setattr(warm, "ask", lambda *_: houses)
    monkeypatch.setattr(warm, "tile", lambda _city, layer, *_: cut.append(layer))
    warm.warm(Live(city, Engine(city), NOBODY), lambda *_: None)
    assert caplog.text == ""
    assert set(cut) == {*city.tree.level_keys, "base"}
