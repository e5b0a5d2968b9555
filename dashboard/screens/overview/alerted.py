"""The alerts of a building that is looked at: level, title, reason, and the cases they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from dash import html

from dashboard.components.marks import attributes, level_mark, link
from dashboard.i18n import named
from dashboard.i18n.amounts import count
from dashboard.i18n.moments import hour
from dashboard.screens.overview.alerts import named_unit, opened
from dashboard.screens.overview.case_row import case_row, open_first
from dashboard.screens.overview.extent import METRES_A_DEGREE
from geodata.engine.request import Request
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.access import Live
    from dashboard.components.marks import Node
    from dashboard.screens.overview.alerts import Alert
    from dashboard.screens.overview.scene import Scene

EVIDENCE: Final = "evidence"  # of the address: all cases of the alerts
FIRST: Final = 3  # cases, before all are asked for
ALERTS: Final = 2  # of one building
MOST: Final = 20_000  # cases of the city in a window, among which an alert's are looked for
NEAR: Final = 1.02  # of the radius: metres are reckoned on a plane here, too


@dataclass(frozen=True)
class Alerted:
    """An alert and its cases, the newest first; None where it does not say which."""

    alert: Alert
    cases: pd.DataFrame | None


def read(scene: Scene, live: Live) -> tuple[Alerted, ...]:
    """The alerts of the chosen building, with the cases that lie round it."""
    if scene.building is None:
        return ()
    return tuple(Alerted(each, _cases(scene, live, each)) for each in opened(scene)[:ALERTS])


def _cases(scene: Scene, live: Live, alert: Alert) -> pd.DataFrame | None:
    """What was reported in its window, of its topic, so near to its place."""
    if not alert.since or not alert.radius_m:
        return None
    table = scene.city.categories
    known = np.flatnonzero(table["key"].isin(alert.categories)) if alert.categories else ()
    several = alert.topic.startswith("syndrome:")  # which may be of other categories, too
    rows = () if several else tuple(int(row) for row in known)
    # To the second: rounded ends would lose the very case that raised it.
    request = Request(
        0, BUILDING, alert.since, alert.until + 1, scene.now, categories=rows, grain_s=1
    )
    found = live.engine.incidents(request, MOST)
    east = (found["lon"] - alert.lon) * np.cos(np.radians(alert.lat))
    far = np.hypot(east, found["lat"] - alert.lat) * METRES_A_DEGREE
    mine = far <= alert.radius_m * NEAR
    if matters := _matters(scene, alert):
        mine &= found["matter"].isin(matters)
    near: pd.DataFrame = found[mine]
    return near


def _matters(scene: Scene, alert: Alert) -> list[int]:
    """Rows of the matters that the alert counts; none where it counts whatever came."""
    kind, _, key = alert.topic.partition(":")
    keys: tuple[str, ...] = (key,) if kind == "matter" else ()
    if kind == "syndrome":
        known = scene.city.profile.warning.syndromes
        keys = next((each.matters for each in known if each.key == key), ())
    rows = np.flatnonzero(scene.city.matters["key"].isin(keys))
    return [int(row) for row in rows]


def section(scene: Scene, alerted: Alerted) -> Node:
    """One alert over the figures of the building."""
    alert = alerted.alert
    level = scene.t(f"alert.level_{alert.level}")
    head = [
        level_mark(alert.level, level),
        html.H2(f"{level} · {alert.where} · {alert.plain}"),
        html.Time(hour(alert.raised, scene.now, scene.zone, scene.language)),
    ]
    said = [html.Div(head, className="alerted-head"), html.P(alert.reason)]
    return html.Section(
        [*said, *_evidence(scene, alerted)],
        className="alerted", **attributes({"aria-label": scene.t("alert.this")}),
    )  # fmt: skip


def _where(scene: Scene, case: pd.Series) -> str:
    """The building of a case, if it is another one than the chosen."""
    building = int(scene.city.sites["building"].iloc[int(case["site"])])
    if building in {-1, scene.building}:
        return ""
    return named(scene.city.buildings.iloc[building], scene.language)


def _evidence(scene: Scene, alerted: Alerted) -> list[Node]:
    """Its cases and the way to all of them; without them the way to where they can be seen."""
    alert, cases = alerted.alert, alerted.cases
    around = None
    if alert.period:
        around = link(
            scene.t("alert.around", place=alert.where),
            scene.href(at=scene.city.tree.codes[named_unit(scene, alert.unit)], level="", table="",
                       period=alert.period, categories=alert.categories, play=""),
            "more",
        )  # fmt: skip
    if cases is None or not len(cases):
        return [around]
    whole = scene.place.table == EVIDENCE
    shown = open_first(cases).iloc[: None if whole else FIRST]
    n, still = count(len(cases), scene.language), int(cases["closed"].isna().sum())
    said = scene.t("alert.evidence" if still else "alert.evidence_closed", n=n, m=still)
    words = scene.t("drawer.first" if whole else "drawer.all")
    step = link(words, scene.href(table="" if whole else EVIDENCE), "more")
    rows = [case_row(scene, case, _where(scene, case)) for _, case in shown.iterrows()]
    return [
        html.Div([html.H3(said), step if len(cases) > FIRST else None, around],
                 className="panel-head"),
        html.Ul(rows, className="cases"),
    ]  # fmt: skip
