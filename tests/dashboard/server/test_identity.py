from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.factory import create_app
from dashboard.server import identity
from dashboard.settings import Settings
from geodata.store import tokens

if TYPE_CHECKING:
    from pathlib import Path

    from dash import Dash
    from flask.testing import FlaskClient

STRANGER = {"REMOTE_ADDR": "10.0.0.9"}


@pytest.fixture(scope="module")
def secret(data_dir: Path) -> str:
    return tokens.make(data_dir, "wall")


@pytest.mark.parametrize(
    ("environ", "local"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "127.8.9.1"}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "::ffff:127.0.0.1"}, True),
        ({"REMOTE_ADDR": "10.0.0.1"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"REMOTE_ADDR": "unix:"}, False),
        ({}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_HOST": ""}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=x"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": "10.0.0.1"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_VIA": "1.1 proxy"}, False),
    ],
)
def test_only_this_machine_without_a_proxy_is_local(
    environ: dict[str, str], *, local: bool
) -> None:
    assert identity.is_local(environ) is local


@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/live/state", "/search?q=a", "/version"])
def test_a_stranger_is_told_how_to_get_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path, environ_base=STRANGER)
    assert answer.status_code == 401
    assert answer.mimetype == "text/plain"
    assert answer.text.count("python -m geodata token make") == 2


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/robots.txt"])
def test_anybody_may_ask_for_the_health(client: FlaskClient, path: str) -> None:
    assert client.get(path, environ_base=STRANGER).status_code == 200


def test_a_bearer_is_answered(client: FlaskClient, secret: str) -> None:
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/version", headers=headers, environ_base=STRANGER).status_code == 200


@pytest.mark.parametrize("shown", ["wall.wrong", "", "nobody.x", "wall", "é", "x" * 900])
def test_a_wrong_secret_is_not(client: FlaskClient, shown: str) -> None:
    headers = {"Authorization": f"Bearer {shown}"}
    assert client.get("/version", headers=headers, environ_base=STRANGER).status_code == 401
    assert client.get("/", query_string={"token": shown}, environ_base=STRANGER).status_code == 401


def test_a_token_in_the_address_becomes_a_cookie(dash_app: Dash, secret: str) -> None:
    client = dash_app.server.test_client()
    answer = client.get("/", query_string={"token": secret, "at": "99"}, environ_base=STRANGER)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert 'content="0;url=/?at=99"' in answer.text
    assert secret not in answer.text
    assert client.get("/version", environ_base=STRANGER).status_code == 200


def test_the_step_cannot_lead_elsewhere(client: FlaskClient, secret: str) -> None:
    query = {"token": secret, "x": '"><script>', "next": "https://evil.example"}
    answer = client.get("/", query_string=query, environ_base=STRANGER)
    assert "<script>" not in answer.text
    assert "url=/?" in answer.text


def test_a_revoked_token_is_refused_soon(
    data_dir: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"Authorization": f"Bearer {tokens.make(data_dir, 'guest')}"}
    assert client.get("/version", headers=headers, environ_base=STRANGER).status_code == 200
    tokens.revoke(data_dir, "guest")
    now = identity.time.monotonic()
    monkeypatch.setattr(identity.time, "monotonic", lambda: now + identity.REMEMBER_S + 1)
    assert client.get("/version", headers=headers, environ_base=STRANGER).status_code == 401


def test_a_damaged_token_file_lets_nobody_in(tmp_path: Path, data_dir: Path) -> None:
    (tmp_path / "live.json").write_bytes((data_dir / "live.json").read_bytes())
    (tmp_path / "snapshots").symlink_to(data_dir / "snapshots")
    (tmp_path / "tokens.json").write_text("{")
    client = create_app(Settings(data_dir=tmp_path, feed=False)).server.test_client()
    headers = {"Authorization": "Bearer wall.x"}
    assert client.get("/version", headers=headers, environ_base=STRANGER).status_code == 403


def test_the_local_operator_can_be_switched_off(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir, local_operator=False, feed=False)
    assert create_app(settings).server.test_client().get("/version").status_code == 401
