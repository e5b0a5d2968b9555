"""The remote: a phone with the PIN and no token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.server.wall.pin import GOOD_S, MOST_MISSES, SHUT_S, Pin
from dashboard.server.wall.state import KEY
from dashboard.settings import Settings
from tests.dashboard.server.wall.conftest import PIN

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

PHONE = {"REMOTE_ADDR": "10.0.0.7"}
PATH = "/wall/remote"


class Clock:
    def __init__(self) -> None:
        self.at = 1_000_000.0

    def __call__(self) -> float:
        return self.at


def test_a_phone_enters_the_pin_and_directs_the_wall(client: FlaskClient) -> None:
    before = client.get("/wall/state").json["focus"]["code"]
    asked = client.get(PATH, environ_base=PHONE)
    assert 'name="pin"' in asked.text
    assert "<script" not in asked.text
    entered = client.post(PATH, data={"pin": PIN}, environ_base=PHONE)
    assert (entered.status_code, entered.headers["Location"]) == (303, PATH)
    cookie = entered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    page = client.get(f"{PATH}?lang=en", environ_base=PHONE).text
    for do in ("previous", "next", "pause", "freeze", "topic", "theme", "replay"):
        assert f'value="{do}"' in page
    told = client.post(f"{PATH}?lang=en", data={"do": "next"}, environ_base=PHONE)
    assert told.headers["Location"] == f"{PATH}?lang=en"
    assert client.get("/wall/state").json["focus"]["code"] != before
    client.post(PATH, data={"do": "pause"}, environ_base=PHONE)
    assert 'value="resume"' in client.get(PATH, environ_base=PHONE).text
    json_too = client.post("/wall/command", json={"do": "resume"}, environ_base=PHONE)
    assert json_too.status_code == 204


def test_a_tap_acknowledges_the_alert_that_the_page_showed_and_no_other(
    client: FlaskClient, server: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    walls = server.extensions[KEY]
    now = walls.status("zh") | {"alert": "0123abcd"}
    monkeypatch.setattr(walls, "status", lambda _: now)
    client.post(PATH, data={"pin": PIN}, environ_base=PHONE)
    page = client.get(PATH, environ_base=PHONE).text
    assert '<input type="hidden" name="alert" value="0123abcd">' in page
    over = {"do": "acknowledge", "alert": "0123abcd"}
    assert client.post(PATH, data=over, environ_base=PHONE).status_code == 409
    nameless = client.post(PATH, data={"do": "acknowledge"}, environ_base=PHONE)
    assert nameless.status_code == 422


def test_the_pin_opens_the_remote_and_nothing_else(client: FlaskClient) -> None:
    client.post(PATH, data={"pin": PIN}, environ_base=PHONE)
    for path in ("/", "/wall", "/wall/state", "/live/state", "/search?q=a"):
        assert client.get(path, environ_base=PHONE).status_code == 401, path
    assert client.post("/api/v1/alerts", json={}, environ_base=PHONE).status_code == 401


def test_without_the_pin_nothing_is_told_and_nothing_done(client: FlaskClient) -> None:
    title = client.get("/wall/state?lang=zh").json["panels"]["head"]["tree"][1][2]
    assert title not in client.get(PATH, environ_base=PHONE).text
    assert client.post(PATH, data={"do": "next"}, environ_base=PHONE).status_code == 401
    wrong = client.post(PATH, data={"pin": "000000"}, environ_base=PHONE)
    assert wrong.status_code == 403
    assert client.post(PATH, data={"pin": PIN}, environ_base=PHONE).status_code == 303


def test_a_form_of_another_site_is_refused(client: FlaskClient) -> None:
    client.post(PATH, data={"pin": PIN}, environ_base=PHONE)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post(PATH, data={"do": "next"}, headers=headers, environ_base=PHONE)
        assert answer.status_code == 403


@pytest.mark.parametrize("data", [{"do": "sing"}, {"do": "next", "x": "1"}, {"do": "replay"}, {}])
def test_every_part_of_a_form_is_checked(client: FlaskClient, data: dict[str, str]) -> None:
    client.post(PATH, data={"pin": PIN}, environ_base=PHONE)
    assert client.post(PATH, data=data, environ_base=PHONE).status_code == 422


def test_too_many_wrong_pins_shut_it_for_the_right_one_too() -> None:
    clock = Clock()
    pin = Pin(PIN, lambda: "s", clock)
    for _ in range(MOST_MISSES):
        assert pin.enter("000000") is None
    assert pin.is_shut()
    assert pin.enter(PIN) is None
    clock.at += SHUT_S + 1
    assert pin.enter(PIN)


def test_a_cookie_is_good_for_a_shift_and_for_its_pin() -> None:
    clock = Clock()
    pin = Pin(PIN, lambda: "s", clock)
    cookie = pin.enter(PIN)
    assert cookie
    assert pin.knows(cookie)
    assert not Pin("654321", lambda: "s", clock).knows(cookie)
    assert not Pin(PIN, lambda: "t", clock).knows(cookie)
    until, _, signed = cookie.partition(".")
    for forged in (f"{int(until) + 1}.{signed}", signed, "", "x.y", f"{until}.ü", until):
        assert not pin.knows(forged)
    clock.at += GOOD_S + 1
    assert not pin.knows(cookie)


def test_without_a_pin_there_is_no_remote() -> None:
    pin = Pin("", lambda: "s")
    assert not pin.is_set
    assert pin.enter("") is None
    assert not pin.knows("1.x")


@pytest.mark.parametrize("pin", ["12345", "abcdef", "1234567890123"])
def test_a_pin_that_is_too_easy_is_no_setting(pin: str) -> None:
    with pytest.raises(ValueError, match="six to twelve digits"):
        Settings(wall_pin=pin)  # type: ignore[arg-type]
