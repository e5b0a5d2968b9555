"""Two web workers, each with a disk of its own, that follow one journal in PostgreSQL."""

from __future__ import annotations

import csv
import io
import os
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.request import Request, urlopen

import orjson
import pytest

import dashboard
from geodata.engine.twin import fill
from geodata.journal.journal import Journal
from geodata.store.snapshots import open_city
from tests.browser.tiny import NOW
from tests.postgres import postgres_server, warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["postgres_server", "warehouse"]

ROOT: Final = Path(dashboard.__file__).parents[1]
PATIENCE_S: Final = 60.0
CASE: Final = {"source": "a", "department": "b", "category": "a"}
FIGURES: Final = "/export/departments.csv?t=30d&lang=en"


@contextmanager
def worker(data_dir: Path, **settings: str) -> Iterator[str]:
    """The address of a server in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    others = {key: value for key, value in os.environ.items() if not key.startswith("YIPING_")}
    own = {"YIPING_DATA_DIR": str(data_dir), "YIPING_PORT": port, "YIPING_FEED": "0"}
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=others | own | settings, stdout=subprocess.PIPE
    )
    assert process.stdout
    try:
        process.stdout.readline()  # it greets, and listens a moment later
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", int(port))):
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def workers(
    data_dir: Path, tmp_path_factory: pytest.TempPathFactory, warehouse: str
) -> Iterator[tuple[str, str]]:
    """One that scans columns, and one that asks the server of the journal for its figures too."""
    copy = tmp_path_factory.mktemp("other") / "data"
    shutil.copytree(data_dir, copy)
    assert fill(open_city(copy), warehouse)
    twin = {"YIPING_ENGINE": "postgresql", "YIPING_WAREHOUSE": warehouse}
    with ExitStack() as both:
        first = both.enter_context(worker(data_dir, YIPING_JOURNAL=warehouse))
        yield first, both.enter_context(worker(copy, YIPING_JOURNAL=warehouse, **twin))


def posted(address: str, lines: list[dict[str, object]]) -> dict[str, int]:
    body = b"\n".join(map(orjson.dumps, lines))
    with urlopen(Request(f"{address}/api/v1/events", body), timeout=30) as answer:  # noqa: S310
        found: dict[str, int] = orjson.loads(answer.read())
    return found


def figures(address: str) -> list[list[str]]:
    """The table of departments as it is on the screen."""
    with urlopen(f"{address}{FIGURES}", timeout=30) as answer:  # noqa: S310 - our own address
        rows = list(csv.reader(io.StringIO(answer.read().decode("utf-8-sig"))))
    return rows[: rows.index([])]


def shown(address: str, other_than: list[list[str]]) -> list[list[str]]:
    """The figures once they are others."""
    until = time.monotonic() + PATIENCE_S
    while (found := figures(address)) == other_than:
        assert time.monotonic() < until, "the event never came"
        time.sleep(0.1)
    return found


def test_what_one_takes_the_other_shows(workers: tuple[str, str]) -> None:
    first, other = workers
    before = figures(first)
    assert figures(other) == before
    for number, (to, seen) in enumerate(((first, other), (other, first))):
        said = posted(to, [CASE | {"case": f"w-{number}", "stage": "reported", "at": NOW - 3_600}])
        assert said["accepted"] == 1
        after = shown(seen, before)
        assert shown(to, before) == after
        before = after


def test_both_write_and_what_both_are_sent_is_kept_once(
    workers: tuple[str, str], warehouse: str
) -> None:
    lines: list[dict[str, object]] = [
        CASE | {"case": f"b-{n}", "stage": "reported", "at": NOW - 4_000 - n} for n in range(200)
    ]
    before, journal = figures(workers[0]), Journal(warehouse)
    kept = journal.last()
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda to: posted(to, lines), workers * 2))
    assert sum(each["accepted"] for each in said) == len(lines)
    assert sum(each["repeated"] for each in said) == 3 * len(lines)
    assert journal.check() == journal.last() == kept + len(lines)
    journal.close()
    assert shown(workers[0], before) == shown(workers[1], before)
