from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.server.gate import CALLBACKS, MAX_BODY
from tests.dashboard.server.bodies import body_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from dashboard.server.route import Listed

UPDATE = "/_dash-update-component"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HOSTILE: list[Any] = [
    "",
    "<script>alert(1)</script>",
    "?at=%00",
    "?at=../../etc/passwd",
    "?t=2000-01-01..2100-01-01",
    "?t=2026-02-31..2026-02-30",
    "?at=" + "九" * 400,
    "?k=" + ",".join("a" for _ in range(900)),
    "?sel=" + "%F0%9F%92%A9" * 60,
    "?lv=building&at=99&heat=1&play=2026-11-21T14:30",
    "?at=B991110&table=kpis",
    "?at=';DROP TABLE places;--",
    "?m=on_time&bv=nothing",
    "x" * 5_000,
    "\ud800",
    None,
    7,
    2**80,
    -1.5,
    True,
    [],
    {},
    ["?at=99"],
    {"at": "99"},
]


def overview() -> Listed:
    """The callback that answers the URL."""
    return next(x for x in CALLBACKS if any(name == "url.search" for name, _ in x.inputs))


def send(client: FlaskClient, body: object) -> TestResponse:
    return client.post(UPDATE, data=json.dumps(body), content_type="application/json")


def assert_refused_or_answered(answer: TestResponse) -> None:
    assert answer.status_code < 500
    assert "Traceback" not in answer.text


def test_the_overview_answers(client: FlaskClient) -> None:
    answer = send(client, body_of(overview(), url_search="?at=99"))
    assert answer.status_code == 200
    assert answer.json["response"]


@pytest.mark.parametrize("listed", CALLBACKS, ids=lambda listed: listed.output)
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:30])
def test_hostile_values_are_refused_or_answered(
    client: FlaskClient, listed: Listed, value: object
) -> None:
    names = [name for name, _ in (*listed.inputs, *listed.state)]
    values = {name.replace(".", "_").replace("-", "_"): value for name in names}
    assert_refused_or_answered(send(client, body_of(listed, **values)))


@QUICK
@given(JSON)
def test_any_json_is_refused_or_answered(client: FlaskClient, body: object) -> None:
    answer = send(client, body)
    assert answer.status_code in {403, 422}


@QUICK
@given(st.sampled_from(["outputs", "inputs", "state", "changedPropIds", "output", "more"]), JSON)
def test_any_part_may_be_anything(client: FlaskClient, part: str, value: object) -> None:
    assert_refused_or_answered(send(client, body_of(overview()) | {part: value}))


@QUICK
@given(JSON)
def test_any_input_may_be_anything(client: FlaskClient, value: object) -> None:
    assert_refused_or_answered(send(client, body_of(overview(), url_search=value)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"nonsense",
        b"[" * 60_000,
        b'{"output":' * 6_000,
        b"1" * 60_000,
        b"\xff\xfe",
        b"NaN",
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_json_is_refused(client: FlaskClient, data: bytes) -> None:
    answer = client.post(UPDATE, data=data, content_type="application/json")
    assert answer.status_code == 422


def test_a_body_that_is_not_called_json_is_refused(client: FlaskClient) -> None:
    data = json.dumps(body_of(overview()))
    assert client.post(UPDATE, data=data, content_type="text/plain").status_code == 422
    assert client.post(UPDATE, data={"output": "x"}).status_code == 422


def test_a_body_over_the_limit_is_refused(client: FlaskClient) -> None:
    body = body_of(overview(), url_search="x" * (MAX_BODY + 1))
    assert send(client, body).status_code == 413


def test_an_unlisted_callback_is_refused(client: FlaskClient) -> None:
    body = body_of(overview()) | {"output": "secret.children"}
    assert send(client, body).status_code == 403


@pytest.mark.parametrize("part", ["inputs", "state", "outputs"])
def test_another_property_is_refused(client: FlaskClient, part: str) -> None:
    body = body_of(overview())
    body[part] = [{"id": "body", "property": "innerHTML", "value": ""}]
    assert send(client, body).status_code == 422
