"""The departments beside each other: who is ahead as far as the cases tell, and at what cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

from dash import html

from dashboard.components.marks import attributes, link
from dashboard.components.menus import Choice, segments
from dashboard.components.panels import Head
from dashboard.i18n.amounts import UNKNOWN, count, rate
from dashboard.screens.overview import measures, states
from dashboard.screens.overview.department import funnel, returns, scored, standing, whistle
from dashboard.screens.overview.department.evasions import is_far, told
from dashboard.screens.overview.registered import (
    behind,
    definition,
    figure,
    is_small,
    metric_name,
)
from geodata.metrics.registry import value

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from dashboard.access import Live
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

KEY: Final = "marks"
CHOICES: Final = ("on_time", "arrival", "resolution", "absorbed")  # measures to rank by


@dataclass(frozen=True)
class Comparison:
    """What the panels of the comparison may ask: the scene, and counts by department.

    evasions: signs of evasion; called: open whistles that nobody has come to; assessed: what
    schemes rest on besides the scene's numbers, where one is asked for; funnel: how far what came
    in has come, where it was asked for.
    """

    scene: Scene
    evasions: pd.DataFrame
    called: pd.DataFrame
    assessed: pd.DataFrame | None = None
    funnel: pd.Series | None = None


def read(scene: Scene, live: Live) -> Comparison:
    """Ask what the comparison needs besides the scene."""
    request = scene.numbers.request
    engine = live.engine
    return Comparison(
        scene,
        engine.evasions(request),
        engine.called(request),
        None if scored.chosen(scene) is None else engine.assessed(request),
        engine.funnel(request),
    )


def around(compared: Comparison) -> list[Node]:
    """Left the ranking, right of the map nothing, below the signs of evasion."""
    scene = compared.scene
    left = states.guarded(lambda _: _ranked(compared), "ranking", scene)
    parts: list[tuple[str, Callable[[Scene], Node]]] = [
        (KEY, lambda _: marks(compared)),
        (whistle.KEY, lambda _: whistle.compared(compared)),
        (returns.KEY, returns.returns),
        (returns.MATTERS_KEY, returns.misrouted),
    ]
    if (counts := compared.funnel) is not None:
        parts.append((funnel.KEY, lambda scene: funnel.funnel(scene, counts)))
    below = [states.guarded(part, key, scene) for key, part in parts]
    name = attributes({"aria-label": scene.t("panel.figures")})
    return [
        html.Aside([left], className="side ranks", **name),
        html.Section(below, className="below"),
    ]


def _ranked(compared: Comparison) -> Node:
    """The panel of ranks by a measure, or by the scheme that is asked for."""
    scene, scheme = compared.scene, scored.chosen(compared.scene)
    if scheme is None or compared.assessed is None:
        return ranking(scene)
    usable = _usable(scene)
    choices = [Choice(scene.t(f"measure.{key}"), scene.href(measure=key)) for key in usable]
    switch = html.Div(
        [segments(choices, scene.t("ranking.switch")), scored.switch(scene)], className="switches"
    )
    return scored.ranking(scene, scheme, compared.assessed, switch)


def _usable(scene: Scene) -> list[str]:
    """The measures that this city can rank by."""
    return [key for key in CHOICES if measures.usable(scene, measures.MEASURES[key]).key == key]


def ranking(scene: Scene) -> Node:
    """The panel of ranks, with the way to rank by something else."""
    usable = _usable(scene)
    now = measures.usable(scene).key
    key = now if now in usable else usable[0]
    choices = [
        Choice(scene.t(f"measure.{each}"), scene.href(measure=each), each == key) for each in usable
    ]
    metric = measures.MEASURES[key].metric
    found = standing.standings(scene, metric)
    note = "ranking.note_misses" if found.misses else "ranking.note"
    head = Head(
        "ranking", standing.title(scene, found),
        scene.t(note, period=scene.period_word("short_")),
        scene.href(table="departments"), definition(metric, scene),
    )  # fmt: skip
    switch = html.Div(
        [segments(choices, scene.t("ranking.switch")), scored.switch(scene)], className="switches"
    )
    rows = standing.rows(scene, found)
    if not rows:
        return states.few(head, scene, metric, scene.numbers.departments)
    foot = html.P(standing.foot(scene, found), className="foot")
    return states.normal(head, [switch, html.Ul(rows, className="ranks-list"), foot], scene)


def marks(compared: Comparison) -> Node:
    """The panel: a row a department, a column a share; what is far above all others is marked."""
    scene, table = compared.scene, compared.evasions
    rows = table[(table.index >= 0) & (table["came"] > 0)]
    note = scene.t("marks.note", period=scene.period_word("short_"))
    head = Head(KEY, scene.t("panel.marks"), note, definition=scene.t("evasions.about"))
    if not len(rows):
        return states.empty(head, scene, metric="reported")
    head = replace(head, title=_title(compared, rows))
    keys = told(table.sum())
    heads = [
        html.Th(metric_name(key, scene.language), scope="col",
                title=definition(key, scene))
        for key in keys
    ]  # fmt: skip
    body = [html.Tr([_name(scene, int(row)), *(_cell(scene, table, int(row), key) for key in keys)])
            for row in rows.index]  # fmt: skip
    whole = [html.Td(f"{rate(float(value(key, table.sum())))}%") for key in keys]
    body.append(
        html.Tr([html.Th(scene.t("marks.all"), scope="row"), *whole], className="whole-row")
    )
    made = html.Table(
        [html.Thead(html.Tr([html.Th(""), *heads])), html.Tbody(body)], className="matrix marks"
    )
    return states.normal(head, html.Div(made, className="table-wrap"), scene)


def _name(scene: Scene, row: int) -> Node:
    key = str(scene.city.departments["key"].iloc[row])
    name = scene.entry(scene.city.departments, row)
    return html.Th(link(name, scene.href(departments=(key,), measure="")), scope="row")


def _cell(scene: Scene, table: pd.DataFrame, row: int, key: str) -> Node:
    mine = cast("pd.Series", table.loc[row])
    n = behind(key, mine)
    if is_small(key, mine):
        return html.Td(UNKNOWN, className="few", title=scene.t("kpi.few", n=n))
    far = is_far(key, mine, table.sum())
    about = scene.t("kpi.behind", n=count(n, scene.language))
    return html.Td(f"{rate(figure(key, mine))}%", className="far" if far else "", title=about)


def _title(compared: Comparison, rows: pd.DataFrame) -> str:
    """The share that stands furthest above that of all departments, and whose it is."""
    scene, every = compared.scene, compared.evasions.sum()
    far = [
        (figure(key, rows.loc[row]) / figure(key, every), row, key)
        for row in rows.index.tolist()
        for key in told(every)
        if is_far(key, rows.loc[row], every)
    ]
    if not far:
        return scene.t("marks.usual")
    _, row, key = max(far)
    return scene.t(
        "marks.found", department=scene.entry(scene.city.departments, row),
        name=metric_name(key, scene.language), own=rate(figure(key, rows.loc[row])),
        all=rate(figure(key, every)),
    )  # fmt: skip
