"""Panels in a real browser: what a hand does to timeline, rows and tables, and what fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.pages import UPDATE, digest, settle, show

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Watch

WINDOWS: Final = [(1280, 720), (1366, 768), (1440, 900), (1920, 1080), (2560, 1440)]
CUT: Final = """() => {
  const cut = [];
  for (const panel of document.querySelectorAll('.panel, .kpi, .timeline, .path-row')) {
    const frame = panel.getBoundingClientRect();
    const parts = '.bar-row, li, p, h2, h3, .figure, .against, .chip';
    for (const part of panel.querySelectorAll(parts)) {
      if (part.closest('.menu, .js-plotly-plot, .map-table')) continue;
      const box = part.getBoundingClientRect();
      if (!box.width) continue;
      const beyond = [box.bottom - frame.bottom, box.right - frame.right, frame.left - box.left];
      if (Math.max(...beyond) > 1) cut.push(part.textContent);
    }
  }
  return cut;
}"""
DRAG: Final = """() => {
  const box = document.querySelector('.trend .nsewdrag').getBoundingClientRect();
  return [box.left, box.top, box.width, box.height];
}"""
AXIS: Final = "() => document.querySelector('.js-plotly-plot').layout.xaxis.range"
WINDOW: Final = """() => {
  const shape = document.querySelector('.js-plotly-plot').layout.shapes[0];
  return [shape.x0, shape.x1];
}"""


INK: Final = """(part) => [getComputedStyle(part).color, getComputedStyle(part).backgroundColor]
  .map((said) => said.match(/[0-9]+/g).slice(0, 3).map(Number))"""


def contrast(*colours: list[int]) -> float:
    """The ratio of WCAG between two colours in parts of 255."""
    shares = ([x / 255 for x in colour] for colour in colours)
    linear = (
        [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in colour]
        for colour in shares
    )
    low, high = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in linear)
    return (high + 0.05) / (low + 0.05)


# Alerts in a bunch, the given share of a hundredth of the view from each other.
CROWD: Final = """(apart) => {
  const scene = [...window.yiping.map.scenes][0];
  const size = scene.leaflet.getSize();
  scene.state.marks = [0, 1, 2, 3, 4, 5].map((i) => {
    const place = scene.leaflet.containerPointToLatLng([
      size.x * (0.5 + apart * (i % 3) / 100), size.y * (0.5 + apart * Math.floor(i / 3) / 100)]);
    return {lat: place.lat, lon: place.lng, level: 1 + i % 4, text: 'x', href: '?'};
  });
  scene.signs.draw();
}"""
BOXES: Final = """() => {
  const box = (part) => {
    const b = part.getBoundingClientRect();
    return [b.left, b.top, b.right, b.bottom];
  };
  const all = (name) => [...document.querySelectorAll(name)].map(box);
  const marks = all('.map-mark-ring:not(.map-pulse), .map-mark-box');
  return {marks, labels: all('.map-label-name')};
}"""


def brush(page: Page, first: float, last: float) -> None:
    """Draw over a part of the timeline, from 0 at its left to 1 at its right."""
    page.wait_for_selector(".trend .nsewdrag")
    left, top, width, height = page.evaluate(DRAG)
    page.mouse.move(left + first * width, top + height / 2)
    page.mouse.down()
    page.mouse.move(left + last * width, top + height / 2, steps=6)
    page.mouse.up()
    settle(page)


@pytest.mark.parametrize(
    ("query", "period"),
    [
        ("?lang=en", r"t=2026-11-1\dT\d\d:00\.\.2026-11-1\dT\d\d:00&ax=7d"),
        ("?lang=en&t=30d", r"t=2026-1\d-\d\d\.\.2026-1\d-\d\d&ax=30d"),
    ],
)
def test_a_brushed_stretch_is_whole_steps_and_stays_where_it_was_drawn(
    page: Page, watch: Watch, address: str, query: str, period: str
) -> None:
    show(page, f"{address}/{query}")
    axis = page.evaluate(AXIS)
    watch.posts.clear()
    brush(page, 0.31, 0.52)
    assert re.search(period, page.url)
    assert watch.posts == [UPDATE]
    assert page.evaluate(AXIS) == axis
    first, last = page.evaluate(WINDOW)
    assert axis[0] < first < last < axis[1]
    before = digest(page)
    page.reload()
    settle(page)
    assert page.evaluate(AXIS) == axis
    assert digest(page) == before


def test_a_period_from_the_menu_has_its_own_axis(page: Page, address: str) -> None:
    show(page, f"{address}/?t=2026-11-10..2026-11-12&ax=30d")
    page.locator("details[data-menu=period] > summary").click()
    page.locator("details[data-menu=period] .menu a").nth(4).click()
    settle(page)
    assert page.url.endswith("?t=90d")


def test_a_department_dims_the_cells_without_its_cases_after_one_request(
    page: Page, watch: Watch, address: str
) -> None:
    asked: list[str] = []
    show(page, f"{address}/?lv=grid")
    page.wait_for_selector(".city-map[data-painted]")
    page.on("request", lambda request: asked.append(request.url))
    watch.posts.clear()
    rows = page.locator("[data-dept]")
    for number in (0, 1, 0):
        rows.nth(number).hover()
        page.wait_for_selector(".city-map[data-bright]:not([data-bright=''])")
        assert "dim" in str(rows.nth(1 - number).get_attribute("class"))
    page.locator(".headline").hover()
    page.wait_for_selector(".city-map[data-bright='']")
    asked = [url for url in asked if not url.endswith("/live/state")]  # the clock's, not the hand's
    assert [url for url in asked if "/met/" in url] == asked
    assert len(asked) == 1
    assert watch.posts == []


def test_the_order_of_a_table_is_in_its_address(page: Page, watch: Watch, address: str) -> None:
    show(page, f"{address}/?table=map&lang=en")
    watch.posts.clear()
    head = page.locator(".map-table th", has_text="Cases").first
    head.locator("a").click()
    settle(page)
    assert "&sort=-reported&" in page.url
    assert head.get_attribute("aria-sort") == "descending"
    assert watch.posts == [UPDATE]
    before = digest(page)
    page.reload()
    settle(page)
    assert digest(page) == before
    page.keyboard.press("Escape")
    settle(page)
    assert page.url.endswith("?lang=en")


def test_whoever_sorts_by_keyboard_stays_at_the_head(page: Page, address: str) -> None:
    show(page, f"{address}/?table=map&lang=en")
    head = page.locator(".map-table th a").last
    head.focus()
    for way in ("ascending", "descending"):
        page.keyboard.press("Enter")
        page.wait_for_selector(f".map-table th:last-child[aria-sort={way}]")
        settle(page)
        assert head.evaluate("link => link === document.activeElement")


def test_marks_lie_neither_on_each_other_nor_on_labels(page: Page, address: str) -> None:
    show(page, address)
    page.wait_for_selector(".city-map[data-painted]")
    for apart in (0, 0.5, 1, 2, 6):
        page.evaluate(CROWD, apart)
        boxes = page.evaluate(BOXES)
        assert boxes["marks"]
        assert boxes["labels"]
        every = [*boxes["marks"], *boxes["labels"]]
        for number, one in enumerate(boxes["marks"]):
            for other in every[number + 1 :]:
                across = min(one[2], other[2]) - max(one[0], other[0])
                down = min(one[3], other[3]) - max(one[1], other[1])
                assert across <= 2 or down <= 2, (apart, one, other)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("query", ["", "d=a", "t=30d&d=a&k=b&src=a&lv=grid"])
def test_nothing_is_cut_in_any_window(page: Page, address: str, language: str, query: str) -> None:
    show(page, f"{address}/?{query}&lang={language}")
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        assert page.evaluate(CUT) == [], (width, height)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_what_is_chosen_stays_legible_under_the_hand(page: Page, address: str, theme: str) -> None:
    show(page, f"{address}/?lang=zh&theme={theme}&on=dept&sc=urban")
    for chosen in page.locator(".segments [aria-current=true], .measures.on > summary").all():
        chosen.hover()
        ink, ground = chosen.evaluate(INK)
        assert contrast(ink, ground) >= 4.5, chosen.inner_text()
