"""The search box by hand: what is typed stays as typed, and Enter means the words in the box."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.pages import UPDATE, settle, show

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Watch

FIELD: Final = ".search input"
OPTION: Final = "#search-list [role=option]"
SEARCH: Final = re.compile("/search\\?")


@pytest.fixture
def box(page: Page, watch: Watch, address: str) -> Page:
    """A page whose search box is ready to be typed into."""
    show(page, f"{address}/?at=B991110")
    watch.posts.clear()
    page.locator(FIELD).focus()
    return page


def test_on_a_slow_machine_fast_typing_keeps_its_order(box: Page) -> None:
    slow = box.context.new_cdp_session(box)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 10})
    words = "9921 the quick brown fox 0123456789"
    box.keyboard.type(words)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    assert box.locator(FIELD).input_value() == words


def test_enter_never_takes_the_list_of_earlier_words(box: Page) -> None:
    box.keyboard.type("991")
    box.wait_for_selector(OPTION)
    assert box.get_attribute(OPTION, "data-code") == "991"
    box.keyboard.press("End")
    for _ in range(2):
        box.keyboard.press("Backspace")
    box.keyboard.type("921")
    box.keyboard.press("Enter")
    box.wait_for_url(re.compile("at=9921"))


def test_an_answer_to_earlier_words_is_none_to_those_in_the_box(box: Page) -> None:
    held: list[Route] = []
    box.route(SEARCH, lambda route: held.append(route))  # noqa: PLW0108 - no builtin takes marks
    with box.expect_request(SEARCH):
        box.keyboard.type("991")
    box.evaluate(
        "(() => { const input = document.querySelector('.search input'); input.value = '9921';"
        " input.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )  # within the wait after a key
    with box.expect_response(SEARCH):
        held.pop().continue_()
    box.unroute(SEARCH)
    box.keyboard.press("Enter")
    box.wait_for_url(re.compile("at=9921"))


def test_enter_before_the_list_asks_once_and_goes_where_the_words_lead(
    box: Page, watch: Watch
) -> None:
    held: list[Route] = []
    box.route(SEARCH, lambda route: held.append(route))  # noqa: PLW0108 - no builtin takes marks
    with box.expect_request(re.compile(r"/search\?q=9921&")):
        box.keyboard.type("9921")
        assert box.locator(FIELD).input_value() == "9921"
        for _ in range(5):
            box.keyboard.press("Enter")
    box.wait_for_timeout(300)
    # On a slow machine the first digits may have been asked for on their own.
    assert len([each for each in held if "q=9921&" in each.request.url]) == 1
    for each in held:
        each.continue_()
    box.wait_for_url(re.compile("at=9921"))
    settle(box)
    assert watch.posts == [UPDATE]
    assert box.locator(FIELD).input_value() == ""


def test_no_answer_is_not_told_as_nothing_found_and_enter_asks_again(
    box: Page, watch: Watch
) -> None:
    box.route(SEARCH, lambda route: route.fulfill(status=503))
    box.keyboard.type("9921")
    box.wait_for_selector("#search-said >> text=没有回应")
    box.unroute(SEARCH)
    box.keyboard.press("Enter")
    box.wait_for_url(re.compile("at=9921"))
    watch.problems.clear()  # the browser tells of the 503


def test_an_answer_that_comes_after_one_has_left_opens_no_list(box: Page) -> None:
    held: list[Route] = []
    box.route(SEARCH, lambda route: held.append(route))  # noqa: PLW0108 - no builtin takes marks
    with box.expect_request(SEARCH):
        box.keyboard.type("9921")
    box.keyboard.press("Tab")
    held[0].continue_()
    settle(box)
    assert box.locator("#search-list").is_hidden()


def test_words_that_match_nothing_are_told_so(box: Page) -> None:
    box.keyboard.type("zzzz")
    box.wait_for_selector("#search-said >> text=没有找到")
    where = box.url
    box.keyboard.press("Enter")
    settle(box)
    assert box.url == where


def test_a_change_of_language_keeps_what_is_typed(box: Page) -> None:
    box.keyboard.type("992")
    for language in ("en", "zh"):
        box.locator(f".switch a[lang={language}]").click()
        box.wait_for_selector(f"html[lang^={language}]")
        settle(box)
        assert box.locator(FIELD).input_value() == "992"
    assert box.locator("#search-list").is_hidden()
    box.locator(FIELD).focus()
    box.keyboard.press("Escape")
    box.locator(".switch a[lang=en]").click()
    settle(box)
    assert box.locator(FIELD).input_value() == ""


@pytest.mark.parametrize("before", ["", "921"])
def test_an_answer_leaves_whoever_is_typing_in_the_field_and_place(box: Page, before: str) -> None:
    late: list[Route] = []
    box.route(re.compile(UPDATE), lambda route: late.append(route))  # noqa: PLW0108 - as above
    with box.expect_request(re.compile(UPDATE)):
        box.evaluate("window.yiping.go('?lang=en')")
    box.keyboard.type(before)
    box.keyboard.press("Home")
    late[0].continue_()
    box.wait_for_selector("html[lang=en]")
    settle(box)
    box.keyboard.type("9" if before else "9921")
    assert box.locator(FIELD).input_value() == "9921"
    box.keyboard.press("Enter")
    box.wait_for_url(re.compile("at=9921"))
