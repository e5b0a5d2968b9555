from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING

import pytest

from tests.browser import wall_faults as faults
from tests.browser.tiny import publish_tiny
from tests.browser.walls import Canvas, Server, opened, show

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SMALL = Canvas(1280, 360)
TRIES = 3
HANG_S = 12.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("wall")
    publish_tiny(folder)
    found = Server(folder)
    found.start()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def wall(browser: Browser, server: Server) -> Iterator[Page]:
    with opened(browser, SMALL) as page:
        show(page, server.address)
        yield page


def test_red_alerts_are_called_at_once_also_in_flight(wall: Page, server: Server) -> None:
    for n in range(TRIES):  # the second comes while the map still flies to the first
        assert faults.called(wall, server, f"alarm-{n}") <= faults.CALLED_S
    for n in range(TRIES):
        server.alert(f"alarm-{n}", unit="991", cleared=int(time.time()))
    wall.wait_for_function(
        "() => !document.querySelector('.wall-card').innerText.includes('alarm')"
    )


def test_f2_a_crashed_page_comes_back(server: Server, tmp_path: Path) -> None:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path
    with faults.supervised(server.address, tmp_path, path) as kiosk:
        process = kiosk.wait("started")["pid"]
        kiosk.wait("shown")
        assert faults.crashed(kiosk, process) <= faults.CRASHED_S


def test_f4_a_hanging_server_is_told(wall: Page, server: Server) -> None:
    assert faults.hung(wall, server, HANG_S) <= faults.MARKED_S


def test_f3_a_killed_server_is_told_and_its_return_seen(wall: Page, server: Server) -> None:
    assert faults.killed(wall, server) <= faults.FRESH_S


def test_a_lost_network_is_told(wall: Page) -> None:
    wall.context.set_offline(True)
    faults.timed(wall, faults.LIVE, "amber", faults.MARKED_S)
    wall.context.set_offline(False)
    faults.timed(wall, faults.LIVE, "fresh", faults.FRESH_S)


def test_f7_each_panel_tells_that_its_feed_stalls(wall: Page) -> None:
    faults.stalled(wall)


def test_f8_clock_and_zone_of_the_browser_count_for_nothing(
    browser: Browser, server: Server
) -> None:
    faults.misled(browser, server.address)


def test_f5_another_version_is_taken_up_by_itself(
    wall: Page, server: Server, tmp_path: Path
) -> None:
    assert faults.deployed(wall, server, tmp_path) <= faults.RELOADED_S
