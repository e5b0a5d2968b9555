"""How the planner's desk looks while somebody works at it, and what others did meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.conftest import opened as page_of
from tests.browser.desks import Desk, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

DESK: Final = "window.yiping.planner.desk"
TOLD: Final = "document.getElementById('plan-told').textContent"
SIZES: Final = ((1280, 720), (1440, 900), (1920, 1080))
# What of an element lies under something else, seen at its corners and in its middle.
COVERED: Final = """(selector) => {
  const element = document.querySelector(selector);
  const {left, top, right, bottom} = element.getBoundingClientRect();
  element.style.pointerEvents = "auto";
  const spots = [[left + 8, top + 8], [right - 8, top + 8], [left + 8, bottom - 8],
    [(left + right) / 2, (top + bottom) / 2], [right - 8, bottom - 8]];
  const over = spots.map((spot) => document.elementFromPoint(...spot))
    .filter((each) => !element.contains(each));
  element.style.pointerEvents = "";
  return over.map((each) => each && each.className);
}"""
LINES: Final = """() => new Set([...document.querySelectorAll('.plan-options button')]
  .map((each) => Math.round(each.getBoundingClientRect().top))).size"""
MEET: Final = """() => {
  const boxes = ['.plan-place', '.plan-options', '.plan-told', '.plan-legend', '.plan-zoom']
    .map((each) => document.querySelector(each).getBoundingClientRect());
  return boxes.some((a, i) => boxes.slice(i + 1).some((b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
}"""
NEW: Final = """() => {
  const {desk} = window.yiping.planner;
  const grids = desk.state.grids.map((grid) => grid.code === 'B'
    ? {...grid, new: true, rings: [grid.rings[0].map(([lon, lat], i, ring) =>
        [ring[0][0] + (lon - ring[0][0]) * .18, ring[0][1] + (lat - ring[0][1]) * .12])],
       label: [grid.rings[0][0][0] + .0001, grid.rings[0][0][1] - .0001]} : grid);
  desk.show({...desk.state, grids});
}"""


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    with page_of(browser) as (page, watch):
        yield opened(page)
        assert [told for told in watch.problems if "503" not in told] == []  # of the feed


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tool", ["split", "draw"])
def test_what_lies_over_the_map_never_lies_over_the_rest(
    desk: Desk, size: tuple[int, int], tool: str
) -> None:
    desk.page.set_viewport_size({"width": size[0], "height": size[1]})
    desk.page.evaluate(f"{DESK}.tools.choose('{tool}'); {DESK}.select('B')")
    desk.page.evaluate("window.yiping.planner.panels.tell('这一步没有做成，'.repeat(12))")
    desk.page.wait_for_timeout(200)
    assert desk.page.evaluate(LINES) == 1
    assert not desk.page.evaluate(MEET)
    assert desk.page.evaluate(COVERED, "#plan-told") == []


def test_what_a_stroke_would_do_is_read_above_the_legend(desk: Desk) -> None:
    box = desk.page.locator(".plan-legend").bounding_box()
    assert box
    desk.page.evaluate(f"{DESK}.tools.choose('split'); {DESK}.select('B')")
    desk.page.mouse.click(*desk.point(300, 60))
    desk.page.mouse.move(box["x"] + 30, box["y"] + 20, steps=3)
    desk.page.evaluate(
        f"{DESK}.tools.tip.show({{lines: [['切分', {{strong: '第2网格'}}]],"
        f" at: {DESK}.map.view.plane([30, {DESK}.map.view.height - 60])}})"
    )
    assert desk.page.evaluate(COVERED, "#plan-hint") == []


def test_a_choice_that_was_made_is_not_asked_for(desk: Desk) -> None:
    bar = desk.page.locator(".plan-options [role=status]")
    desk.page.evaluate(f"{DESK}.tools.choose('split')")
    assert "选定网格" in bar.inner_text()
    desk.page.evaluate(f"{DESK}.select('B')")
    assert "选定网格" not in bar.inner_text()
    desk.page.evaluate(f"{DESK}.select(''); {DESK}.tools.choose('measure')")
    assert "选定网格" not in bar.inner_text()


def test_a_new_grid_has_its_card_however_small(desk: Desk) -> None:
    desk.page.evaluate(NEW)
    desk.page.wait_for_timeout(400)
    shown = desk.page.locator(".plan-tag:not(.away):not(.short)", has_text="新")
    assert shown.count() == 1


def test_steps_that_stand_are_counted_beside_those_to_redo(desk: Desk) -> None:
    desk.page.evaluate(f"{DESK}.do({{do: 'lock', grids: ['A']}})")
    desk.done()
    told = desk.page.locator("#plan-status [data-open=history]").inner_text()
    assert told == "历史 1 步 · 可重做 1 步"


def test_what_others_do_is_shown_where_nothing_is_under_way(desk: Desk) -> None:
    desk.others, desk.heads = "李明", 3
    desk.page.evaluate(f"{DESK}.watch.look()")
    desk.page.wait_for_function(f"() => {DESK}.state.plan.head === 'h3'")
    assert "李明修改了本方案" in desk.page.evaluate(TOLD)


def test_what_others_do_waits_for_what_is_being_drawn(desk: Desk) -> None:
    desk.page.evaluate(f"{DESK}.tools.choose('split')")
    desk.page.mouse.click(*desk.point(300, 60))
    desk.others, desk.heads = "李明", 3
    desk.page.evaluate(f"{DESK}.watch.look()")
    desk.page.wait_for_function(f"() => {TOLD}.includes('李明')")
    assert desk.page.evaluate(f"{DESK}.state.plan.head") == "h0"
    desk.page.click("#plan-told button")
    desk.page.wait_for_function(f"() => {DESK}.state.plan.head === 'h3'")
    assert desk.page.evaluate(f"{DESK}.tools.tool.points.length") == 1


def test_a_page_that_nobody_sees_asks_for_nothing(desk: Desk) -> None:
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    desk.page.evaluate(f"{DESK}.watch.look()")
    assert not any("/head" in each for each in asked)
