from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from defusedxml import ElementTree

from dashboard.server.api import events, open311
from dashboard.server.api.markup import document
from geodata.journal import reading
from geodata.journal.cases import LIVE_IDS, Cases
from tests.browser.tiny import NOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geodata.journal.journal import Entry
    from geodata.store.snapshots import City

STRANGER = {"REMOTE_ADDR": "10.0.0.9"}


@pytest.fixture(scope="module", autouse=True)
def _sent(server: Any) -> None:  # noqa: ANN401
    """Two live cases, and a published one that an event closes."""
    lines = (
        {
            "source": "b",
            "case": "L/1.x",
            "stage": "reported",
            "at": NOW - 50,
            "matter": "a",
            "building": "B991110",
            "lon": 104.0027,
            "lat": 30.505,
        },
        {"source": "b", "case": "L/1.x", "stage": "dispatched", "at": NOW - 40, "department": "b"},
        {"source": "b", "case": "L2", "stage": "reported", "at": NOW - 30, "category": "c"},
        {"source": "b", "case": "L2", "stage": "voided", "at": NOW - 20},
    )
    answer = server.test_client().post(events.PATH, data=b"\n".join(map(orjson.dumps, lines)))
    assert answer.json["accepted"] == 4


def ask(client: FlaskClient, path: str, **query: str) -> Any:  # noqa: ANN401
    answer = client.get(f"{open311.ROOT}/{path}.json", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_services_are_the_matters_and_the_categories(client: FlaskClient) -> None:
    found = ask(client, "services", lang="zh")
    assert [service["service_code"] for service in found] == [
        "a", "b", "c", "category.a", "category.b", "category.c",
    ]  # fmt: skip
    assert (found[0]["service_name"], found[0]["group"]) == ("噪声", "市容")
    assert [service["metadata"] for service in found] == [True] * 3 + [False] * 3


def test_the_definition_of_a_service_tells_department_and_limit(client: FlaskClient) -> None:
    found = ask(client, "services/a")
    assert found["service_code"] == "a"
    assert [(a["code"], a["description"]) for a in found["attributes"]] == [
        ("DEPARTMENT", "城管局"),
        ("LIMIT", "24 紧急工作时"),
    ]


def test_a_live_case_is_told(client: FlaskClient) -> None:
    (found,) = ask(client, "requests/b:L/1.x", lang="zh")
    assert found["service_request_id"] == "b:L/1.x"
    assert (found["status"], found["status_notes"]) == ("open", None)
    assert (found["service_code"], found["service_name"]) == ("a", "噪声")
    assert found["agency_responsible"] == "住建局"
    assert datetime.fromisoformat(found["requested_datetime"]).timestamp() == NOW - 50
    assert datetime.fromisoformat(found["updated_datetime"]).timestamp() == NOW - 40
    assert datetime.fromisoformat(found["expected_datetime"]).timestamp() == NOW - 50 + 86_400
    assert found["address"] == "网格1, 第一社区, 鹤湾街道, 小城区"
    assert found["address_id"] == "99111"
    assert (found["long"], found["lat"]) == (pytest.approx(104.0027), pytest.approx(30.505))


def test_requests_are_the_newest_first(client: FlaskClient) -> None:
    found = ask(client, "requests")
    assert len(found) == open311.MOST
    times = [datetime.fromisoformat(each["requested_datetime"]) for each in found]
    assert times == sorted(times, reverse=True)
    assert [each["service_request_id"] for each in found[:2]] == ["b:L2", "b:L/1.x"]
    assert (found[0]["status"], found[0]["status_notes"]) == ("closed", "Void.")


def test_an_event_changes_the_published_case_and_makes_no_second(
    client: FlaskClient, city: City
) -> None:
    case = ask(client, "requests", status="open")[-1]
    source, _, key = case["service_request_id"].partition(":")
    line = {"source": source, "case": key, "stage": "closed", "at": NOW}
    assert client.post(events.PATH, data=orjson.dumps(line)).json["accepted"] == 1
    found = ask(client, "requests", service_request_id=case["service_request_id"])
    assert [each["status"] for each in found] == ["closed"]
    assert found[0] | {"status": 0, "updated_datetime": 0} == case | {
        "status": 0,
        "updated_datetime": 0,
    }
    day = datetime.fromisoformat(case["requested_datetime"]).isoformat()
    again = ask(client, "requests", start_date=day, end_date=day)
    numbers = [each["service_request_id"] for each in again]
    assert numbers.count(case["service_request_id"]) == 1
    assert city.meta["last"] < LIVE_IDS


def test_several_are_asked_for_by_number_and_all_else_is_ignored(client: FlaskClient) -> None:
    found = ask(client, "requests", service_request_id="b:L2,zz:1,b:nobody,b:L/1.x", status="open")
    assert [each["service_request_id"] for each in found] == ["b:L2", "b:L/1.x"]


def test_status_and_service_are_filters(client: FlaskClient) -> None:
    opened = ask(client, "requests", status="open")
    assert {each["status"] for each in opened} == {"open"}
    assert {e["status"] for e in ask(client, "requests", status="open,closed")} == {
        "open",
        "closed",
    }
    noise = ask(client, "requests", service_code="a", status="open")
    assert {each["service_code"] for each in noise} == {"a"}
    broad = ask(client, "requests", service_code="category.c")
    assert [each["service_request_id"] for each in broad] == ["b:L2"]


def test_dates_are_a_filter(client: FlaskClient) -> None:
    start, end = "2026-11-20T00:00:00+08:00", "2026-11-20T12:00:00+08:00"
    found = ask(client, "requests", start_date=start, end_date=end)
    assert found
    for each in found:
        moment = datetime.fromisoformat(each["requested_datetime"])
        assert datetime.fromisoformat(start) <= moment <= datetime.fromisoformat(end)
    spaced = ask(client, "requests", start_date=start.replace("+", " "), end_date=end)
    assert spaced == found
    local = ask(client, "requests", start_date="2026-11-20", end_date="2026-11-20T12:00:00")
    assert local == found
    assert ask(client, "requests", end_date="2020-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("requests", {"start_date": "2026-01-01", "end_date": "2026-11-01"}, 400),
        ("requests", {"start_date": "2026-11-01", "end_date": "2026-10-01"}, 400),
        ("requests", {"start_date": "soon"}, 400),
        ("requests", {"end_date": "0001-01-01T00:00:00+14:00"}, 400),
        ("requests", {"status": "lost"}, 400),
        ("requests", {"service_code": "cats"}, 404),
        ("requests", {"jurisdiction_id": "elsewhere"}, 404),
        ("requests/b:nobody", {}, 404),
        ("requests/nobody", {}, 404),
        ("services/cats", {}, 404),
    ],
)
def test_what_makes_no_sense_is_told_as_an_error(
    client: FlaskClient, path: str, query: dict[str, str], status: int
) -> None:
    answer = client.get(f"{open311.ROOT}/{path}.json", query_string=query)
    assert answer.status_code == status
    assert answer.json[0]["code"] == status
    assert answer.json[0]["description"]
    marked = client.get(f"{open311.ROOT}/{path}.xml", query_string=query)
    assert marked.status_code == status
    assert ElementTree.fromstring(marked.data).findtext("error/code") == str(status)


