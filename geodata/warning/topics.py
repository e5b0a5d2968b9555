"""What an alert is about: as the rows that were counted, and as its table says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geodata.warning.folding import Alert, Hit
from geodata.warning.scan import ALL, CATEGORY, MATTER, SYNDROME

if TYPE_CHECKING:
    from geodata.warning.city import Ground

BAND: Final = "band"
WHOLE: Final = ("since", "until", "raised", "cleared", "ends", "alike")


def about(ground: Ground, kind: int, code: int, category: int) -> dict[str, Any]:
    """What a group of cases is about; category: of the case in the middle."""
    topics: frozenset[int] = frozenset()
    if kind == MATTER:
        topics = frozenset([code])
    elif kind == SYNDROME:
        topics = frozenset(ground.syndromes[code])
    elif kind == CATEGORY:
        # A category whose cases have no matters is still something else than all cases.
        topics = ground.of_category[code] or frozenset([-1 - code])
    return {
        "matter": code if kind == MATTER else -1,
        "category": category if kind != ALL else -1,
        "syndrome": code if kind == SYNDROME else -1,
        "topics": topics,
    }


def topic(ground: Ground, hit: Hit) -> str:
    """What was counted, by its key: matter:KEY, syndrome:KEY, category:KEY or all."""
    if hit.matter >= 0:
        return f"matter:{ground.matters['key'].iloc[hit.matter]}"
    if hit.syndrome >= 0:
        return f"syndrome:{ground.profile.warning.syndromes[hit.syndrome].key}"
    if hit.category >= 0:
        return f"category:{ground.categories['key'].iloc[hit.category]}"
    return "all"


def resumed(ground: Ground, row: pd.Series) -> Alert:
    """The alert of a row of WARNINGS."""
    given = {name: 0 if pd.isna(row[name]) else int(row[name]) for name in WHOLE}
    point = (np.array([float(row[name])]) for name in ("lon", "lat"))
    x, y = (float(v[0]) for v in ground.plane.metres(*point))
    site, unit, zoned = int(row["site"]), int(row["unit"]), not row["radius_m"] > 0
    inside = int(ground.sites["unit"].iloc[site]) if site >= 0 else unit
    hit = Hit(
        moment=given["until"],
        detector=BAND if row["kind"] == BAND else "scan",
        **_about(ground, str(row["topic"]), int(row["category"])),
        x=x,
        y=y,
        site=site,
        path=ground.tree.path(inside),
        zone=unit if zoned else -1,
        distance=0.0 if zoned else float(row["radius_m"]),
        window=given["until"] - given["since"],
        count=int(row["cases"]),
        expected=float(row["expected"]),
        recurrence=float(np.log10(max(float(row["recurrence_days"]), 1e-9))),
    )
    times = max(given["alike"], 1)
    return Alert(int(row["level"]), given["raised"], given["cleared"], given["ends"], hit, times)


def _about(ground: Ground, name: str, category: int) -> dict[str, Any]:
    """What a topic of a table is about; all cases where the profile no longer knows it."""
    kind, _, key = name.partition(":")
    keys = {
        "matter": (MATTER, list(ground.matters["key"])),
        "syndrome": (SYNDROME, [each.key for each in ground.profile.warning.syndromes]),
        "category": (CATEGORY, list(ground.categories["key"])),
    }
    number, known = keys.get(kind, (ALL, []))
    if key not in known:
        return about(ground, ALL, -1, -1)
    return about(ground, number, known.index(key), category)
