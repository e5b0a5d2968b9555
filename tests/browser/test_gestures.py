"""Keys, menus and the legend: what one gesture does, and how often it asks the server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.pages import UPDATE, settle, show

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Watch

SCENE: Final = "[...window.yiping.map.scenes][0]"
SPY: Final = """
window.did = [];
window.print = () => window.did.push('print');
Element.prototype.requestFullscreen = function () {
  window.did.push('full ' + this.tagName); return Promise.resolve();
};
"""
FILTERED: Final = "?t=30d&k=a&src=a"
MIDDLE: Final = """(id) => {
  const scene = [...window.yiping.map.scenes][0];
  const frame = scene.container.getBoundingClientRect();
  for (let y = 60; y < frame.height - 60; y += 16) for (let x = 40; x < frame.width - 80; x += 16) {
    const event = {clientX: frame.left + x, clientY: frame.top + y};
    if (document.elementFromPoint(event.clientX, event.clientY).closest('.city-map') === null) {
      continue;
    }
    const found = scene.gestures.pick(scene.leaflet.mouseEventToLatLng(event));
    if (found && (id === null || found.id === id)) return [event.clientX, event.clientY, found.id];
  }
  return null;
}"""


def start(page: Page, watch: Watch, address: str) -> None:
    page.add_init_script(SPY)
    show(page, address)
    watch.posts.clear()


def spot(page: Page, unit: int | None = None) -> tuple[float, float, int]:
    """A point of the window over a cell, and which."""
    page.wait_for_function(f"() => {SCENE}.container.dataset.painted")
    page.wait_for_function(f"() => ({MIDDLE})({'null' if unit is None else unit})")
    x, y, found = page.evaluate(MIDDLE, unit)
    return x, y, found


@pytest.mark.parametrize(
    ("query", "key_and_wanted"),
    [
        ("?at=991", ("Backspace", r"^[^?]*\??$")),
        ("", ("1", "m=density")),
        ("", ("2", "m=arrival$")),
        ("", ("3", "m=arrival_p90")),
        ("", ("4", "m=resolution")),
        ("", ("5", "m=on_time")),
        ("", ("6", "m=count")),
        ("", ("d", "theme=light")),
        ("?table=departments", ("Escape", r"^[^?]*\??$")),
        ("?at=B991110", ("Escape", "at=99111$")),
    ],
)
def test_a_key_goes_somewhere_with_one_request(
    page: Page, watch: Watch, address: str, query: str, key_and_wanted: tuple[str, str]
) -> None:
    key, wanted = key_and_wanted
    start(page, watch, f"{address}/{query}")
    page.keyboard.press(key)
    settle(page)
    assert re.search(wanted, page.url)
    assert watch.posts == [UPDATE]


@pytest.mark.parametrize(("key", "did"), [("p", "print"), ("f", "full HTML")])
def test_print_and_full_screen_ask_nobody(
    page: Page, watch: Watch, address: str, key: str, did: str
) -> None:
    start(page, watch, address)
    page.keyboard.press(key)
    assert page.evaluate("window.did") == [did]
    assert watch.posts == []


@pytest.mark.parametrize(
    ("key", "focused"),
    [("t", "details[data-menu=period][open] a"), ("l", "#legend"), ("/", ".search input")],
)
def test_a_key_moves_the_focus_without_a_request(
    page: Page, watch: Watch, address: str, key: str, focused: str
) -> None:
    start(page, watch, address)
    page.keyboard.press(key)
    assert page.evaluate(f"document.activeElement.matches({focused!r})")
    assert watch.posts == []


def test_escape_twice_clears_the_filters_with_one_request(
    page: Page, watch: Watch, address: str
) -> None:
    start(page, watch, f"{address}/{FILTERED}&at=991")
    page.keyboard.press("Escape")
    page.wait_for_timeout(700)
    page.keyboard.press("Escape")
    page.wait_for_timeout(700)
    assert "k=a" in page.url  # too slow to be meant
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    settle(page)
    assert page.url.endswith("?at=991")
    assert watch.posts == [UPDATE]


@pytest.mark.parametrize("key", ["d", "2", "p", "f", "?"])
def test_keys_mean_letters_while_somebody_types(
    page: Page, watch: Watch, address: str, key: str
) -> None:
    start(page, watch, address)
    page.locator(".search input").focus()
    page.keyboard.press(key)
    assert page.locator(".search input").input_value() == key
    assert page.evaluate("window.did") == []
    assert not page.locator("dialog#help").evaluate("dialog => dialog.open")
    assert watch.posts == []


def test_help_speaks_the_language_of_the_address_and_keeps_the_focus(
    page: Page, watch: Watch, address: str
) -> None:
    start(page, watch, address)
    dialog = page.locator("dialog#help")
    page.keyboard.press("?")
    assert dialog.get_attribute("aria-label") == "键盘"
    for _ in range(5):
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('dialog'))")
    page.keyboard.press("d")  # nothing behind the dialog
    page.keyboard.press("Escape")
    assert not dialog.evaluate("dialog => dialog.open")
    assert watch.posts == []
    page.locator(".switch a[lang=en]").click()
    settle(page)
    watch.posts.clear()
    page.locator("[data-help]").click()
    assert dialog.get_attribute("aria-label") == "Keyboard"
    words = dialog.inner_text()
    assert all(word in words for word in ("Esc Esc", "Full screen", "Print", "Backspace", "1–6"))
    assert watch.posts == []


def test_single_keys_can_be_switched_off_and_stay_so(
    page: Page, watch: Watch, address: str
) -> None:
    start(page, watch, address)
    page.keyboard.press("?")
    switch = page.locator("dialog [role=switch]")
    assert switch.get_attribute("aria-checked") == "true"
    switch.click()
    assert switch.get_attribute("aria-checked") == "false"
    page.keyboard.press("Escape")
    show(page, f"{address}/?at=991")
    watch.posts.clear()
    for key in ("d", "2", "p", "f", "?", "t"):
        page.keyboard.press(key)
    assert page.url.endswith("?at=991")
    assert page.evaluate("window.did") == []
    assert not page.locator("dialog#help").evaluate("dialog => dialog.open")
    assert watch.posts == []
    page.keyboard.press("Backspace")  # no character, so it stays
    settle(page)
    assert "at=" not in page.url


def test_a_class_of_the_legend_dims_the_others_in_the_browser_alone(
    page: Page, watch: Watch, address: str
) -> None:
    start(page, watch, address)
    spot(page)
    before = page.evaluate(f"{SCENE}.state.palette")
    button = page.locator("#legend button.class").nth(1)
    button.click()
    after = page.evaluate(f"{SCENE}.state.palette")
    assert [a == b for a, b in zip(after, before, strict=True)] == [
        i == 1 for i in range(len(after))
    ]
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert page.evaluate(f"{SCENE}.state.palette") == before
    assert button.get_attribute("aria-pressed") == "false"
    assert watch.posts == []


def test_the_menu_of_a_cell_opens_its_table_and_compares(
    page: Page, watch: Watch, address: str
) -> None:
    start(page, watch, f"{address}/?lang=en")
    x, y, unit = spot(page)
    page.mouse.click(x, y, button="right")
    items = page.locator("[role=menu] [role=menuitem]")
    assert items.all_inner_texts() == ["Table of cases", "Compare", "Copy link"]
    assert page.evaluate("document.activeElement.textContent") == "Table of cases"
    page.keyboard.press("Escape")
    assert items.count() == 0
    assert page.evaluate("document.activeElement.matches('.city-map')")
    assert watch.posts == []
    page.mouse.click(x, y, button="right")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settle(page)
    assert "sel=99" in page.url
    assert watch.posts == [UPDATE]
    page.wait_for_function(f"() => {SCENE}.state.sel.includes({unit})")
    page.mouse.click(x, y, button="right")
    items.first.click()
    settle(page)
    assert "table=map" in page.url
    assert "at=99" in page.url
    assert watch.posts == [UPDATE, UPDATE]


def test_the_menu_copies_the_link_of_its_cell(page: Page, watch: Watch, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    start(page, watch, f"{address}/?lang=en")
    x, y, _ = spot(page)
    page.mouse.click(x, y, button="right")
    page.locator("[role=menuitem]", has_text="Copy link").click()
    page.wait_for_selector("[role=menuitem]:has-text('Copied')")
    assert re.search(r"at=99\d+&lang=en$", page.evaluate("navigator.clipboard.readText()"))
    assert watch.posts == []


def test_the_drawer_gives_the_focus_back(page: Page, watch: Watch, address: str) -> None:
    start(page, watch, f"{address}/?at=99111")
    row = page.locator('.alerts a[href*="at=B"]').first
    href = row.get_attribute("href")
    row.focus()
    page.keyboard.press("Enter")
    settle(page)
    assert page.evaluate("Boolean(document.activeElement.closest('.drawer'))")
    page.keyboard.press("Escape")
    settle(page)
    assert page.evaluate("document.activeElement.getAttribute('href')") == href
    assert watch.posts == [UPDATE, UPDATE]


def test_the_keyboard_reaches_every_table_and_the_main_part(
    page: Page, watch: Watch, address: str
) -> None:
    start(page, watch, address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    seen = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        href = page.evaluate("document.activeElement.getAttribute('href') || ''")
        shown = page.evaluate("+getComputedStyle(document.activeElement).opacity")
        if found := re.search(r"table=(\w+)", href):
            assert shown == 1
            seen.add(found[1])
    assert {"map", "departments", "categories", "settlement"} <= seen
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('#main'))")
    assert watch.posts == []
