"""The first seconds of a visit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.browser.conftest import opened
from tests.browser.pages import UPDATE, settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

PLACES = """() => {
  const shown = (element) => element && getComputedStyle(element).visibility === 'visible';
  const found = {};
  for (const name of ['header', 'path-row', 'headline', 'kpis', 'map-panel', 'side', 'timeline']) {
    const part = [...document.querySelectorAll('.' + name)].find(shown);
    const box = part && part.getBoundingClientRect();
    found[name] = box && [box.left, box.top, box.width, box.height].map(Math.round);
  }
  return found;
}"""
CUT = """() => [...document.querySelectorAll('#opening .bones')].flatMap((box) => {
  const edge = box.getBoundingClientRect();
  const rows = [...box.children].map((row) => row.getBoundingClientRect());
  return rows.filter((row) => row.left < edge.right - 1 && row.bottom > edge.bottom + 1)
    .map((row) => row.top);
})"""


def test_the_page_does_not_jump_when_the_first_answer_comes(page: Page, address: str) -> None:
    held: list[Route] = []
    page.route(re.compile(UPDATE), lambda route: held.append(route))  # noqa: PLW0108 - no builtin takes marks
    page.goto(address)
    page.wait_for_function("() => document.querySelector('[data-dash-is-loading]')")
    before = page.evaluate(PLACES)
    assert None not in before.values()
    assert page.evaluate(CUT) == []
    assert page.locator(".opening-word").inner_text() == "正在计算…"
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.opening-word')).opacity === '1'"
    )
    held[0].continue_()
    page.wait_for_selector('[data-live="age"]', state="attached")
    settle(page)
    assert page.locator("#opening").count() == 0
    assert page.evaluate(PLACES) == before


def test_where_no_first_answer_comes_it_is_said(browser: Browser, address: str) -> None:
    with opened(browser) as (page, _):
        page.route(re.compile(UPDATE), lambda route: route.abort())
        page.goto(address)
        page.wait_for_selector("text=尚未取得数据")
