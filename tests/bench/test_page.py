"""What a leader waits for at district scale: first paint, drill, filter, bytes on the wire."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from geodata.store.snapshots import open_city
from tests.browser.conftest import browser, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
pytestmark = pytest.mark.bench
ROUNDS = 12
SHOWN = """() => {
  const value = document.querySelector('.kpi .figure');
  return value !== null && /\\d/.test(value.textContent)
    && document.querySelector('[data-painted]') !== null;
}"""


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[str, list[str]]]:
    """Address of the demo district, and the codes of its streets."""
    folder = Path(os.environ.get("YIPING_DATA_DIR", "data"))
    city = open_city(folder)
    streets = [str(city.places["code"].iloc[unit]) for unit in city.tree.children(0)]
    with served(folder) as address:
        yield address, streets


def _answered(page: Page, script: str) -> float:
    """Milliseconds from a gesture to the end of the one callback it costs, as the page sees it."""
    with page.expect_response("**/_dash-update-component") as waiting:
        start = page.evaluate("performance.now()")
        page.evaluate(script)
    waiting.value.finished()
    return float(page.evaluate("performance.now()") - start)


def _print(figures: dict[str, float]) -> None:
    sys.stdout.write(
        json.dumps({key: round(value, 1) for key, value in figures.items()}, indent=1) + "\n"
    )


def test_first_paint_and_bytes(demo: tuple[str, list[str]], browser: Browser) -> None:
    address, _ = demo
    figures: dict[str, float] = {}
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    for name in ("cold", "warm"):
        page = context.new_page()
        wire = _count_bytes(page)
        page.goto(address, wait_until="commit")
        page.wait_for_function(SHOWN, timeout=60_000)
        figures[f"first_paint_{name}_ms"] = page.evaluate("performance.now()")
        page.wait_for_load_state("networkidle")
        figures[f"wire_{name}_kB"] = sum(wire) / 1000
        page.close()
    context.close()
    _print(figures)
    assert figures["wire_warm_kB"] < figures["wire_cold_kB"]


def _count_bytes(page: Page) -> list[float]:
    wire: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def note(event: dict[str, Any]) -> None:
        wire.append(float(event["encodedDataLength"]))

    session.on("Network.loadingFinished", note)
    return wire


def test_drill_and_filter(demo: tuple[str, list[str]], browser: Browser) -> None:
    address, streets = demo
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page.goto(address, wait_until="networkidle")
    times: dict[str, list[float]] = {"drill": [], "filter": []}
    for number in range(ROUNDS):
        street = streets[number % len(streets)]
        times["drill"].append(_answered(page, f"window.yiping.go('?at={street}')"))
        page.wait_for_timeout(300)
        days = ("24h", "7d", "30d")[number % 3]
        times["filter"].append(_answered(page, f"window.yiping.go('?at={street}&t={days}')"))
        page.wait_for_timeout(300)
    page.close()
    _print({f"{key}_p95_ms": float(np.percentile(value, 95)) for key, value in times.items()})
    assert len(times["drill"]) == ROUNDS
