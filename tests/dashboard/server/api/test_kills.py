"""A server that is killed while it takes events: nothing that it acknowledged is lost."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson
import pytest

import dashboard
from geodata.journal.journal import Journal, url_of
from geodata.model.errors import RequestError
from geodata.replay import sender
from geodata.replay.sender import Sender, Sent
from tests.browser.tiny import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(dashboard.__file__).parents[1]
KILLS: Final = 10
BATCH: Final = 20
SERVER: Final = """
import sys
from pathlib import Path
import waitress
from flask import Flask, g
from dashboard import access
from dashboard.server import cities
from dashboard.server.api import events
from geodata.journal.tail import Tail
data_dir = Path(sys.argv[1])
server = Flask("killed")
access.connect(server.extensions, cities.Cities(data_dir))
events.install(server, data_dir, "", "here", Tail(data_dir))
waiting = waitress.create_server(server, host="127.0.0.1", port=0)
print(waiting.effective_port, flush=True)
waiting.run()
"""


class Children:
    """Servers of a test, each on a port of its own, which end with the test at the latest."""

    def __init__(self) -> None:
        self.all: list[subprocess.Popen[bytes]] = []

    def begin(self, data_dir: Path) -> tuple[subprocess.Popen[bytes], str]:
        command = [sys.executable, "-c", SERVER, str(data_dir)]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)  # noqa: S603
        self.all.append(server)
        assert server.stdout
        port = int(server.stdout.readline())
        return server, f"http://127.0.0.1:{port}"

    def end(self) -> None:
        for server in self.all:
            server.kill()
            server.wait()
            if server.stdout:
                server.stdout.close()


@pytest.fixture
def children() -> Iterator[Children]:
    made = Children()
    yield made
    made.end()


def batches() -> Iterator[list[bytes]]:
    number = 0
    while True:
        yield [
            orjson.dumps(
                {
                    "source": "a",
                    "case": f"kill-{number + n}",
                    "stage": "reported",
                    "at": NOW - 5,
                    "category": "a",
                }
            )
            for n in range(BATCH)
        ]
        number += BATCH


def test_ten_kills_lose_nothing_that_was_acknowledged(
    data_dir: Path, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "ATTEMPTS", 1)
    chance, every, acknowledged, done = random.Random(5), batches(), 0, 0  # noqa: S311
    unanswered = next(every)
    for _ in range(KILLS):
        server, url = children.begin(data_dir)
        posting, sent = Sender(url, sleep=lambda _: None), Sent()
        posting.send(unanswered, sent)
        # What got no answer may have been kept: sent again, it is in the journal once.
        assert sent.accepted + sent.repeated == BATCH
        done, unanswered = done + 1, next(every)
        killing = threading.Timer(chance.uniform(0.05, 0.4), server.send_signal, [signal.SIGKILL])
        killing.start()
        while True:
            try:
                posting.send(unanswered, sent)
            except RequestError:
                break
            done, unanswered = done + 1, next(every)
        killing.join()
        server.wait()
        acknowledged = done * BATCH
        journal = Journal(url_of(data_dir))
        assert journal.check() - acknowledged in {0, BATCH}
        cases = [orjson.loads(entry.line)["case"] for entry in journal.read()]
        assert cases[:acknowledged] == [f"kill-{n}" for n in range(acknowledged)]
        journal.close()
    assert acknowledged > KILLS * BATCH


def test_another_process_goes_on_where_a_killed_one_ended(
    data_dir: Path, children: Children
) -> None:
    """The lock falls with the process that held it."""
    first, url = children.begin(data_dir)
    line = next(batches())[:1]
    Sender(url).send(line, Sent())
    _, other = children.begin(data_dir)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        first.kill()
        first.wait()
        time.sleep(0.01)

    sent = Sent()
    Sender(other, sleep=wait).send(line, sent)
    assert len(waits) == 1  # 503 as long as the first was alive
    assert sent.accepted + sent.repeated == 1
