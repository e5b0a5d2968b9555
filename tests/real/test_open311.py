"""What we answer against the schemas and the examples that others made for GeoReport v2."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from defusedxml import ElementTree
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from dashboard.factory import create_app
from dashboard.server.api import events, open311
from dashboard.settings import Settings
from tests.browser.tiny import NOW, publish_tiny

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from flask.testing import FlaskClient

pytestmark = pytest.mark.real
FOLDER = "open311"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A small city with one live case that says all that a case can."""
    folder = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    made: FlaskClient = create_app(Settings(data_dir=folder, feed=False)).server.test_client()
    line = {
        "source": "a",
        "case": "R-1",
        "stage": "reported",
        "at": NOW,
        "matter": "a",
        "department": "a",
        "lon": 104.0027,
        "lat": 30.505,
    }
    assert made.post(events.PATH, data=orjson.dumps(line)).json["accepted"] == 1
    return made


def faults(real_data: Path, schema: str, told: object) -> list[str]:
    folder = real_data / FOLDER / "schema"
    known = {
        path.name: Resource.from_contents(json.loads(path.read_text("utf-8")), DRAFT4)
        for path in folder.glob("*.json")
    }
    registry: Registry[Any] = Registry().with_resources(known.items())
    validator = Draft4Validator({"$ref": schema}, registry=registry)
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(told)]


def told(client: FlaskClient, path: str) -> Any:  # noqa: ANN401
    answer = client.get(f"{open311.ROOT}/{path}.json")
    assert answer.status_code == 200
    return answer.json


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("services", "services.json"),
        ("services/a", "service-definition.json"),
        ("requests", "requests.json"),
        ("requests/a:R-1", "requests.json"),
        ("requests?status=closed", "requests.json"),
    ],
)
def test_answers_fit_the_schemas(
    client: FlaskClient, real_data: Path, path: str, schema: str
) -> None:
    name, _, query = path.partition("?")
    found = client.get(f"{open311.ROOT}/{name}.json?{query}").json
    assert found
    assert faults(real_data, schema, found) == []


def test_the_schemas_see_what_is_wrong(client: FlaskClient, real_data: Path) -> None:
    found = told(client, "requests/a:R-1")
    found[0]["status"] = "perhaps"
    assert len(faults(real_data, "requests.json", found)) == 1


def test_every_address_of_the_description_that_reads_is_answered(
    client: FlaskClient, real_data: Path
) -> None:
    described = json.loads((real_data / FOLDER / "schema" / "swagger.json").read_text("utf-8"))
    reads = [path for path, verbs in described["paths"].items() if "get" in verbs]
    assert len(reads) >= 4
    for path in reads:
        if "token" in path:  # nobody is given one: a case has its number at once
            continue
        filled = path.replace("{service_request_id}", "a:R-1").replace("{service_code}", "a")
        for form in ("json", "xml"):
            address = open311.ROOT + filled.replace("{response_format}", form)
            assert client.get(address).status_code == 200, address


def test_every_filter_of_the_description_is_understood(
    client: FlaskClient, real_data: Path
) -> None:
    described = json.loads((real_data / FOLDER / "schema" / "swagger.json").read_text("utf-8"))
    given = {
        "service_request_id": "a:R-1",
        "service_code": "a",
        "start_date": "2026-11-21T00:00:00Z",
        "end_date": "2026-11-22T00:00:00Z",
        "status": "open",
    }
    for parameter in described["paths"]["/requests.{response_format}"]["get"]["parameters"]:
        if name := parameter.get("name"):
            answer = client.get(f"{open311.ROOT}/requests.json", query_string={name: given[name]})
            numbers = [each["service_request_id"] for each in answer.json]
            assert "a:R-1" in numbers, name


def _shape(element: Element) -> set[str]:
    """Paths of every element: service_requests/request/status …"""
    return {element.tag} | {
        f"{element.tag}/{below}" for child in element for below in _shape(child)
    }


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("services.xml", "services"),
        ("service_requests.xml", "requests"),
        ("get_service_request.xml", "requests/a:R-1"),
        ("service_requests_empty.xml", "requests"),
        ("get_service_request_not_found.xml", "requests/a:not-an-id"),
    ],
)
def test_xml_has_the_elements_of_the_examples(
    client: FlaskClient, real_data: Path, file: str, path: str
) -> None:
    example = ElementTree.parse(real_data / FOLDER / "cfa_ruby_spec" / file).getroot()
    query = "?end_date=2001-01-01" if "empty" in file else ""
    ours = ElementTree.fromstring(client.get(f"{open311.ROOT}/{path}.xml{query}").data)
    assert _shape(ours) == _shape(example)
