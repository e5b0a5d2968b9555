from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
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
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED": "x"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_TRUE_CLIENT_IP": "10.0.0.1"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.0"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1"}, True),
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
    shown = client.get(path, environ_base=STRANGER, headers={"Accept": "text/html"})
    assert (shown.status_code, shown.mimetype) == (401, "text/html")
    assert shown.text.count("python -m geodata token make") == 2


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


def test_a_damaged_token_file_lets_nobody_in_and_is_told_to_the_log(
    tmp_path: Path, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "live.json").write_bytes((data_dir / "live.json").read_bytes())
    (tmp_path / "snapshots").symlink_to(data_dir / "snapshots")
    (tmp_path / "tokens.json").write_text("{")
    client = create_app(Settings(data_dir=tmp_path, feed=False)).server.test_client()
    for number in range(identity.MOST_MISSES + 2):
        headers = {"Authorization": f"Bearer wall.{number}"}
        answer = client.get("/version", headers=headers, environ_base=STRANGER)
        assert answer.status_code == 401
        assert "tokens.json" not in answer.text
    assert caplog.text.count("tokens.json: is damaged") == 1
    assert client.get("/version", headers=headers).status_code == 200  # the operator needs none


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every secret the store was asked about."""
    seen: list[str] = []
    ask = tokens.bearer

    def bearer(data_dir: Path, secret: str) -> tokens.Token | None:
        seen.append(secret)
        return ask(data_dir, secret)

    monkeypatch.setattr(identity.tokens, "bearer", bearer)
    return seen


def test_wrong_secrets_are_not_tried_without_end(
    data_dir: Path, secret: str, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(Settings(data_dir=data_dir, feed=False)).server.test_client()

    def show(shown: str, address: str = "10.0.0.7") -> int:
        headers = {"Authorization": f"Bearer {shown}"}
        base = {"REMOTE_ADDR": address}
        return client.get("/version", headers=headers, environ_base=base).status_code

    assert show(secret) == 200
    tried = [show(f"wall.{number}") for number in range(30)]
    assert tried == [401] * (identity.MOST_MISSES - 1) + [429] * (31 - identity.MOST_MISSES)
    assert len(hashed) == 1 + identity.MOST_MISSES
    assert client.get("/?token=wall.z", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 429
    assert show(secret, "10.0.0.8") == 200  # others are not kept out
    now = identity.time.monotonic()
    monkeypatch.setattr(identity.time, "monotonic", lambda: now + identity.REMEMBER_S + 1)
    assert show(secret) == 200  # nor is who was let in before
    assert show("wall.x") == 429
    monkeypatch.setattr(identity.time, "monotonic", lambda: now + identity.MISSES_S + 1)
    assert show("wall.x") == 401


def test_a_right_token_shown_often_frees_nobody_to_try_on(
    data_dir: Path, secret: str, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(Settings(data_dir=data_dir, feed=False)).server.test_client()
    start = identity.time.monotonic()

    def show(shown: str, later: float) -> int:
        monkeypatch.setattr(identity.time, "monotonic", lambda: start + later)
        headers = {"Authorization": f"Bearer {shown}"}
        return client.get("/version", headers=headers, environ_base=STRANGER).status_code

    assert show(secret, 0) == 200
    for number in range(identity.MOST_MISSES):
        show(f"wall.{number}", 1)
    for again in range(1, 4):  # each time the store is asked anew
        assert show(secret, again * (identity.REMEMBER_S + 1)) == 200
    before = len(hashed)
    assert show("wall.more", 15) == 429
    assert len(hashed) == before


def test_wrong_secrets_at_once_are_no_more_than_one_by_one(
    data_dir: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = create_app(Settings(data_dir=data_dir, feed=False)).server
    tries = 3 * identity.MOST_MISSES
    together = threading.Barrier(tries)
    too_many = identity.Misses.too_many

    def slowly(misses: identity.Misses, address: str) -> bool:
        found = too_many(misses, address)
        identity.time.sleep(0.01)  # so that others look as well before this one is counted
        return found

    monkeypatch.setattr(identity.Misses, "too_many", slowly)

    def show(number: int) -> int:
        headers = {"Authorization": f"Bearer wall.{number}"}
        together.wait(30)
        answer = server.test_client().get("/version", headers=headers, environ_base=STRANGER)
        return answer.status_code

    with ThreadPoolExecutor(tries) as pool:
        assert set(pool.map(show, range(tries))) <= {401, 429}
    assert len(hashed) == identity.MOST_MISSES


@pytest.mark.parametrize("named", [True, False])
def test_behind_a_named_proxy_each_of_its_clients_is_counted_alone(
    data_dir: Path, hashed: list[str], *, named: bool
) -> None:
    hosts = ("city.gov.cn",) if named else ()
    settings = Settings(data_dir=data_dir, trusted_hosts=hosts, feed=False)
    client = create_app(settings).server.test_client()

    def show(shown: str, forwarded: str) -> int:
        headers = {"Authorization": f"Bearer {shown}", "X-Forwarded-For": forwarded}
        return client.get("/version", headers=headers).status_code

    for number in range(2 * identity.MOST_MISSES):  # what a client claims itself does not count
        show(f"wall.{number}", f"10.1.1.{number}, 10.0.0.7")
    assert len(hashed) == identity.MOST_MISSES
    assert show("wall.z", "10.0.0.8") == (401 if named else 429)


@pytest.mark.parametrize(
    ("forwarded", "scheme", "secure"),
    [
        ("https", "http", True),
        ("http", "http", False),
        (None, "http", False),
        (None, "https", True),
    ],
)
def test_the_cookie_stays_on_tls(
    dash_app: Dash, secret: str, forwarded: str | None, scheme: str, *, secure: bool
) -> None:
    headers = {"X-Forwarded-Proto": forwarded} if forwarded else {}
    answer = dash_app.server.test_client().get(
        "/", query_string={"token": secret}, headers=headers, environ_base=STRANGER,
        base_url=f"{scheme}://localhost",
    )  # fmt: skip
    assert ("; Secure" in answer.headers["Set-Cookie"]) is secure


def test_an_old_secret_shown_again_and_again_is_one_miss(data_dir: Path, hashed: list[str]) -> None:
    client = create_app(Settings(data_dir=data_dir, feed=False)).server.test_client()
    headers = {"Authorization": "Bearer wall.old"}
    for _ in range(2 * identity.MOST_MISSES):
        assert client.get("/version", headers=headers, environ_base=STRANGER).status_code == 401
    assert hashed == ["wall.old"]


def test_health_asks_for_no_secret(client: FlaskClient, hashed: list[str]) -> None:
    headers = {"Authorization": "Bearer wall.health"}
    assert client.get("/healthz", headers=headers, environ_base=STRANGER).status_code == 200
    assert not hashed


def test_the_local_operator_can_be_switched_off(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir, local_operator=False, feed=False)
    assert create_app(settings).server.test_client().get("/version").status_code == 401


def test_a_name_of_our_own_leaves_no_local_operator(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir, trusted_hosts=("city.gov.cn",), feed=False)
    client = create_app(settings).server.test_client()
    assert client.get("/version").status_code == 401
    assert client.get("/version", headers={"Host": "city.gov.cn"}).status_code == 401
