"""When a building is to be inspected next, or since when its inspection is overdue."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd
from dash import html

from dashboard.components.marks import level_mark
from dashboard.i18n.amounts import known
from dashboard.i18n.moments import date_of, local

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene


def inspection(scene: Scene) -> Node:
    """One line: what is due or overdue, and when it was last done."""
    table = scene.city.inspections
    if table is None:
        return None
    found = table[table["building"] == scene.building].sort_values("next").head(1)
    if not len(found):
        return None
    row = found.iloc[0]
    last, due = (math.nan if pd.isna(row[name]) else float(row[name]) for name in ("last", "next"))
    waits = known(due) and not last >= due
    late = _days_late(scene, due) if waits else 0
    words = [_due(scene, row, late) if waits else "", _done(scene, last, late)]
    said = " · ".join(word for word in words if word)
    mark = [level_mark(3, scene.t("alert.level_3")), " "] if late else []
    return html.P([*mark, said], className="facts inspection") if said else None


def _days_late(scene: Scene, due: float) -> int:
    """Whole days since the day on which it was due; none before that day is over."""
    today, day = (local(at, scene.zone).date() for at in (float(scene.now), due))
    return max(0, (today - day).days)


def _due(scene: Scene, row: pd.Series, late: int) -> str:
    kind = row["kind_zh"] if scene.language == "zh" else row["kind_en"]
    at = date_of(float(row["next"]), scene.now, scene.zone, scene.language)
    return scene.t("drawer.overdue" if late else "drawer.next", at=at, kind=kind, n=late)


def _done(scene: Scene, last: float, late: int) -> str:
    """The last time; a tick beside what is overdue would read as done."""
    if not known(last):
        return ""
    at = date_of(last, scene.now, scene.zone, scene.language)
    return scene.t("drawer.last_before" if late else "drawer.last", at=at)
