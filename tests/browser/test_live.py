from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import opened, served
from tests.browser.pages import UPDATE, show
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

    from tests.browser.conftest import Watch

SCENE = "[...window.yiping.map.scenes][0]"
LABEL = f"""() => {{
  const scene = {SCENE}, label = scene.state.labels[0];
  const box = scene.container.getBoundingClientRect();
  const point = scene.leaflet.latLngToContainerPoint([label.lat, label.lon]);
  return [box.left + point.x, box.top + point.y];
}}"""
STATE = "() => document.documentElement.dataset.liveState === '{}'"


def test_a_lost_server_is_told_and_its_return_too(browser: Browser, address: str) -> None:
    with opened(browser, stranger=True) as (page, _):  # whose clock is not put right again
        page.clock.install()
        show(page, f"{address}/?lang=en")
        page.wait_for_function(STATE.format("fresh"))
        page.route("**/live/state", lambda route: route.abort())
        page.clock.run_for(20_000)
        page.wait_for_function(STATE.format("amber"))
        assert "no contact" in page.locator("#live-strip").inner_text()
        page.clock.fast_forward(300_000)
        page.wait_for_function(STATE.format("red"))
        page.unroute("**/live/state")
        page.clock.run_for(10_000)
        page.wait_for_function(STATE.format("fresh"))


def test_a_new_build_reloads_the_page_once(browser: Browser, address: str) -> None:
    with opened(browser) as (page, _):
        loads: list[str] = []
        page.on("load", lambda loaded: loads.append(loaded.url))
        show(page, address)
        page.route("**/live/state", _answer_other_build)
        page.wait_for_event("load", timeout=20_000)
        page.wait_for_timeout(6_000)
        assert len(loads) == 2


def _answer_other_build(route: Route) -> None:
    answer = route.fetch(headers={})
    body = answer.json() | {"build": "another"}
    route.fulfill(response=answer, json=body)


@pytest.mark.parametrize("query", ["", "?at=991"])
def test_a_publication_reaches_an_open_page(browser: Browser, tmp_path: Path, query: str) -> None:
    publish_tiny(tmp_path)
    with served(tmp_path) as address, opened(browser) as (page, watch):
        show(page, f"{address}/{query}")
        watch.posts.clear()
        publish_tiny(tmp_path, lambda text: f"{text}x")
        page.wait_for_function(
            "() => document.body.innerText.includes('鹤湾街道x')", timeout=15_000
        )
        assert len(watch.posts) == 1


def test_where_nobody_answers_the_map_returns_from_its_flight(
    page: Page, watch: Watch, address: str
) -> None:
    show(page, address)
    before, url = page.evaluate(f"{SCENE}.leaflet.getZoom()"), page.url
    page.route(re.compile(UPDATE), lambda route: route.abort())
    x, y = page.evaluate(LABEL)
    page.mouse.click(x, y)
    page.wait_for_function(f"() => {SCENE}.view.goal !== null")
    page.wait_for_function(f"() => {SCENE}.view.goal === null")
    page.wait_for_url(url)
    assert page.evaluate(f"{SCENE}.leaflet.getZoom()") == pytest.approx(before, abs=0.02)
    assert page.evaluate(f"{SCENE}.focus.pending") is None
    watch.problems.clear()  # the browser tells of the broken requests


def test_without_the_server_a_cell_leads_nowhere(page: Page, address: str) -> None:
    show(page, address)
    url = page.url
    step = (
        "(live) => { document.documentElement.dataset.liveState = live;"
        f" const {{state, gestures}} = {SCENE};"
        " gestures.open({layer: state.next, id: state.labels[0].unit}, false); }"
    )
    page.evaluate(step, "amber")
    assert page.url == url
    page.evaluate(step, "fresh")
    page.wait_for_function("(url) => location.href !== url", arg=url)
