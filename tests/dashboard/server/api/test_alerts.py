"""`POST /api/v1/alerts`: kept before it is answered, and shown like any alert."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.screens.wall import readings
from geodata.store import raised, tokens

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from geodata.store.raised import Raised
    from geodata.store.snapshots import City

PATH = "/api/v1/alerts"
ONE = {"id": "gas-1", "level": 1, "title_zh": "燃气泄漏", "reason_zh": "调压站压力异常"}


def found(data_dir: Path, name: str) -> Raised | None:
    return next((each for each in raised.read(data_dir) if each.id == name), None)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the first numbers may be long in coming."""
    monkeypatch.setattr(readings, "PATIENCE_S", 20.0)


@pytest.fixture(scope="module")
def unit(city: City) -> str:
    return str(city.tree.codes[int(city.tree.children(0)[1])])


def test_it_is_on_the_disk_with_the_answer_and_on_every_screen(
    client: FlaskClient, sender: dict[str, str], data_dir: Path, unit: str
) -> None:
    answer = client.post(PATH, json={**ONE, "unit": unit}, headers=sender)
    assert answer.status_code == 201
    assert answer.json["unit"] == unit
    kept = found(data_dir, "gas-1")
    assert kept is not None
    assert (kept.sender, kept.level, kept.unit) == ("feed", 1, unit)
    state = client.get("/wall/state?lang=zh").json
    assert "燃气泄漏" in json.dumps(state["panels"]["alerts"], ensure_ascii=False)
    assert state["focus"]["why"] == "alert"


def test_the_same_again_changes_nothing_and_cleared_it_is_gone(
    client: FlaskClient, sender: dict[str, str], data_dir: Path, unit: str
) -> None:
    first = client.post(PATH, json={**ONE, "id": "a", "unit": unit}, headers=sender).json
    again = client.post(PATH, json={**ONE, "id": "a", "unit": unit}, headers=sender)
    assert (again.status_code, again.json["kept"]) == (200, False)
    assert again.json["raised"] == first["raised"]
    ended = client.post(PATH, json={"id": "a", "cleared": time.time()}, headers=sender)
    assert ended.json["cleared"] >= first["raised"]
    kept = found(data_dir, "a")
    assert kept is not None
    assert (kept.title_zh, kept.unit) == ("燃气泄漏", unit)


def test_a_point_is_placed_and_a_sender_without_names_gets_one(
    client: FlaskClient, sender: dict[str, str], city: City
) -> None:
    west, south, east, north = city.places[city.places["code"] == city.tree.codes[3]].total_bounds
    given = {"level": 2, "lon": (west + east) / 2, "lat": (south + north) / 2, "title_en": "Smoke"}
    answer = client.post(PATH, json=given, headers=sender)
    assert answer.status_code == 201
    assert answer.json["id"]
    assert answer.json["unit"].startswith(city.tree.codes[1])
    other = client.post(PATH, json=given, headers=sender)
    assert other.json["id"] != answer.json["id"]


def test_an_alert_of_another_sender_is_neither_cleared_nor_rewritten(
    client: FlaskClient, sender: dict[str, str], data_dir: Path, unit: str
) -> None:
    client.post(PATH, json={**ONE, "id": "mine", "unit": unit}, headers=sender)
    other = {"Authorization": f"Bearer {tokens.make(data_dir, 'other', ['ingest'])}"}
    for given in ({"cleared": time.time()}, {**ONE, "level": 4, "unit": unit}):
        answer = client.post(PATH, json={**given, "id": "mine"}, headers=other)
        assert answer.status_code == 422
        assert "another sender" in answer.json["detail"]
    kept = found(data_dir, "mine")
    assert kept is not None
    assert (kept.sender, kept.level, kept.cleared) == ("feed", 1, 0)
    ended = client.post(PATH, json={"id": "mine", "cleared": time.time()})  # the operator may
    assert ended.status_code == 200
    kept = found(data_dir, "mine")
    assert kept is not None
    assert (kept.sender, kept.cleared > 0) == ("feed", True)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "level; title_zh or title_en; unit"),
    ({"level": 5}, "level"),
    ({"level": True}, "level"),
    ({"level": "1"}, "level"),
    ({"level": 1, "title_zh": "x", "unit": "nowhere"}, "unit"),
    ({"level": 1, "title_zh": "x", "lon": 1.0}, "lon and lat"),
    ({"level": 1, "title_zh": "x", "lon": 1.0, "lat": 1.0}, "outside of the city"),
    ({"level": 1, "title_zh": "x", "lon": float("nan"), "lat": 1.0}, "lon"),
    ({"level": 1, "title_zh": " ", "unit": "U"}, "title_zh"),
    ({"level": 1, "title_zh": "x" * 81, "unit": "U"}, "title_zh"),
    ({"level": 1, "title_zh": "x", "unit": "U", "raised": "2026-11-21"}, "time_without_zone"),
    ({"level": 1, "title_zh": "x", "unit": "U", "raised": 4e9}, "lies ahead"),
    ({"level": 1, "title_zh": "x", "unit": "U", "raised": 99, "cleared": 98}, "before it was"),
    ({"level": 1, "title_zh": "x", "unit": "U", "id": "a b"}, "id"),
    ({"level": 1, "title_zh": "x", "unit": "U", "colour": "red"}, "colour"),
]


@pytest.mark.parametrize(("given", "told"), WRONG)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    client: FlaskClient, data_dir: Path, unit: str, given: dict[str, Any], told: str
) -> None:
    before = raised.version(data_dir)
    if given.get("unit") == "U":
        given = {**given, "unit": unit}
    answer = client.post(PATH, json=given)  # the operator may as well
    assert answer.status_code == 422
    assert told in answer.json["detail"]
    assert raised.version(data_dir) == before


@pytest.mark.parametrize("data", [b"", b"x", b"[]", b"[" * 50_000, b'"a"'])
def test_what_is_no_object_is_refused(
    client: FlaskClient, sender: dict[str, str], data: bytes
) -> None:
    answer = client.post(PATH, data=data, content_type="application/json", headers=sender)
    assert answer.status_code == 422


def test_only_who_may_send_events_may_raise_alerts(
    client: FlaskClient, data_dir: Path, unit: str
) -> None:
    watcher = {"Authorization": f"Bearer {tokens.make(data_dir, 'watcher', ['view', 'wall'])}"}
    assert client.post(PATH, json={**ONE, "unit": unit}, headers=watcher).status_code == 403
    assert client.post(PATH, data=b"{}", content_type="text/plain").status_code == 422


def test_an_alert_of_a_clock_that_is_ahead_is_not_kept_back(
    client: FlaskClient, sender: dict[str, str], city: City, unit: str
) -> None:
    given = {**ONE, "id": "ahead", "unit": unit, "raised": time.time() + 30}
    assert client.post(PATH, json=given, headers=sender).json["raised"] == city.now()


def test_a_full_disk_is_told_and_the_sender_tries_again(
    client: FlaskClient, sender: dict[str, str], unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(raised, "write_text", full)
    answer = client.post(PATH, json={**ONE, "id": "late", "unit": unit}, headers=sender)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
