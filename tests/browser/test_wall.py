from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import opened as page_of
from tests.browser.walls import FAULTS, SIZES, WALL, Canvas, opened, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

PANELS = {
    "dense": {"figures", "trend", "map", "alerts", "departments"},
    "medium": {"figures", "map", "alerts", "departments"},
}
BECOME = """({base, columns, seams}) => {
  const { asking, it } = yiping.wall;
  const own = asking.state.calibration;
  const same = own.base === base && own.columns === columns && String(own.seams) === String(seams);
  if (!same) { asking.tag = ''; asking.ask(); }
  return same && it.calibrated === JSON.stringify(own) && it.sized === innerWidth;
}"""
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.value; })
    .observe({type: 'layout-shift', buffered: false});
  const { asking } = yiping.wall;
  const numbers = ['1', '12,345', '999,999', '7'];
  const next = (i) => {
    if (i === numbers.length) { setTimeout(() => done(sum), 100); return; }
    window.hook.figure = numbers[i];
    asking.tag = '';
    asking.ask().then(() => setTimeout(() => next(i + 1), 80));
  };
  next(0);
})"""


@pytest.fixture(scope="module")
def wall(browser: Browser, address: str) -> Iterator[Page]:
    """One page for all sizes: a new state, not a new page, makes it another wall."""
    with opened(browser, Canvas(1920, 540)) as page:
        show(page, address)
        yield page


def _become(page: Page, canvas: Canvas) -> dict[str, Any]:
    """What is found on the page once it is that wall."""
    page.set_viewport_size({"width": canvas.width, "height": canvas.height})
    page.evaluate("(own) => Object.assign(window.hook, own)", canvas.hook)
    page.wait_for_function(BECOME, arg=canvas.hook["state"]["calibration"])
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))")
    found: dict[str, Any] = page.evaluate(FAULTS)
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_letter_has_its_size_and_its_place(browser: Browser, address: str, lang: str) -> None:
    with opened(browser, Canvas(1920, 540)) as page:
        show(page, address, f"?lang={lang}")
        for width, height in SIZES:
            for density in ("dense", "medium", "sparse"):
                found = _become(page, Canvas(width, height, density))
                about = (width, height, density, lang)
                assert found["faults"] == [], about
                assert found["texts"] > 20, about
                assert found["density"] == density
                assert set(found["panels"]) == PANELS.get(density, set(found["panels"])), about


@pytest.mark.parametrize(
    ("lang", "soon", "none"),
    [("zh", "正在计算", "尚未取得数据"), ("en", "Computing", "No data yet")],
)
def test_before_its_first_figures_a_wall_is_not_mute(
    browser: Browser, address: str, lang: str, soon: str, none: str
) -> None:
    headers = {"Retry-After": "1"}
    with page_of(browser) as (page, _):
        page.route("**/wall/state*", lambda route: route.fulfill(status=503, headers=headers))
        page.goto(f"{address}/wall?lang={lang}")
        word = page.locator(".opening-word")
        word.wait_for()
        assert soon in word.inner_text()
        assert word.evaluate("(it) => parseFloat(getComputedStyle(it).fontSize)") >= 24
        page.evaluate("yiping.ages.AMBER_S = 1")
        headers.clear()  # nobody says any more that it is being made
        page.wait_for_function(f"() => document.body.innerText.includes('{none}')")
        page.unroute("**/wall/state*")
        page.wait_for_selector("html[data-wall-shown]", state="attached")
        assert word.count() == 0


@pytest.mark.parametrize("screens", [2, 3, 4])
def test_nothing_lies_over_a_bezel(wall: Page, screens: int) -> None:
    seams = tuple(3840 * n // screens for n in range(1, screens))
    for density in ("dense", "medium", "sparse"):
        found = _become(wall, Canvas(3840, 1080, density, seams))
        assert found["faults"] == [], (density, seams)


def test_a_check_that_finds_nothing_would_be_none(wall: Page) -> None:
    _become(wall, Canvas(3840, 1080))
    wall.add_style_tag(
        content=".wall-note { font-size: .5em !important; } .wall-title { left: 0 !important; }"
    )
    wall.evaluate(f"{WALL}.asking.state.calibration.seams.push(400)")
    faults = wall.evaluate(FAULTS)["faults"]
    assert any("base" in fault for fault in faults)
    assert any("seam" in fault for fault in faults)
    wall.reload()
    wall.wait_for_selector("html[data-wall-shown]", state="attached")


def test_new_figures_move_nothing(wall: Page) -> None:
    _become(wall, Canvas(3840, 1080))
    wall.evaluate(
        """() => { const ask = window.fetch; window.fetch = (...a) => ask(...a).then((answer) => {
          const json = answer.json; if (!json) return answer;
          const figure = /(\\["b",\\{\\},")[\\d,.]+(")/g;
          const other = (text) => text.replace(figure, `$1${window.hook.figure}$2`);
          answer.json = () => json().then((state) => (window.hook.figure
            ? JSON.parse(other(JSON.stringify(state))) : state));
          return answer; }); }"""
    )
    assert wall.evaluate(SHIFTS) <= 0.01
    assert "7" in wall.locator(".wall-figures .number b").first.inner_text()


def test_a_wall_whose_token_was_revoked_says_so_at_once(wall: Page) -> None:
    wall.route("**/wall/state*", lambda route: route.fulfill(status=401, json={}))
    try:
        wall.evaluate(f"() => {WALL}.asking.ask()")
        strip = wall.locator("#wall-strip")
        strip.get_by_text("令牌已失效").wait_for()
        assert strip.get_attribute("data-state") == "red"
    finally:
        wall.unroute("**/wall/state*")
    wall.evaluate(f"() => {WALL}.asking.ask()")
    strip.wait_for(state="hidden")
