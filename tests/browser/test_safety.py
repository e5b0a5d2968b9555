from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.conftest import opened
from tests.browser.pages import links, settle, show

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE: Final = Path(__file__).parents[1] / "lib" / "axe.min.js"
PLACES: Final = [
    "",
    "?lang=en",
    "?at=991",
    "?at=9911",
    "?at=99111",
    "?at=B991110",
    "?at=991&heat=1",
    "?table=map",
    "?table=departments",
    "?table=alerts",
    "?d=a&k=b",
    "?bv=police&table=map",
    "?bv=police&at=P1",
    "?bv=<img src=x onerror=window.__xss=7>",
    "?at=<img src=x onerror=window.__xss=5>",
    "?k=%22%3E%3Cscript%3Ewindow.__xss%3D6%3C/script%3E",
]
INJECTED: Final = "<img src=data:, onerror=window.__xss=1>"
RUN_AXE: Final = """() => axe.run().then((found) => found.violations.map((violation) =>
  violation.id + ': ' + violation.nodes.map((node) => node.target.join(' ')).join(', ')))"""


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "place", ["", "&at=991&heat=1", "&at=B991110", "&table=departments", "&bv=police"]
)
def test_everybody_can_use_the_page(
    page: Page, address: str, language: str, theme: str, place: str
) -> None:
    show(page, f"{address}/?lang={language}&theme={theme}{place}")
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(RUN_AXE) == []


@pytest.mark.parametrize("query", PLACES)
def test_no_text_of_the_data_ever_runs(browser: Browser, hostile_address: str, query: str) -> None:
    # Without the policy, which would hide that a text had become a script.
    with opened(browser, bypass_csp=True) as (page, watch):
        show(page, f"{hostile_address}/{query}")
        _hover_everywhere(page)
        assert page.evaluate("window.__xss") is None
        _click_about(page)
        assert page.evaluate("window.__xss") is None
        assert [problem for problem in watch.problems if "/x" in problem] == []
        assert page.locator("img[src='x'], svg[onload]").count() == 0


def _hover_everywhere(page: Page) -> None:
    for x in range(60, 1_440, 180):
        for y in range(60, 900, 120):
            page.mouse.move(x, y)


def _click_about(page: Page) -> None:
    page.mouse.click(500, 500)
    settle(page)
    for number in range(min(3, links(page).count())):
        if number < links(page).count():
            links(page).nth(number).evaluate("link => link.click()")
            settle(page)


def test_the_policy_stops_what_gets_through_all_the_same(browser: Browser, address: str) -> None:
    with opened(browser) as (page, watch):
        show(page, address)
        page.evaluate(f"document.body.insertAdjacentHTML('beforeend', `{INJECTED}`)")
        page.wait_for_timeout(500)
        assert page.evaluate("window.__xss") is None
        assert any("Content Security Policy" in problem for problem in watch.problems)
