from __future__ import annotations

import gzip
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from dashboard.factory import create_app
from dashboard.server.api import bodies, events, pace
from dashboard.settings import Settings
from geodata.journal.journal import Journal, url_of
from geodata.journal.sqlite import cure
from geodata.store import tokens
from tests.browser.tiny import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

STRANGER = {"REMOTE_ADDR": "10.0.0.9"}


def report(case: str, **more: object) -> dict[str, Any]:
    return {
        "source": "a",
        "case": case,
        "stage": "reported",
        "at": NOW - 60,
        "category": "b",
        **more,
    }


def send(client: FlaskClient, *lines: object, **more: Any) -> TestResponse:  # noqa: ANN401
    body = b"\n".join(x if isinstance(x, bytes) else orjson.dumps(x) for x in lines)
    return client.post(events.PATH, data=body, **more)


def kept(data_dir: Path) -> list[dict[str, Any]]:
    journal = Journal(url_of(data_dir))
    found = [orjson.loads(entry.line) for part in journal.entries() for entry in part]
    journal.close()
    return found


def test_what_is_acknowledged_is_on_the_disk(client: FlaskClient, data_dir: Path) -> None:
    answer = send(client, report("A-1"), report("A-2"))
    assert answer.status_code == 200
    assert (answer.json["accepted"], answer.json["repeated"], answer.json["rejected"]) == (2, 0, [])
    assert answer.json["seq"] == len(kept(data_dir))
    assert {"A-1", "A-2"} <= {word["case"] for word in kept(data_dir)}
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_sent_an_event_is_kept_beside_it(
    client: FlaskClient, data_dir: Path, sender: dict[str, str]
) -> None:
    assert send(client, report("A-9"), headers=sender, environ_base=STRANGER).status_code == 200
    database = sqlite3.connect(data_dir / "journal" / "journal.sqlite")
    senders = database.execute(
        "SELECT sender FROM events WHERE CAST(line AS TEXT) LIKE '%A-9%'"
    ).fetchall()
    database.close()
    assert senders == [("feed",)]


def test_a_batch_sent_again_is_told_as_repeated(client: FlaskClient, data_dir: Path) -> None:
    send(client, report("B-1"))
    before = len(kept(data_dir))
    answer = send(client, report("B-1"), report("B-2"))
    assert (answer.status_code, answer.json["accepted"], answer.json["repeated"]) == (200, 1, 1)
    assert len(kept(data_dir)) == before + 1


def test_bad_lines_cost_no_good_one(client: FlaskClient) -> None:
    answer = send(client, report("C-1"), b"{", report("C-2", category="cats"), report("C-3"))
    assert (answer.status_code, answer.json["accepted"]) == (200, 2)
    assert [(r["line"], r["reason"], r["detail"]) for r in answer.json["rejected"]] == [
        (2, "line_not_json", ""),
        (3, "category_unknown", "cats"),
    ]
    assert all(r["cure"] and r["text"] for r in answer.json["rejected"])


def test_reasons_are_in_the_language_asked_for(client: FlaskClient) -> None:
    for lang, word in (("zh", "类别"), ("en", "category")):
        answer = client.post(
            f"{events.PATH}?lang={lang}", data=orjson.dumps(report("x", category="y"))
        )
        assert word in answer.json["rejected"][0]["text"]


def test_remarks_come_with_what_was_taken(client: FlaskClient) -> None:
    answer = send(client, report("D-1", building="gone"))
    assert answer.json["accepted"] == 1
    assert [r["reason"] for r in answer.json["remarks"]] == ["building_not_found"]


def test_nothing_usable_is_422_line_by_line(client: FlaskClient, data_dir: Path) -> None:
    before = len(kept(data_dir))
    answer = send(client, b"{", report("E-1", source="fax"))
    assert (answer.status_code, answer.json["reason"]) == (422, "nothing_usable")
    assert [r["line"] for r in answer.json["rejected"]] == [1, 2]
    assert len(kept(data_dir)) == before


def test_no_line_at_all_is_422(client: FlaskClient) -> None:
    assert send(client, b"", b" ").json["reason"] == "no_lines"


def test_a_reused_number_is_told_by_its_line(client: FlaskClient) -> None:
    send(client, report("F-1", event="f1"))
    answer = send(client, report("F-2", event="f1"), report("F-3"))
    assert [(r["line"], r["reason"]) for r in answer.json["rejected"]] == [(1, "event_id_reused")]
    assert send(client, report("F-2", event="f1")).status_code == 422


def test_gzip_is_read(client: FlaskClient) -> None:
    body = gzip.compress(orjson.dumps(report("G-1"))) + gzip.compress(
        b"\n" + orjson.dumps(report("G-2"))
    )
    answer = client.post(events.PATH, data=body, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json["accepted"]) == (200, 2)


@pytest.mark.parametrize(
    "body", [b"nonsense", gzip.compress(b"x" * 999, mtime=0)[:-9], b"\x1f\x8b"]
)
def test_damaged_gzip_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post(events.PATH, data=body, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json["reason"]) == (422, "not_gzip")


