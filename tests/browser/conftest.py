"""The real application in a process of its own, and a browser that notices what goes wrong."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.pages import COUNT_FLYING
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

ROOT: Final = Path(__file__).parents[2]
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S: Final = 60
# Whoever has been here and is not here now, by browser and by whether our policy is ignored.
VISITORS: Final[dict[tuple[Browser, bool], list[BrowserContext]]] = defaultdict(list)
PAYLOAD: Final = (
    "<img src=x onerror=window.__xss=1><script>window.__xss=2</script>"
    "\"'><svg onload=window.__xss=3> onmouseover=window.__xss=4 =1+1"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@contextmanager
def served(data_dir: Path, *, up: str = "readyz", **settings: str) -> Iterator[str]:
    """The address of the application serving this data directory, once `up` answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"YIPING_DATA_DIR": str(data_dir), "YIPING_PORT": str(port), "YIPING_FEED": "0"}
    others = {key: value for key, value in os.environ.items() if not key.startswith("YIPING_")}
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env={**others, **own, **settings}
    )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/{up}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert process.poll() is None, "the application has stopped"
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the application is not ready")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small city as it should be."""
    folder = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    with served(folder) as found:
        yield found


@pytest.fixture(scope="session")
def hostile_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same city with a script in every text."""
    folder = tmp_path_factory.mktemp("hostile")
    publish_tiny(folder, lambda text: f"{text}{PAYLOAD}")
    with served(folder) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Without a window: the same engine, and no toolbar that each page would start anew.
    names = ("chromium-headless-shell", "chromium")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert path, "no chromium; run `make chromium` or set CHROMIUM"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


class Watch:
    """Everything a page should not do."""

    def __init__(self, page: Page) -> None:
        self.problems: list[str] = []
        self.posts: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "GPU stall" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in {"127.0.0.1", "localhost", None, ""}:
            self.problems.append(f"foreign: {request.url}")
        if request.method == "POST":
            self.posts.append(urlsplit(request.url).path)

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")


@contextmanager
def opened(
    browser: Browser, *, bypass_csp: bool = False, stranger: bool = False
) -> Iterator[tuple[Page, Watch]]:
    """A page of its own and what is noticed about it.

    It belongs to somebody who was here before: our files are in the cache, as they are for whoever
    works with the screen, and nothing else is kept. A stranger has not even those.
    """
    idle = [] if stranger else VISITORS[browser, bypass_csp]
    context = idle.pop() if idle else _visitor(browser, bypass_csp=bypass_csp)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.add_init_script(COUNT_FLYING)
    try:
        yield page, Watch(page)
        if not stranger:
            _forget(context, page)
            idle.append(context)
    finally:
        if stranger or context not in idle:
            context.close()


def _visitor(browser: Browser, *, bypass_csp: bool) -> BrowserContext:
    return browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", bypass_csp=bypass_csp
    )


def _forget(context: BrowserContext, page: Page) -> None:
    """Drop whatever a visitor has but the cache of files."""
    everything = {"origin": "*", "storageTypes": "all"}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", everything)
    context.clear_cookies()
    context.clear_permissions()
    for each in context.pages:
        each.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[Page, Watch]]:
    """A page that must not complain, and what was noticed; checked when the test ends."""
    with opened(browser) as (page, watch):
        yield page, watch
        assert watch.problems == []


@pytest.fixture
def page(watched: tuple[Page, Watch]) -> Page:
    return watched[0]


@pytest.fixture
def watch(watched: tuple[Page, Watch]) -> Watch:
    return watched[1]
