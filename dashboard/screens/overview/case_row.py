"""One case of a building on a line: when, what, how far it has come, and how long it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from dash import html

from dashboard.i18n.amounts import minutes
from dashboard.i18n.moments import MINUTE_S, when
from geodata.model.schemas import DAY_BITS

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene


def open_first(cases: pd.DataFrame) -> pd.DataFrame:
    """What still waits for somebody stands above what is done; each part newest first."""
    if not len(cases):
        return cases
    return cases.sort_values("closed", key=lambda at: at.notna(), kind="stable")


def case_row(scene: Scene, case: pd.Series, where: str = "") -> Node:
    """The line of a case; where: its building, if that is not the one that is looked at."""
    matter = int(case["matter"])
    what = (
        scene.entry(scene.city.matters, matter)
        if matter >= 0
        else scene.entry(scene.city.categories, int(case["category"]))
    )
    if where:
        what = f"{what} · {where}"
    floor = int(case["floor"])
    if floor > 0:
        what = f"{what} · {scene.t('drawer.floor', n=floor)}"
    stage, since = _stage(case)
    how = scene.t(f"drawer.is_{stage}")
    department = int(case["department"])
    if department >= 0 and stage != "closed":
        how = f"{how} · {scene.entry(scene.city.departments, department)}"
    took = minutes((since - case["reported"]) / 60, scene.language)
    if int(case.get("by_day", 0)) & (DAY_BITS["reported"] | DAY_BITS.get(stage, 0)):
        took = ""  # known by the day only: there are no minutes between
    if stage not in {"closed", "resolved"}:
        took = _open_for(scene, scene.now - float(case["reported"]))
    return html.Li(
        [
            html.Time(when(case["reported"], scene.now, scene.zone, scene.language)),
            html.Span(what, className="what"),
            html.Span(how, className="how"),
            html.Span(took, className="took"),
        ]
    )


def _open_for(scene: Scene, seconds: float) -> str:
    """How long a case has been open: as exact as its unit, never to the second."""
    if seconds < MINUTE_S:
        return scene.t("drawer.just_now")
    return minutes(seconds / MINUTE_S, scene.language)


def _stage(case: pd.Series) -> tuple[str, float]:
    """The last stage that a case has reached, and when."""
    for stage in ("closed", "resolved", "arrived", "taken", "dispatched", "accepted"):
        if pd.notna(case[stage]):
            return stage, float(case[stage])
    return "reported", float(case["reported"])
