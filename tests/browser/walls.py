"""A wall under test: its sizes, what it is held to, a server that can be hurt."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.browser.conftest import ROOT, START_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SHOWN: Final = "html[data-wall-shown]"
WALL: Final = "window.yiping.wall"
SIZES: Final = ((3840, 1080), (7680, 2160), (3840, 2160), (1920, 1080))
ACROSS: Final = {"dense": 106, "medium": 74, "sparse": 48}  # letters
# The server's answers, changed on their way: `hook.state` is laid over the state; `hook.later`
# seconds are laid on the server's clock.
HOOK: Final = """(() => {
  const hook = (window.hook = %s);
  const ask = window.fetch;
  window.fetch = (...asked) => ask.apply(window, asked).then((answer) => {
    if (!String(asked[0]).startsWith('/wall/state') || answer.status >= 400) return answer;
    const later = hook.later || 0;
    const headers = {
      get: (name) => (name === 'X-Yiping-Now' && later
        ? String(Number(answer.headers.get(name)) + later) : answer.headers.get(name)),
    };
    const json = () => answer.json().then((state) => {
      const own = hook.state || {};
      for (const [name, part] of Object.entries(own)) {
        const both = part && typeof part === 'object' && !Array.isArray(part);
        state[name] = both ? Object.assign(state[name], part) : part;
      }
      return state;
    });
    return { ok: answer.ok, status: answer.status, headers, json };
  });
})()"""
# Texts that are smaller than the base, cut by their panel, or over a seam; parts over a seam.
FAULTS: Final = """() => {
  const host = document.getElementById('wall');
  const base = parseFloat(getComputedStyle(host).getPropertyValue('--base'));
  const { seams } = yiping.wall.asking.state.calibration;
  const faults = [];
  const crosses = (box, name) => {
    const over = seams.filter((x) => box.left < x && box.right > x);
    for (const x of over) faults.push(`${name}: over the seam at ${x}`);
  };
  const pieces = '.wall-when, .wall-title, .wall-state, .wall-ground, ' +
    '.wall-slot:not([data-wall=head])';
  const signs = '.level, .wall-dot, .map-sign circle, .map-sign polygon, .map-sign rect';
  const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
  let texts = 0;
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const box = range.getBoundingClientRect();
    if (!text || !box.width || element.closest('.map-says')) continue;
    texts += 1;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < base - 0.01) faults.push(`${text}: ${size} px, base ${base}`);
    crosses(box, text);
    const frame = element.closest(`${pieces}, #wall-strip`);
    const edge = frame.getBoundingClientRect();
    const spare = size * 0.2; // a line's box stands out where no stroke does
    const cut = box.left < edge.left - 2 || box.right > edge.right + 2 ||
      box.top < edge.top - spare || box.bottom > edge.bottom + spare;
    if (cut && !frame.matches('.wall-ground')) faults.push(`${text}: cut by its panel`);
  }
  const seen = (part) => part.getClientRects().length > 0;
  for (const part of [...host.querySelectorAll(`${pieces}, ${signs}`)].filter(seen)) {
    crosses(part.getBoundingClientRect(), part.getAttribute('class'));
  }
  const panels = [...host.querySelectorAll('.wall-panel')].filter(seen);
  const { density } = host.dataset;
  return { texts, faults, density, panels: panels.map((each) => each.dataset.wall) };
}"""


@dataclass(frozen=True)
class Canvas:
    """A wall: its pixels, how many letters go across, where bezels are."""

    width: int
    height: int
    density: str = "dense"
    seams: tuple[int, ...] = ()

    @property
    def hook(self) -> dict[str, Any]:
        """What changes the server's answers into this wall's."""
        base = -(-self.width // ACROSS[self.density])
        own = {"base": base, "columns": self.width, "seams": list(self.seams)}
        return {"state": {"calibration": own}}


def hooked(page: Page, hook: dict[str, Any]) -> None:
    """Change the answers that the next page gets."""
    page.add_init_script(HOOK % json.dumps(hook))


def show(page: Page, address: str, query: str = "") -> None:
    """Open a wall and wait for the city."""
    page.goto(f"{address}/wall{query}")
    page.wait_for_selector(SHOWN, state="attached")


@contextmanager
def opened(
    browser: Browser, canvas: Canvas, hook: dict[str, Any] | None = None, **options: object
) -> Iterator[Page]:
    """A wall's own page."""
    size: Any = {"width": canvas.width, "height": canvas.height}
    own: Any = {"viewport": size, "locale": "zh-CN", **options}
    context = browser.new_context(**own)
    page = context.new_page()
    page.set_default_timeout(20_000)
    hooked(page, canvas.hook | (hook or {}))
    try:
        yield page
    finally:
        context.close()


class Server:
    """The application on one port, started and hurt at will."""

    def __init__(self, data_dir: Path, root: Path = ROOT, **settings: str) -> None:
        """Choose a port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        own = {"YIPING_DATA_DIR": str(data_dir), "YIPING_PORT": str(self.port), "YIPING_FEED": "0"}
        others = {key: value for key, value in os.environ.items() if not key.startswith("YIPING_")}
        self._environment = {**others, **own, **settings}
        self.root = root
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self._process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=self.root,
            env=self._environment,
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            assert self._process.poll() is None, "the application has stopped"
            try:
                with urlopen(f"{self.address}/readyz", timeout=5):  # noqa: S310 - our own address
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        message = "the application is not ready"
        raise AssertionError(message)

    def send(self, number: signal.Signals) -> None:
        """Kill it, hang it, or let it go on."""
        assert self._process
        self._process.send_signal(number)
        if number in {signal.SIGKILL, signal.SIGTERM}:
            self._process.wait(10)

    def stop(self) -> None:
        """End it, whatever state it is in."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)

    def alert(self, name: str, **more: object) -> None:
        """Raise an alert, or clear one, as another system would."""
        told = {"id": name, "level": 1, "title_zh": name, "title_en": name, **more}
        asked = Request(  # noqa: S310 - our own address
            f"{self.address}/api/v1/alerts",
            json.dumps(told).encode(),
            {"Content-Type": "application/json"},
        )
        with urlopen(asked, timeout=5) as answer:  # noqa: S310
            assert answer.status < 300
