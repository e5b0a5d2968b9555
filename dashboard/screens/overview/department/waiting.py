"""Open cases on the map: how long each has been waiting for somebody to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from dash import html

from dashboard.components.marks import attributes
from dashboard.i18n.amounts import count
from geodata.engine.handling import ON_SITE

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.department.desk import Desk

MOST: Final = 800  # points; of more than that the first to become overdue are shown
WORST: Final = 7  # cases that are overdue longest and drawn large, as many as a map has marks
SOON_MIN, LONG_MIN = 15, 30
MINUTE: Final = 60
DIGITS: Final = 5  # of a degree, about a metre
NUMBER: Final = "00000000000000000000"  # stands for that of a case, longer than any
KINDS: Final = ("overdue", "long", "soon", "new", "there")  # the worst first, drawn last


def kinds(desk: Desk) -> pd.Series:
    """What each open case is shown as; see KINDS."""
    cases = desk.open
    waited = (desk.scene.now - cases["reported"]) / MINUTE
    if not len(cases):
        return pd.Series(dtype=object)
    there = cases["stage"].isin(ON_SITE) | (not desk.scene.keeps("arrival_median_min"))
    kind = np.select(
        [cases["overdue"], there, waited > LONG_MIN, waited >= SOON_MIN],
        ["overdue", "there", "long", "soon"],
        "new",
    )
    return pd.Series(kind, index=cases.index, dtype=object)


def _short(desk: Desk, kind: str) -> str:
    """The key of what a kind is called; where no arrival is kept nobody is known to be there."""
    in_hand = kind == "there" and not desk.scene.keeps("arrival_median_min")
    return "waiting.short_open" if in_hand else f"waiting.short_{kind}"


def sent(desk: Desk) -> list[dict[str, Any]]:
    """The points as `assets/map/waiting.js` draws them; what lies nowhere is not among them."""
    scene = desk.scene
    if not len(desk.open):
        return []
    shown = desk.open.assign(kind=kinds(desk))
    shown = shown[np.isfinite(shown["lon"]) & np.isfinite(shown["lat"])].head(MOST)
    # Seventy marks of one size would bury the map, and none would be the worst.
    shown.loc[shown.index[shown["kind"] == "overdue"][:WORST], "kind"] = "worst"
    words = {kind: scene.t(f"waiting.{kind}") for kind in KINDS}
    words["worst"] = words["overdue"]
    href = scene.href(case=NUMBER)  # written once: there may be hundreds
    return [
        {
            "href": href.replace(NUMBER, str(number)),
            "lon": round(float(lon), DIGITS),
            "lat": round(float(lat), DIGITS),
            "kind": str(kind),
            "text": f"{desk.matter(int(matter))}\n{words[str(kind)]}",
        }
        for number, lon, lat, kind, matter in zip(
            *(shown[name] for name in ("id", "lon", "lat", "kind", "matter")), strict=True
        )
    ]


def legend(desk: Desk) -> Node:
    """What the points on the map mean, with how many open cases each stands for, in one line."""
    scene = desk.scene
    found = kinds(desk).value_counts()
    rows = [
        html.Li(
            [
                html.I(className=f"wait wait-{kind}", **attributes({"aria-hidden": "true"})),
                scene.t(_short(desk, kind)),
                html.B(count(float(found.get(kind, 0)), scene.language)),
                _larger(desk, kind, int(found.get(kind, 0))),
            ]
        )
        for kind in KINDS
        if found.get(kind, 0)
    ]
    if not rows:
        return None
    name = {"aria-label": scene.t("waiting.name")}
    return html.Ul(rows, className="waits", **attributes(name))


def _larger(desk: Desk, kind: str, n: int) -> Node:
    """What the size of a mark means, where there are marks of two sizes."""
    return html.Small(desk.scene.t("waiting.larger")) if kind == "overdue" and n > WORST else None