def test_the_jurisdiction_may_be_named(client: FlaskClient) -> None:
    assert ask(client, "services", jurisdiction_id="tiny", api_key="x")


@pytest.mark.parametrize(
    "path", ["services", "requests", "requests/b:L2", "discovery", "services/a"]
)
def test_xml_says_what_json_says(client: FlaskClient, path: str) -> None:
    told = ask(client, path)
    answer = client.get(f"{open311.ROOT}/{path}.xml")
    assert answer.content_type.startswith("text/xml")
    root = ElementTree.fromstring(answer.data)
    if isinstance(told, list):
        assert len(root) == len(told)
        for element, each in zip(root, told, strict=True):
            assert {part.tag: part.text for part in element} == {
                name: None
                if value is None
                else str(value).lower()
                if value in {True, False} and isinstance(value, bool)
                else str(value)
                for name, value in each.items()
            }
    else:
        assert [part.tag for part in root] == list(told)


def test_data_never_become_markup() -> None:
    text = document("services", [{"service_name": "<b>&\x00\ud7ff</b>"}])
    assert (
        ElementTree.fromstring(text.encode()).findtext("service/service_name")
        == "<b>&\ufffd\ud7ff</b>"
    )


def test_another_form_is_not_there(client: FlaskClient) -> None:
    assert client.get(f"{open311.ROOT}/services.yaml").status_code == 404


def test_nobody_reads_without_a_right(client: FlaskClient, sender: dict[str, str]) -> None:
    path = f"{open311.ROOT}/requests.json"
    assert client.get(path, environ_base=STRANGER).status_code == 401
    assert client.get(path, environ_base=STRANGER, headers=sender).status_code == 403
    assert client.post(path).status_code in {403, 404, 405}


def test_while_much_is_still_being_read_nobody_waits_for_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, apply = threading.Event(), Cases.apply

    def slow(cases: Cases, entries: list[Entry]) -> None:
        assert go.wait(30)
        apply(cases, entries)

    monkeypatch.setattr(reading, "FEW", 0)
    monkeypatch.setattr(Cases, "apply", slow)
    line = {"source": "b", "case": "L/1.x", "stage": "closed", "at": NOW - 10}
    assert client.post(events.PATH, data=orjson.dumps(line)).json["accepted"] == 1
    answer = client.get(f"{open311.ROOT}/requests/b:L/1.x.json")
    assert (answer.status_code, answer.json[0]["code"]) == (503, 503)
    assert int(answer.headers["Retry-After"]) > 0
    go.set()
    until = time.monotonic() + 30
    while client.get(f"{open311.ROOT}/requests.json").status_code == 503:
        assert time.monotonic() < until
    assert ask(client, "requests/b:L/1.x")[0]["status"] == "closed"
