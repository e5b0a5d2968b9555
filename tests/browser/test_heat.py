"""The heat in a real browser: it plays, pauses, and an address brings the same moment back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import opened
from tests.browser.pages import UPDATE, digest, settle, show

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Watch

MOMENT = "() => new URLSearchParams(location.search).get('play')"
PLAYER = "window.yiping.map.player"
PICTURE = "() => document.querySelector('.map-heat').getAttribute('src')"
BARS = f"() => {PLAYER}.frames.bars"
READOUT = "[data-player=time]"
SCENE = "[...window.yiping.map.scenes][0]"


def wait(page: Page, script: str) -> None:
    page.wait_for_function(script, timeout=10_000)


@pytest.mark.parametrize("period", ["today", "7d", "30d"])
def test_heat_plays_pauses_and_comes_back(
    page: Page, watch: Watch, browser: Browser, address: str, period: str
) -> None:
    show(page, f"{address}/?at=991&heat=1&t={period}&lang=en")
    bars, picture = page.evaluate(BARS), page.evaluate(PICTURE)
    watch.posts.clear()
    page.click("[data-player=speed-16]")
    page.click("[data-player=play]")
    wait(page, f"() => {PLAYER}.timer && ({MOMENT})()")
    first = page.evaluate(MOMENT)
    wait(page, f"() => ({MOMENT})() > '{first}'")
    assert watch.posts == []  # no callback while it plays
    page.click("[data-player=play]")
    settle(page)
    moment = page.evaluate(MOMENT)
    assert moment > first
    assert page.inner_text(READOUT) == moment[11:]
    assert moment[5:10] in page.inner_text("[data-player=note]") or moment.endswith("00:00")
    assert page.evaluate(PICTURE) != picture
    assert watch.posts == [UPDATE]
    assert page.evaluate(BARS) == bars
    with opened(browser) as (fresh, problems):
        show(fresh, page.url)
        assert digest(fresh) == digest(page)
        assert fresh.evaluate(BARS) == bars
        assert fresh.evaluate(PICTURE) == page.evaluate(PICTURE)
        assert fresh.evaluate(f"{PLAYER}.step") == page.evaluate(f"{PLAYER}.step")
        assert problems.problems == []


def test_steps_back_and_on_lead_to_the_same_moment(page: Page, address: str) -> None:
    show(page, f"{address}/?at=991&heat=1&t=today&play=2026-11-21T10:00")
    page.click("[data-player=back]")
    settle(page)
    assert page.evaluate(MOMENT) == "2026-11-21T09:45"
    page.click("[data-player=next]")
    settle(page)
    assert page.evaluate(MOMENT) == "2026-11-21T10:00"


def test_the_legend_changes_its_unit_with_the_picture(page: Page, address: str) -> None:
    show(page, f"{address}/?at=991&heat=1&t=7d&lang=en")
    assert page.inner_text("#legend h2:visible") == "Cases per km² and day"
    page.click("[data-player=play]")
    wait(page, MOMENT)
    assert page.inner_text("#legend h2:visible") == "Cases per km² and hour"
    page.click("[data-player=play]")
    settle(page)
    assert page.inner_text("#legend h2:visible") == "Cases per km² and hour"


def test_layers_are_hidden_and_shown_by_the_keyboard(page: Page, address: str) -> None:
    show(page, f"{address}/?at=991&heat=1&t=30d&lang=en")
    assert page.locator(".map-heat").count() == 1
    for layer, hidden, pictures in (
        ("heat", "heat", 0),
        ("heat", None, 1),
        ("buildings", "buildings", 1),
    ):
        page.locator(f".toggles a:has-text('{layer}')").focus()
        page.keyboard.press("Enter")
        wait(page, f"() => document.querySelectorAll('.map-heat').length === {pictures}")
        settle(page)
        found = page.evaluate("() => new URLSearchParams(location.search).get('hide')")
        assert found == hidden
    wait(page, f"() => {SCENE}.hides('buildings') && !{SCENE}.housed(18)")
    show(page, f"{address}/?at=991&heat=1&t=30d&hide=heat")
    assert page.locator(".map-heat").count() == 0
    page.click("[data-player=next]")
    settle(page)
    assert page.locator(".map-heat").count() == 0


def test_escape_twice_clears_filters_and_stays_while_once_goes_up(page: Page, address: str) -> None:
    show(page, f"{address}/?at=991&t=30d")
    page.locator(".city-map").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    settle(page)
    page.wait_for_timeout(800)
    assert page.url.endswith("/?at=991")
    show(page, f"{address}/?at=991&t=30d")
    page.locator(".city-map").focus()
    page.keyboard.press("Escape")
    wait(page, "() => location.search === '?t=30d'")
