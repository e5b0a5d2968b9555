"""What a wall in a browser shows at a moment: how old its data are, and whether it is well."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from tests.browser.walls import WALL

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Ages by the server's clock: of the newest case of any source, of the stalest source, and how long
# ago the server answered last.
LOOK: Final = f"""() => {{
  const {{ asking }} = {WALL};
  const {{ state }} = asking;
  const now = asking.now();
  const sources = (state.sources || []).map((source) => now - source.newest);
  return [now - state.newest, Math.max(...sources), asking.lost(),
    document.documentElement.dataset.liveState === 'fresh' ? 0 : 1,
    document.querySelectorAll('.wall-panel:not([data-state=fresh])').length];
}}"""


@dataclass
class Looks:
    """Every look at one wall: seconds since the newest case, of the stalest source, unanswered."""

    found: list[tuple[float, ...]] = field(default_factory=list)

    def look(self, page: Page) -> None:
        """Look once."""
        self.found.append(tuple(page.evaluate(LOOK)))

    def told(self, name: str) -> dict[str, float]:
        """The figures of all looks."""
        newest, stalest, lost, marked, panels = np.array(self.found, dtype=float).T
        return {
            f"{name}_looks": len(self.found),
            f"{name}_age_median_s": round(float(np.median(newest)), 2),
            f"{name}_age_p95_s": round(float(np.percentile(newest, 95)), 2),
            f"{name}_age_worst_s": round(float(newest.max()), 2),
            f"{name}_source_age_worst_s": round(float(stalest.max()), 2),
            f"{name}_unanswered_worst_s": round(float(lost.max()), 2),
            f"{name}_marked_looks": int(marked.sum()),
            f"{name}_marked_panels": int(panels.max()),
        }
