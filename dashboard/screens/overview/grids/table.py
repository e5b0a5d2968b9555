"""Every judged unit as a table: what it carries, who looks after it, what is proposed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from dashboard.screens.overview.columns import columns, whole
from dashboard.screens.overview.grids import words

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

KEY: Final = "grids"
PARTS: Final = {"people": "people", "households": "households", "buildings": "buildings",
                "staff": "staff"}  # fmt: skip


def table(scene: Scene) -> pd.DataFrame:
    """Candidates first, in their order; then the others, the heaviest load first."""
    evaluated = scene.evaluated
    here = evaluated.here if evaluated is not None else pd.DataFrame({"load_index": []})
    found = {
        unit: each for each in (evaluated.found if evaluated else ())
        for unit in (each.unit, each.other) if unit >= 0
    }  # fmt: skip
    order = {unit: at for at, unit in enumerate(found)}
    rest = here["load_index"].fillna(-1.0)
    units = sorted(here.index.tolist(), key=lambda unit: (order.get(unit, len(order)), -rest[unit]))
    rows = here.reindex(units)
    proposed = [found.get(unit) for unit in units]
    shown: dict[str, object] = {
        "name": [scene.name(unit) for unit in units],
        "code": [str(scene.city.tree.codes[unit]) for unit in units],
        "action": ["" if each is None else scene.t(f"grids.{each.action}") for each in proposed],
        "reasons": ["" if each is None else words.reasons(scene, each) for each in proposed],
    }
    for name in ("load_index", *PARTS, "staff_load"):
        shown[name] = whole(rows.get(name, pd.Series(np.nan, rows.index)))
    if "cases" in rows:
        shown["weighted"] = rows["cases"].to_numpy().round(1)
        shown |= {name: whole(rows[name]) for name in ("arrival_n", "arrival_median_min",
                                                       "arrival_p90_min")}  # fmt: skip
    return columns(scene, shown)
