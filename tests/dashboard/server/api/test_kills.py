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

import dashboard
from geodata.journal.journal import Journal, url_of
from geodata.model.errors import RequestError
from geodata.replay import sender
from geodata.replay.sender import Sender, Sent
from tests.browser.tiny import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

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
waiting = waitress.create_server(server, host="127.0.0.1", port=int(sys.argv[2]))
print(waiting.effective_port, flush=True)
waiting.run()
"""


def begun(data_dir: Path, port: int) -> tuple[subprocess.Popen[bytes], int]:
    command = [sys.executable, "-c", SERVER, str(data_dir), str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)  # noqa: S603
    assert server.stdout
    port = int(server.stdout.readline())
    server.stdout.close()
    return server, port


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
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "ATTEMPTS", 1)
    chance, every, acknowledged, done = random.Random(5), batches(), 0, 0  # noqa: S311
    port, unanswered = 0, next(every)
    for _ in range(KILLS):
        server, port = begun(data_dir, port)
        posting, sent = Sender(f"http://127.0.0.1:{port}", sleep=lambda _: None), Sent()
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


def test_another_process_goes_on_where_a_killed_one_ended(data_dir: Path) -> None:
    """The lock falls with the process that held it."""
    first, port = begun(data_dir, 0)
    line = next(batches())[:1]
    Sender(f"http://127.0.0.1:{port}").send(line, Sent())
    second, other = begun(data_dir, 0)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        first.kill()
        first.wait()
        time.sleep(0.01)

    sent = Sent()
    Sender(f"http://127.0.0.1:{other}", sleep=wait).send(line, sent)
    second.kill()
    second.wait()
    assert len(waits) == 1  # 503 as long as the first was alive
    assert sent.accepted + sent.repeated == 1
