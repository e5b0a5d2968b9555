from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.factory import create_app
from dashboard.server.gate import CALLBACKS, CATCH_ALL, ROUTES
from dashboard.server.headers import ALWAYS
from dashboard.settings import Settings
from tests.dashboard.server.bodies import body_of

if TYPE_CHECKING:
    from pathlib import Path

    from dash import Dash
    from flask.testing import FlaskClient

    from dashboard.server.route import Route

UPDATE = "/_dash-update-component"
CHECKED = [route for route in ROUTES if "GET" in route.methods and not route.lenient]


@pytest.mark.parametrize("host", ["localhost", "localhost:8050", "127.0.0.1:8050", "[::1]:8050"])
def test_our_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.0.0.1", "[", "a@b"])
def test_a_foreign_name_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code in {400, 403}


def test_configured_names_and_addresses_are_answered_on_the_network(data_dir: Path) -> None:
    settings = Settings(
        data_dir=data_dir,
        host="10.1.2.3",
        trusted_hosts=("city.gov.cn",),
        feed=False,
    )
    client = create_app(settings).server.test_client()
    for host, status in (("city.gov.cn", 200), ("10.1.2.4:8050", 200), ("evil.example", 403)):
        assert client.get("/healthz", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://["},
        {"Origin": "http://localhost:81"},
        {"Referer": "https://evil.example/page"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_post_from_elsewhere_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post(UPDATE, json=body_of(CALLBACKS[0], url_search=""), headers=headers)
    assert answer.status_code == 403


def test_a_post_from_our_own_page_is_answered(client: FlaskClient) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    answer = client.post(UPDATE, json=body_of(CALLBACKS[0], url_search=""), headers=headers)
    assert answer.status_code in {200, 204}


@pytest.mark.parametrize(
    "path", ["/", "/nope", "/healthz", "/_reload-hash", "/tiles/x/base/0/0/0", "/search?x=1"]
)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_only_the_wall_may_be_framed_and_only_by_itself(client: FlaskClient) -> None:
    answer = client.get("/wall")
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_policy_allows_the_inline_scripts_of_the_page_and_no_other(dash_app: Dash) -> None:
    policy = dash_app.server.test_client().get("/").headers["Content-Security-Policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    for script_hash in dash_app.csp_hashes():
        assert script_hash in scripts
    assert "unsafe" not in scripts
    assert "http" not in policy


def test_the_page_names_no_foreign_address(client: FlaskClient) -> None:
    for path in ("/", "/_dash-layout", "/_dash-dependencies"):
        page = client.get(path).text
        for scheme in ("http://", "https://"):
            for found in page.split(scheme)[1:]:
                assert found.startswith(("www.w3.org", "dash-version.plotly.com")), found[:60]


def test_an_unknown_page_is_not_the_overview(client: FlaskClient) -> None:
    assert client.get("/walls").status_code == 404
    page = client.get("/walls?lang=en&theme=light", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "no such page" in page.text
    assert '<a href="/">' in page.text


@pytest.mark.parametrize("route", CHECKED)
def test_an_argument_nobody_listed_is_refused(client: FlaskClient, route: Route) -> None:
    path = route.rule
    for name, value in (
        ("snapshot", "s"),
        ("level", "street"),
        ("panel", "p"),
        ("path:filename", "a"),
        ("layer", "base"),
        ("int:z", "1"),
        ("int:x", "0"),
        ("int:y", "0"),
        ("code", "99"),
        ("string:package_name", "dash"),
        ("path:fingerprinted_path", "a.js"),
    ):
        path = path.replace(f"<{name}>", value)
    assert path != CATCH_ALL
    assert client.get(f"{path}?zzz=1").status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/tiles/%00/base/0/0/0",
        "/tiles/x/base/99/0/0",
        "/tiles/x/base/-1/0/0",
        "/tiles/x/..%2f..%2fetc/0/0/0",
        "/tiles/x/base/0/99999999999999999999/0",
        "/assets/..%2f..%2fapp.py",
        "/assets/../app.py",
        "/_dash-component-suites/os/path.py",
        "/_dash-component-suites/dash/../../../etc/passwd",
        "/_dash-component-suites/dash/nothing.v1m1.js",
        "/units/x/%3Cscript%3E.json",
        "/b/%3Cscript%3E",
        "/b//evil.example",
        "/heat/%2e%2e",
        "/export/..%2fx.csv",
        "/search?q=%FF%FE",
        "/search?q=" + "x" * 500,
        "/search?q=%ED%A0%80",
        "/?token=%00",
        "/?at=" + "x" * 9_000,
        "//evil.example/",
    ],
)
def test_hostile_addresses_are_refused_or_answered(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code < 500
    assert "Traceback" not in answer.text
    assert "evil.example" not in answer.headers.get("Location", "").split("/")[:3]
