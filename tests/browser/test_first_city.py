"""A server that knows no city: the first one is brought by browser, and shown without a restart."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from geodata.store.snapshots import open_city
from tests.browser.conftest import opened, served
from tests.browser.test_import import PATIENCE_MS, hand_in, name_city
from tests.browser.test_safety import AXE, RUN_AXE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

NAMES: Final = ("东风街道", "西山街道")
CASES: Final = 60
TWICE: Final = 3  # cases that the file holds twice


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that stays without a city."""
    with served(tmp_path_factory.mktemp("none"), up="healthz") as address:
        yield address


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Address and folder of a server without a city."""
    folder = tmp_path / "none" / "yet"
    with served(folder, up="healthz") as address:
        yield address, folder


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two streets, and cases in them of which some are there twice."""
    streets, cases = tmp_path / "街道.geojson", tmp_path / "案件.csv"
    features = [_street(f"11010{n + 1}", name, 116 + n / 100) for n, name in enumerate(NAMES)]
    collection = {"type": "FeatureCollection", "features": features}
    streets.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    rows = [_case(n) for n in range(CASES)]
    with cases.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["案件编号", "上报时间", "结案时间", "案件类别", "经度", "纬度"])
        writer.writerows(rows + rows[:TWICE])
    return [streets, cases]


def _street(code: str, name: str, west: float) -> dict[str, object]:
    ring = [[west, 30], [west + 0.01, 30], [west + 0.01, 30.01], [west, 30.01], [west, 30]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code, "名称": name}, "geometry": shape}


def _case(n: int) -> list[str]:
    reported = datetime(2026, 11, 1, 8) + timedelta(hours=5 * n)  # noqa: DTZ001 - as files write it
    closed = reported + timedelta(hours=3)
    where = [f"{116.001 + n / 4000:.6f}", f"{30.001 + n / 8000:.6f}"]
    return [f"A{n:04}", f"{reported}", f"{closed}", ("市容环境", "道路交通")[n % 2], *where]


def _download(page: Page, link: Locator) -> str:
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


def test_the_first_city_comes_by_browser(
    browser: Browser, empty: tuple[str, Path], files: list[Path]
) -> None:
    address, folder = empty
    with opened(browser) as (page, watch):
        page.goto(address)
        page.click("main a[href^='/import']")
        page.wait_for_selector("[data-drop]")
        hand_in(page, address, files)
        name_city(page)
        page.click("[data-act=trial]")
        page.wait_for_selector("[data-act=confirm]:enabled", timeout=PATIENCE_MS)
        links = page.locator(".import-outcome .import-downloads a")
        account, findings, rejected = (_download(page, link) for link in links.all())
        assert "<!doctype html>" in account
        assert "案件.csv" in findings
        assert [f"A{n:04}" in rejected for n in range(TWICE + 1)] == [True] * TWICE + [False]
        page.on("dialog", lambda dialog: dialog.accept())
        page.click("[data-act=confirm]")
        page.wait_for_selector(".import-done", timeout=PATIENCE_MS)
        kept = page.locator(".import-done .import-downloads a").last
        assert _download(page, kept) == rejected
        page.click(".import-done .button.primary")
        page.wait_for_selector(".kpis")
        assert set(NAMES) <= set(open_city(folder).places["name_zh"])
        assert watch.problems == []


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize(
    ("language", "said"), [("zh", "还没有城市数据"), ("en", "No city here yet")]
)
def test_everybody_can_read_the_first_page(
    browser: Browser, waiting: str, language: str, said: str, theme: str
) -> None:
    with opened(browser, bypass_csp=True) as (page, watch):
        page.goto(f"{waiting}/?lang={language}&theme={theme}")
        assert page.locator("h1").inner_text() == said
        page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate(RUN_AXE) == []
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.click(".look")
        other = "light" if theme == "dark" else "dark"
        assert page.locator("html").get_attribute("data-theme") == other
        assert page.locator("h1").inner_text() == said
        assert watch.problems == []
