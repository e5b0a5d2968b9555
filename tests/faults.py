"""What a kill must leave whole: shared by the tests and by the longer runs of them."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import orjson

from geodata.columns import build_columns, damaged
from geodata.journal.arriving import LOOK_EVERY_S
from geodata.journal.journal import Journal, existing, url_of
from geodata.model.errors import RequestError
from geodata.replay.sender import Sender, Sent
from geodata.store.snapshots import live_id, open_city, open_snapshot, snapshot_ids
from geodata.store.writer import damage
from tests.browser.tiny import CASES, NOW
from tests.forked import NEVER, PATIENCE_S, later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.forked import Forked, Nursery

BATCH: Final = 20
PANELS: Final = ("map", "departments", "categories", "settlement", "deadlines", "ladder")
SHOWN: Final = (
    *(f"/export/{panel}.csv?t=30d&lang=en" for panel in PANELS),
    "/export/timeline.csv?t=7d&lang=en",
    "/open311/v2/requests.json",
)
REQUESTS: Final = "/open311/v2/requests.json"  # not answered while events are still being read
FEW: Final = ("/export/departments.csv?t=30d&lang=en", REQUESTS)
STAGES: Final = ("reported", "accepted", "dispatched", "arrived", "closed", "corrected")


def batches(chance: random.Random) -> Iterator[list[bytes]]:
    """Events of new cases and of imported ones, in no order; each has a number of its own."""
    number = 0
    while True:
        yield [orjson.dumps(_event(number + n, chance)) for n in range(BATCH)]
        number += BATCH


def _event(number: int, chance: random.Random) -> dict[str, Any]:
    stage = chance.choice(STAGES)
    known = chance.random() < 0.5
    case = f"K{chance.randrange(CASES)}" if known else f"kill-{chance.randrange(200)}"
    event: dict[str, Any] = {
        "event": f"e-{number}",
        "source": chance.choice("ab"),
        "case": case,
        "stage": stage,
        "at": NOW - chance.randrange(86_400),
    }
    if stage == "corrected":
        return event | {"fields": {"category": chance.choice("abc"), "closed": None}}
    return event | {"category": chance.choice("abc"), "department": chance.choice("abc")}


def shown(server: Forked, paths: Sequence[str] = SHOWN, *, whole: bool = False) -> list[bytes]:
    """What a server says of its cases; where a table ends the moment of its making is told.

    whole: once all that is in the journal has been read and looked at; screens do not wait for it.
    """
    if whole:
        assert _answered(server, REQUESTS)[0] == 200
        time.sleep(LOOK_EVERY_S)
    found = []
    for path in paths:
        status, body = _answered(server, path)
        assert status == 200, (path, body)
        found.append(body.partition(b"\r\n\r\n")[0])
    return found


def _answered(server: Forked, path: str) -> tuple[int, bytes]:
    """Asked again, as the answer says, while what came is still being read."""
    until = time.monotonic() + PATIENCE_S
    while True:
        status, body = server.get(path)
        if status != 503 or b"ask again" not in body or time.monotonic() > until:
            return status, body
        time.sleep(0.2)


def replayed(
    nursery: Nursery, data_dir: Path, scratch: Path, paths: Sequence[str] = SHOWN
) -> list[bytes]:
    """The same of a server that has the city and the journal, and folds all of it from nothing.

    It asks the files and not the columns.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(data_dir / "snapshots", scratch / "snapshots")
    shutil.copy(data_dir / "live.json", scratch)
    journal = existing(data_dir)
    journal.backup(scratch / "journal" / "journal.sqlite")
    journal.close()
    server = nursery.serve(scratch, engine="duckdb")
    told = shown(server, paths, whole=True)
    server.kill()
    return told


