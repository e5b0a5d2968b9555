"""`/wall`, `/wall/state` and `/wall/command` over HTTP."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.server import identity
from dashboard.server.wall.state import COMMANDS, KEY, TOPICS, checked
from geodata.model.errors import NotYetError
from geodata.store import tokens

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from geodata.store.snapshots import City

STRANGER = {"REMOTE_ADDR": "10.0.0.9"}


@pytest.fixture(scope="module")
def screen(data_dir: Path) -> dict[str, str]:
    """Headers of a wall with its own token, from another machine."""
    return {"Authorization": f"Bearer {tokens.make(data_dir, 'wall-1', ['screen'])}"}


def test_the_page_has_its_slots_its_map_and_no_callback(client: FlaskClient) -> None:
    assert client.get("/wall?lang=en&theme=light").status_code == 200
    layout = json.dumps(client.get("/wall/_dash-layout").json)
    for name in ("head", "figures", "trend", "map", "alerts", "departments", "focus"):
        assert f'"data-wall": "{name}"' in layout
    assert "wall-map" in layout
    assert client.get("/wall/_dash-dependencies").json == []


def test_the_state_has_all_that_the_browser_is_promised(client: FlaskClient) -> None:
    answer = client.get("/wall/state?lang=en")
    state = answer.json
    assert set(state) == {
        "version", "build", "snapshot", "now", "clock", "zone", "newest", "sources", "text", "look",
        "calibration", "focus", "panels", "map", "language", "topic",
    }  # fmt: skip
    assert abs(float(answer.headers["X-Yiping-Now"]) - time.time()) < 60
    assert set(state["look"]) == {"theme", "dim", "frozen", "paused"}
    assert state["focus"]["of"] == 2
    assert state["map"]["snapshot"] == state["snapshot"]
    assert len(answer.data) < 64_000


def test_who_has_it_already_is_told_so_with_the_servers_clock(client: FlaskClient) -> None:
    first = client.get("/wall/state")
    again = client.get("/wall/state", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert float(again.headers["X-Yiping-Now"]) >= float(first.headers["X-Yiping-Now"])
    assert client.post("/wall/command", json={"do": "next"}).status_code == 204
    moved = client.get("/wall/state", headers={"If-None-Match": first.headers["ETag"]})
    assert moved.status_code == 200
    assert moved.json["focus"]["code"] != first.json["focus"]["code"]


def test_another_minute_language_theme_and_place_can_be_asked_for(client: FlaskClient) -> None:
    now = client.get("/wall/state").json
    street = now["focus"]["code"]
    other = client.get(f"/wall/state?at={street}&lang=en&theme=light&replay=2026-11-20T09:30").json
    assert other["clock"] == "replay"
    assert other["now"] < now["now"]
    assert other["map"]["at"]["code"] == street
    assert other["look"]["theme"] == "light"


def test_a_building_or_an_unknown_code_is_what_holds_it(client: FlaskClient, city: City) -> None:
    building = str(city.buildings["code"].iloc[0])
    unit = city.tree.codes[city.tree.parent(int(city.buildings["unit"].iloc[0]))]
    assert client.get(f"/wall/state?at={building}").json["map"]["at"]["code"] == unit
    assert client.get("/wall/state?at=nowhere").json["map"]["at"]["unit"] == 0
    audit = Path(city.data_dir) / "audit"
    assert not any(building in path.read_text() for path in audit.glob("*"))


@pytest.mark.parametrize(
    "query",
    [
        "lang=fr", "theme=red", "at=%3Cb%3E", "at=" + "x" * 65, "replay=now", "replay=2026-02-30",
        "replay=2026-11-20T25:00", "replay=2026-11-20T09:30:11", "replay=1066-01-01", "x=1",
    ],
)  # fmt: skip
def test_every_argument_is_checked(client: FlaskClient, query: str) -> None:
    assert client.get(f"/wall/state?{query}").status_code == 422


WRONG: list[Any] = [
    {}, [], "next", {"do": 1}, {"do": "sing"}, {"do": "next", "n": 2},
    {"do": "theme", "theme": "x"},
    {"do": "topic", "topic": "load"}, {"do": "replay"}, {"do": "replay", "day": "2026-13-01"},
    {"do": "replay", "day": "2026-11-20T09:30"}, {"do": "acknowledge", "alert": "<b>"},
    {"do": "acknowledge"},
    {"do": "next", "pad": "x" * 2_000},
]  # fmt: skip


@pytest.mark.parametrize("body", WRONG)
def test_every_part_of_a_command_is_checked(client: FlaskClient, body: Any) -> None:  # noqa: ANN401
    assert client.post("/wall/command", json=body).status_code == 422


def test_a_command_is_json(client: FlaskClient) -> None:
    assert client.post("/wall/command", data={"do": "next"}).status_code == 422
    deep = client.post("/wall/command", data=b"[" * 900, content_type="application/json")
    assert deep.status_code == 422


def test_every_command_that_is_listed_is_carried_out(client: FlaskClient) -> None:
    more = {"replay": {"day": "2026-11-19"}}
    apart = {"replay", "acknowledge"}
    for do in (*(each for each in COMMANDS if each not in apart), "replay", "live"):
        body = {"do": do, **more.get(do, {})}
        assert client.post("/wall/command", json=body).status_code == 204, do
    assert checked({"do": "topic", "topic": TOPICS[0]})[1] == ""
    assert client.get("/wall/state").json["clock"] == "data"
    nothing = client.post("/wall/command", json={"do": "acknowledge", "alert": "abc"})
    assert nothing.status_code == 409


def test_while_the_first_numbers_are_read_the_wall_is_told_when_to_ask_again(
    client: FlaskClient, server: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reading(**_: str) -> None:
        message = "being read"
        raise NotYetError(message)

    monkeypatch.setattr(server.extensions[KEY], "answer", reading)
    answer = client.get("/wall/state")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert not answer.json["reference"]  # nothing failed


def test_a_walls_own_token_sees_the_wall_and_nothing_else(
    client: FlaskClient, screen: dict[str, str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "REMEMBER_S", 0.0)
    far = {"headers": screen, "environ_base": STRANGER}
    state = client.get("/wall/state", **far)
    assert state.status_code == 200
    snapshot = state.json["snapshot"]
    for path in ("/wall", "/wall/_dash-layout", "/version", f"/units/{snapshot}/street.json"):
        assert client.get(path, **far).status_code == 200, path
    for path in ("/", "/live/state", "/search?q=a", "/export/cells.csv", "/brief", "/import"):
        assert client.get(path, **far).status_code == 403, path
    assert client.post("/wall/command", json={"do": "next"}, **far).status_code == 403
    assert client.post("/api/v1/alerts", json={}, **far).status_code == 403
    entered = client.get(f"/wall?token={screen['Authorization'][7:]}", environ_base=STRANGER)
    assert "yiping_token" in entered.headers["Set-Cookie"]
    tokens.revoke(data_dir, "wall-1")
    assert client.get("/wall/state", **far).status_code == 401


def test_a_stranger_sees_no_wall(client: FlaskClient) -> None:
    for path in ("/wall", "/wall/state"):
        assert client.get(path, environ_base=STRANGER).status_code == 401
    told = client.post("/wall/command", json={"do": "next"}, environ_base=STRANGER)
    assert told.status_code == 401
