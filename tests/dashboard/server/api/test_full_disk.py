"""F10 of the faults that are expected: a disk without room."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson
import pytest

from dashboard.access import Actor
from dashboard.server.audit import FOLDER, record
from geodata import __main__ as main
from geodata.backup import make
from geodata.ingest import corrections
from geodata.journal.journal import existing
from geodata.replay.sender import Sender, Sent
from geodata.store import tokens
from geodata.store.months import write_day
from geodata.store.snapshots import live_id, open_city
from geodata.store.tables import read
from geodata.store.writer import damage
from geodata.watch import Inbox
from tests import faults
from tests.browser.tiny import NOW
from tests.full_disk import copied, disk, possible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geodata.journal.events import Event
    from geodata.journal.tables import Receipt
    from tests.forked import Forked
    from tests.full_disk import Disk

HERE: Final = __name__
LINES: Final = 1_000
MOST: Final = 40  # batches of which one fills the disk at the latest
FULL: Final = "no room left"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Iterator[Disk]:
    with disk(possible(), tmp_path_factory.mktemp("small") / "disk") as made:
        copied(data_dir, made.here / "data")
        yield made


def lines(first: int) -> list[bytes]:
    """A batch that needs room."""
    case = {"source": "a", "stage": "reported", "at": NOW - 60, "category": "a"}
    return [orjson.dumps(case | {"case": f"full-{first + n}-{'x' * 40}"}) for n in range(LINES)]


def took(server: Forked, batch: Sequence[bytes]) -> bool:
    """Send once: whether all of it was kept, rather than the sender told to send it again."""
    sent = Sent()

    def give_up(_: float) -> None:
        raise TimeoutError

    try:
        Sender(server.url, sleep=give_up).send(batch, sent)
    except TimeoutError:
        return False
    assert sent.accepted == len(batch)
    return True


def ready(server: Forked) -> tuple[int, list[str]]:
    status, body = server.get("/readyz")
    return status, json.loads(body)["faults"]


def test_f10_a_full_disk_stops_events_and_nothing_else_until_there_is_room(small: Disk) -> None:
    fill_and_free(small)


def test_f10_a_quota_that_is_used_up_is_a_full_disk(tmp_path: Path, data_dir: Path) -> None:
    with disk("limited", tmp_path / "disk") as made:
        copied(data_dir, made.here / "data")
        fill_and_free(made)


def fill_and_free(small: Disk) -> None:
    data_dir = small.here / "data"
    server = small.forked.serve(small.there / "data")
    assert took(server, lines(0))
    small.fill()
    before, kept = faults.shown(server), 1
    assert ready(server) == (503, ["disk"])
    while took(server, lines(kept * LINES)):  # what its file has room for already
        kept += 1
        assert kept < MOST
    assert len(faults.shown(server)) == len(before)
    assert "journal_full" in json.loads(server.get("/readyz")[1])["findings"]
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            small.free()

    sent = Sent()  # the sender keeps what was not acknowledged
    Sender(server.url, sleep=wait).send(lines(kept * LINES), sent)
    assert len(waits) == 2
    assert (sent.accepted, sent.rejected) == (LINES, 0)
    assert ready(server) == (200, [])
    assert json.loads(server.get("/readyz")[1])["findings"] == []
    server.kill()
    assert small.forked.call(f"{HERE}:count", str(small.there / "data")) == str((kept + 1) * LINES)
    assert (data_dir / "live.json").exists()


def count(data_dir: str) -> int:
    journal = existing(Path(data_dir))
    numbered = {orjson.loads(e.line)["case"] for part in journal.entries() for e in part}
    assert len(numbered) == journal.check()
    return len(numbered)


def test_f10_a_server_that_starts_on_a_full_disk_shows_the_city(small: Disk) -> None:
    small.fill()
    server = small.forked.serve(small.there / "data")
    assert len(faults.shown(server)) == len(faults.SHOWN)
    assert ready(server) == (503, ["disk"])
    # A building is shown where its view can be noted.
    status, body = server.get("/export/departments.csv?at=B991110&lang=en")
    assert status == 507
    assert b"The disk of the server is full" in body
    batch = [lines(MOST * LINES)[0]]  # one that no other test sends
    assert not took(server, batch)
    small.free()
    assert took(server, batch)
    server.kill()


@pytest.mark.parametrize("leave", [0, 400_000])
def test_f10_a_publication_that_finds_no_room_leaves_the_old_city(small: Disk, leave: int) -> None:
    data_dir = small.here / "data"
    live = live_id(data_dir)
    small.fill(leave)
    said = small.forked.publish(small.there / "data", f"full {leave}").said
    assert said.startswith("DiskFullError")
    assert FULL in said
    assert live_id(data_dir) == live
    assert damage(open_city(data_dir).folder) == []
    assert not list((data_dir / "snapshots").glob(".*"))
    small.free()
    done = small.forked.publish(small.there / "data", f"room {leave}")
    assert done.wait() == 0, done.said
    assert live_id(data_dir) != live


class Keeps:
    """A journal with room, for a disk that has none."""

    def append(self, events: Sequence[Event], sender: str = "") -> Receipt:
        raise AssertionError(sender, len(events))


def drop(data_dir: str) -> str:
    """Look into the folder for files once."""
    from geodata.journal.codes import Codes  # noqa: PLC0415
    from geodata.watch import inbox  # noqa: PLC0415

    inbox.SETTLED_S = -1  # type: ignore[misc]
    city = open_city(Path(data_dir))
    try:
        return str([o.why for o in Inbox(Path(data_dir), Keeps()).look(Codes(city), NOW)])
    finally:
        left = sorted(p.name for p in (Path(data_dir) / "inbox").iterdir() if p.is_file())
        assert left == ["drop.txt"] or not left, left


def feed(data_dir: str) -> str:
    city = open_city(Path(data_dir))
    frame = read(city.incident_files()[0])
    return write_day(Path(data_dir) / "feed" / city.id, "2026-11-22", frame).name


def correct(data_dir: str) -> int:
    given = Path(data_dir) / "given.csv"
    return corrections.take_in(Path(data_dir), "tiny", [given])


def look_at(data_dir: str) -> None:
    record(Path(data_dir), Actor("somebody" * 8), "B1", "page")


def back_up(data_dir: str) -> str:
    return make(Path(data_dir), Path(data_dir) / "backups").name


def make_token(data_dir: str) -> None:
    sys.argv = ["geodata", "token", "make", "second", "--data-dir", data_dir]
    main.main()


def state(folder: Path) -> dict[str, bytes]:
    """Every file with something in it, but the journal, which tidies itself when it is opened."""
    found = (p for p in folder.rglob("*") if p.is_file() and ".sqlite" not in p.name)
    return {str(p.relative_to(folder)): p.read_bytes() for p in found if p.stat().st_size}


@pytest.mark.parametrize("what", ["drop", "feed", "correct", "look_at", "back_up", "make_token"])
def test_f10_whatever_else_is_written_is_refused_whole_and_goes_on_later(
    small: Disk, what: str
) -> None:
    data_dir = small.here / "data"
    (data_dir / "inbox").mkdir(exist_ok=True)
    (data_dir / "inbox" / "drop.txt").write_text("nothing of ours", encoding="utf-8")
    heads = corrections.heads()
    (data_dir / "given.csv").write_text(f"{heads['file']},{heads['check']},a\nx,1,b\n", "utf-8")
    if not tokens.read(data_dir):
        tokens.make(data_dir, "first")
    for part in ("inbox", "feed", "corrections", FOLDER, "backups"):
        (data_dir / part).mkdir(exist_ok=True)
    for name in (".taking", "done", "refused"):
        (data_dir / "inbox" / name).mkdir(exist_ok=True)
    small.fill()
    before = state(data_dir)
    said = small.forked.call(f"{HERE}:{what}", str(small.there / "data"))
    # Where nothing may be written the child that reads files cannot say what it read either.
    refusals = ("DiskFullError", "OSError: [Errno", "SystemExit: 2", "FileRefusedError")
    assert said.startswith(refusals), said
    assert state(data_dir) == before
    small.free()
    said = small.forked.call(f"{HERE}:{what}", str(small.there / "data"))
    assert "Error" not in said, said
    assert state(data_dir) != before
