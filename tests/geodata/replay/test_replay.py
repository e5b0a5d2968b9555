from __future__ import annotations

import gzip
import json
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import orjson
import pandas as pd
import pytest
from typer.testing import CliRunner

from geodata import __main__ as main
from geodata.journal import events as checking
from geodata.journal.codes import Codes
from geodata.journal.journal import Entry
from geodata.journal.opening import cases_of
from geodata.model.errors import NotAllowedError, RequestError
from geodata.model.schemas import INCIDENTS, MOMENTS
from geodata.replay import played, playing
from geodata.replay.played import Played
from geodata.replay.sender import Sender, Sent
from geodata.store.snapshots import City, open_city
from tests.browser.tiny import NOW, publish_tiny

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DAY = "2026-11-20"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    return open_city(folder)


def whole(city: City) -> pd.DataFrame:
    frame = pd.concat([pd.read_parquet(path) for path in city.incident_files()])
    return frame.sort_values("key").reset_index(drop=True)


class NoBase:
    def find(self, sources: Sequence[int], keys: Sequence[str]) -> tuple[list[int], dict[str, Any]]:
        assert len(sources) == len(keys)
        return [], {}


def test_what_is_played_folds_into_the_rows_it_came_from(city: City) -> None:
    start = int(city.meta["first"])
    events = played.events(city, start, NOW + 1)
    batch = checking.read([event.line for event in events], Codes(city), NOW)
    assert not batch.refused
    cases = cases_of(city)
    cases.base = NoBase()
    cases.apply([Entry(n, event.text) for n, event in enumerate(batch.events, 1)])
    found, wanted = pd.DataFrame(cases.columns()), whole(city)
    recent = wanted["reported"] >= start
    assert recent.all()
    assert cases.newest == max(event.at for event in events)
    found = found.sort_values("key").reset_index(drop=True)
    assert len(found) == len(wanted)
    for name in INCIDENTS:
        if name == "id":
            continue
        old = wanted[name].fillna(0) if name in MOMENTS else wanted[name]
        new = found[name]
        if name in {"lon", "lat"}:
            assert np.allclose(old, new, atol=1e-5)
        else:
            assert old.tolist() == new.tolist(), name


def test_events_are_those_of_the_window_in_their_order(city: City) -> None:
    start, end = played.window(city, pd.Timestamp(DAY).date(), 8, 4)
    assert (start, end - start) == (1_795_132_800, 4 * 3_600)
    events = played.events(city, start, end)
    times = [event.at for event in events]
    assert times == sorted(times)
    assert start <= times[0] <= times[-1] < end
    stages = {orjson.loads(event.line)["stage"] for event in events}
    assert {"reported", "accepted", "closed"} <= stages


def test_without_a_day_it_is_the_last_whole_one(city: City) -> None:
    start, end = played.window(city, None, 0, 24)
    assert (start, end) == (1_795_104_000, 1_795_190_400)


def test_an_empty_time_is_told(city: City) -> None:
    with pytest.raises(RequestError, match="choose another day"):
        played.events(city, 1_000_000, 1_086_400)


