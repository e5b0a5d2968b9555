from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.factory import create_app
from dashboard.settings import Settings
from geodata.desk import Desk, Job, job, tell
from geodata.model.errors import BusyError
from geodata.store import arrivals
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

NOBODYS = "0" * 16


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    return folder


@pytest.fixture
def client(data_dir: Path) -> FlaskClient:
    return create_app(Settings(data_dir=data_dir, feed=False)).server.test_client()


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    tasks: list[str] = []
    monkeypatch.setattr(Desk, "start", lambda _, __, task: tasks.append(task))
    return tasks


def hand_in(client: FlaskClient, name: str, content: bytes, arrival: str = "") -> str:
    query = {"name": name, "at": "0", "size": str(len(content))}
    answer = client.post("/import/files", query_string=query | ({"a": arrival} if arrival else {}),
                         data=content)  # fmt: skip
    assert answer.json["received"] == len(content)
    return str(answer.json["a"])


def test_files_are_received_into_one_arrival(client: FlaskClient, data_dir: Path) -> None:
    arrival = hand_in(client, "a.csv", b"code\n1\n")
    assert hand_in(client, "网格.csv", b"x", arrival) == arrival
    assert arrivals.files(arrivals.folder(data_dir, arrival)) == {"a.csv": 7, "网格.csv": 1}


def test_a_piece_that_is_too_large_is_413(client: FlaskClient) -> None:
    query = {"name": "a.csv", "at": "0", "size": "9000000"}
    answer = client.post("/import/files", query_string=query, data=b"x" * (4 << 20) + b"x")
    assert answer.status_code == 413


def test_a_refused_name_is_422_and_says_what_to_do(client: FlaskClient) -> None:
    query = {"name": "..", "at": "0", "size": "1"}
    answer = client.post("/import/files", query_string=query, data=b"x")
    assert answer.status_code == 422
    assert "rename the file" in answer.json["detail"]


def test_a_refused_name_opens_no_arrival(client: FlaskClient, data_dir: Path) -> None:
    before = sorted((data_dir / arrivals.FOLDER).glob("*"))
    client.post("/import/files", query_string={"name": "..", "at": "0", "size": "1"}, data=b"x")
    assert sorted((data_dir / arrivals.FOLDER).glob("*")) == before


def test_what_was_decided_about_a_file_goes_with_it(
    client: FlaskClient, data_dir: Path, begun: list[str]
) -> None:
    arrival = hand_in(client, "a.zip", b"x")
    for file in ("a.zip", "a.zip#street", "b.csv"):
        query = {"a": arrival, "file": file, "key": "role", "value": "level"}
        client.post("/import/choose", query_string=query)
    client.post("/import/act", query_string={"a": arrival, "do": "remove", "file": "a.zip"})
    kept = arrivals.noted(arrivals.folder(data_dir, arrival), "choices")
    assert kept == {"b.csv": {"role": "level"}}
    assert begun[-1] == "look"


def test_an_arrival_that_is_gone_is_422(client: FlaskClient) -> None:
    assert client.get("/import/state", query_string={"a": NOBODYS}).status_code == 422
    for do in ("look", "trial", "confirm", "discard"):
        answer = client.post("/import/act", query_string={"a": NOBODYS, "do": do})
        assert answer.status_code == 422


def test_choices_are_kept_and_the_draft_is_made_anew(
    client: FlaskClient, data_dir: Path, begun: list[str]
) -> None:
    arrival = hand_in(client, "a.csv", b"code\n1\n")
    for key, value in (("role", "level"), ("encoding", "gb18030"), ("column:code", "code")):
        query = {"a": arrival, "file": "a.csv", "key": key, "value": value}
        assert client.post("/import/choose", query_string=query).status_code == 200
    kept = arrivals.noted(arrivals.folder(data_dir, arrival), "choices")
    assert kept == {"a.csv": {"role": "level", "encoding": "gb18030", "column:code": "code"}}
    assert begun == ["guess", "look", "guess"]


def test_a_file_can_be_taken_out_and_all_thrown_away(
    client: FlaskClient, data_dir: Path, begun: list[str]
) -> None:
    arrival = hand_in(client, "a.csv", b"x")
    query = {"a": arrival, "do": "remove", "file": "a.csv"}
    assert client.post("/import/act", query_string=query).status_code == 200
    assert begun == ["look"]
    home = arrivals.folder(data_dir, arrival)
    assert arrivals.files(home) == {}
    client.post("/import/act", query_string={"a": arrival, "do": "discard"})
    assert not home.exists()


@pytest.mark.parametrize(
    "query", [{"do": "erase"}, {"a": "../..", "do": "look"}, {"do": "look", "more": "1"}]
)
def test_arguments_nobody_listed_are_422(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.post("/import/act", query_string={"a": NOBODYS} | query)
    assert answer.status_code == 422
    assert "argument" in answer.json["detail"] or "value" in answer.json["detail"]


def test_a_busy_desk_is_no_error(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = hand_in(client, "a.csv", b"x")

    def busy(*_: object) -> None:
        raise BusyError

    monkeypatch.setattr(Desk, "start", busy)
    answer = client.post("/import/act", query_string={"a": arrival, "do": "look"})
    assert (answer.status_code, answer.json["busy"]) == (200, True)
    assert answer.json["error"]
    query = {"a": arrival, "file": "a.csv", "key": "role", "value": "level"}
    monkeypatch.setattr(Desk, "change", busy)
    assert client.post("/import/choose", query_string=query).json["busy"]


@pytest.mark.parametrize("name_en", ["City", ""])
def test_a_city_that_nobody_named_is_not_published(
    client: FlaskClient, data_dir: Path, monkeypatch: pytest.MonkeyPatch, name_en: str
) -> None:
    arrival = hand_in(client, "a.csv", b"x")
    home = arrivals.folder(data_dir, arrival)
    found = {"name_zh": {"value": "City"}, "name_en": {"value": name_en}}
    arrivals.note(home, "board", {"city": found})
    monkeypatch.setattr(Desk, "confirm", lambda *_: "s")
    query = {"a": arrival, "do": "confirm"}
    arrivals.note(home, "choices", {"": {"name_zh": "东城区"}})
    answer = client.post("/import/act", query_string=query)
    assert answer.status_code == 422
    assert "City" in answer.json["detail"]
    arrivals.note(home, "choices", {"": {"name_zh": "东城区", "name_en": "Dongcheng"}})
    assert client.post("/import/act", query_string=query).json == {"snapshot": "s"}


def test_a_trial_that_is_out_of_date_is_refused_in_the_words_of_the_reader(
    client: FlaskClient, data_dir: Path
) -> None:
    arrival = hand_in(client, "a.csv", b"x")
    home = arrivals.folder(data_dir, arrival)
    for language, said in (("en", "published or switched since"), ("zh", "请再次试导入")):
        tell(home, Job("trial", share=1.0, snapshot="s", beside="of-before"))
        query, spoken = {"a": arrival, "do": "confirm"}, {"Accept-Language": language}
        answer = client.post("/import/act", query_string=query, headers=spoken)
        assert answer.status_code == 422
        assert said in answer.json["detail"]
    assert job(home).fault == "outdated"
