"""Which cells a department has cases in, as the screen asks for it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dashboard.access import NOBODY, Live
from dashboard.place import Place, from_query
from dashboard.question import ask
from dashboard.server.met import found
from geodata.engine import Engine

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geodata.store.snapshots import City


@pytest.fixture(scope="module")
def live(city: City) -> Live:
    return Live(city, Engine(city), NOBODY)


def _bits(text: str) -> list[bool]:
    return np.unpackbits(np.frombuffer(base64.b64decode(text), np.uint8)).astype(bool).tolist()


@pytest.mark.parametrize("query", ["", "t=24h&lv=grid", "k=b&at=991&lv=grid", "d=a&t=24h&lv=grid"])
def test_a_bit_for_every_cell_with_a_case(live: Live, client: FlaskClient, query: str) -> None:
    city = live.city
    answer = client.get(f"/met/{city.id}.json?{query}").get_json()
    asked = ask(from_query(query), city).request
    cells = [int(cell) for cell in live.engine.cells(asked).index if cell >= 0]
    for row in range(len(city.departments)):
        alone = ask(from_query(query).moved(departments=(city.departments["key"][row],)), city)
        counted = live.engine.cells(alone.request)["reported"]
        bits = _bits(answer[str(row)])[: len(cells)]
        assert bits == [bool(counted[cell]) for cell in cells]


def test_the_filter_by_department_does_not_narrow_it(live: Live) -> None:
    place = Place(period="24h", level="grid")
    all_of_them = found(ask(place, live.city).request, live)
    assert found(ask(place.moved(departments=("a",)), live.city).request, live) == all_of_them


@pytest.mark.parametrize(
    ("path", "status"), [("/met/other.json", 404), ("/met/{id}.json?x=1", 422)]
)
def test_strange_questions(client: FlaskClient, city: City, path: str, status: int) -> None:
    assert client.get(path.format(id=city.id)).status_code == status
