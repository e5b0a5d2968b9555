"""The faults that a wall must live through, each as one try; tests and the soak run them.

Every function answers how long the wall took, in seconds, and fails where it took too long.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from tests.browser.conftest import FLAGS, ROOT
from tests.browser.walls import WALL, Canvas, Server, opened, show

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

MARKED_S: Final = (
    12.5  # ten seconds after the last answer, which may have come just before the fault
)
FRESH_S: Final = 10.0  # after it is ready
RELOADED_S: Final = 30.0
CRASHED_S: Final = 15.0
CALLED_S: Final = 5.0
LIVE: Final = "(state) => document.documentElement.dataset.liveState === state"
INTERVAL_S: Final = 60
PANEL: Final = ".wall-slot[data-wall=figures]"
NEW_YEAR: Final = 1_798_732_800  # 2027 in Shanghai
FAR: Final = "America/Los_Angeles"
# The minute on the wall beside the server's, read at one moment.
CLOCKS: Final = (
    "() => [document.querySelector('[data-wall=clock]').innerText.slice(0, 5),"
    " new Intl.DateTimeFormat('en-GB', {timeZone: 'Asia/Shanghai', hour: '2-digit',"
    f" minute: '2-digit'}}).format({WALL}.asking.now() * 1000)]"
)
KIOSK: Final = ROOT / "docs" / "kiosk" / "kiosk.py"
HEADLESS: Final = "--headless=new"
PAINTED_MS: Final = 500  # by then what was answered before a fault is painted


def timed(page: Page, condition: str, argument: object, most_s: float) -> float:
    """How long until something holds on the page."""
    began = time.monotonic()
    page.wait_for_function(condition, arg=argument, timeout=most_s * 1000)
    return time.monotonic() - began


def _clock(page: Page) -> str:
    return str(page.locator("[data-wall=clock]").inner_text())


def _marked(page: Page) -> float:
    """Until the wall says that nobody answers; its clock goes on and its figures stay."""
    began = time.monotonic()
    page.wait_for_timeout(PAINTED_MS)
    figures = page.locator(".wall-figures").last.inner_text()
    before = _clock(page)
    took = time.monotonic() - began + timed(page, LIVE, "amber", MARKED_S - PAINTED_MS / 1000)
    assert page.locator("#wall-strip").is_visible()
    now = page.locator(".wall-figures").last.inner_text()
    assert now == figures != "", f"{figures!r} became {now!r}"
    assert _clock(page) != before, "the clock stands still"
    return took


def killed(page: Page, server: Server) -> float:
    """F3: the server is killed and comes back; answers how long until the wall is fresh again."""
    server.send(signal.SIGKILL)
    _marked(page)
    server.start()
    return timed(page, LIVE, "fresh", FRESH_S)


def hung(page: Page, server: Server, seconds: float) -> float:
    """F4: the server hangs; never more than one request of the wall's is under way."""
    page.evaluate(
        "() => { window.most = 0; let flying = 0; const ask = window.fetch;"
        " window.fetch = (...a) => { flying += 1; window.most = Math.max(window.most, flying);"
        " return ask(...a).finally(() => { flying -= 1; }); }; }"
    )
    server.send(signal.SIGSTOP)
    try:
        took = _marked(page)
        page.wait_for_timeout(max(0.0, seconds - took) * 1000)
    finally:
        server.send(signal.SIGCONT)
    timed(page, LIVE, "fresh", FRESH_S)
    assert page.evaluate("window.most") <= 2
    return took


def deployed(page: Page, server: Server, folder: Path, version: int = 0) -> float:
    """F5: another version starts on the port; the wall takes it up by itself, without a blank."""
    copied = folder / "v2"
    for part in ("dashboard", "geodata", "assets"):
        shutil.copytree(ROOT / part, copied / part)
    shutil.copy(ROOT / "app.py", copied)
    (copied / "assets" / "wall" / "zz.js").write_text(f"// version {version}\n")
    before, address = page.evaluate(f"{WALL}.alive().build"), page.url
    page.evaluate(
        "() => { window.blank = 0; const look = () => {"
        " const over = document.querySelector('iframe');"
        " const old = document.querySelector('#wall .wall-figures b');"
        " if (!old && !(over && over.style.opacity === '1')) window.blank += 1;"
        " requestAnimationFrame(look); }; look(); }"
    )
    server.send(signal.SIGTERM)
    server.root = copied
    server.start()
    took = timed(page, f"(old) => {WALL}.alive().build !== old", before, RELOADED_S)
    page.wait_for_timeout(1_500)  # the old picture goes once the new one has faded in
    assert page.evaluate(f"{WALL}.alive().shown")
    assert page.url == address
    assert page.evaluate("window.blank") == 0, "there was nothing to see"
    assert page.evaluate("document.getElementById('wall')") is None, "the old page goes on below"
    return took


def called(page: Page, server: Server, name: str) -> float:
    """A red alert is told by the API: it is on the wall soon, as the focus, with its reason."""
    began = time.monotonic()
    server.alert(name, unit="991", reason_zh=f"{name}!", reason_en=f"{name}!")
    condition = (
        "(name) => [...document.querySelectorAll('.wall-alert')].some((row) => "
        "row.innerText.includes(name)) && "
        "document.querySelector('.wall-card').innerText.includes(name + '!')"
    )
    page.wait_for_function(condition, arg=name, timeout=CALLED_S * 1000)
    return time.monotonic() - began


