"""A wall in real time, over a city whose feed runs: does it grow, does it ever go stale?

python -m tests.soak.hours --data-dir DIR [--minutes 60] [--json FILE]
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from pathlib import Path
from typing import Final

import numpy as np
from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.walls import WALL, Canvas, Server, opened, show
from tests.soak.growth import HISTORY, counted
from tests.soak.looks import Looks
from tests.soak.told import tell

EVERY_S: Final = 20.0
COUNT: Final = f"""() => {{
  const {{ asking }} = {WALL};
  const ask = asking.ask.bind(asking);
  window.answers = 0;
  asking.ask = (...given) => {{ window.answers += 1; return ask(...given); }};
}}"""


def measure(data_dir: Path, minutes: float) -> dict[str, float]:
    """Garbage is collected before each look; the slope is that of the last half."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    server = Server(data_dir, YIPING_FEED="1")
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            with opened(browser, Canvas(1920, 1080)) as page:
                show(page, server.address)
                page.evaluate(COUNT)
                session = page.context.new_cdp_session(page)
                session.send("HeapProfiler.enable")
                looks, rows = Looks(), []
                until = time.monotonic() + minutes * 60
                while time.monotonic() < until:
                    time.sleep(EVERY_S)
                    looks.look(page)
                    rows.append((page.evaluate("window.answers"), *counted(session)))
                past = page.evaluate(HISTORY)
    finally:
        server.stop()
    half = np.array(rows[len(rows) // 2 :], dtype=float)
    ticks = int(rows[-1][0])
    return {
        "minutes": minutes,
        "ticks": ticks,
        "bytes_per_tick": round(float(np.polyfit(half[:, 0], half[:, 1], 1)[0]), 1),
        "heap_first_mb": round(rows[0][1] / 1e6, 2),
        "heap_last_mb": round(rows[-1][1] / 1e6, 2),
        "nodes_growth": int(half[-9:, 2].min() - half[:9, 2].min()),
        "listeners_growth": int(half[-9:, 3].min() - half[:9, 3].min()),
        "history_past": past,
    } | looks.told("wall")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.soak.hours", description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    tell(measure(asked.data_dir, asked.minutes), asked.json)
