"""Does a wall grow? Many ticks, garbage collected after each stretch, and the slope."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from tests.browser.walls import WALL

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

TICKS: Final = (Path(__file__).parent / "ticks.js").read_text("utf-8")
MOST_BYTES: Final = 50  # a tick, in the last half
MOST_PAST: Final = 100
NODES: Final = 60  # of one picture more or less: rows of alerts come and go
HISTORY: Final = """() => {
  const state = window.store ? window.store.getState() : {};
  const count = (list) => (list ? list.length : 0);
  const { history = {}, error = {} } = state;
  return count(history.past) + count(error.backEnd) + count(error.frontEnd);
}"""


@dataclass(frozen=True)
class Growth:
    """What was measured: bytes by tick in the last half; nodes and listeners, end over begin."""

    ticks: int
    bytes_per_tick: float
    nodes_growth: int
    listeners_growth: int
    history_past: int

    @property
    def is_flat(self) -> bool:
        """Whether it can go on for years."""
        flat = self.bytes_per_tick <= MOST_BYTES and self.nodes_growth <= NODES
        return flat and self.listeners_growth <= 0 and self.history_past <= MOST_PAST


def measure(page: Page, ticks: int, stretches: int = 20) -> Growth:
    """Let a shown wall tick."""
    page.evaluate(TICKS, page.evaluate(f"{WALL}.asking.state"))
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    found = []
    for _ in range(stretches):
        done = page.evaluate("(count) => window.ticks(count)", ticks // stretches)
        page.wait_for_timeout(120)  # tinted figures, flights and names come to rest
        found.append((done, *counted(session)))
    half = np.array(found[len(found) // 2 :], dtype=float)
    slope = float(np.polyfit(half[:, 0], half[:, 1], 1)[0])
    nodes, listeners = (int(half[-3:, n].min() - half[:3, n].min()) for n in (2, 3))
    return Growth(int(found[-1][0]), round(slope, 1), nodes, listeners, page.evaluate(HISTORY))


def counted(session: CDPSession) -> tuple[int, int, int]:
    """Bytes, nodes and listeners after everything was let go."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    counters = session.send("Memory.getDOMCounters")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    return int(used), int(counters["nodes"]), int(counters["jsEventListeners"])
