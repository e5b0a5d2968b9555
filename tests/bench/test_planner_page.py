"""What a planner waits for in a city of thousands of grids: a stroke, from hand to screen."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from geodata.bench.cities import borrowed
from geodata.scenarios.grounds import is_ready, make
from geodata.store.snapshots import open_city
from tests.bench.rest import settle
from tests.browser.conftest import browser, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
pytestmark = pytest.mark.bench
FOLDER: Final = Path(os.environ.get("YIPING_DATA_DIR", "data"))
SIZE: Final[Any] = {"width": 1440, "height": 900}
STROKES: Final = 40
LOADED_MS: Final = 120_000
IDLE: Final = """() => window.yiping?.planner?.desk?.state
  && document.getElementById('planner').dataset.busy === '0'"""
# Of neighbouring grids of a community: the one that is to grow, and where in the other an atom of
# its own border lies, in pixels of the page.
BORDERS: Final = """() => {
  const {desk} = window.yiping.planner;
  const {grids, view, host} = desk.map;
  const {left, top} = host.getBoundingClientRect();
  const places = [];
  for (const atom of grids.atoms) {
    const middle = [(atom.box[0] + atom.box[2]) / 2, (atom.box[1] + atom.box[3]) / 2];
    const under = grids.atomAt(middle);
    if (!under || under.id !== atom.id) continue;
    const own = grids.ownerOf(atom);
    const beside = grids.atomsNear(middle, 40).find((other) =>
      other.community === atom.community && grids.ownerOf(other) !== own);
    if (!beside) continue;
    const [x, y] = view.screen(middle);
    if (!document.elementFromPoint(left + x, top + y)?.matches('.plan-canvas')) continue;
    places.push({grows: grids.ownerOf(beside), x: left + x, y: top + y});
  }
  return places;
}"""
# From the next release of the mouse to the frame after which the answer is on the screen.
ARM: Final = """() => {
  const {desk} = window.yiping.planner;
  window.stroke = new Promise((done) => {
    let start = 0;
    const begin = () => { start = performance.now(); };
    addEventListener('pointerup', begin, { capture: true, once: true });
    const shown = (change) => requestAnimationFrame(() => setTimeout(() =>
      done({ ms: performance.now() - start, change }), 0));
    desk.on('state', () => start && shown(true));
    desk.on('refused', () => start && shown(false));
    setTimeout(() => done({ ms: MOST, change: false }), MOST); // nothing was under the brush
  });
}""".replace("MOST", "10000")


@pytest.fixture(scope="module")
def planned() -> Iterator[tuple[str, list[str]]]:
    """Address of a server of the city, whose land is cut, and the codes of its streets."""
    city = open_city(FOLDER)
    if not is_ready(city):
        make(city)
    streets = np.flatnonzero(city.tree.levels == city.tree.level_keys.index("street"))
    codes = [str(city.places["code"].iloc[unit]) for unit in streets]
    with borrowed(city) as folder, served(folder) as address:
        yield address, codes


def test_strokes_in_streets_of_a_large_city(
    planned: tuple[str, list[str]], browser: Browser
) -> None:
    address, streets = planned
    settle()
    page = browser.new_page(viewport=SIZE, locale="zh-CN")
    page.set_default_timeout(LOADED_MS)
    page.goto(f"{address}/plan?lang=zh")
    page.fill("#plan-new [name=name]", "街道")
    page.select_option("#plan-new [name=scope]", index=0)
    page.click("#plan-new [type=submit]")
    page.wait_for_function(IDLE)
    desk = page.url.partition("?")[0]
    page.goto(f"{desk}?at={next(each for each in streets if _begins(page).startswith(each))}")
    page.wait_for_function(IDLE)
    atoms = page.evaluate("window.yiping.planner.desk.map.grids.atoms.length")
    found = _strokes(page)
    page.close()
    times = [each["ms"] for each in found if each["change"]]
    figures = {
        "atoms of the street": atoms,
        "strokes done": len(times),
        "strokes refused": len(found) - len(times),
        "stroke on screen, ms median": round(float(np.median(times)), 1),
        "stroke on screen, ms p95": round(float(np.percentile(times, 95)), 1),
    }
    sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    assert len(times) >= STROKES // 2


def _begins(page: Page) -> str:
    """Code of the community with which the desk begins."""
    return str(page.evaluate("window.yiping.planner.desk.state.plan.scope.code"))


def _strokes(page: Page) -> list[dict[str, Any]]:
    """Brush one atom after the other into the grid beside it."""
    places = page.evaluate(BORDERS)
    chosen = np.random.default_rng(5).permutation(len(places))[:STROKES]
    page.click("[data-tool=draw]")
    page.click("[data-tool=draw]")  # once more: the brush instead of the lasso
    page.click("[data-key='brush −']")  # so narrow that it meets few atoms at once
    page.click("[data-key='brush −']")
    found = []
    for place in (places[number] for number in chosen):
        page.evaluate("code => window.yiping.planner.desk.select(code)", place["grows"])
        page.mouse.move(place["x"], place["y"])
        page.evaluate(ARM)
        page.mouse.click(place["x"], place["y"])
        found.append(page.evaluate("window.stroke"))
        page.wait_for_function(IDLE)
    return found
