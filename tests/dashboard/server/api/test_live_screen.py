"""What comes in by the API is on the screen: sent, counted, closed, all as of now."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from dashboard.access import KEY
from dashboard.place import from_query
from dashboard.question import ask
from dashboard.server.api import events
from geodata.journal import arriving
from tests.browser.tiny import NOW

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from geodata.engine import Engine
    from geodata.store.snapshots import City


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "LOOK_EVERY_S", 0.0)


def send(client: FlaskClient, *lines: dict[str, Any]) -> None:
    answer = client.post(events.PATH, data=b"\n".join(map(orjson.dumps, lines)))
    assert answer.json["accepted"] == len(lines), answer.json


def counts(engine: Engine, city: City) -> dict[str, int]:
    request = replace(ask(from_query("?t=30d"), city).request, now=NOW, end=NOW + 1)
    total = engine.screen(request).total
    return {name: int(total[name]) for name in ("reported", "open", "closed", "voided")}


def test_an_event_changes_the_numbers_of_the_screen(server: Flask, client: FlaskClient) -> None:
    held = server.extensions[KEY].current()  # type: ignore[attr-defined]
    engine, city = held.engine, held.city
    before, version = counts(engine, city), engine.version()
    said = {"source": "a", "case": "live-1", "category": "b", "at": NOW - 600}
    send(client, said | {"stage": "reported"})
    time.sleep(arriving.LOOK_EVERY_S)
    reported = counts(engine, city)
    assert reported["reported"] == before["reported"] + 1
    assert reported["open"] == before["open"] + 1
    assert engine.version() != version
    send(client, {"source": "a", "case": "live-1", "stage": "closed", "at": NOW - 60})
    closed = counts(engine, city)
    assert closed["closed"] == before["closed"] + 1
    assert closed["open"] == before["open"]
    send(client, {"source": "a", "case": "live-1", "stage": "voided", "at": NOW - 30})
    voided = counts(engine, city)
    assert voided["voided"] == before["voided"] + 1
    assert voided["reported"] == before["reported"]


def test_the_list_shows_what_arrived(server: Flask, client: FlaskClient) -> None:
    held = server.extensions[KEY].current()  # type: ignore[attr-defined]
    send(
        client,
        {"source": "a", "case": "live-2", "stage": "reported", "category": "b", "at": NOW - 5},
    )
    request = replace(ask(from_query("?t=30d"), held.city).request, now=NOW, end=NOW + 1)
    listed = held.engine.incidents(request, limit=3)
    assert listed["key"].iloc[0] == "live-2"
    assert client.get("/live/state").status_code == 200
