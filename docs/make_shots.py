"""Photograph the screens of the demo city for the README: `make shots`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from playwright.sync_api import sync_playwright

from geodata.engine import Engine, Request
from geodata.planner.barriers import crossing
from geodata.planner.rules import rules_of
from geodata.scenarios import grounds
from geodata.scenarios.scenario import PLANS, Scenarios
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.store.snapshots import City

OUT = Path(__file__).parent / "shots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
DESKTOP, PHONE, WALL = (1440, 900), (390, 844), (1920, 1080)
DESK = "planner-zh-dark"
START_S = 60


def busiest_path(city: City) -> tuple[list[str], str]:
    """Codes from the root down the busiest children, and the busiest building."""
    engine, now, unit, codes = Engine(city), city.now(), 0, []
    while True:
        codes.append(str(city.places["code"].iloc[unit]))
        level = city.tree.next_level(unit)
        request = Request(unit, level, now - 90 * 86_400, now, now)
        counts = engine.screen(request).cells["reported"].drop(-1, errors="ignore")
        busiest = int(counts.idxmax())
        if level == "building":
            return codes, str(city.buildings["code"].iloc[busiest])
        unit = busiest


def screens(city: City) -> dict[str, tuple[str, tuple[int, int]]]:
    """File name → (query, window size) of every picture."""
    codes, building = busiest_path(city)
    department = str(city.departments["key"].iloc[0])
    return {
        "overview-zh-dark": ("?t=7d", DESKTOP),
        "overview-en-light": ("?t=7d&lang=en&theme=light", DESKTOP),
        "department-zh-dark": (f"?t=30d&d={department}&m=arrival", DESKTOP),
        "heat-zh-dark": (f"?at={codes[1]}&t=today&heat=1", DESKTOP),
        "street-zh-dark": (f"?at={codes[1]}&t=7d", DESKTOP),
        "community-zh-dark": (f"?at={codes[2]}&t=30d", DESKTOP),
        "grid-zh-dark": (f"?at={codes[-1]}&t=30d", DESKTOP),
        "building-zh-dark": (f"?at={building}", DESKTOP),
        "phone-zh-light": ("?t=7d&theme=light", PHONE),
        "wall-zh-dark": ("wall", WALL),
    }


@contextmanager
def drafted(city: City) -> Iterator[str]:
    """Begin a scenario in which the fullest grid of a street is parted, and drop it again."""
    if not grounds.is_ready(city):
        grounds.make(city)
    plans, street = Scenarios(city.data_dir), busiest_path(city)[0][1]
    key = plans.create("示例方案", street, "docs")
    scenario = plans.opened(key)
    ground, plan = scenario.grounded.ground, scenario.plan
    held = np.bincount(plan.grid, ground.households, len(plan.codes))
    atoms = np.arange(len(ground), dtype=np.int32)
    across = crossing(ground, plan, atoms, rules_of("", city.profile))
    spoilt = {int(plan.community[plan.number(code)]) for code in across}
    held[np.isin(plan.community, list(spoilt))] = 0  # whose checks would stay red
    grid = plan.codes[int(held.argmax())]
    plans.do(key, scenario.head, {"do": "split_k", "grid": grid, "k": 2}, "docs", "户数超限")
    community = ground.communities[int(plan.community[int(held.argmax())])]
    try:
        yield f"plan/{key}?at={community}&sel={grid}"
    finally:
        shutil.rmtree(city.data_dir / PLANS / key)


@contextmanager
def server() -> Iterator[str]:
    """Run the application on a free port and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"YIPING_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "app.py"], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address + "/readyz")
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own loopback address
        except OSError:
            time.sleep(0.3)
        else:
            return
    message = f"{url} did not answer within {START_S} s"
    raise TimeoutError(message)


def main() -> None:
    """Take every picture."""
    OUT.mkdir(exist_ok=True)
    city = open_city(Path(os.environ.get("YIPING_DATA_DIR", "data")))
    wanted = set(sys.argv[1:])
    with server() as address, drafted(city) as desk, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, (query, (width, height)) in (screens(city) | {DESK: (desk, DESKTOP)}).items():
            if wanted and name not in wanted:
                continue
            page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
            page.goto(f"{address}/{query}", wait_until="networkidle")
            page.wait_for_timeout(2_500)
            page.screenshot(path=OUT / f"{name}.png")
            page.close()
            sys.stdout.write(f"{name}.png\n")
        browser.close()


if __name__ == "__main__":
    main()
