"""The states a panel can be in: normal, empty, loading, stale, failed, denied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, link
from dashboard.components.panels import Head, panel, stale_note, state
from dashboard.errors import notice
from dashboard.i18n import named
from dashboard.i18n.moments import age, clock, full_date, full_stamp, local, stamp
from dashboard.place import Place
from dashboard.screens import IMPORT, tabs
from geodata.metrics.registry import METRICS, sample
from geodata.model.periods import ROLLING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from dashboard.screens.overview.scene import Scene

AMBER_TIMES: Final = 2  # of the quickest source's interval
RED_TIMES: Final = 10
LEAST_S: Final = 10
WIDER: Final = ("7d", "30d", "365d")


def normal(head: Head, body: Node | list[Node], scene: Scene) -> Node:
    """The panel with its contents; amber with its age, or worn, where the data are old."""
    late = staleness(scene)
    body = body if isinstance(body, list) else [body]
    if not late:
        return panel(head, body, scene.language)
    seconds = scene.now - scene.numbers.newest
    note = stale_note(age(seconds, scene.language), scene.language)
    worn = ("worn",) if late == "red" else ()
    return panel(head, body, scene.language, "stale", *worn, note=note)


def staleness(scene: Scene) -> str:
    """Say "", "amber" or "red": how old the newest record is against the quickest source."""
    if not scene.has_cases or scene.city.profile.as_of == "data":
        return ""
    intervals = scene.city.sources["interval_s"]
    interval = float(intervals.min()) if len(intervals) else 0.0
    seconds = scene.now - scene.numbers.newest
    if seconds > max(LEAST_S, RED_TIMES * interval):
        return "red"
    return "amber" if seconds > max(LEAST_S, AMBER_TIMES * interval) else ""


def few(head: Head, scene: Scene, metric: str, tally: pd.DataFrame, *, tight: bool = False) -> Node:
    """No row has cases enough to be compared: how many there are, and how many it takes."""
    most = int(sample(metric, tally).max()) if len(tally) else 0
    if not most:
        return empty(head, scene, tight=tight, metric=metric)
    need = METRICS[metric].minimum
    lines = [scene.t("panel.few_why", n=most, need=need), *([] if tight else [_asked(scene)])]
    way_out = None if tight else _wider(scene)
    body = state("inbox", scene.t("panel.few"), lines, way_out, tight=tight)
    return panel(head, body, scene.language)


def empty(head: Head, scene: Scene, *, tight: bool = False, metric: str = "") -> Node:
    """Nothing was recorded (or nobody records): what was asked, and one step further.

    metric: what the panel counts, so that "not kept here" and "none so far" are told apart.
    """
    neutral = replace(head, table="")
    if not scene.has_cases:
        root = scene.city.profile.levels[0]
        why = scene.t("panel.no_cases_why", level=named(root, scene.language))
        lines = [] if tight else [why]
        body = state("inbox", scene.t("panel.no_cases"), lines, tight=tight)
        return panel(neutral, body, scene.language)
    lines = [_asked(scene), _newest(scene)]
    nothing = not scene.numbers.total["reported"]  # else there are cases, but without this
    words = scene.t("panel.none_yet" if metric and scene.keeps(metric) else "panel.not_recorded")
    if nothing:
        words = scene.t("panel.empty", period=scene.period_word("in_"))
    way_out = None if tight or not nothing else _wider(scene)
    body = state("inbox", words, lines[:1] if tight else lines, way_out, tight=tight)
    return panel(neutral, body, scene.language)


def unconnected(scene: Scene) -> Node:
    """The one notice of a place without any incidents, and the way to bring them in."""
    root = scene.city.profile.levels[0]
    why = scene.t("panel.no_cases_why", level=named(root, scene.language).lower())
    place = Place(language=scene.place.language, theme=scene.place.theme)
    ways = [
        html.A(scene.t("screens.imports"), href=path, className="button")
        for screen, path in tabs(scene.rights, place.href())
        if screen.right == IMPORT
    ]
    way_out = html.Div(ways, className="ways") if ways else None
    body = state("inbox", scene.t("panel.no_cases"), [why], way_out)
    return panel(Head("cases", scene.t("panel.cases")), body, scene.language)


def _newest(scene: Scene) -> str:
    """Until when there are data: the clock for today, else with its date, and year if frozen."""
    newest, zone = scene.numbers.newest, scene.zone
    if not newest:
        return ""
    first = float(scene.city.meta.get("first") or 0)
    if scene.span.end <= first:
        return scene.t("panel.first", when=full_date(first, zone, scene.language))
    if scene.city.profile.as_of == "data":
        said = full_stamp(newest, zone, scene.language)
    else:
        today = local(newest, zone).date() == local(scene.now, zone).date()
        said = clock(newest, zone) if today else stamp(newest, zone, scene.language)
    return scene.t("panel.newest", when=said)


def _asked(scene: Scene) -> str:
    chosen = [
        scene.entry(table, row)
        for table, rows in (
            (scene.city.categories, scene.numbers.request.categories),
            (scene.city.departments, scene.numbers.request.departments),
            (scene.city.sources, scene.numbers.request.sources),
        )
        for row in rows
    ]
    return " · ".join([scene.name(scene.unit), *chosen])


def _wider(scene: Scene) -> Node:
    """A period that holds more than the one asked for, else the place around."""
    span = scene.span
    wider = next(
        (
            key for key in WIDER
            if ROLLING[key] > span.length and scene.now - ROLLING[key] <= span.start
        ),
        "",
    )  # fmt: skip
    if wider:
        words = scene.t("panel.widen", period=scene.t(f"time.{wider}"))
        return link(words, scene.href(period=wider), "button")
    above = scene.city.tree.path(scene.unit)[:-1]
    walked = {level.key for level in scene.city.profile.drill_levels}
    up = next((unit for unit in reversed(above) if scene.city.tree.level(unit) in walked), -1)
    if up < 0:
        return None
    words = scene.t("panel.up", name=scene.inner(up))
    return link(words, scene.href(at=scene.city.tree.codes[up] if up else "", level=""), "button")


def failed(head: Head, scene: Scene, reference: str) -> Node:
    """One panel failed: since when, what still works, and the number to quote."""
    lines = [
        scene.t("panel.failed_since", when=stamp(scene.now, scene.zone, scene.language)),
        scene.t("panel.failed_rest", reference=reference),
    ]
    again = link(scene.t("panel.retry"), scene.href(), "button", data_retry="true")
    body = state("warning", scene.t("panel.failed"), lines, again)
    return panel(replace(head, table=""), body, scene.language, "failed")


def denied(head: Head, scene: Scene, right: str) -> Node:
    """The actor may not see this: which right is missing and whom to ask."""
    words = scene.t("panel.denied", right=right)
    own = link(scene.t("panel.denied_own"), scene.href(at=""), "button")
    body = state("lock", words, [scene.t("panel.denied_who")], own)
    return panel(replace(head, table=""), body, scene.language, "denied")


def guarded(part: Callable[[Scene], Node], key: str, scene: Scene) -> Node:
    """The panel, or its failed state: one panel must not take the others with it."""
    try:
        return part(scene)
    except Exception as error:  # noqa: BLE001  the border of a panel; the log has the whole story
        told = notice(error, scene.language)
        head = Head(key, scene.t(f"panel.{key}"), scene.period_word("short_"))
        return failed(head, scene, told.reference or told.detail)
