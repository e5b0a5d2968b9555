"""Other boundaries in a real browser: chosen, pasted, walked about in, and left again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import opened
from tests.browser.pages import UPDATE, digest, settle, show

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Watch

MENU: Final = "details[data-menu=bounds]"
CHIP: Final = ".chips .chip.set"
PAINTED: Final = """(unit) => {
  const scene = [...window.yiping.map.scenes][0];
  const { cells, state, stage } = scene;
  return cells.of(unit) < 250 && stage.parts(state.level, 'cells').length > 0;
}"""
SPOT: Final = """(code) => {
  const { state, leaflet, container } = [...window.yiping.map.scenes][0];
  const list = window.yiping.map.units.get(`/units/${state.snapshot}/${state.level}.json`);
  const i = list.code.indexOf(code);
  const at = leaflet.latLngToContainerPoint([list.lat[i], list.lon[i]]);
  const box = container.getBoundingClientRect();
  return [list.unit[i], box.left + at.x, box.top + at.y];
}"""


def asked(page: Page) -> dict[str, str]:
    return {key: values[-1] for key, values in parse_qs(urlsplit(page.url).query).items()}


def shown(page: Page) -> object:
    """What the page says and leads to; the axis of the timeline waits for its letters."""
    found = digest(page)
    texts = page.locator(".path-row, .finding, .map-head").all_text_contents()
    return found["links"], found["title"], texts


def choose(page: Page, words: str) -> None:
    page.locator(f"{MENU} summary").click()
    page.locator(f"{MENU} a", has_text=words).click()
    settle(page)


@pytest.mark.parametrize(("language", "grid", "chip"), [
    ("zh", "警务网格", "按警务网格统计"), ("en", "police grid", "By police grid"),
])  # fmt: skip
def test_boundaries_are_chosen_shown_and_left(  # noqa: PLR0913, PLR0917 - what a browser is told
    page: Page, watch: Watch, address: str, language: str, grid: str, chip: str
) -> None:
    show(page, f"{address}/?lang={language}&lv=community")
    plain = shown(page)
    assert page.locator(CHIP, has_text=chip).count() == 0
    watch.posts.clear()
    choose(page, grid)
    assert asked(page) == {"lang": language, "bv": "police"}
    assert watch.posts == [UPDATE]
    assert page.locator(CHIP, has_text=chip).is_visible()
    chosen = shown(page)
    assert chosen != plain
    page.go_back()
    settle(page)
    assert shown(page) == plain
    page.go_forward()
    settle(page)
    assert shown(page) == chosen
    page.locator(f"{CHIP} a[title]").last.click()
    settle(page)
    assert "bv" not in asked(page)


@pytest.mark.parametrize("query", ["?bv=police&lv=police", "?bv=2026-05-31&at=9911&lv=grid"])
def test_a_pasted_address_shows_the_same(
    page: Page, browser: Browser, address: str, query: str
) -> None:
    show(page, f"{address}/{query}")
    with opened(browser) as (fresh, watch):
        show(fresh, page.url)
        assert shown(fresh) == shown(page)
        assert watch.problems == []


def test_a_unit_is_named_on_the_map_and_a_click_makes_it_the_place(
    page: Page, address: str
) -> None:
    show(page, f"{address}/?bv=police&lv=police&lang=en")
    unit, x, y = page.evaluate(SPOT, "P2")
    assert page.evaluate(PAINTED, unit)
    page.mouse.move(x, y)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.map-tooltip')].some((tip) => "
        "tip.textContent.includes('Beat 2'))"
    )
    page.mouse.click(x, y)
    settle(page)
    place = asked(page)
    assert place["bv"] == "police"
    # From the city a click leads one step down, to the street that holds the unit.
    assert place["at"] in {"991", "P2"}
    if place["at"] == "991":
        _, x, y = page.evaluate(SPOT, "P2")
        page.mouse.click(x, y)
        settle(page)
    assert asked(page)["at"] == "P2"
    assert "Beat 2" in page.locator(".path b").text_content()  # type: ignore[operator]


def test_the_keyboard_walks_the_units_of_the_division(page: Page, address: str) -> None:
    show(page, f"{address}/?bv=police&at=991&lang=en")
    page.locator(".leaflet-container").first.focus()
    page.keyboard.press("ArrowRight")
    said = page.locator(".map-says").first
    page.wait_for_function("() => document.querySelector('.map-says').textContent.includes('Beat')")
    name = str(said.text_content()).split(",", maxsplit=1)[0]
    page.keyboard.press("Enter")
    settle(page)
    assert asked(page)["at"] == f"P{name[-1]}"
    assert asked(page)["bv"] == "police"
    page.locator(".leaflet-container").first.focus()
    page.keyboard.press("Backspace")
    settle(page)
    assert asked(page) == {"at": "991", "bv": "police", "lang": "en"}
