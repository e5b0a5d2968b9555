"""A server killed again and again while events come: what is lost, and what is shown otherwise."""

from __future__ import annotations

import random
import shutil
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from geodata.bench.cities import COLUMNS, borrowed
from geodata.bench.ingest import lost
from geodata.bench.lines import lines
from geodata.bench.server import fetched, running
from geodata.columns import build_columns
from geodata.journal.journal import FILE, FOLDER, existing
from geodata.model.errors import RequestError
from geodata.replay.sender import Sender, Sent
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geodata.bench.figures import Figures, Limits
    from geodata.bench.server import Server
    from geodata.store.snapshots import City

KILLS: Final = 100
BATCH: Final = 200
LIFE_S: Final = (0.05, 1.0)  # of a server after it is ready
AGAIN_S: Final = 0.2
TRIES: Final = 10
END: Final = b"\r\n\r\n"  # of a table; what follows says when it was made
ASKED: Final = (
    *(
        f"/export/{panel}.csv?t={span}&lang=en"
        for panel in ("map", "departments", "categories", "settlement", "deadlines", "ladder")
        for span in ("7d", "30d")
    ),
    "/open311/v2/requests.json",
)


def run(city: City, limits: Limits) -> Figures:
    """Kill as often as asked, then compare with the events sent and with a fold from nothing."""
    began = time.monotonic()
    with borrowed(city) as data_dir, running(data_dir) as server:
        mortal = Mortal(server, limits.kills or KILLS)
        sent = _fed(city, mortal)
        with borrowed(city) as other:
            _only_what_is_true(data_dir, other)
            with running(other) as anew:
                unequal = [path for path in ASKED if not _alike(server, anew, path)]
        server.stop()
        return {
            "kills": mortal.done,
            "kills_events": len(sent),
            "kills_lost": lost(data_dir, sent),
            "kills_answers": len(ASKED),
            "kills_unequal": len(unequal),
            "kills_s": time.monotonic() - began,
        }


@dataclass
class Mortal:
    """A server that is killed a moment after it is ready, and begun anew when it is missed."""

    server: Server
    kills: int
    done: int = 0

    def __post_init__(self) -> None:
        """Choose the first moment."""
        self._chance = random.Random(11)  # noqa: S311 - nothing is secret here
        self._doom()

    def _doom(self) -> None:
        self._killing = threading.Timer(self._chance.uniform(*LIFE_S), self.server.kill)
        self._killing.start()

    def again(self, _: float) -> None:
        """What a sender does that got no answer, in place of waiting."""
        if self._killing.is_alive():
            time.sleep(AGAIN_S)
            return
        self.done += 1
        self.server.start()
        self.server.wait()
        if self.done < self.kills:
            self._doom()


def _fed(city: City, mortal: Mortal) -> list[bytes]:
    """Send until the last kill is over; every batch until it is acknowledged. Gives all of them."""
    sender, sent, every = Sender(mortal.server.url, sleep=mortal.again), Sent(), _batches(city)
    kept: list[bytes] = []
    while mortal.done < mortal.kills:
        batch = next(every)
        sender.send(batch, sent)
        kept += batch
    if sent.rejected:
        msg = f"{sent.rejected} events were rejected: {sent.first}"
        raise RequestError(msg)
    return kept


def _batches(city: City) -> Iterator[list[bytes]]:
    made = lines(city, 2 * BATCH)
    first = 0
    while True:
        if len(made) < first + BATCH:
            made = lines(city, 2 * len(made))
        yield made[first : first + BATCH]
        first += BATCH


def _only_what_is_true(data_dir: Path, other: Path) -> None:
    """Give another directory the journal, and columns made anew from the published files."""
    journal = existing(data_dir)
    journal.backup(other / FOLDER / FILE)
    journal.close()
    shutil.rmtree(other / COLUMNS)
    build_columns(open_city(other))


def _alike(server: Server, anew: Server, path: str) -> bool:
    """Whether both answer alike; a city that lives may change between, then both are asked anew."""
    for _ in range(TRIES):
        before, other, after = (_answer(each, path) for each in (server, anew, server))
        if before == after:
            return before == other
    return False


def _answer(server: Server, path: str) -> bytes:
    status, body = fetched(server.port, path)
    if status != HTTPStatus.OK:
        msg = f"{path}: answers {status}; look at the log of the server"
        raise RequestError(msg)
    return body.partition(END)[0]
