from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.browser.walls import Canvas, opened, show
from tests.soak.growth import measure

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TICKS = 1_200
WARMING = 300  # bytes a tick: compiled code still grows; `make soak` waits until it does not
LEAK = """() => {
  const kept = (window.kept = []);
  const { asking } = yiping.wall;
  const heard = asking.heard;
  asking.heard = (...told) => { kept.push(new Array(1000).fill(kept.length)); heard(...told); };
}"""


def test_a_wall_does_not_grow_and_a_leak_would_be_seen(browser: Browser, address: str) -> None:
    with opened(browser, Canvas(960, 270)) as page:
        show(page, address)
        measure(page, TICKS // 2, 8)  # most is compiled by then
        growth = measure(page, TICKS)
        assert replace(growth, bytes_per_tick=growth.bytes_per_tick - WARMING).is_flat, growth
        page.evaluate(LEAK)
        assert measure(page, TICKS // 4, 8).bytes_per_tick > 2 * WARMING
