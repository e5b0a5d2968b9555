"""Walls and viewers of one server while events stream in; prints flat JSON.

python -m tests.soak.crowd --data-dir DIR [--minutes 10] [--rate 1000] [--json FILE]
"""

from __future__ import annotations

import argparse
import math
import os
import random
import shutil
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import orjson
from playwright.sync_api import sync_playwright

from geodata.bench.asking import screens
from geodata.bench.cities import borrowed
from geodata.bench.figures import median, p95
from geodata.bench.lines import STAGES
from geodata.bench.server import Visitor, running
from geodata.bench.viewers import QUESTIONS, Viewer
from geodata.replay.sender import Sender, Sent
from geodata.store.snapshots import open_city
from tests.browser.conftest import FLAGS
from tests.browser.walls import Canvas, opened, show
from tests.soak.growth import counted
from tests.soak.looks import Looks
from tests.soak.told import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.bench.server import Server
    from geodata.store.snapshots import City

WALLS: Final = 2
VIEWERS: Final = 10
LOOK_EVERY_S: Final = 1.0
SETTLED_S: Final = 30.0  # after the first events, before anybody looks
STEPS: Final = ("reported", *STAGES)


class Streaming:
    """Events that happen as they are sent: each case takes its next step a second later."""

    def __init__(self, city: City, url: str, rate: int) -> None:
        """Prepare the thread; rate: events a second."""
        self._city, self._url, self._rate = city, url, rate
        self.sent, self.behind_s = Sent(), 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Begin to send."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Send no more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        # Moments are whole seconds: sent later in a second, an event would be old as it happens.
        sender, due = Sender(self._url), float(math.ceil(time.time()))
        for lines in self._seconds():
            wait_s = due - time.time()
            self.behind_s = max(self.behind_s, -wait_s)
            if self._over.wait(max(wait_s, 0)):
                return
            sender.send(list(lines(int(time.time()))), self.sent)
            due += 1

    def _seconds(self) -> Iterator[Any]:
        """Of each second what makes its lines, given the moment they are sent."""
        chance = random.Random(11)  # noqa: S311
        west, south, east, north = map(float, self._city.places.total_bounds)
        tables = (self._city.sources, self._city.categories, self._city.departments)
        sources, categories, departments = (table["key"].tolist() for table in tables)
        born = max(self._rate // len(STEPS), 1)

        def line(second: int, number: int, step: int, at: int) -> bytes:
            told = {
                "source": sources[number % len(sources)],
                "case": f"crowd-{second}-{number}",
                "event": f"crowd-{second}-{number}-{step}",
                "stage": STEPS[step],
                "at": at,
            }
            if not step:
                lon, lat = chance.uniform(west, east), chance.uniform(south, north)
                told |= {"category": chance.choice(categories), "lon": lon, "lat": lat}
            elif STEPS[step] == "dispatched" and departments:
                told["department"] = chance.choice(departments)
            return orjson.dumps(told)

        second = 0
        while True:
            yield lambda at, second=second: (
                line(second - step, number, step, at)
                for step in range(min(second + 1, len(STEPS)))
                for number in range(born)
            )
            second += 1


def measure(data_dir: Path, minutes: float, rate: int) -> dict[str, float]:
    """Two walls looked at every second and ten viewers, while events come."""
    city = open_city(data_dir)
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    with ExitStack() as stack:
        folder = stack.enter_context(borrowed(city))
        server = stack.enter_context(running(folder))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        stack.callback(browser.close)
        canvases = (Canvas(3840, 1080), Canvas(1920, 1080))
        pages = [stack.enter_context(opened(browser, each)) for each in canvases]
        for page in pages:
            page.set_default_timeout(120_000)
            show(page, server.url)
        streaming = stack.enter_context(Streaming(city, server.url, rate))
        time.sleep(SETTLED_S)
        until = time.monotonic() + minutes * 60
        viewers = _viewers(city, server)
        threads = [threading.Thread(target=each.look, args=(until,)) for each in viewers]
        for thread in threads:
            thread.start()
        looks = [Looks() for _ in pages]
        while time.monotonic() < until:
            for look, page in zip(looks, pages, strict=True):
                look.look(page)
            time.sleep(LOOK_EVERY_S)
        for thread in threads:
            thread.join()
        heaps = [counted(page.context.new_cdp_session(page))[0] / 1e6 for page in pages]
        found = {"minutes": minutes, "rate": rate, "incidents": city.meta["counts"]["incidents"]}
        for number, look in enumerate(looks, 1):
            found |= look.told(f"wall{number}")
        times = [each for viewer in viewers for each in viewer.times]
        return found | {
            "events": streaming.sent.accepted,
            "events_rejected": streaming.sent.rejected,
            "sender_behind_worst_s": round(streaming.behind_s, 2),
            "viewers": len(viewers),
            "viewers_answers": len(times),
            "viewers_failed": sum(viewer.failed for viewer in viewers),
            "viewers_median_ms": round(median(times)),
            "viewers_p95_ms": round(p95(times)),
            "walls_heap_mb": round(max(heaps), 1),
            "peak_own_mb": round(server.peak_own_mb),
        }


def _viewers(city: City, server: Server) -> list[Viewer]:
    queries = [screen.query(city) for screen in screens(city, QUESTIONS * VIEWERS)]
    return [
        Viewer(Visitor(server), queries[number::VIEWERS], number / VIEWERS)
        for number in range(VIEWERS)
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.soak.crowd", description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=int, default=1_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    tell(measure(asked.data_dir, asked.minutes, asked.rate), asked.json)
