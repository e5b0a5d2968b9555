"""Alerts that nobody has dealt with yet: the worst first, each a link to its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from dash import html

from dashboard.components.marks import attributes, level_mark, link
from dashboard.i18n import thin
from dashboard.i18n.moments import hour

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

    Floats = npt.NDArray[np.float64]

SHOWN: Final = 3


@dataclass(frozen=True)
class Alert:
    """One open alert in the reader's language."""

    level: int
    where: str
    what: str
    reason: str
    raised: int
    lon: float
    lat: float
    code: str


def open_alerts(scene: Scene, place: int | None = None) -> list[Alert]:
    """Alerts open at the end of what is shown, in the scene's place or another, the worst first.

    That is now, but for a period or a chosen moment that lies in the past: a played window that
    nobody chose ends with the last whole quarter of an hour, and what came since is open all the
    same.
    """
    table, end = scene.city.alerts, scene.window.end if scene.place.play else scene.span.end
    at = min(scene.now, end)
    if not len(table):
        return []
    raised, cleared, unit, level = _columns(scene, table)
    units = scene.city.tree.subtree(scene.unit if place is None else place)
    inside = (unit >= units.start) & (unit < units.stop)
    rows = np.flatnonzero((raised <= at) & (cleared > at) & inside)
    rows = rows[np.lexsort((-raised[rows], level[rows]))]
    return [_alert(scene, row) for _, row in table.iloc[rows].iterrows()]


def _columns(scene: Scene, table: pd.DataFrame) -> tuple[Floats, ...]:
    """Raised, cleared (never: inf), unit and level of every alert, read once until some come."""
    kept: dict[str, tuple[pd.DataFrame, tuple[Floats, ...]]]
    kept = scene.city.once(f"alert columns {scene.city.id}", dict)
    known = kept.get("newest")
    if known is None or known[0] is not table:
        names = ("raised", "cleared", "unit", "level")
        read = tuple(table[name].to_numpy(dtype=np.float64, na_value=np.inf) for name in names)
        known = kept["newest"] = (table, read)
    return known[1]


def _alert(scene: Scene, row: pd.Series) -> Alert:
    zh = scene.language == "zh"
    unit, site = int(row["unit"]), int(row["site"])
    building = int(scene.city.sites["building"].iloc[site]) if site >= 0 else -1
    code = (
        str(scene.city.building_codes[building]) if building >= 0 else scene.city.tree.codes[unit]
    )
    title, reason = (
        (row["title_zh"], row["reason_zh"]) if zh else (row["title_en"], row["reason_en"])
    )
    return Alert(
        level=int(row["level"]), where=_where(scene, unit), what=thin(str(title), scene.language),
        reason=thin(str(reason), scene.language), raised=int(row["raised"]), lon=float(row["lon"]),
        lat=float(row["lat"]), code=code,
    )  # fmt: skip


def _where(scene: Scene, unit: int) -> str:
    """The second level under the root, which is how people name a place in a city."""
    path = scene.city.tree.path(unit)
    named_unit = path[min(2, len(path) - 1)]
    return scene.name(named_unit) if scene.language == "zh" else scene.short(named_unit)


def alert_list(scene: Scene) -> Node:
    """The corner of the map: how many, and the first three."""
    found = open_alerts(scene)
    if not found or scene.mode != "cells" or scene.department is not None:
        return None
    whole = scene.place.table == "alerts"
    more = None
    if len(found) > 1:  # a phone shows the worst one alone
        words = scene.t("alert.fewer" if whole else "alert.all")
        all_shown = "on-phone" if len(found) <= SHOWN and not whole else ""
        more = link(words, scene.href(table="" if whole else "alerts"), all_shown)
    head = [html.H3(scene.t("alert.open", n=len(found))), more]
    rows = [_row(scene, alert) for alert in (found if whole else found[:SHOWN])]
    return html.Section(
        [html.Div(head, className="alerts-head"), html.Ul(rows)],
        className="alerts card open" if whole else "alerts",
        **attributes({"aria-label": scene.t("panel.alerts")}),
    )


def _row(scene: Scene, alert: Alert) -> Node:
    what = alert.what.removeprefix(alert.where).strip()
    at = hour(alert.raised, scene.now, scene.zone, scene.language)
    level = scene.t(f"alert.level_{alert.level}")
    return html.Li(
        link(
            [
                level_mark(alert.level, level),
                # Screen readers meet the word in the mark; on a phone it is seen as well.
                html.Span(level, className="level-word", **attributes({"aria-hidden": "true"})),
                html.Span(alert.where, className="where"),
                html.Span(what, className="what"),
                html.Time(at),
            ],
            scene.href(at=alert.code, level="", table="", heat=False),
            title=f"{alert.where} · {what}\n{alert.reason}",
        )
    )
