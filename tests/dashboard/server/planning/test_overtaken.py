"""A plan whose grids another one changed in law says so at once, and hands its changes on."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.factory import create_app
from dashboard.server import cities
from dashboard.settings import Settings
from geodata.desk import lawful
from geodata.planner import operations
from geodata.publish import enacted
from geodata.scenarios import grounds
from geodata.scenarios.scenario import PLANS
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

TODAY = datetime.now(UTC).date()
STREET, OTHER = "9911", "9912"


@pytest.fixture
def data_dir(planned_dir: Path, tmp_path: Path) -> Path:
    own = tmp_path / "data"
    shutil.copytree(planned_dir, own, ignore=shutil.ignore_patterns(PLANS, "*.lock"))
    return own


@pytest.fixture
def client(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setattr(cities, "LOOK_EVERY_S", 0.0)
    server = create_app(Settings(data_dir=data_dir, feed=False)).server
    with server.test_client() as client:
        yield client


def begun(client: FlaskClient, scope: str = "991") -> str:
    body = {"name": "方案A", "scope": scope, "rules": "shuangliu"}
    return str(client.post("/api/plans?lang=zh", json=body).json["id"])


def asked(client: FlaskClient, plan: str, path: str, at: str = STREET, **body: object) -> Any:  # noqa: ANN401
    head = client.get(f"/api/plans/{plan}/state?at={at}").json["plan"]["head"]
    return client.post(f"/api/plans/{plan}/{path}?lang=zh", json={"seen": head, "at": at, **body})


def published(data_dir: Path, client: FlaskClient) -> None:
    """The two grids of the first community become one in law, by some other plan."""
    city = open_city(data_dir)
    there = grounds.opened(grounds.folder_of(city), STREET)
    plan = operations.merge(there.ground, there.today, "9911001", "9911002")
    enacted.enact(city, enacted.Law(there, plan, "other", TODAY - timedelta(days=1)))
    if not grounds.is_ready(open_city(data_dir)):
        grounds.make(open_city(data_dir))
    assert _live(client) == open_city(data_dir).id, "the server shows the city of now"


def _live(client: FlaskClient) -> str:
    plan = client.get("/api/plans").json["plans"][0]["id"]
    return str(client.get(f"/api/plans/{plan}/state").json["plan"]["live"])


def test_it_is_told_and_goes_no_further(client: FlaskClient, data_dir: Path) -> None:
    plan = begun(client)
    assert client.get(f"/api/plans/{plan}/state").json["plan"]["overtaken"] == ""
    asked(client, plan, "do", op={"do": "merge", "survivor": "9912001", "other": "9912002"})
    asked(client, plan, "move", to="community")
    published(data_dir, client)
    text = client.get(f"/api/plans/{plan}/state?lang=zh").json["plan"]["overtaken"]
    assert "霁湾社区第1网格" in text
    assert "不能再提交" in text
    assert "9911001" not in text
    ready = client.get(f"/api/plans/{plan}/ready?lang=zh").json
    assert ready["added"][0] == {"key": "overtaken", "text": text, "where": []}
    refused = asked(client, plan, "move", to="street")
    assert (refused.status_code, refused.json["why"]) == (422, "overtaken")
    assert refused.json["text"] == text
    away = client.get(f"/plan/{plan}/shown?at={STREET}&lang=zh")
    assert away.location == f"/plan/{plan}?at={STREET}&lang=zh", "the desk tells it, not raw JSON"
    back = asked(client, plan, "move", to="withdrawn", reason="不再需要")
    assert back.json["plan"]["overtaken"] == "", "nothing more is asked of it"


def test_its_changes_go_over_to_a_new_plan(client: FlaskClient, data_dir: Path) -> None:
    plan = begun(client)
    asked(client, plan, "do", op={"do": "merge", "survivor": "9912001", "other": "9912002"})
    published(data_dir, client)
    made = client.post(f"/api/plans/{plan}/carry?lang=zh", json={"name": "方案A（续）"})
    assert made.status_code == 201, made.text
    state = client.get(f"/api/plans/{made.json['id']}/state").json
    assert state["plan"]["overtaken"] == ""
    assert {each["code"] for each in state["grids"]} == {"9911001", "9912001", "9912003"}
    assert state["plan"]["live"] == state["plan"]["base"]


def test_grids_that_both_changed_are_named(client: FlaskClient, data_dir: Path) -> None:
    plan = begun(client)
    asked(client, plan, "do", op={"do": "split_k", "grid": "9911001", "k": 2})
    published(data_dir, client)
    refused = client.post(f"/api/plans/{plan}/carry?lang=zh", json={"name": "方案A（续）"})
    assert (refused.status_code, refused.json["why"]) == (422, "overtaken")
    assert "霁湾社区第1网格" in refused.json["text"]
    assert len(client.get("/api/plans").json["plans"]) == 1


def test_the_rest_goes_over_where_it_is_asked_for_and_a_comment_names_what_is_left(
    client: FlaskClient, data_dir: Path
) -> None:
    plan = begun(client)
    asked(client, plan, "do", op={"do": "split_k", "grid": "9911001", "k": 2})
    asked(client, plan, "do", op={"do": "merge", "survivor": "9912001", "other": "9912002"})
    published(data_dir, client)
    body = {"name": "方案A（续）"}
    refused = client.post(f"/api/plans/{plan}/carry?lang=zh", json=body)
    assert (refused.status_code, refused.json["why"]) == (422, "overtaken_partly")
    assert "霁湾社区第1网格的改动不能接续" in refused.json["text"]
    made = client.post(f"/api/plans/{plan}/carry?lang=zh", json={**body, "partly": True})
    assert made.status_code == 201, made.text
    state = client.get(f"/api/plans/{made.json['id']}/state").json
    assert {each["code"] for each in state["grids"]} == {"9911001", "9912001", "9912003"}
    (said,) = state["comments"]
    assert "霁湾社区第1网格" in said["text"]
    wrong = client.post(f"/api/plans/{plan}/carry?lang=zh", json={**body, "partly": 1})
    assert wrong.status_code == 422


def test_what_is_in_force_is_not_overtaken_by_itself(client: FlaskClient, data_dir: Path) -> None:
    plan = begun(client)
    published(data_dir, client)
    record = data_dir / PLANS / plan / lawful.RECORD
    record.write_text(json.dumps(asdict(lawful.Record(plan, "s1", TODAY.isoformat(), 1))))
    assert client.get(f"/api/plans/{plan}/state").json["plan"]["overtaken"] == ""
    assert client.get(f"/plan/{plan}/shown?lang=en").location == "/?at=991&lang=en"


def test_only_plans_of_the_place_are_there_to_compare(client: FlaskClient) -> None:
    street, community = begun(client), begun(client, STREET)

    def covers(at: str) -> set[str]:
        plans = client.get(f"/api/plans?at={at}").json["plans"]
        return {each["id"] for each in plans if each["covers"]}

    assert covers(STREET) == {street, community}
    assert covers(OTHER) == {street}
    assert covers("") == set()


def test_the_day_of_an_approval_begins_today(client: FlaskClient, data_dir: Path) -> None:
    plan = begun(client)
    asked(client, plan, "do", op={"do": "merge", "survivor": "9912001", "other": "9912002"})
    for state in ("community", "street", "district"):
        now = asked(client, plan, "move", to=state).json["plan"]["next"]
    zone = ZoneInfo(open_city(data_dir).profile.time_zone)  # where it may be tomorrow already
    assert (now["dated"], now["first"]) == (True, datetime.now(zone).date().isoformat())
