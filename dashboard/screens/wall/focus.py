"""Where the tour may go, and the card of what it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from dashboard.boxes import box
from dashboard.components.tree import Tree, part
from dashboard.i18n.amounts import count, known, rate, rough
from dashboard.screens.overview import measures
from dashboard.screens.overview.alerts import Alert, open_alerts
from dashboard.screens.wall import alerts as told
from dashboard.screens.wall.panels import mark
from geodata.metrics.classes import LEAST_CASES

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from dashboard.screens.overview.scene import Scene
    from geodata.tour.tour import Focus

CALM: Final = 9  # a level after every alert's
DOT: Final = " · "


@dataclass(frozen=True)
class Calls:
    """What the tour goes by.

    order: codes of the places right below, the worst first; reds: open red alerts by key, with the
    moment each was raised; open: keys of all open alerts that nobody has seen to.
    """

    order: tuple[str, ...]
    reds: dict[str, float]
    open: frozenset[str]


def calls(scene: Scene, seen: Collection[str]) -> Calls:
    """Places with the worst alerts first, then by what the map shows."""
    found = [alert for alert in open_alerts(scene) if alert.key not in seen]
    worst: dict[int, int] = {}
    for alert in found:
        at = told.street(scene, alert.unit)
        worst[at] = min(worst.get(at, CALM), alert.level)
    values = _values(scene)
    places = [int(unit) for unit in scene.city.tree.children(scene.unit)] or [scene.unit]
    order = sorted(places, key=lambda unit: (worst.get(unit, CALM), values.get(unit, np.inf), unit))
    reds = {alert.key: float(alert.raised) for alert in found if alert.level == told.RED}
    still = frozenset(alert.key for alert in found)
    return Calls(tuple(scene.city.tree.codes[unit] for unit in order), reds, still)


def _values(scene: Scene) -> dict[int, float]:
    """The map's measure by place, so that the worst is the lowest."""
    if not scene.has_cases:
        return {}
    measure = measures.usable(scene)
    cells = scene.children.cells
    found = measures.values(measure, cells[cells.index >= 0], scene).dropna()
    sign = 1 if measure.kind == "share" else -1
    return dict(zip(found.index.tolist(), (sign * found).tolist(), strict=True))


def described(scene: Scene, focus: Focus) -> dict[str, Any]:
    """The focus as the state has it; without a place it looks at the whole."""
    alert = alert_of(scene, focus)
    unit = _unit(scene, focus, alert)
    tree = scene.city.tree
    seen = {"lon": alert.lon, "lat": alert.lat} if alert and known(alert.lon) else {}
    around = [float(edge) for edge in box(scene.city, unit)]
    return {
        "key": focus.key, "alert": alert.key if alert else "",
        "unit": unit, "level": tree.level(unit), "code": tree.codes[unit],
        "box": around, "why": focus.why, "began": round(focus.began, 1),
        "ends": round(focus.ends, 1), "n": focus.n, "of": focus.of, **seen,
    }  # fmt: skip


def alert_of(scene: Scene, focus: Focus) -> Alert | None:
    """The alert in focus, while it is open."""
    if not focus.alert:
        return None
    return next((each for each in open_alerts(scene) if each.key == focus.alert), None)


def _unit(scene: Scene, focus: Focus, alert: Alert | None) -> int:
    if alert is not None:
        return told.street(scene, alert.unit)
    found = scene.city.tree.find(focus.at)
    return scene.unit if found is None else found


def card(scene: Scene, focus: Focus) -> list[Tree]:
    """What the wall looks at, why, and how long still."""
    alert = alert_of(scene, focus)
    lines = _alert(scene, alert) if alert else _place(scene, _unit(scene, focus, None))
    turn = scene.t("wall.why_alert") if alert else scene.t("wall.turn", n=focus.n, of=focus.of)
    foot = part("p", "wall-turn", part("span", "", turn), part("span", "", data_wall="countdown"))
    return [*lines, foot, part("i", "wall-progress", data_wall="progress")]


def _alert(scene: Scene, alert: Alert) -> list[Tree]:
    when = scene.t("wall.since", time=told.since(scene, alert))
    return [
        part("h2", "", mark(alert.level, scene), told.place(scene, alert)),
        part("p", "wall-what", part("b", "", told.what(alert)), DOT, when),
        part("p", "wall-why", alert.reason),
    ]


def _place(scene: Scene, unit: int) -> list[Tree]:
    """A place: its worst open alert, people, cases, rate, what is overdue."""
    open_here = open_alerts(scene, unit)
    level = min((alert.level for alert in open_here), default=0)
    title = part("h2", "", mark(level, scene), told.called(scene, unit))
    if not scene.has_cases or unit not in scene.children.cells.index:
        return [title]
    first, second = _facts(scene, unit, len(open_here))
    return [title, *(part("p", "", DOT.join(each)) for each in (first, second) if each)]


def _facts(scene: Scene, unit: int, alerts: int) -> tuple[list[str], list[str]]:
    """How many people and cases; their rate if it rests on enough, what is overdue, alerts."""
    tally = cast("pd.Series[float]", scene.children.cells.loc[unit])
    people = float(scene.city.places["people"].iloc[unit])
    reported, late = float(tally["reported"]), float(tally["overdue_open"])
    cases = count(reported, scene.language)
    first = [scene.t("wall.cases", period=scene.period_word("in_"), n=cases)]
    second = []
    if people > 0:  # else nobody knows
        first.insert(0, scene.t("wall.people", n=rough(people, scene.language)))
        if reported >= LEAST_CASES:
            second.append(scene.t("wall.rate", n=rate(reported / people * 1000)))
    if scene.keeps("overdue_open"):
        second.append(scene.t("wall.overdue", n=count(late, scene.language)))
    if alerts:
        second.append(scene.t("wall.alerted", n=alerts))
    return first, second
