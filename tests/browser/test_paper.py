"""Printing in a real browser: the map on paper is whole, light and as wide as its box."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.pages import settle, show

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCENE: Final = "[...window.yiping.map.scenes][0]"
PAINTED: Final = ".city-map[data-painted]"
LOOK: Final = f"""() => {{
  const scene = {SCENE};
  const size = scene.leaflet.getSize();
  const box = document.querySelector('.map-panel').getBoundingClientRect();
  const [west, south, east, north] = scene.state.box;
  const at = (lat, lon) => scene.leaflet.latLngToContainerPoint([lat, lon]);
  const cells = scene.stage.canvases.cells;
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [cells.width, cells.height];
  const context = copy.getContext('2d', {{willReadFrequently: true}});
  context.drawImage(cells, 0, 0);
  const pixels = context.getImageData(0, 0, copy.width, copy.height).data;
  const seen = new Set();
  for (let i = 0; i < pixels.length; i += 4 * 97) {{
    if (pixels[i + 3] === 255) seen.add([pixels[i], pixels[i + 1], pixels[i + 2]].join());
  }}
  const hex = (text) => [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16)).join();
  return {{
    panel: [box.width, box.height], map: [size.x, size.y],
    middle: (at(north, west).x + at(south, east).x) / 2 / size.x,
    palette: scene.state.palette, light: scene.state.paper,
    wears: scene.state.palette.filter((colour) => seen.has(hex(colour))),
    theme: document.documentElement.dataset.theme, zoom: scene.leaflet.getZoom(),
    chart: document.querySelector('.js-plotly-plot').offsetWidth,
    lines: document.querySelector('.js-plotly-plot .main-svg').getBoundingClientRect().width,
  }};
}}"""


def colours(pdf: bytes) -> int:
    """How many different pixels the pictures of a document have, at the most in one of them."""
    most = 0
    for found in re.finditer(rb"<<([^>]*?/Subtype /Image[^>]*?)>>\s*stream\r?\n", pdf):
        width = re.search(rb"/Width (\d+)", found[1])
        if b"/FlateDecode" not in found[1] or b"/DeviceGray" in found[1] or not width:
            continue
        if int(width[1]) < 1_000:
            continue
        raw = zlib.decompressobj().decompress(pdf[found.end() :])
        most = max(most, len({raw[i : i + 3] for i in range(0, len(raw) - 2, 3 * 97)}))
    return most


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_map_is_on_the_paper_that_comes_out(page: Page, address: str, theme: str) -> None:
    show(page, f"{address}/?theme={theme}")
    page.wait_for_selector(PAINTED)
    assert colours(page.pdf(format="A4", landscape=True, print_background=True)) > 3


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_on_paper_the_map_is_light_fills_its_box_and_is_then_as_before(
    page: Page, address: str, theme: str
) -> None:
    show(page, f"{address}/?theme={theme}")
    page.wait_for_selector(PAINTED)
    before = page.evaluate(LOOK)
    page.emulate_media(media="print")
    settle(page)
    paper = page.evaluate(LOOK)
    assert paper["theme"] == "light"
    assert paper["palette"] == paper["light"]
    assert paper["wears"]
    assert paper["map"] == pytest.approx(paper["panel"], abs=2.5)
    assert paper["map"] != before["map"]
    assert 0.3 < paper["middle"] < 0.7
    assert paper["lines"] <= paper["chart"] + 1
    page.emulate_media(media="screen")
    settle(page)
    after = page.evaluate(LOOK)
    assert after.pop("zoom") == pytest.approx(before.pop("zoom"))
    assert after == before


def test_a_class_that_is_pressed_stays_alone_on_paper(page: Page, address: str) -> None:
    show(page, address)
    page.wait_for_selector(PAINTED)
    page.locator("#legend button.class").nth(1).click()
    page.emulate_media(media="print")
    settle(page)
    paper = page.evaluate(LOOK)
    alike = [a == b for a, b in zip(paper["palette"], paper["light"], strict=True)]
    assert alike == [i == 1 for i in range(len(alike))]


def test_a_key_that_bounces_prints_once(page: Page, address: str) -> None:
    page.add_init_script("window.did = 0; window.print = () => { window.did += 1; };")
    show(page, address)
    page.keyboard.press("p")
    page.keyboard.press("p")
    assert page.evaluate("window.did") == 1