def stalled(page: Page) -> None:
    """F7: the feed stalls, the server is well: each panel shows its own age, amber, then red."""
    sources = page.evaluate(f"{WALL}.asking.state.sources")
    quick = [source | {"interval_s": INTERVAL_S} for source in sources]
    page.evaluate("(told) => Object.assign(hook.state, told)", {"clock": "now", "sources": quick})
    since = page.evaluate(f"{WALL}.asking.state.panels.figures.since - {WALL}.asking.now()")
    for late, grade in ((0, "fresh"), (2, "amber"), (10, "red")):
        _clocked(page, since + late * (INTERVAL_S + 1))
        page.wait_for_function(
            "([panel, grade]) => document.querySelector(panel).dataset.state === grade",
            arg=[PANEL, grade],
        )
        age = page.locator(f"{PANEL} [data-wall=age]")
        assert age.get_attribute("data-state") == grade
        assert (age.locator(".icon").count() == 1) is (grade != "fresh")
        assert age.inner_text().strip()
    assert page.evaluate("document.documentElement.dataset.liveState") == "fresh"
    page.evaluate("() => { hook.later = 0; delete hook.state.sources; delete hook.state.clock; }")


def _clocked(page: Page, later: float) -> None:
    """Let the server's clock be so much later, and ask; a question under way knew nothing of it."""
    page.evaluate(
        f"""async (later) => {{
          const {{ asking }} = {WALL};
          hook.later = later;
          while (asking.flight) await new Promise((done) => setTimeout(done, 20));
          asking.tag = '';
          return asking.ask();
        }}""",
        later,
    )


def _told(page: Page) -> None:
    """The wall says the server's minute; where it has just turned, at its next tick."""
    shown, here = page.evaluate(CLOCKS)
    if shown != here:
        page.clock.run_for(1_100)
        shown, here = page.evaluate(CLOCKS)
    assert shown == here


def misled(browser: Browser, address: str) -> None:
    """F8: a browser far away, years ahead, whose clock jumps: the server's clock is shown."""
    with opened(browser, Canvas(1280, 360), timezone_id=FAR) as page:
        page.clock.install(time="2031-12-31T23:59:50")
        show(page, address)
        page.clock.run_for(2_000)
        _told(page)
        assert "2031" not in page.locator("[data-wall=date]").inner_text()
        page.clock.set_system_time("2030-01-01T00:00:00")
        page.evaluate("() => { hook.state.clock = 'now'; }")
        behind = page.evaluate(f"{WALL}.asking.state.panels.figures.since - {WALL}.asking.now()")
        for later in (behind - 3_600, behind + 5, 0):  # also a server whose own clock is behind
            _clocked(page, later)
            page.clock.run_for(3_000)
            ages = page.locator("[data-wall=age] span").all_text_contents()
            assert any(ages)
            assert not any(age.startswith("-") for age in ages)
            assert page.evaluate("document.documentElement.dataset.liveState") == "fresh"
            _told(page)
        until = NEW_YEAR - time.time()
        for later, day in ((until - 30, "12月31日"), (until + 1, "2027年1月1日")):
            _clocked(page, later)
            page.clock.run_for(1_100)
            assert day in page.locator("[data-wall=date]").inner_text()


class Kiosk:
    """The supervisor with its browser, and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Take the running process."""
        self._process = process

    def wait(self, event: str) -> dict[str, Any]:
        """The next event of that name."""
        assert self._process.stdout
        for line in self._process.stdout:
            told: dict[str, Any] = json.loads(line)
            if told["event"] == event:
                return told
        message = f"the supervisor ended before it said {event}"
        raise AssertionError(message)


@contextmanager
def supervised(address: str, folder: Path, browser: str) -> Iterator[Kiosk]:
    """A supervisor that shows a wall without a screen."""
    own = {
        "YIPING_WALL_BROWSER": browser,
        "YIPING_WALL_PROFILE": str(folder / "profile"),
        "YIPING_WALL_FLAGS": " ".join((HEADLESS, *FLAGS, "--window-size=1280,360")),
    }
    process = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, str(KIOSK), f"{address}/wall"],
        env=os.environ | own,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Kiosk(process)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def crashed(kiosk: Kiosk, browser: int) -> float:
    """F2: the page's process dies; the supervisor brings the picture back."""
    renderers = _renderers(browser)
    assert renderers, "no page runs"
    began = time.monotonic()
    for process in renderers:
        os.kill(process, signal.SIGKILL)
    kiosk.wait("crashed")
    kiosk.wait("shown")
    took = time.monotonic() - began
    assert took <= CRASHED_S
    return took


def _renderers(browser: int) -> list[int]:
    """Processes that paint pages, of the group of a browser."""
    found = []
    for folder in os.scandir("/proc"):
        if not folder.name.isdigit():
            continue
        try:
            with open(f"{folder.path}/cmdline", "rb") as file:  # noqa: PTH123
                if b"--type=renderer" in file.read() and os.getpgid(int(folder.name)) == browser:
                    found.append(int(folder.name))
        except OSError:
            continue
    return found
