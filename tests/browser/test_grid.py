"""Grids and buildings by hand: the keyboard walks among houses, and what is due is marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.browser.pages import UPDATE, settle, show

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Watch

SCENE: Final = "[...window.yiping.map.scenes][0]"
BUSY: Final = "[...document.querySelectorAll('[aria-busy=true]')].map((part) => part.id)"


def test_arrows_walk_among_the_buildings_of_a_grid_and_enter_opens_one(
    page: Page, watch: Watch, address: str
) -> None:
    show(page, f"{address}/?at=99111")
    watch.posts.clear()
    page.locator(".city-map").focus()
    page.keyboard.press("ArrowRight")
    first = page.evaluate(f"{SCENE}.focus.key")
    assert first["layer"] == "buildings"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    west = page.text_content(".map-says")
    page.keyboard.press("ArrowRight")
    assert page.text_content(".map-says") != west
    page.keyboard.press("Enter")
    settle(page)
    assert "at=B99111" in page.url
    assert watch.posts == [UPDATE]


def test_beside_a_building_the_search_takes_what_is_typed(
    page: Page, watch: Watch, address: str
) -> None:
    show(page, f"{address}/?at=B991110")
    watch.posts.clear()
    page.keyboard.press("2")  # no measure to choose here
    assert page.url.endswith("?at=B991110")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.matches('.search input')")
    page.keyboard.type("9921")
    page.wait_for_selector("#search-list [role=option]")
    page.keyboard.press("Enter")
    settle(page)
    assert "at=9921" in page.url
    assert watch.posts == [UPDATE]


def test_what_still_tells_of_the_old_place_is_busy_until_the_answer(
    page: Page, address: str
) -> None:
    show(page, address)
    held: list[Route] = []
    page.route(re.compile(UPDATE), lambda route: held.append(route))  # noqa: PLW0108 - no builtin takes marks
    where = page.locator(".headline").bounding_box()
    page.evaluate("window.yiping.go('?t=30d')")
    assert page.evaluate(BUSY) == []
    page.wait_for_function(f"() => {BUSY}.join() === 'frame,body,timeline'")
    assert page.locator(".headline").bounding_box() == where
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.headline')).opacity < 1"
    )
    held[0].continue_()
    page.wait_for_function(f"() => !{BUSY}.length")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.headline')).opacity === '1'"
    )


def test_an_answer_that_fails_leaves_nothing_busy(page: Page, watch: Watch, address: str) -> None:
    show(page, address)
    held: list[Route] = []
    page.route(re.compile(UPDATE), lambda route: held.append(route))  # noqa: PLW0108 - no builtin takes marks
    page.evaluate("window.yiping.go('?t=30d')")
    page.wait_for_function(f"() => {BUSY}.length === 3")
    held[0].abort()
    page.wait_for_function(f"() => !{BUSY}.length")
    watch.problems.clear()  # the browser tells of the broken request


def test_a_refresh_of_the_same_place_is_not_marked(page: Page, address: str) -> None:
    show(page, address)
    held: list[Route] = []
    page.route(re.compile(UPDATE), lambda route: held.append(route))  # noqa: PLW0108 - no builtin takes marks
    page.evaluate("window.dash_clientside.set_props('refresh', {data: 'x'})")
    page.wait_for_selector("#frame[data-dash-is-loading]")
    page.wait_for_timeout(500)
    assert page.evaluate(BUSY) == []
    held[0].continue_()
