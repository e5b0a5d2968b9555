"""Events into a running server while screens are asked, and what a kill leaves of them."""

from __future__ import annotations

import random
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import orjson

from geodata.bench.asking import screens
from geodata.bench.cities import borrowed
from geodata.bench.figures import median, p95, timed
from geodata.bench.lines import lines
from geodata.bench.server import LOOK_EVERY_S, START_S, Visitor, running
from geodata.journal.journal import existing
from geodata.replay.played import Played
from geodata.replay.playing import play
from geodata.replay.sender import Sender, Sent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geodata.bench.figures import Figures, Limits
    from geodata.bench.server import Server
    from geodata.store.snapshots import City

ASK_EVERY_S: Final = 0.5
LOOKS_EVERY_S: Final = 1.1  # a server looks for what arrived once a second
ASKED: Final = 40  # different screens; one that comes again has had news meanwhile
AWAY_S: Final = 0.5  # that a sender waits for a killed server before it tries again


def run(city: City, limits: Limits) -> Figures:
    """Events kept a second, screens meanwhile, and the server after its last kill.

    Screens are asked through the callback of the overview, so that its page is measured with them.
    """
    sent_lines = lines(city, round((1 + limits.seconds) * limits.rate))
    queries = [screen.query(city) for screen in screens(city, ASKED)]
    with (
        borrowed(city) as data_dir,
        running(data_dir) as server,
        closing(Visitor(server)) as visitor,
    ):
        visitor.ask("")
        figures: Figures = {
            "ingest_first_screen_s": _begun(server, sent_lines[: limits.rate], visitor)
        }
        figures |= _asked_meanwhile(
            server, Asking(visitor, queries), sent_lines[limits.rate :], limits
        )
        figures["restart_first_screen_s"] = _restarted(server, visitor)
        server.stop()
        return figures | {
            "ingest_lost": lost(data_dir, sent_lines),
            "peak_rss_mb": server.peak_mb,
            "peak_own_mb": server.peak_own_mb,
        }


def _asked_meanwhile(
    server: Server, asking: Asking, sent_lines: Sequence[bytes], limits: Limits
) -> Figures:
    """Screens asked, and the server killed, as long as events come."""
    killing = Killing(server, limits)
    began = time.monotonic()
    asking.start()
    killing.start()
    sent = _fed(server, sent_lines, limits.rate)
    taken = time.monotonic() - began
    killing.join()
    asking.end()
    return {
        "ingest_events": sent.accepted + sent.repeated,
        "ingest_rejected": sent.rejected,
        "ingest_events_s": (sent.accepted + sent.repeated) / taken,
        "ingest_query_p95_ms": p95(asking.times),
        "ingest_query_median_ms": median(asking.times),
        "ingest_queries": len(asking.times),
        "ingest_query_failed": asking.failed,
        "ingest_kills": killing.done + 1,  # one more after the last event
    }


def _begun(server: Server, first: Sequence[bytes], visitor: Visitor) -> float:
    """Seconds of the first screen after the first batch, for which the city is made ready."""
    Sender(server.url).send(first, Sent())
    time.sleep(LOOKS_EVERY_S)
    return timed(lambda: visitor.ask(""))[0] / 1e3


def _fed(server: Server, sent_lines: Sequence[bytes], rate: int) -> Sent:
    """Every line is sent until it is acknowledged, so many a second."""
    events = [Played(number // rate, line) for number, line in enumerate(sent_lines)]
    sender = Sender(server.url, sleep=lambda wait_s: time.sleep(min(wait_s, AWAY_S)))
    return play(events, 0, 1.0, sender, lambda _last, _sent: None)


def _restarted(server: Server, visitor: Visitor) -> float:
    """Seconds from the start of a process, after a kill, until the first screen is there."""
    server.kill()
    visitor.close()
    began = time.monotonic()
    server.start()
    while not visitor.ask("") and time.monotonic() < began + START_S:
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - began


def lost(data_dir: Path, sent_lines: Sequence[bytes]) -> int:
    """How many of these events the journal does not have, each of it read and compared."""
    journal = existing(data_dir)
    journal.check()
    kept = {_number(entry.line) for part in journal.entries() for entry in part}
    journal.close()
    return len(set(map(_number, sent_lines)) - kept)


def _number(line: bytes) -> str:
    return str(orjson.loads(line)["event"])


@dataclass
class Asking:
    """One viewer who asks for a screen every half second, on a thread of its own."""

    visitor: Visitor
    queries: Sequence[str]
    times: list[float] = field(default_factory=list)
    failed: int = 0

    def __post_init__(self) -> None:
        """Prepare the thread."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="asking", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def end(self) -> None:
        """Ask no more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._over.is_set() or not self.times:
            taken, size = timed(lambda: self.visitor.ask(self.queries[number % len(self.queries)]))  # noqa: B023
            if size:
                self.times.append(taken)
                number += 1
            else:
                self.failed += 1
            self._over.wait(max(ASK_EVERY_S - taken / 1e3, 0))


class Killing:
    """Kills a server now and then while it is fed, and starts it again."""

    def __init__(self, server: Server, limits: Limits) -> None:
        """Choose the moments."""
        chance = random.Random(5)  # noqa: S311 - nothing is secret here
        step = limits.seconds / (limits.kills + 1)
        self._waits = [step * chance.uniform(0.5, 1) for _ in range(limits.kills)]
        self._server = server
        self.done = 0
        self._thread = threading.Thread(target=self._run, name="killing", daemon=True)

    def start(self) -> None:
        """Begin to wait for the first moment."""
        self._thread.start()

    def join(self) -> None:
        """Wait until the last kill is over."""
        self._thread.join()

    def _run(self) -> None:
        for wait_s in self._waits:
            time.sleep(wait_s)
            self._server.kill()
            self.done += 1
            self._server.start()
            self._server.wait()
