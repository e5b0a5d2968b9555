"""The heat in a real browser: it plays, pauses, and an address brings the same moment back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from geodata.publish import publish
from tests.browser.conftest import opened, served
from tests.browser.pages import UPDATE, digest, settle, show
from tests.browser.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Watch

MOMENT = "() => new URLSearchParams(location.search).get('play')"
PLAYER = "window.yiping.map.player"
PICTURE = "() => document.querySelector('.map-heat').getAttribute('src')"
BARS = f"() => {PLAYER}.frames.bars"
READOUT = "[data-player=time]"
POINT = ".map-case:visible"
POINTS = "window.yiping.map.latest.heat.points.length"
SCENE = "[...window.yiping.map.scenes][0]"
COUNT_WRITES = """() => {
  window.writes = [];
  const write = history.replaceState.bind(history);
  history.replaceState = (...parts) => { window.writes.push(performance.now()); write(...parts); };
}"""


@pytest.fixture(scope="module")
def new_york(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same city where summer time ended on the first of November."""
    folder = tmp_path_factory.mktemp("new-york")
    draft = tiny()
    profile = draft.profile.model_copy(update={"time_zone": "America/New_York"})
    publish(replace(draft, profile=profile), folder)
    with served(folder) as found:
        yield found


def said(moment: str) -> str:
    """The clock of a moment as the player says it: midnight ends the day before."""
    return "24:00" if moment.endswith("00:00") else moment[11:]


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
    assert page.inner_text(READOUT) == said(moment)
    day = f"{datetime.fromisoformat(moment):%-d %b}"
    assert day in page.inner_text("[data-player=note]") or moment.endswith("00:00")
    wait(page, f"() => ({PICTURE})() !== '{picture}'")
    assert watch.posts == [UPDATE]
    assert page.evaluate(BARS) == bars
    with opened(browser) as (fresh, problems):
        show(fresh, page.url)
        assert digest(fresh) == digest(page)
        assert fresh.evaluate(BARS) == bars
        assert fresh.evaluate(PICTURE) == page.evaluate(PICTURE)
        assert fresh.evaluate(f"{PLAYER}.step") == page.evaluate(f"{PLAYER}.step")
        assert problems.problems == []


def test_the_address_is_written_once_a_second_and_at_the_pause(page: Page, address: str) -> None:
    show(page, f"{address}/?at=991&heat=1&t=7d&play=2026-11-18T10:00")
    page.evaluate(COUNT_WRITES)
    page.click("[data-player=speed-16]")
    page.click("[data-player=play]")
    first = page.evaluate(f"{PLAYER}.step")
    wait(page, f"() => {PLAYER}.step >= {first} + 20")
    page.click("[data-player=play]")
    settle(page)
    writes = page.evaluate("window.writes")
    assert len(writes) >= 2
    assert all(later - earlier > 900 for earlier, later in pairwise(writes[:-1]))
    assert page.evaluate(MOMENT) == page.evaluate(f"{PLAYER}.local({PLAYER}.moment({PLAYER}.step))")


def test_no_picture_of_the_future_is_fetched(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    show(page, f"{address}/?at=991&heat=1&t=today&play=2026-11-21T14:00")
    page.click("[data-player=next]")
    page.click("[data-player=next]")
    page.click("[data-player=next]")
    settle(page)
    played = [int(parse_qs(urlsplit(url).query)["play"][0]) for url in asked if "/heat/" in url]
    until = page.evaluate(f"{PLAYER}.frames.until")
    assert max(played) == page.evaluate(f"{PLAYER}.moment({PLAYER}.last)")
    assert max(played) <= until


def test_moments_are_of_the_clock_on_both_sides_of_its_change(page: Page, new_york: str) -> None:
    for period, before, after in (
        ("2026-10-20..2026-11-09", "2026-10-25T00:00", "2026-10-26T00:00"),
        ("2026-10-20..2026-11-09", "2026-11-01T00:00", "2026-11-02T00:00"),
        ("2026-10-20..2026-11-09", "2026-11-05T00:00", "2026-11-06T00:00"),
        ("2026-10-29..2026-11-03", "2026-11-01T01:00", "2026-11-01T02:00"),
        ("2026-11-01..2026-11-01", "2026-11-01T12:00", "2026-11-01T12:15"),
    ):
        show(page, f"{new_york}/?heat=1&t={period}&play={before}")
        page.click("[data-player=next]")
        settle(page)
        assert page.evaluate(MOMENT) == after
        assert page.inner_text(READOUT) == said(after)


def test_the_hour_that_comes_twice_can_be_walked_through(page: Page, new_york: str) -> None:
    show(page, f"{new_york}/?heat=1&t=2026-11-01..2026-11-01&play=2026-11-01T01:45")
    read = []
    for _ in range(5):
        page.click("[data-player=next]")
        settle(page)
        read.append(page.inner_text(READOUT))
    assert read == ["01:00", "01:15", "01:30", "01:45", "02:00"]


def test_the_button_shows_what_a_press_would_do(page: Page, address: str) -> None:
    show(page, f"{address}/?at=991&heat=1&t=today&play=2026-11-21T06:00")
    assert page.locator(POINT).count() == page.evaluate(POINTS) > 0
    sign = page.locator("[data-player=play] .icon")
    assert sign.get_attribute("class") == "icon icon-play"
    page.click("[data-player=play]")
    assert sign.get_attribute("class") == "icon icon-pause"
    assert page.locator(".volume .still").is_visible()  # the figures say which hour they are of
    assert page.locator(POINT).count() == 0  # so do single cases, by not being there
    page.click("[data-player=play]")
    settle(page)
    assert sign.get_attribute("class") == "icon icon-play"
    assert not page.locator(".volume .still").is_visible()
    assert page.locator(POINT).count() == page.evaluate(POINTS)


def test_the_whole_day_is_one_press_away_and_one_back(page: Page, address: str) -> None:
    show(page, f"{address}/?at=991&heat=1&t=2026-11-20..2026-11-20&lang=en")
    hour, picture = page.inner_text(READOUT), page.evaluate(PICTURE)
    assert hour == "24:00"
    for _ in range(2):
        page.click("[data-player=sum]")
        wait(page, f"() => ({MOMENT})() === 'all' && {PLAYER}.summed")
        settle(page)
        assert page.inner_text(READOUT) != hour
        wait(page, f"() => ({PICTURE})() !== '{picture}'")
        page.click("[data-player=sum]")
        wait(page, f"() => ({MOMENT})() === null && !{PLAYER}.summed")
        settle(page)
        assert page.inner_text(READOUT) == hour
        wait(page, f"() => ({PICTURE})() === '{picture}'")


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


TIGHT: Final = """() => {
  const time = document.querySelector('.player .time').getBoundingClientRect();
  const card = document.querySelector('.player').getBoundingClientRect();
  const said = document.createRange();
  said.selectNodeContents(document.querySelector('.player .time'));
  const close = [...document.querySelectorAll('.categories .bar-row')].filter((row) => {
    const amount = row.querySelector('.end');
    const norm = document.createRange();
    norm.selectNodeContents(row.querySelector('.value'));
    return amount && amount.getBoundingClientRect().right + 4 > norm.getBoundingClientRect().left;
  });
  return [time.right <= card.right, said.getBoundingClientRect().right <= card.right, close.length];
}"""


def test_on_a_phone_no_words_leave_their_card_and_no_numbers_touch(
    page: Page, address: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, f"{address}/?heat=1&lang=en")
    assert page.evaluate(TIGHT) == [True, True, 0]