def test_a_case_sent_back_from_nobody_knows_whom_stays_so(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = whole(city).query("dispatched > 0").iloc[:1].assign(returned=1, first_department=-1)
    monkeypatch.setattr(played, "_rows", lambda *_: row)
    told = [orjson.loads(event.line) for event in played.events(city, 0, NOW + 1)]
    assert [event["fields"]["first_department"] for event in told if "fields" in event] == [None]


def test_made_up_days_that_no_file_holds_are_played_too(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demo city's days after its history, of which the rows say nothing of days only."""
    asked: list[list[date]] = []

    class Plan:
        world = SimpleNamespace(scale="tiny")

        def casebook(self, scale: str) -> Plan:
            assert scale == "tiny"
            return self

        def days(self, days: list[date]) -> pd.DataFrame:
            asked.append(days)
            frame = (
                whole(city).drop(columns=["by_day", "due_original", "first_department"]).iloc[:5]
            )
            shift = int(played.window(city, days[-1], 12, 1)[0]) - int(frame["reported"].max())
            moved = {name: frame[name] + shift for name in MOMENTS if name in frame}
            keys = frame["key"] + "-later"
            return frame.assign(**moved, key=keys, id=frame["id"] + 10**6)

    monkeypatch.setattr(played, "demo_notes", lambda _: {"until": "2026-11-21"})
    monkeypatch.setattr(played, "plan_of", lambda *_: Plan())
    start, end = played.window(city, date(2026, 11, 22), 0, 24)
    cases = {orjson.loads(event.line)["case"] for event in played.events(city, start, end)}
    assert asked == [[date(2026, 11, 21), date(2026, 11, 22)]]
    assert any(case.endswith("-later") for case in cases)


class Time:
    def __init__(self) -> None:
        self.at, self.slept = 100.0, 0.0

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.at += seconds
        self.slept += seconds

    @property
    def clock(self) -> playing.Clock:
        return playing.Clock(self.now, self.sleep)


def some(*moments: int) -> list[Played]:
    return [Played(at, b"{}") for at in moments]


def test_events_come_when_they_are_due() -> None:
    time = Time()
    given = playing.batches(some(1_000, 1_010, 1_600, 4_600), 1_000, 60, time.clock)
    got = [(time.at - 100, [event.at for event in batch]) for batch in given]
    assert [at for _, batch in got for at in batch] == [1_000, 1_010, 1_600, 4_600]
    for elapsed, batch in got:
        for at in batch:
            assert at <= 1_000 + elapsed * 60  # never before its time
            assert elapsed <= (at - 1_000) / 60 + 2 * playing.TICK_S
    assert time.slept < 62


def test_at_speed_nought_nothing_is_waited_for() -> None:
    time = Time()
    events = some(*range(1_000, 6_000))
    sizes = [len(batch) for batch in playing.batches(events, 0, 0, time.clock)]
    assert sizes == [2_000, 2_000, 1_000]
    assert time.slept == 0


def test_a_rush_goes_in_batches() -> None:
    sizes = [len(b) for b in playing.batches(some(*[5] * 4_500), 5, 60, Time().clock)]
    assert sizes == [2_000, 2_000, 500]


class Server(BaseHTTPRequestHandler):
    """Answers what it is told to, and remembers what it got."""

    answers: ClassVar[list[tuple[int, dict[str, Any], dict[str, str]]]] = []
    got: ClassVar[list[tuple[dict[str, str], list[bytes]]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((dict(self.headers), gzip.decompress(body).split(b"\n")))
        status, answer, headers = self.answers.pop(0)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Server.answers.clear()
    Server.got.clear()
    with HTTPServer(("127.0.0.1", 0), Server) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


TAKEN = (200, {"accepted": 1, "repeated": 1, "rejected": []}, {})


def test_a_batch_is_sent_packed_with_its_token(server: str) -> None:
    Server.answers.append(TAKEN)
    sent = Sent()
    Sender(server, "feed.secret").send([b"a", b"b"], sent)
    headers, lines = Server.got[0]
    assert lines == [b"a", b"b"]
    assert headers["Authorization"] == "Bearer feed.secret"
    assert (sent.accepted, sent.repeated, sent.rejected) == (1, 1, 0)


def test_it_waits_as_long_as_it_is_told_and_sends_again(server: str) -> None:
    Server.answers += [(429, {}, {"Retry-After": "7"}), (503, {}, {}), TAKEN]
    slept: list[float] = []
    Sender(server, sleep=slept.append).send([b"a"], Sent())
    assert slept == [7.0, 2.0]
    assert len(Server.got) == 3


def test_an_answer_that_is_cut_off_is_none(server: str) -> None:
    cut = {"Content-Length": "1000"}
    Server.answers += [(200, {"accepted": 1}, cut), (503, {"error": "later"}, cut), TAKEN]
    slept: list[float] = []
    Sender(server, sleep=slept.append).send([b"a"], Sent())
    assert slept == [2.0, 2.0]


def test_what_is_rejected_is_counted_and_the_first_is_told(server: str) -> None:
    wrong = [{"reason": "category_unknown", "detail": "x"}, {"reason": "b", "detail": ""}]
    Server.answers += [(422, {"accepted": 0, "rejected": wrong}, {})]
    sent = Sent()
    Sender(server).send([b"a", b"b"], sent)
    assert (sent.rejected, sent.first) == (2, "category_unknown (x)")


def test_a_refusal_ends_it(server: str) -> None:
    Server.answers += [(403, {"error": "no"}, {}), (413, {"reason": "body_too_large"}, {})]
    with pytest.raises(NotAllowedError, match="--right ingest"):
        Sender(server).send([b"a"], Sent())
    with pytest.raises(RequestError, match="body_too_large"):
        Sender(server).send([b"a"], Sent())


def test_a_server_that_is_not_there_is_asked_again_and_then_told() -> None:
    slept: list[float] = []
    with pytest.raises(RequestError, match="answers nothing"):
        Sender("http://127.0.0.1:9", sleep=slept.append).send([b"a"], Sent())
    assert len(slept) == 60


@pytest.mark.parametrize("url", ["file:///etc/passwd", "localhost", "http://"])
def test_only_a_web_address_is_sent_to(url: str) -> None:
    with pytest.raises(RequestError, match="no address"):
        Sender(url)


def test_the_command_plays_a_day(city: City, server: str) -> None:
    Server.answers += [TAKEN] * 5
    args = ["replay", "--to", server, "--day", DAY, "--speed", "0"]
    result = CliRunner().invoke(main.app, [*args, "--data-dir", str(city.data_dir)])
    assert result.exit_code == 0, result.output
    assert "accepted" in result.output
    lines = [line for _, batch in Server.got for line in batch]
    assert len(lines) > 300
    assert not checking.read(lines, Codes(city), NOW).refused
