from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask

from dashboard import access
from dashboard.server import answers, checks
from dashboard.server.callbacks import outputs_of
from dashboard.server.cities import Cities
from dashboard.server.gate import CALLBACKS, ROUTES
from dashboard.server.guard import Guard
from dashboard.server.route import Listed, Route, fault_of_arguments

if TYPE_CHECKING:
    import pytest
    from dash import Dash
    from flask.testing import FlaskClient

    from dashboard.settings import Settings

UNLISTED_ON_PURPOSE = {"/_reload-hash"}


def specs(dash_app: Dash) -> list[dict[str, Any]]:
    """What the browser is told of the callbacks, screen by screen."""
    client = dash_app.server.test_client()
    return [
        spec
        for prefix in ("/", "/import/")
        for spec in client.get(f"{prefix}_dash-dependencies").json
    ]


def test_every_rule_of_the_application_is_listed_and_every_listed_rule_exists(
    dash_app: Dash,
) -> None:
    rules = {rule.rule for rule in dash_app.server.url_map.iter_rules()}
    assert rules - UNLISTED_ON_PURPOSE == {route.rule for route in ROUTES}


def test_every_server_callback_is_listed_and_every_listed_callback_exists(dash_app: Dash) -> None:
    asked = {spec["output"] for spec in specs(dash_app) if not spec["clientside_function"]}
    assert asked == {listed.output for listed in CALLBACKS}


def test_the_listed_arguments_are_those_of_the_callback(dash_app: Dash) -> None:
    by_output = {spec["output"]: spec for spec in specs(dash_app)}
    for listed in CALLBACKS:
        for part, own in (("inputs", listed.inputs), ("state", listed.state)):
            names = [f"{item['id']}.{item['property']}" for item in by_output[listed.output][part]]
            assert names == [name for name, _ in own]


def test_no_rule_and_no_callback_is_listed_twice() -> None:
    assert len({route.rule for route in ROUTES}) == len(ROUTES)
    assert len({listed.output for listed in CALLBACKS}) == len(CALLBACKS)


def guarded(settings: Settings, routes: tuple[Route, ...]) -> FlaskClient:
    server = Flask("test", static_folder=None)
    access.connect(server.extensions, Cities(settings.data_dir))
    Guard(settings, routes=routes).install(server)
    answers.install(server)
    server.add_url_rule("/secret", "secret", lambda: "secret", methods=["GET", "POST"])
    server.add_url_rule("/broken", "broken", lambda: 1 // 0)
    return server.test_client()


def test_a_route_nobody_listed_is_refused(settings: Settings) -> None:
    assert guarded(settings, ()).get("/secret").status_code == 403
    assert guarded(settings, (Route("/secret"),)).get("/secret").text == "secret"


def test_a_method_nobody_listed_is_refused(settings: Settings) -> None:
    assert guarded(settings, (Route("/secret"),)).post("/secret").status_code == 403


def test_a_right_the_actor_lacks_is_refused(settings: Settings) -> None:
    routes = (Route("/secret", right="publish"),)
    assert guarded(settings, routes).get("/secret").status_code == 403


def test_a_failure_has_a_reference_and_no_traceback(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    answer = guarded(settings, (Route("/broken"),)).get("/broken")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert answer.json["reference"] in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_arguments_are_checked_by_name() -> None:
    route = Route("/x/<a>", {"a": checks.key}, {"n": checks.number(0, 9)})
    assert fault_of_arguments(route, {"a": "k"}, [("n", "9")]) == ""
    assert "n:" in fault_of_arguments(route, {"a": "k"}, [("n", "10")])
    assert "a:" in fault_of_arguments(route, {"a": "K!"}, [])
    assert "other:" in fault_of_arguments(route, {"a": "k"}, [("other", "1")])


def test_outputs_are_read_from_the_output_id() -> None:
    assert outputs_of("a.children") == [{"id": "a", "property": "children"}]
    assert outputs_of("..a.b...c.d..") == [
        {"id": "a", "property": "b"},
        {"id": "c", "property": "d"},
    ]


def test_the_default_of_a_listed_callback_is_the_right_to_view() -> None:
    assert Listed("a.b", ()).right == "view"
