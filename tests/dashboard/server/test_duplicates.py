"""Reports that repeat others, decided by people; and who may see personal data (F21)."""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pytest

from dashboard.factory import create_app
from dashboard.server.cities import held
from dashboard.server.duplicates import KEY, Desk
from dashboard.server.duplicates.searches import Searches
from dashboard.settings import Settings
from geodata.duplicates import READ, Reports
from geodata.duplicates.compare import LEVELS
from geodata.duplicates.proposals import BITS
from geodata.engine import Request
from geodata.journal.journal import existing
from geodata.model.periods import Window
from geodata.proposed import SHOWN, Proposed
from geodata.publish import publish
from geodata.store import audit, tokens
from geodata.store.particulars import unmasked
from geodata.store.snapshots import live_id, open_city
from tests.browser.tiny import NOW, tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from geodata.model.draft import Arranged
    from geodata.model.overlay import Overlay
    from geodata.store.snapshots import City

FIRST, LATER, THIRD = 401, 402, 403
CANARIES: Final = {
    "reporter": "金丝雀",
    "phone": "13987654321",
    "id_number": "990116198001017771",
    "address": "金雀巷7777号",
    "text": "路面积水很深，回电１３９８７６５４３２１，身份证990116198001017771",
}
SECRETS: Final = ("金丝雀", "13987654321", "１３９８７６５４３２１", "990116198001017771", "7777")


def draft() -> Any:  # noqa: ANN401
    """The tiny city; three of its reports are of people whose data nobody may see."""
    plain = tiny()

    def incidents(arranged: Arranged) -> Iterator[pd.DataFrame]:
        for frame in plain.incidents(arranged):
            twins = frame["id"].isin([FIRST, LATER, THIRD])
            yield frame.assign(
                **{
                    name: [value if twin else "" for twin in twins]
                    for name, value in CANARIES.items()
                }
            )

    return replace(plain, incidents=incidents)


def look(city: City, _live: Overlay | None, span: Window) -> Proposed:
    """Proposes two pairs, whatever is asked."""
    frame = pd.concat(pd.read_parquet(path) for path in city.incident_files())
    cases = frame.set_index("id", drop=False).loc[[FIRST, LATER, THIRD]].fillna(0)
    row = {"id": LATER, "like": FIRST, "first": FIRST, "probability": 0.97}
    row |= {"distance_m": 12.0, "lag_s": 2_460}
    levels = dict.fromkeys(LEVELS, 0) | {BITS + name: 2.0 for name in LEVELS}
    pairs = pd.DataFrame([row | levels, row | levels | {"id": THIRD, "probability": 0.8}])
    told = {
        name: frame[name].to_numpy("int64") for name in ("id", "site", "source", "duplicate_of")
    }
    assert set(READ) <= set(frame)
    assert len(Reports.of(frame)) == len(frame)
    shown = cases[list(SHOWN)].drop(columns="id")
    return Proposed(pairs, shown, span.start, NOW, 3, cut=False, _told=told)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    publish(draft(), folder)
    return folder


@pytest.fixture(scope="module")
def server(data_dir: Path) -> Flask:
    made: Flask = create_app(Settings(data_dir=data_dir, feed=False)).server
    desk: Desk = made.extensions[KEY]
    desk.searches = Searches(look)
    return made


@pytest.fixture
def client(server: Flask) -> Iterator[FlaskClient]:
    with server.test_client() as client:
        client.get("/duplicates?t=365d")
        server.extensions[KEY].searches.settle(20)
        yield client


@pytest.fixture(scope="module")
def viewer(data_dir: Path) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.make(data_dir, 'viewer')}"}


@pytest.fixture(scope="module")
def trusted(data_dir: Path) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.make(data_dir, 'wang', ['view', 'unmask'])}"}


def page(client: FlaskClient, query: str = "?t=365d&lang=en", **more: Any) -> str:  # noqa: ANN401
    return unescape(client.get(f"/duplicates{query}", **more).text)


