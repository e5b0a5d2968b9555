"""What a leader waits for: first paint, drill, filter, bytes on the wire."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from geodata.store.snapshots import open_city
from tests.bench.rest import settle
from tests.browser.conftest import browser, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
pytestmark = pytest.mark.bench
FOLDER: Final = Path(os.environ.get("YIPING_DATA_DIR", "data"))
ROUNDS: Final = 24
SETTLED_MS: Final = 900
LOOK_MS: Final = 50
LONGEST_S: Final = 60
CATEGORIES: Final = ("property", "dispute", "cleanliness")
FILTERS: Final = len(CATEGORIES)
SIZE: Final[Any] = {"width": 1440, "height": 900}
# Notes when the six figures and when the cells of the map first stand on the page.
FIRST: Final = """
window.first = {};
new MutationObserver(() => {
  const figure = document.querySelector('.kpi .figure');
  if (!first.figures && figure && /\\d/.test(figure.textContent)) first.figures = performance.now();
  if (!first.cells && document.querySelector('[data-painted]')) first.cells = performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
"""
# From the next release of the mouse, or from a change of the address, to what it brings about.
ARM: Final = """(search) => {
  const scene = [...window.yiping.map.scenes][0];
  const before = scene.state;
  const painted = scene.painted;
  window.timed = new Promise((done) => {
    const times = {};
    let start = 0;
    const passed = () => performance.now() - start;
    scene.painted = () => {
      painted.call(scene);
      if (scene.state !== before) times.cells = passed(); // the last painting is the whole one
    };
    const look = () => {
      if (times.outline === undefined && scene.focus.pending) times.outline = passed();
      if (times.figures === undefined && scene.state !== before) times.figures = passed();
      const last = Math.max(times.figures, times.cells || 0); // NaN until the answer is there
      const over = last + QUIET < passed() || passed() > MOST;
      if (!over) requestAnimationFrame(look);
      else {
        delete scene.painted;
        done(times);
      }
    };
    const begin = () => { start = performance.now(); requestAnimationFrame(look); };
    if (search) { begin(); window.yiping.go(search); }
    else window.addEventListener('pointerup', begin, { capture: true, once: true });
  });
}""".replace("QUIET", "1000").replace("MOST", "20000")
# By unit of the next level, the pixel deepest inside of what a click there would open; signs and
# cards lie over some of it.
WHERE: Final = """() => {
  const scene = [...window.yiping.map.scenes][0];
  const box = scene.container.getBoundingClientRect();
  const gestures = scene.gestures;
  const owner = (x, y) => {
    const on = document.elementFromPoint(x, y);
    if (!on || !scene.container.contains(on) || on.closest('.map-sign-link')) return null;
    const place = scene.leaflet.containerPointToLatLng([x - box.left, y - box.top]);
    const target = gestures.pick(place);
    const unit = target && gestures.step(target, place);
    return unit && unit.layer === scene.state.next ? unit.id : null;
  };
  const open = new Map();
  for (let y = box.top; y < box.bottom; y += STEP) {
    for (let x = box.left; x < box.right; x += STEP) {
      const id = owner(x, y);
      if (id !== null) open.set(`${x},${y}`, { id, x, y });
    }
  }
  const inside = ({ id, x, y }) => {
    for (let far = STEP; ; far += STEP) {
      for (const [dx, dy] of [[far, 0], [-far, 0], [0, far], [0, -far]]) {
        const near = open.get(`${x + dx},${y + dy}`);
        if (!near || near.id !== id) return far;
      }
    }
  };
  const deepest = new Map();
  for (const spot of open.values()) {
    const depth = inside(spot);
    if (!deepest.has(spot.id) || deepest.get(spot.id).depth < depth) {
      deepest.set(spot.id, { depth, at: [spot.x, spot.y] });
    }
  }
  return [...deepest.values()].map(({ at }) => at);
}""".replace("STEP", "6")

AT_HOME: Final = "[...window.yiping.map.scenes][0].state.at.unit === 0"

# Pictures of the heat as they are put on the map while it is played as fast as it goes.
PLAY: Final = """() => {
  const scene = [...window.yiping.map.scenes][0];
  const put = scene.heat.put;
  const shown = [];
  scene.heat.put = (...given) => {
    put.call(scene.heat, ...given);
    if (window.yiping.map.player.timer) shown.push(performance.now());
  };
  window.yiping.map.player.press('speed-16');
  window.yiping.map.player.press('play');
  return new Promise((done) => setTimeout(() => {
    window.yiping.map.player.press('play');
    done(shown);
  }, FOR));
}""".replace("FOR", "8000")


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[str, list[str]]]:
    """Address of the city, and the codes of the places right below it."""
    city = open_city(FOLDER)
    streets = [str(city.places["code"].iloc[unit]) for unit in city.tree.children(0)]
    with served(FOLDER) as address:
        yield address, streets


@pytest.fixture
def at_rest(demo: tuple[str, list[str]]) -> tuple[str, list[str]]:
    """The same, once the server has done what it does after a start: checks its columns, lays out.

    How soon a screen stands after a start is measured by itself, by `bench screens`.
    """
    settle()
    return demo


def _print(figures: dict[str, float]) -> None:
    sys.stdout.write(
        json.dumps({key: round(value, 1) for key, value in figures.items()}, indent=1) + "\n"
    )


def test_first_paint_and_bytes(demo: tuple[str, list[str]], browser: Browser) -> None:
    address, _ = demo
    figures: dict[str, float] = {}
    context = browser.new_context(viewport=SIZE, locale="zh-CN")
    context.add_init_script(FIRST)
    for name in ("cold", "warm", "warm again"):
        page = context.new_page()
        wire = _count_bytes(page)
        page.goto(address, wait_until="commit")
        page.wait_for_selector(".kpi .figure", timeout=60_000)
        page.wait_for_selector("[data-painted]", state="attached", timeout=60_000)
        for part, at in page.evaluate("window.first").items():
            figures[f"first {part}, {name}, ms"] = at
        page.wait_for_load_state("networkidle")
        figures[f"wire, {name}, kB"] = sum(wire) / 1000
        page.close()
    context.close()
    _print(figures)
    assert figures["wire, warm, kB"] < figures["wire, cold, kB"]


def _open(page: Page, address: str) -> None:
    """Go to an address and wait until its map is painted: a busy machine is quiet before that."""
    page.goto(address, wait_until="networkidle")
    page.wait_for_selector("[data-painted]", state="attached", timeout=60_000)


def _count_bytes(page: Page) -> list[float]:
    wire: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def note(event: dict[str, Any]) -> None:
        wire.append(float(event["encodedDataLength"]))

    session.on("Network.loadingFinished", note)
    return wire


@pytest.mark.parametrize("where", ["overview", "department", "comparison"])
def test_drill(at_rest: tuple[str, list[str]], browser: Browser, where: str) -> None:
    address, _ = at_rest
    city = open_city(FOLDER)
    level, departments = city.tree.next_level(0), city.departments["key"]
    rest = {"overview": "", "department": f"&on=dept&d={departments[0]}", "comparison": "&on=dept"}
    page = browser.new_page(viewport=SIZE, locale="zh-CN")
    _open(page, f"{address}?lv={level}{rest[where]}")
    points = page.evaluate(WHERE)
    assert points, "no unit of the next level can be clicked"
    times: list[dict[str, float]] = []
    for number in range(ROUNDS):
        page.evaluate(ARM, None)
        page.mouse.click(*points[number % len(points)])
        times.append(page.evaluate("window.timed"))
        page.go_back()
        _home(page)
    page.close()
    _print({f"{where}, drill to {key}, ms {kind}": v for key, kind, v in _spread(times)})
    assert all(set(each) == {"outline", "figures", "cells"} for each in times)


def _home(page: Page) -> None:
    """Wait until the whole city is on the map again, however busy the machine."""
    until = time.monotonic() + LONGEST_S
    while not page.evaluate(AT_HOME) and time.monotonic() < until:
        page.wait_for_timeout(LOOK_MS)
    page.wait_for_timeout(SETTLED_MS)


def test_filter(at_rest: tuple[str, list[str]], browser: Browser) -> None:
    address, streets = at_rest
    page = browser.new_page(viewport=SIZE, locale="zh-CN")
    _open(page, address)
    for days in ("24h", "7d", "30d"):
        times: list[dict[str, float]] = []
        for number in range(ROUNDS):
            # A filter leaves the place alone: a flight to another one would be measured with it.
            place = f"?t={days}&at={streets[number // FILTERS % len(streets)]}"
            if number % FILTERS == 0:
                page.evaluate("search => window.yiping.go(search)", place)
                page.wait_for_timeout(2 * SETTLED_MS)
            category = CATEGORIES[number % FILTERS]
            page.evaluate(ARM, f"{place}&k={category}")
            times.append(page.evaluate("window.timed"))
        # Cells whose classes stay the same are not painted again.
        whole = [{"figures": each["figures"], "whole": max(each.values())} for each in times]
        parts = _spread(whole)
        _print({f"filter of {days} to {part}, ms {kind}": value for part, kind, value in parts})
    page.close()


@pytest.mark.parametrize("days", ["24h", "7d", "30d"])
def test_department_filter(at_rest: tuple[str, list[str]], browser: Browser, days: str) -> None:
    """Another department, and another category of it: in the whole city and in streets."""
    address, streets = at_rest
    departments = open_city(FOLDER).departments["key"].tolist()
    page = browser.new_page(viewport=SIZE, locale="zh-CN")
    _open(page, f"{address}?on=dept&t={days}&d={departments[-1]}")
    times: list[dict[str, float]] = []
    for place in ("", f"&at={streets[0]}"):
        # From a department: the page of all of them is arranged anew, and its map with it.
        start = f"?on=dept&t={days}{place}&d={departments[-1]}"
        page.evaluate("search => window.yiping.go(search)", start)
        page.wait_for_timeout(2 * SETTLED_MS)
        for number in range(ROUNDS):
            department = departments[number // 2 % len(departments)]
            category = f"&k={CATEGORIES[number // 2 % FILTERS]}" if number % 2 else ""
            page.evaluate(ARM, f"?on=dept&t={days}{place}&d={department}{category}")
            timed = page.evaluate("window.timed")
            times.append({"figures": timed["figures"], "whole": max(timed.values())})
    page.close()
    parts = _spread(times)
    _print({f"department, filter of {days} to {part}, ms {kind}": v for part, kind, v in parts})


def test_playback(demo: tuple[str, list[str]], browser: Browser) -> None:
    address, _ = demo
    page = browser.new_page(viewport=SIZE, locale="zh-CN")
    for query in ("?t=24h&heat=1&play=all", "?t=7d&heat=1"):
        page.goto(f"{address}{query}", wait_until="networkidle")
        shown = page.evaluate(PLAY)
        gaps = np.diff(shown)
        assert len(gaps) > 1, "nothing was played"
        rate, longest = 1000 / float(np.mean(gaps)), float(np.percentile(gaps, 95))
        _print({f"{query}: frames a second": rate, f"{query}: gap p95, ms": longest})
    page.close()


def _spread(times: list[dict[str, float]]) -> Iterator[tuple[str, str, float]]:
    for key in times[0]:
        values = [each[key] for each in times]
        yield key, "median", float(np.median(values))
        yield key, "p95", float(np.percentile(values, 95))
