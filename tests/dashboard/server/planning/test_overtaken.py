"""A plan whose grids another one changed in law says so at once, and hands its changes on."""

from __future__ import annotations

import json
import shutil
import threading
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.factory import create_app
from dashboard.server import cities
from dashboard.server.planning import overtakings
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
    told = client.get(f"/api/plans/{plan}/state?lang=zh").json["plan"]
    text = told["overtaken"]
    assert told["next"] is None, "nothing is offered that would be refused"
    assert (told["back"]["state"], told["away"]["state"]) == ("draft", "withdrawn")
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


def rows(client: FlaskClient, lang: str = "zh") -> dict[str, Any]:
    """The list by id, once every scenario in it was looked at."""
    for _ in range(200):
        found = client.get(f"/api/plans?lang={lang}").json["plans"]
        if all(each["overtaken"] is not None for each in found):
            return {each["id"]: each for each in found}
        time.sleep(0.05)
    raise AssertionError(found)


def test_the_list_marks_what_a_publication_overtook(client: FlaskClient, data_dir: Path) -> None:
    plan, other = begun(client), begun(client, OTHER)
    assert rows(client)[plan]["overtaken"] == ""
    published(data_dir, client)
    assert "2 个网格与起草时不同" in rows(client)[plan]["overtaken"].replace("\u2009", " ")
    assert rows(client, "en")[plan]["overtaken"].startswith("A publication since has changed 2")
    assert rows(client)[other]["overtaken"] == "", "nothing of its own place was changed"
    asked(client, plan, "move", to="withdrawn", reason="不再需要")
    assert rows(client)[plan]["overtaken"] == ""


def test_the_list_opens_no_ground(
    client: FlaskClient, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(client)
    published(data_dir, client)
    own, opened = threading.current_thread(), []
    real = grounds.opened

    def watched(*args: Any) -> Any:  # noqa: ANN401
        opened.append(threading.current_thread() is own)
        return real(*args)

    monkeypatch.setattr(grounds, "opened", watched)
    with create_app(Settings(data_dir=data_dir, feed=False)).server.test_client() as fresh:
        rows(fresh)  # of a server that has shown no desk yet
    assert opened == [False], "once, and behind whoever asks"


def test_a_ground_that_cannot_be_read_hinders_no_other_row(
    client: FlaskClient, data_dir: Path
) -> None:
    broken, plan = begun(client, OTHER), begun(client)
    published(data_dir, client)
    for part in (data_dir / PLANS / broken / "ground").glob("*.npz"):
        part.unlink()
    found = rows(client)
    assert (found[broken]["overtaken"], bool(found[plan]["overtaken"])) == ("", True)


def test_what_is_known_waits_for_no_look(
    client: FlaskClient, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, other = begun(client, STREET), begun(client)
    published(data_dir, client)
    with create_app(Settings(data_dir=data_dir, feed=False)).server.test_client() as fresh:
        wanted = fresh.get(f"/api/plans/{known}/state").json["plan"]["overtaken"]
        assert wanted
        looking, go_on = threading.Event(), threading.Event()
        real = overtakings.overtaken

        def slow(*given: Any) -> Any:  # noqa: ANN401
            looking.set()
            assert go_on.wait(60)
            return real(*given)

        monkeypatch.setattr(overtakings, "overtaken", slow)
        fresh.get("/api/plans")
        assert looking.wait(60), "the other one is looked at behind the list"
        told = fresh.get(f"/api/plans/{known}/state").json["plan"]["overtaken"]
        assert not go_on.is_set()
        go_on.set()
        assert told == wanted
        assert rows(fresh)[other]["overtaken"]


def test_a_fault_that_passed_is_forgotten_once_the_desk_could_look(
    client: FlaskClient, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = begun(client)
    published(data_dir, client)
    with create_app(Settings(data_dir=data_dir, feed=False)).server.test_client() as fresh:
        with monkeypatch.context() as broken:
            broken.setattr(overtakings, "overtaken", lambda *_: 1 / 0)
            assert rows(fresh)[plan]["overtaken"] == ""
        assert fresh.get(f"/api/plans/{plan}/state").json["plan"]["overtaken"]
        assert rows(fresh)[plan]["overtaken"]


def test_what_continues_it_is_named_by_default_in_the_language_of_who_reads(
    client: FlaskClient, data_dir: Path
) -> None:
    plan = begun(client)
    asked(client, plan, "do", op={"do": "merge", "survivor": "9912001", "other": "9912002"})
    published(data_dir, client)
    usual = client.get(f"/api/plans/{plan}/state?lang=en").json["plan"]["carry_name"]
    made = client.post(f"/api/plans/{plan}/carry?lang=en", json={}).json["id"]
    names = {lang: rows(client, lang)[made]["name"] for lang in ("zh", "en")}
    assert names == {"zh": "方案A（续）", "en": "方案A (continued)"}
    assert usual == names["en"]
    for lang, name in names.items():
        told = client.get(f"/api/plans/{made}/state?lang={lang}").json
        assert told["plan"]["name"] == name
        assert told["plan"]["title"].startswith(name)
        assert name in client.get(f"/plan/{made}?lang={lang}").text
    carried = {lang: rows(client, lang)[plan]["carried"] for lang in ("zh", "en")}
    assert carried == {lang: [{"id": made, "name": name}] for lang, name in names.items()}


def test_it_is_carried_over_again_only_on_purpose(client: FlaskClient, data_dir: Path) -> None:
    plan = begun(client)
    asked(client, plan, "do", op={"do": "merge", "survivor": "9912001", "other": "9912002"})
    published(data_dir, client)
    address = f"/api/plans/{plan}/carry?lang=zh"
    first = client.post(address, json={}).json["id"]
    refused = client.post(address, json={})
    assert (refused.status_code, refused.json["why"]) == (409, "carried_already")
    assert "“方案A（续）”" in refused.json["text"]
    second = client.post(address, json={"again": True})
    assert second.status_code == 201, second.text
    told = client.get(f"/api/plans/{plan}/state?lang=zh").json["plan"]["carried"]
    assert {each["name"] for each in told} == {"方案A（续）", "方案A（续2）"}
    body = {"name": "支线"}
    branch = asked(client, first, "branch", **body).json["plan"]["id"]
    assert rows(client)[branch]["name"] == "支线"
    assert len(rows(client)[plan]["carried"]) == 2, "a branch of what continues it is none"


def test_the_history_says_from_where_changes_came(client: FlaskClient, data_dir: Path) -> None:
    plan = begun(client)
    asked(client, plan, "do", op={"do": "merge", "survivor": "9912001", "other": "9912002"})
    published(data_dir, client)
    made = client.post(f"/api/plans/{plan}/carry", json={"name": "续稿"}).json["id"]
    found = {
        lang: client.get(f"/api/plans/{made}/history?lang={lang}").json["steps"]
        for lang in ("zh", "en")
    }
    (zh,), (en,) = found["zh"], found["en"]
    assert zh["text"].replace("\u2009", "") == "由“方案A”接续，涉及2个网格"
    assert en["text"] == "Carried over from '方案A', 2 grids changed"
    assert (zh["name"], zh["reason"]) == ("carry", "")


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
