"""F11 and F23 of the faults that are expected: what is damaged or held, and what is put back."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from geodata.backup import make, restore
from geodata.backup.layout import read
from geodata.columns import damaged
from geodata.journal.journal import existing
from geodata.replay import sender
from geodata.replay.sender import Sender, Sent
from geodata.store.snapshots import open_city
from geodata.store.writer import damage, fingerprints
from tests import faults
from tests.browser.tiny import NOW
from tests.forked import nursery
from tests.full_disk import copied

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.forked import Forked, Nursery


@pytest.fixture(scope="module")
def forked() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


@pytest.fixture
def own(data_dir: Path, tmp_path: Path) -> Path:
    """A city of this test's own."""
    copied(data_dir, tmp_path / "own")
    return tmp_path / "own"


def line(case: str) -> bytes:
    event: dict[str, Any] = {"source": "a", "case": case, "stage": "reported", "at": NOW - 60}
    return orjson.dumps(event | {"category": "a"})


def refused(server: Forked, case: str) -> str:
    """The reason for which an event is not taken."""
    said: list[str] = []

    def give_up(_: float) -> None:
        raise TimeoutError

    try:
        Sender(server.url, sleep=give_up).send([line(case)], Sent())
    except TimeoutError:
        said = orjson.loads(server.get("/readyz")[1])["findings"]
    return ",".join(said)


def test_f11_a_damaged_journal_is_refused_and_the_screen_shows_the_city(
    forked: Nursery, own: Path, tmp_path: Path
) -> None:
    server = forked.serve(own)
    before = faults.shown(server)
    Sender(server.url).send([line("damaged")], Sent())
    copy = make(own, tmp_path / "to") / "journal" / "journal.sqlite"
    server.kill()
    assert len(lines(own)) == 1  # read, so that nothing of it lies beside it any more
    path = own / "journal" / "journal.sqlite"
    path.write_bytes(b"\x07" * path.stat().st_size)
    server = forked.serve(own)
    assert faults.shown(server) == before  # the city as it was published
    assert refused(server, "later") == "journal_damaged"
    server.kill()
    restore(copy, own)
    server = forked.serve(own)
    assert refused(server, "later") == ""
    told = faults.shown(server, whole=True)
    assert told == faults.replayed(forked, own, tmp_path / "replayed") != before
    server.kill()


def test_f11_a_lock_that_is_held_stops_events_and_no_screen(forked: Nursery, own: Path) -> None:
    assert faults.lock_held(forked, own, held_s=0.5, busy_s=0.1) > 0


def test_f11_a_journal_held_from_the_beginning_stops_no_screen(forked: Nursery, own: Path) -> None:
    server = forked.serve(own)
    before = faults.shown(server)
    Sender(server.url).send([line("held")], Sent())
    server.kill()
    path = own / "journal" / "journal.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        server = forked.serve(own)
        assert faults.shown(server, faults.FEW) == before[1:2] + before[-1:]
        assert refused(server, "later") == "journal_locked"
    Sender(server.url).send([line("later")], Sent())
    server.kill()
    server = forked.serve(own)
    assert faults.shown(server) != before
    server.kill()


@pytest.mark.parametrize("how", ["flipped", "cut off"])
def test_f11_damaged_columns_are_named_and_made_anew(forked: Nursery, own: Path, how: str) -> None:
    server = forked.serve(own)
    before = faults.shown(server)
    server.kill()
    city = open_city(own)
    for path in (own / "columns" / city.id).glob("*.col"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2 :] = bytes(b ^ 0xFF for b in data[len(data) // 2 :])
        path.write_bytes(data if how == "flipped" else data[: len(data) // 2])
    assert len(damaged(city)) == len(city.meta["months"])
    server = forked.serve(own)
    faults.until(lambda: damaged(city) == [])
    faults.until(lambda: faults.shown(server) == before)
    server.kill()


def test_f23_a_backup_under_load_brings_back_rows_and_hashes(
    forked: Nursery, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "ATTEMPTS", 1)
    server, sent, over = forked.serve(own), Sent(), threading.Event()
    acknowledged: list[str] = []

    def send() -> None:
        while not over.is_set():
            cases = [f"load-{len(acknowledged) + n}" for n in range(faults.BATCH)]
            Sender(server.url).send([line(case) for case in cases], sent)
            acknowledged.extend(cases)

    sending = threading.Thread(target=send)
    sending.start()
    faults.until(lambda: len(acknowledged) > 200)
    known = len(acknowledged)
    folder = make(own, tmp_path / "to")
    over.set()
    sending.join()
    server.kill()
    assert len(acknowledged) > known  # it was written on meanwhile
    files = fingerprints(open_city(own).folder)
    whole = lines(own)
    shutil.rmtree(own)
    told = restore(folder, own)
    assert known <= told.events == read(folder).events <= len(acknowledged)
    assert lines(own) == whole[: told.events]
    assert fingerprints(open_city(own).folder) == files
    assert damage(open_city(own).folder) == []
    server = forked.serve(own)
    assert faults.shown(server) == faults.replayed(forked, own, tmp_path / "replayed")
    again = Sent()  # senders send again what is not in it
    for start in range(0, len(acknowledged), 1_000):
        Sender(server.url).send([line(c) for c in acknowledged[start : start + 1_000]], again)
    assert (again.repeated, again.accepted) == (told.events, len(acknowledged) - told.events)
    server.kill()
    assert sorted(lines(own)) == sorted(whole)


def lines(data_dir: Path) -> list[bytes]:
    journal = existing(data_dir)
    found = [entry.line for part in journal.entries() for entry in part]
    journal.close()
    return found
