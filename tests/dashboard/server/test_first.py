"""A server whose folder holds no city yet: what it shows, and how the first city comes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboard.access import KEY
from dashboard.factory import create_app
from dashboard.server import feed, first
from dashboard.settings import Settings
from geodata.store import tokens
from tests.browser.tiny import publish_tiny
from tests.dashboard.server.test_identity import STRANGER

if TYPE_CHECKING:
    from dash import Dash
    from flask.testing import FlaskClient


@pytest.fixture
def empty_app(tmp_path: Path) -> Dash:
    return create_app(Settings(data_dir=tmp_path, feed=False))


@pytest.fixture
def newcomer(empty_app: Dash) -> FlaskClient:
    return empty_app.server.test_client()


def test_the_page_offers_two_ways_in_the_folder_that_is_served(
    newcomer: FlaskClient, tmp_path: Path
) -> None:
    answer = newcomer.get("/?lang=en&theme=light")
    assert answer.status_code == 200
    assert '<html lang="en" data-theme="light">' in answer.text
    assert "No city here yet" in answer.text
    assert 'href="/import?lang=en&amp;theme=light"' in answer.text
    assert f"make demo YIPING_DATA_DIR={tmp_path}" in answer.text
    assert f"--data-dir {tmp_path}" in answer.text
    assert 'href="/?lang=en&amp;theme=dark"' in answer.text


def test_the_page_speaks_the_language_of_the_browser(newcomer: FlaskClient) -> None:
    chinese = newcomer.get("/", headers={"Accept-Language": "zh-CN"})
    assert '<html lang="zh-CN" data-theme="dark">' in chinese.text
    assert "还没有城市数据" in chinese.text


def test_the_name_of_a_folder_is_text_to_the_page_and_to_the_shell() -> None:
    said = first.demo(Path("/a <b>; c"))
    assert said == "make demo YIPING_DATA_DIR='/a <b>; c'"
    assert first.demo(Path("data")) == "make demo"


def test_a_folder_never_becomes_markup(tmp_path: Path) -> None:
    folder = tmp_path / "<img src=x>"
    folder.mkdir()
    client = create_app(Settings(data_dir=folder, feed=False)).server.test_client()
    page = client.get("/").text
    assert "&lt;img src=x&gt;" in page
    assert "<img" not in page


def test_who_may_not_import_is_told_to_wait(newcomer: FlaskClient, tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {tokens.make(tmp_path, 'wall')}"}
    page = newcomer.get("/?lang=en", headers=headers, environ_base=STRANGER)
    assert page.status_code == 200
    assert "Once the administrator publishes" in page.text
    assert "/import" not in page.text
    assert str(tmp_path) not in page.text
    refused = newcomer.get("/import", headers=headers, environ_base=STRANGER)
    assert refused.status_code == 403


def test_a_stranger_is_asked_for_a_token(newcomer: FlaskClient) -> None:
    assert newcomer.get("/", environ_base=STRANGER).status_code == 401
    assert newcomer.get("/import", environ_base=STRANGER).status_code == 401


def test_the_import_screen_is_there(newcomer: FlaskClient) -> None:
    assert "<title>Yiping</title>" in newcomer.get("/import?lang=en").text
    assert newcomer.get("/import/_dash-layout").status_code == 200
    assert newcomer.get("/import/_dash-dependencies").status_code == 200


def test_it_is_up_and_says_why_it_is_not_ready(newcomer: FlaskClient) -> None:
    assert newcomer.get("/healthz").status_code == 200
    answer = newcomer.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"ready": False, "faults": ["city"], "findings": ["no_city_published"]}


def test_an_open_import_screen_can_ask_what_is_live(newcomer: FlaskClient, tmp_path: Path) -> None:
    state = newcomer.get("/live/state")
    assert state.status_code == 200
    assert (state.json["snapshot"], state.json["version"], state.json["sources"]) == ("", "", [])
    assert newcomer.get("/version").json["snapshot"] == ""
    live = publish_tiny(tmp_path)
    after = newcomer.get("/live/state", headers={"If-None-Match": state.headers["ETag"]})
    assert after.status_code == 200
    assert after.json["snapshot"] == live
    assert after.json.keys() == state.json.keys()


@pytest.mark.parametrize("path", ["/search?q=a", "/_dash-layout", "/b/x", "/export/map.csv"])
def test_what_needs_a_city_waits_for_it_without_a_word_in_the_log(
    newcomer: FlaskClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    assert newcomer.get(path).status_code in {302, 404, 503}
    assert caplog.text == ""


def test_the_first_publication_is_shown_by_the_same_server(
    newcomer: FlaskClient, tmp_path: Path
) -> None:
    assert "还没有城市数据" in newcomer.get("/?lang=zh").text
    publish_tiny(tmp_path)
    assert "<title>小城一屏</title>" in newcomer.get("/?lang=zh").text
    assert newcomer.get("/_dash-layout").status_code == 200
    assert newcomer.get("/readyz").json == {"ready": True, "faults": [], "findings": []}
    assert "<title>小城一屏</title>" in newcomer.get("/import?lang=zh").text


def test_there_is_nothing_to_feed(
    empty_app: Dash, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    feed.Keeper(tmp_path, empty_app.server.extensions[KEY]).look()
    assert list(tmp_path.iterdir()) == []
    assert caplog.text == ""
