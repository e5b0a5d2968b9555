"""Many viewers of one server, each with a new question every two seconds."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from geodata.bench.asking import screens
from geodata.bench.cities import borrowed
from geodata.bench.figures import median, p95, timed
from geodata.bench.server import Visitor, running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.bench.figures import Figures, Limits
    from geodata.store.snapshots import City

EVERY_S: Final = 2.0
QUESTIONS: Final = 40  # of one viewer before the first comes again


def run(city: City, limits: Limits) -> Figures:
    """How long the whole page of a new address takes through the callback of the overview."""
    every = screens(city, QUESTIONS * limits.viewers)
    queries = [screen.query(city) for screen in every]
    with borrowed(city) as data_dir, running(data_dir) as server:
        with closing(Visitor(server)) as first:
            first.ask("")
        viewers = [
            Viewer(Visitor(server), queries[number :: limits.viewers], number / limits.viewers)
            for number in range(limits.viewers)
        ]
        began = time.monotonic()
        _together(viewers, began + limits.seconds)
        taken = time.monotonic() - began
        server.stop()
    times = [each for viewer in viewers for each in viewer.times]
    return {
        "viewers": len(viewers),
        "viewers_p95_ms": p95(times),
        "viewers_median_ms": median(times),
        "viewers_answers": len(times),
        "viewers_answers_s": len(times) / taken,
        "viewers_failed": sum(viewer.failed for viewer in viewers),
        "viewers_answer_kb": sum(viewer.size for viewer in viewers) / max(len(times), 1) / 1e3,
        "viewers_peak_rss_mb": server.peak_mb,
        "viewers_incidents": city.meta["counts"]["incidents"],
    }


@dataclass
class Viewer:
    """Somebody who looks at one place after the other; share: of two seconds, when they begin."""

    visitor: Visitor
    queries: Sequence[str]
    share: float
    times: list[float] = field(default_factory=list)
    failed: int = 0
    size: int = 0

    def look(self, until: float) -> None:
        """Ask until a moment; who waits longer than two seconds asks again at once."""
        time.sleep(self.share * EVERY_S)
        number = 0
        while not number or time.monotonic() < until:
            taken, size = timed(lambda: self.visitor.ask(self.queries[number % len(self.queries)]))  # noqa: B023
            number += 1
            self.size += size
            if size:
                self.times.append(taken)
            else:
                self.failed += 1
            time.sleep(max(EVERY_S - taken / 1e3, 0))
        self.visitor.close()


def _together(viewers: Sequence[Viewer], until: float) -> None:
    threads = [threading.Thread(target=viewer.look, args=(until,)) for viewer in viewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
