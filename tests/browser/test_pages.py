from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import opened
from tests.browser.pages import QUIET, UPDATE, digest, links, settle, show

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Route

    from tests.browser.conftest import Watch

PLACES = ["", "?at=991", "?at=9911", "?at=99111", "?at=B991110", "?at=991&heat=1", "?d=a", "?k=b"]
PLACES += ["?bv=police", "?bv=2026-05-31&at=9911&lv=grid"]
STEPS = 20
MOST_BYTES = 2_300_000


@pytest.mark.parametrize("query", [*PLACES, "?lang=en", "?theme=light", "?at=nowhere"])
def test_a_page_has_no_errors_and_asks_nobody_else(page: Page, address: str, query: str) -> None:
    show(page, f"{address}/{query}")


@pytest.mark.parametrize("query", PLACES)
def test_opening_a_page_takes_one_callback(
    page: Page, watch: Watch, address: str, query: str
) -> None:
    show(page, f"{address}/{query}")
    assert watch.posts == [UPDATE]


@pytest.mark.parametrize("selector", ['a[href*="k="]', 'a[href*="d="]', 'a[href*="heat="]'])
def test_a_click_takes_one_callback_and_so_does_the_way_back(
    page: Page, watch: Watch, address: str, selector: str
) -> None:
    show(page, address)
    before = page.url
    watch.posts.clear()
    page.locator(f"{selector}:visible").first.click()
    settle(page)
    assert page.url != before
    assert watch.posts == [UPDATE]
    page.go_back()
    settle(page)
    assert page.url == before
    assert watch.posts == [UPDATE, UPDATE]


def test_a_walk_and_a_pasted_address_show_the_same(
    page: Page, browser: Browser, address: str
) -> None:
    rng = random.Random(20261121)  # noqa: S311 - a walk, not a secret
    show(page, address)
    for _ in range(STEPS):
        found = links(page)
        link = found.nth(rng.randrange(found.count()))
        link.evaluate("link => link.click()")
        settle(page)
        with opened(browser) as (fresh, watch):
            show(fresh, page.url)
            assert digest(fresh) == digest(page), page.url
            assert watch.problems == []


def test_the_client_says_how_old_the_data_are(page: Page, address: str) -> None:
    show(page, f"{address}/?lang=en")
    page.wait_for_function("() => document.documentElement.dataset.liveState === 'fresh'")
    page.wait_for_function(
        "() => document.querySelector('[data-live=age]').textContent.includes('21 Nov 2026')"
    )


def test_the_page_weighs_little(browser: Browser, address: str) -> None:
    found: list[Request] = []
    with opened(browser, stranger=True) as (page, watch):
        page.on("requestfinished", lambda request: found.append(request))  # noqa: PLW0108
        show(page, address)
        weight = {request.url: request.sizes()["responseBodySize"] for request in found}
        assert sum(weight.values()) <= MOST_BYTES, sorted(weight.items(), key=lambda x: -x[1])[:6]
        assert watch.problems == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?t=2020-01-01..2020-01-02", "2020-01-01 至 2020-01-02 无记录"),
        ("?t=2020-01-01..2020-01-02&lang=en&theme=light", "Data begin on"),
        ("?at=nowhere", "该编号不存在"),
        ("?at=nowhere&lang=en&theme=light", "This code does not exist"),
        ("?d=a&t=24h&at=99111", "样本不足"),
    ],
)
def test_what_cannot_be_shown_is_told_where_it_would_stand(
    page: Page, address: str, query: str, said: str
) -> None:
    show(page, f"{address}/{query}")
    assert said in page.locator(".page").inner_text().replace("\u2009", " ")


@pytest.mark.parametrize(
    ("query", "said"),
    [("", "没有这个页面或地点"), ("?lang=en&theme=light", "There is no such page")],
)
def test_a_refusal_is_a_page_with_a_way_back(
    browser: Browser, address: str, query: str, said: str
) -> None:
    with opened(browser) as (page, _):
        answer = page.goto(f"{address}/elsewhere{query}")
        assert answer is not None
        assert answer.status == 404
        assert said in page.locator("h1").inner_text()
        page.locator("a").click()
        page.wait_for_selector(".kpis")


def test_before_the_figures_come_their_shape_stands(browser: Browser, address: str) -> None:
    with opened(browser) as (page, _):
        held: list[Route] = []
        page.route(re.compile(UPDATE), lambda route: held.append(route))  # noqa: PLW0108 - no builtin takes marks
        page.goto(address)
        page.locator(".panel.loading .bone").nth(10).wait_for(state="attached")
        page.evaluate(QUIET)
        assert len(held) == 1
        assert page.locator(".panel.loading .bone").count() > 10
        assert page.locator(".panel.loading").first.get_attribute("aria-busy") == "true"


def test_rows_share_the_height_of_their_panel(page: Page, address: str) -> None:
    for height in (900, 1080):
        page.set_viewport_size({"width": 1920, "height": height})
        show(page, address)
        for panel in ("departments", "categories"):
            box = page.locator(f".panel-{panel}").bounding_box()
            last = page.locator(f".panel-{panel} .bar-row").last.bounding_box()
            first = page.locator(f".panel-{panel} .bar-row").first.bounding_box()
            assert box
            assert first
            assert last
            assert first["height"] <= 44
            reach = (last["y"] + last["height"] - box["y"]) / box["height"]
            assert reach <= 1
            assert reach > 0.8 or first["height"] > 43  # as wide apart as rows may be


def test_a_phone_is_not_pushed_sideways(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, f"{address}/?on=dept")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