def kills_in_ingest(nursery: Nursery, data_dir: Path, scratch: Path, kills: int) -> int:
    """Kill a server so often while events come; gives how many were acknowledged.

    The sender tries once, so that it meets every kill.
    """
    chance = random.Random(5)  # noqa: S311
    every = batches(chance)
    sent_lines: list[bytes] = []
    acknowledged, unanswered = 0, next(every)
    for number in range(kills):
        server, sent = nursery.serve(data_dir), Sent()
        posting = Sender(server.url, sleep=lambda _: None)
        if number % 2:
            told = shown(server, FEW, whole=True)
            assert told == replayed(nursery, data_dir, scratch, FEW)
        killing = later(chance.uniform(0.02, 0.3), server)
        while True:
            try:
                # What got no answer may have been kept: sent again, it is in the journal once.
                posting.send(unanswered, sent)
            except RequestError:
                break
            acknowledged += BATCH
            sent_lines += unanswered
            unanswered = next(every)
        killing.join()
        server.wait()
        assert sent.rejected == 0
        journal = Journal(url_of(data_dir))
        assert journal.check() - acknowledged in {0, BATCH}
        kept = [orjson.loads(entry.line)["event"] for part in journal.entries() for entry in part]
        assert kept[:acknowledged] == [f"e-{n}" for n in range(acknowledged)]
        journal.close()
    return acknowledged


def kills_in_publication(nursery: Nursery, data_dir: Path, kills: int) -> int:
    """Kill publications, half of them at steps from the first to the last, half at random moments.

    A server looks on. Gives how many of them had gone live before they were killed.
    """
    chance = random.Random(9)  # noqa: S311
    server, live, switched = nursery.serve(data_dir), live_id(data_dir), 0
    counting = nursery.publish(data_dir.with_name(f"{data_dir.name}-counted"), "counted")
    steps = int(counting.said)
    for number in range(kills):
        step = round(steps * (number // 2) / (kills / 2 - 0.5)) if number % 2 else NEVER
        killed = nursery.publish(data_dir, f"#{number}", min(step, steps - 1), wait=False)
        if step == NEVER:
            later(chance.uniform(0.01, 1.0), killed).join()
        code = killed.wait()
        assert code == -9 or step == NEVER
        switched += live_id(data_dir) != live
        live = live_id(data_dir)
        for snapshot in snapshot_ids(data_dir):
            assert damage(open_snapshot(data_dir, snapshot).folder) == []
        assert server.get(SHOWN[0])[0] == 200
    server.kill()
    return switched


def lock_held(nursery: Nursery, data_dir: Path, held_s: float, busy_s: float) -> int:
    """Hold the journal as another program would; gives how often the sender was told to wait.

    Screens are asked meanwhile; busy_s: how long the server waits for the other one.
    """
    line = orjson.dumps({"source": "a", "case": "K1", "stage": "returned", "at": NOW - 30})
    server, sent, waits = nursery.serve(data_dir, busy_s=busy_s), Sent(), []
    Sender(server.url).send([line], sent)
    until = time.monotonic() + held_s

    def wait(_: float) -> None:
        waits.append(json.loads(server.get("/readyz")[1])["findings"])
        shown(server, FEW)
        if time.monotonic() >= until and other.in_transaction:
            other.execute("ROLLBACK")

    path = data_dir / "journal" / "journal.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        shown(server)
        Sender(server.url, sleep=wait).send([line.replace(b"K1", b"K2")], sent)
    assert all(found == ["journal_locked"] for found in waits)
    assert sent.accepted == 2
    assert json.loads(server.get("/readyz")[1])["findings"] == []
    server.kill()
    return len(waits)


def left_over(data_dir: Path) -> list[str]:
    """Whatever in a data directory is not whole."""
    return sorted(
        str(path.relative_to(data_dir))
        for path in data_dir.rglob(".*")
        if not path.name.endswith(".lock")
    )


def assert_the_next_one_tidies(nursery: Nursery, data_dir: Path) -> None:
    """Publish once more, later: it succeeds, and nothing half is left of those before it."""
    for path in left_over(data_dir):
        os.utime(data_dir / path, (0, 0))
    last = nursery.publish(data_dir, "last")
    assert last.wait() == 0, last.said
    assert left_over(data_dir) == []
    city = open_city(data_dir)
    assert city.profile.name_en.endswith("last")
    build_columns(city)
    assert damaged(city) == []


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that will hold in a moment."""
    patience = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < patience, "it never came"
        time.sleep(0.02)
