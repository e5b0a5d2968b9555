"""A wall through a long time and every fault, in a real browser; prints flat JSON.

python -m tests.soak [--ticks 20000] [--runs 10] [--alerts 50] [--json FILE]
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

from tests.browser import wall_faults as faults
from tests.browser.conftest import FLAGS
from tests.browser.tiny import publish_tiny
from tests.browser.walls import Canvas, Server, opened, show
from tests.soak.growth import measure
from tests.soak.told import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

SMALL: Final = Canvas(1280, 360)
HANG_S: Final = 60.0


class Soak:
    """One server, one browser, and what was found."""

    def __init__(self, browser: Browser, server: Server, path: str, folder: Path) -> None:
        """Take what a run needs; `path` is the browser's own file."""
        self._browser, self._server, self._path, self._folder = browser, server, path, folder
        self.found: dict[str, float] = {}
        self.problems: list[str] = []

    def grows(self, ticks: int) -> None:
        """F1."""
        with opened(self._browser, SMALL) as page:
            show(page, self._server.address)
            growth = measure(page, ticks)
        self.found |= {f"{name}": value for name, value in asdict(growth).items()}
        if not growth.is_flat:
            self.problems.append("the wall grows")

    def times(self, name: str, runs: int, once: Callable[[int], float]) -> None:
        """Run one fault so many times."""
        took = []
        for run in range(runs):
            try:
                took.append(once(run))
            except Exception as error:  # noqa: BLE001 - what fails is counted, and the rest is run
                said = (str(error).splitlines() or [type(error).__name__])[0]
                self.problems.append(f"{name} {run}: {said}")
        self.found |= {f"{name}_runs": runs, f"{name}_passed": len(took)}
        if took:
            self.found |= {f"{name}_median_s": round(median(took), 2)}
            self.found |= {f"{name}_worst_s": round(max(took), 2)}
        print(f"{name}: {len(took)} of {runs}", file=sys.stderr, flush=True)  # noqa: T201

    def called(self, alerts: int) -> None:
        """Red alerts by the API, one while the map flies to the last, every fifth after a rest."""
        with opened(self._browser, SMALL) as page:
            show(page, self._server.address)

            def once(run: int) -> float:
                if run and run % 5 == 0:
                    page.wait_for_timeout(2_000)
                took = faults.called(page, self._server, f"alarm-{run}")
                if run >= 2:  # else the panel would be full of them
                    self._server.alert(f"alarm-{run - 2}", unit="991", cleared=int(time.time()))
                return took

            self.times("alerts", alerts, once)

    def hurt(self, runs: int) -> None:
        """F2 to F8, each so many times."""
        with faults.supervised(self._server.address, self._folder, self._path) as kiosk:
            process = int(kiosk.wait("started")["pid"])
            kiosk.wait("shown")
            self.times("f2", runs, lambda _: faults.crashed(kiosk, process))
        with opened(self._browser, SMALL) as page:
            show(page, self._server.address)
            self.times("f3", runs, lambda _: faults.killed(page, self._server))
            self.times("f4", runs, lambda _: faults.hung(page, self._server, HANG_S))
        self.times("f5", runs, self._deployed)
        self.times("f7", runs, self._stalled)
        self.times("f8", runs, self._misled)

    def _deployed(self, run: int) -> float:
        with opened(self._browser, SMALL) as page:
            show(page, self._server.address)
            folder = self._folder / f"deploy-{run}"
            return faults.deployed(page, self._server, folder, run)

    def _stalled(self, _: int) -> float:
        began = time.monotonic()
        with opened(self._browser, SMALL) as page:
            show(page, self._server.address)
            faults.stalled(page)
        return time.monotonic() - began

    def _misled(self, _: int) -> float:
        began = time.monotonic()
        faults.misled(self._browser, self._server.address)
        return time.monotonic() - began


def main() -> int:
    """Run it; 1 where something failed."""
    asked = _arguments()
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        publish_tiny(folder / "data")
        server = Server(folder / "data")
        server.start()
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        soak = Soak(browser, server, path, folder)
        try:
            if asked.ticks:
                soak.grows(asked.ticks)
            if asked.alerts:
                soak.called(asked.alerts)
            soak.hurt(asked.runs)
        finally:
            browser.close()
            server.stop()
    tell({**soak.found, "failed": len(soak.problems)}, asked.json)
    print(*soak.problems, sep="\n", file=sys.stderr)  # noqa: T201
    return int(bool(soak.problems))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--ticks", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--alerts", type=int, default=50)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