def test_another_packing_is_refused(client: FlaskClient) -> None:
    answer = client.post(events.PATH, data=b"x", headers={"Content-Encoding": "br"})
    assert answer.json["reason"] == "not_gzip"


def test_too_much_at_once_is_413(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzip.compress(b"\n" * (bodies.MOST_UNPACKED + 10))
    answer = client.post(events.PATH, data=bomb, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json["reason"]) == (413, "body_too_large")
    assert send(client, b"\n" * (bodies.MOST_LINES + 1)).json["reason"] == "too_many_lines"
    assert send(client, b"x" * (bodies.MOST_BYTES + 1)).status_code == 413
    monkeypatch.setattr(bodies, "MOST_LINES", 1)
    assert send(client, report("a"), report("b"), report("c")).status_code == 413


def test_more_than_a_page_may_send_is_taken(client: FlaskClient) -> None:
    lines = [report(f"H-{n}") for n in range(2_000)]
    assert send(client, *lines).json["accepted"] == 2_000


def test_only_who_may_send_may_send(
    client: FlaskClient, data_dir: Path, sender: dict[str, str]
) -> None:
    viewer = {"Authorization": f"Bearer {tokens.make(data_dir, 'wall')}"}

    def status(headers: dict[str, str], path: str = events.PATH) -> int:
        method = client.post if path == events.PATH else client.get
        data = orjson.dumps(report("I-1")) if path == events.PATH else None
        return method(path, data=data, headers=headers, environ_base=STRANGER).status_code

    assert status({}) == 401
    assert status({"Authorization": "Bearer feed.wrong"}) == 401
    assert status(viewer) == 403
    assert status(sender) == 200
    assert status(sender, "/live/state") == 403
    assert status(viewer, "/live/state") == 200


def test_a_foreign_page_may_not_send(client: FlaskClient) -> None:
    assert send(client, report("J"), headers={"Origin": "http://evil.example"}).status_code == 403


def test_it_is_not_for_reading(client: FlaskClient) -> None:
    assert client.get(events.PATH).status_code == 404


def test_too_many_batches_are_429_with_a_time(
    server: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.extensions[events.KEY], "pace", pace.Pace(most=3))
    answers = [send(client, report(f"K-{n}")) for n in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 10
    assert answers[-1].json["reason"] == "too_many_requests"


def test_too_many_at_once_are_429_and_the_others_are_kept(
    server: Flask, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = server.extensions[events.KEY]
    monkeypatch.setattr(here, "pace", pace.Pace(at_once=2))
    begun, go = threading.Barrier(3), threading.Event()
    append = here.writer.append

    def slowly(batch: Any, sender: str) -> Any:  # noqa: ANN401
        begun.wait(30)
        go.wait(30)
        return append(batch, sender)

    monkeypatch.setattr(here.writer, "append", slowly)
    with ThreadPoolExecutor(2) as pool:
        sending = [
            pool.submit(lambda n=n: send(server.test_client(), report(f"L-{n}"))) for n in range(2)
        ]
        begun.wait(30)
        answer = send(server.test_client(), report("L-9"))
        go.set()
        assert [each.result().status_code for each in sending] == [200, 200]
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert {"L-0", "L-1"} <= {word["case"] for word in kept(data_dir)}


def test_another_process_is_told_where_to_send(server: Flask, data_dir: Path) -> None:
    assert send(server.test_client(), report("M-1")).status_code == 200
    other = create_app(Settings(data_dir=data_dir, feed=False, port=8099)).server
    answer = send(other.test_client(), report("M-2"))
    assert (answer.status_code, answer.json["reason"]) == (503, "journal_elsewhere")
    assert answer.json["place"] == "http://127.0.0.1:8050/api/v1/events"
    server.extensions[events.KEY].writer.close()
    assert send(other.test_client(), report("M-2")).status_code == 200
    other.extensions[events.KEY].writer.close()


def test_a_damaged_journal_is_503_and_the_screen_is_served_on(
    tmp_path: Path, data_dir: Path
) -> None:
    path = tmp_path / "broken.sqlite"
    path.write_bytes(b"not a database at all" * 500)
    settings = Settings(data_dir=data_dir, feed=False, journal=f"sqlite:///{path}")
    other = create_app(settings).server
    client = other.test_client()
    data_dir_lock = other.extensions[events.KEY].writer
    answer = send(client, report("N-1"))
    assert (answer.status_code, answer.json["reason"]) == (503, "journal_damaged")
    assert answer.headers["Retry-After"]
    assert str(path) not in answer.text
    assert "no backup" in cure(path)
    assert client.get("/live/state").status_code == 200
    assert client.get("/readyz").json["findings"] == ["journal_damaged"]
    data_dir_lock.close()


def test_an_empty_house_takes_nothing(tmp_path: Path) -> None:
    client = create_app(Settings(data_dir=tmp_path, feed=False)).server.test_client()
    assert send(client, report("O-1")).status_code == 503