def forms(text: str, said: str) -> list[dict[str, str]]:
    found = re.findall(r"<form.*?</form>", text)
    fields = [dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) for form in found]
    return [each for each in fields if each["do"] == said]


def counted(server: Flask) -> tuple[int, int]:
    """Valid cases and duplicates of the whole city."""
    with server.app_context():
        from dashboard.access import live  # noqa: PLC0415

        here = live()
        asked = Request(0, "street", 0, NOW + 1, NOW + 86_400)
        total = here.engine.screen(asked).total
    return int(total["reported"]), int(total["duplicates"])


def soon(server: Flask, wanted: tuple[int, int]) -> bool:
    """Whether the numbers become these; the journal is looked at once a second."""
    end = time.monotonic() + 20
    while counted(server) != wanted and time.monotonic() < end:
        time.sleep(0.1)
    return counted(server) == wanted


def rows(data_dir: Path) -> list[dict[str, Any]]:
    paths = sorted((data_dir / audit.FOLDER).glob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


def test_both_reports_stand_side_by_side_with_what_speaks_for_it(client: FlaskClient) -> None:
    said = page(client)
    assert "2 later reports to decide" in said
    for words in ("K400", "K401", "K402", "97%", "12 m apart", "same spot", "41 min later"):
        assert words in said
    assert "金** 139****4321" in said
    assert "words in common: 路面积水很深" in said
    assert len(forms(said, "confirmed")) == len(forms(said, "declined")) == 2


def test_an_address_that_makes_no_sense_is_mended_and_told(client: FlaskClient) -> None:
    assert "This code does not exist" in page(client, "?at=nowhere&t=365d&lang=en")
    assert "K401" in page(client, "?t=365d&lang=en&page=99")
    assert client.get("/duplicates?page=none").status_code == 422
    halves = [page(client, f"?t=365d&lang=en&at={at}") for at in ("991", "992")]
    assert sum(len(forms(half, "confirmed")) for half in halves) == 2  # each pair in its place


def test_while_a_search_is_under_way_the_page_says_so(server: Flask) -> None:
    desk: Desk = server.extensions[KEY]
    before = desk.searches
    desk.searches = Searches(lambda *given: time.sleep(0.3) or look(*given))
    try:
        with server.test_client() as client:
            said = page(client)
            assert "Searching for duplicates" in said
            assert 'http-equiv="refresh"' in said
            assert client.get("/duplicates/pairs.csv?t=365d").status_code == 200  # a file waits
            assert "2 later reports" in page(client)
    finally:
        desk.searches = before


def test_who_waits_for_one_search_does_not_wait_for_the_others(server: Flask) -> None:
    going = threading.Event()

    def slow(city: City, live: Overlay | None, span: Window) -> Proposed:
        assert span.start == 1 or going.wait(20)
        return look(city, live, span)

    searches = Searches(slow)
    with server.app_context():
        here = held()
    first = searches.sought(here, "1d", Window(1, 9))
    second = searches.sought(here, "2d", Window(2, 9))
    assert first.busy
    assert second.busy
    try:
        searches.settle(20, (here.city.id, "1d"))
        assert not searches.sought(here, "1d", Window(1, 9)).busy
        assert searches.sought(here, "2d", Window(2, 9)).busy
        searches.settle(0.01)  # for all of them, but no longer
    finally:
        going.set()
    searches.settle(20)
    assert not searches.sought(here, "2d", Window(2, 9)).busy


def test_a_search_that_breaks_off_is_told(server: Flask) -> None:
    desk: Desk = server.extensions[KEY]
    before = desk.searches
    desk.searches = Searches(lambda *_: 1 // 0)  # type: ignore[arg-type,return-value]
    try:
        with server.test_client() as client:
            page(client)
            desk.searches.settle(20)
            assert "could not be finished" in page(client)
    finally:
        desk.searches = before


def test_the_numbers_follow_a_confirmation_and_its_undoing(
    client: FlaskClient, server: Flask, data_dir: Path
) -> None:
    valid, duplicates = counted(server)
    confirm = forms(page(client), "confirmed")[0]
    answer = client.post("/duplicates/decide", data=confirm)
    assert answer.status_code == 303
    assert "done=confirmed" in answer.headers["Location"]
    assert soon(server, (valid - 1, duplicates + 1))
    said = page(client)
    assert "K401 repeats K400" in said
    assert "local operator" in said
    assert len(forms(said, "confirmed")) == 1
    assert client.post("/duplicates/decide", data=confirm).status_code == 409  # decided already
    told = client.post("/duplicates/decide", data=confirm, headers={"Accept": "text/html"})
    assert told.headers["Location"].endswith("done=gone")
    assert counted(server) == (valid - 1, duplicates + 1)
    assert client.post("/duplicates/decide", data=forms(said, "undone")[0]).status_code == 303
    assert soon(server, (valid, duplicates))
    assert len(forms(page(client), "confirmed")) == 2
    lines = [json.loads(entry.line) for entry in existing(data_dir).read()]
    assert [line["stage"] for line in lines] == ["duplicate", "corrected"]
    acts = [(row["act"], row["actor"]) for row in rows(data_dir) if "act" in row]
    assert acts[-2:] == [
        ("duplicate_confirmed", "local operator"),
        ("duplicate_undone", "local operator"),
    ]
    assert audit.verify(data_dir).bad == ""


def test_a_pair_that_was_declined_is_not_proposed_by_a_later_search(
    client: FlaskClient, server: Flask
) -> None:
    before = counted(server)
    decline = forms(page(client), "declined")[0]
    assert client.post("/duplicates/decide", data=decline).status_code == 303
    server.extensions[KEY].searches = Searches(look)
    page(client)
    server.extensions[KEY].searches.settle(20)
    said = page(client)
    assert "K401 does not repeat K400" in said
    assert len(forms(said, "confirmed")) == 1
    assert counted(server) == before
    assert client.post("/duplicates/decide", data=forms(said, "undone")[0]).status_code == 303


def test_only_who_may_decides_and_only_from_our_own_page(
    client: FlaskClient, viewer: dict[str, str]
) -> None:
    form = forms(page(client), "confirmed")[0]
    assert not forms(page(client, headers=viewer), "confirmed")
    for headers in (
        viewer,
        {"Origin": "http://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        answer = client.post("/duplicates/decide", data=form, headers=headers)
        assert answer.status_code == 403
    for wrong in (
        {**form, "do": "agreed"},
        {**form, "more": "1"},
        {name: value for name, value in form.items() if name != "number"},
        {**form, "source": "x" * 200},
    ):
        assert client.post("/duplicates/decide", data=wrong).status_code == 422
    lost = {**form, "number": "K1"}
    assert client.post("/duplicates/decide", data=lost).status_code == 409
    assert client.get("/duplicates/decide").status_code == 404  # a link decides nothing


def test_the_matrix_of_sources_is_a_file_too(client: FlaskClient) -> None:
    said = client.get("/duplicates/overlap.csv?t=365d&lang=en").text
    (head, first, *_, note, _) = [row.split(",") for row in said.splitlines() if row]
    assert head[0].endswith("Source")
    assert first[0] == head[1]
    assert (note[0], int(note[1])) == ("n", 6_000)
    assert client.get("/duplicates/nothing.csv").status_code == 422


EVERYWHERE: Final = (
    "/",
    "/duplicates?t=365d",
    "/duplicates?t=365d&lang=en",
    "/duplicates/pairs.csv?t=365d",
    "/duplicates/overlap.csv?t=365d",
    f"/personal?c={LATER}",
    f"/personal?c={LATER}&lang=en",
    "/export/map.csv?t=365d",
    "/export/open.csv?t=365d&on=dept&d=a",
    "/open311/v2/requests.json?start_date=2026-01-01T00:00:00Z",
    "/open311/v2/requests.xml",
    "/search?q=%E9%87%91%E4%B8%9D%E9%9B%80",
    "/live/state",
    "/definitions",
    "/_dash-layout",
)


def test_f21_no_canary_is_told_to_anybody_without_the_right(
    client: FlaskClient, viewer: dict[str, str], data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    views = len([row for row in rows(data_dir) if row.get("act") == "unmask"])
    answers = [client.get(path, headers=who) for path in EVERYWHERE for who in ({}, viewer)]
    form = {"case": str(LATER), "reason": "to see it", "back": "", "snapshot": live_id(data_dir)}
    answers += [client.post("/personal/unmask", data=form, headers=who) for who in ({}, viewer)]
    assert {answer.status_code for answer in answers[-2:]} == {403}
    assert sum(answer.status_code == 200 for answer in answers) >= len(EVERYWHERE) * 2 - 6
    told = "".join(answer.get_data(as_text=True) for answer in answers) + caplog.text
    assert "139****4321" in told  # masked, it is there
    assert [secret for secret in SECRETS if secret in told] == []
    assert len([row for row in rows(data_dir) if row.get("act") == "unmask"]) == views


def test_f21_who_has_the_right_sees_it_with_a_reason_and_every_view_is_logged(
    client: FlaskClient, trusted: dict[str, str], data_dir: Path
) -> None:
    before = len(rows(data_dir))
    city = open_city(data_dir)
    form = {"case": str(LATER), "reason": "calling back", "back": "", "snapshot": city.id}
    for wrong in ({**form, "reason": " \t "}, {**form, "case": "12"}):
        answer = client.post("/personal/unmask", data=wrong, headers=trusted)
        assert answer.status_code == 403
    assert client.get(f"/personal?c={LATER}", headers=trusted).text.count("139****4321")
    assert len(rows(data_dir)) == before + 1  # of the case of which nothing is kept
    for _ in range(2):
        answer = client.post("/personal/unmask", data=form, headers=trusted)
        assert all(secret in answer.text for secret in SECRETS[:4])
        assert answer.headers["Cache-Control"] == "no-store"
    last = rows(data_dir)[-1]
    assert (last["actor"], last["case"], last["reason"]) == ("wang", LATER, "calling back")
    cases = pd.concat(pd.read_parquet(path) for path in city.incident_files()).set_index("id")
    source = city.sources["key"].iloc[cases.loc[LATER, "source"]]
    named = (last["snapshot"], last["source"], last["key"])
    assert named == (city.id, source, cases.loc[LATER, "key"])
    assert len(rows(data_dir)) == before + 3
    assert audit.verify(data_dir).bad == ""


def test_the_form_of_an_earlier_publication_opens_nobody(
    client: FlaskClient, trusted: dict[str, str], data_dir: Path
) -> None:
    shown = client.get(f"/personal?c={LATER}&lang=en", headers=trusted).text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', unescape(shown)))
    form["reason"] = "calling back"
    assert form["snapshot"] == live_id(data_dir)
    before = rows(data_dir)
    lost = {name: value for name, value in form.items() if name != "snapshot"}
    assert client.post("/personal/unmask", data=lost, headers=trusted).status_code == 422
    headers = {**trusted, "Accept-Language": "en"}
    answer = client.post("/personal/unmask", data={**form, "snapshot": "old"}, headers=headers)
    assert answer.status_code == 409
    assert answer.json is not None
    assert "published anew" in answer.json["error"]
    assert rows(data_dir) == before
    answer = client.post("/personal/unmask", data=form, headers=trusted)
    assert CANARIES["phone"] in answer.text


def test_what_cannot_be_logged_is_not_shown(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    city = open_city(data_dir)
    monkeypatch.setattr(audit, "record", full)
    with pytest.raises(OSError, match="No space"):
        unmasked(city, LATER, actor="wang", reason="calling back")


def test_in_the_store_only_the_sealed_file_knows(data_dir: Path) -> None:
    folder = open_city(data_dir).folder
    sealed = folder / "sealed" / "particulars.parquet"
    assert sealed.stat().st_mode & 0o777 == 0o600
    assert pd.read_parquet(sealed)["phone"].tolist() == [CANARIES["phone"]] * 3
    told = pd.read_parquet(folder / "particulars.parquet").to_csv()
    assert [secret for secret in SECRETS if secret in told] == []
