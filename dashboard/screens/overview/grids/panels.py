"""The panels of the grid evaluation: candidates beside the map, and what they are judged by."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from dash import html

from dashboard.components.marks import attributes, link
from dashboard.components.menus import Choice, segments
from dashboard.components.panels import Head, state
from dashboard.i18n.amounts import UNKNOWN, count, percent
from dashboard.levels import judged_levels
from dashboard.screens.overview import states
from dashboard.screens.overview.grids import words
from dashboard.screens.overview.grids.table import KEY
from dashboard.screens.overview.registered import definition
from geodata.metrics.classes import LEAST_CASES
from geodata.metrics.grids import PARTS
from geodata.metrics.grids.candidates import ACTIONS
from geodata.metrics.grids.load import MEAN

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.grids.evaluated import Evaluated
    from dashboard.screens.overview.scene import Scene
    from geodata.metrics.grids import Candidate

SHOWN: Final = 40  # candidates of each kind
COLUMNS: Final = (*PARTS, "staff")


def around(scene: Scene) -> list[Node]:
    """Left the candidates, right of them the map, below what they are judged by."""
    evaluated = scene.evaluated
    if evaluated is None:
        return []
    left = states.guarded(lambda _: listed(scene, evaluated), KEY, scene)
    below = states.guarded(lambda _: criteria(scene, evaluated), "criteria", scene)
    name = attributes({"aria-label": scene.t("panel.figures")})
    return [
        html.Aside([left], className="side ranks", **name),
        html.Section([below], className="below"),
    ]


def listed(scene: Scene, evaluated: Evaluated) -> Node:
    """The panel of candidates by what is proposed, each with its reasons."""
    level, found = scene.level_plural(evaluated.level), evaluated.found
    title = scene.t("grids.title" if found else "grids.none", n=len(found), level=level)
    head = Head(
        KEY, title, scene.t("grids.note", period=scene.period_word("short_")),
        scene.href(table=KEY), definition("load_index", scene),
    )  # fmt: skip
    levels = [
        Choice(scene.level_name(key), scene.href(level=key), key == evaluated.level)
        for key in judged_levels(scene.city, scene.unit)
    ]
    switch = segments(levels, scene.t("grids.name")) if len(levels) > 1 else None
    if not found:
        calm = state("inbox", scene.t("grids.all_right"), _unjudged(scene, evaluated))
        return states.normal(head, [switch, calm], scene)
    rows = [row for action in ACTIONS for row in _group(scene, evaluated, action)]
    foot = html.P(scene.t("grids.proposed"), className="foot")
    return states.normal(head, [switch, html.Ul(rows, className="proposals"), foot], scene)


def _group(scene: Scene, evaluated: Evaluated, action: str) -> list[Node]:
    """The candidates of one kind under its heading."""
    found = [each for each in evaluated.found if each.action == action]
    if not found:
        return []
    said = scene.t(f"grids.said_{action}", n=count(len(found), scene.language))
    rows = [html.Li(html.H3(said), className="kind")]
    rows += [_row(scene, evaluated, each) for each in found[:SHOWN]]
    if len(found) > SHOWN:
        more = scene.t("grids.more", n=count(len(found) - SHOWN, scene.language))
        rows.append(html.Li(link(more, scene.href(table=KEY)), className="rest"))
    return rows


def _row(scene: Scene, evaluated: Evaluated, found: Candidate) -> Node:
    load = float(evaluated.here["load_index"][found.unit])
    href = scene.href(at=scene.city.tree.codes[found.unit], level="")
    return html.Li(
        [
            link(words.place(scene, found), href, "name"),
            html.Span(words.reasons(scene, found), className="why"),
            html.B(count(load, scene.language), className="value"),
        ],
        **attributes({"data-unit": str(found.unit)}),
    )


def criteria(scene: Scene, evaluated: Evaluated) -> Node:
    """The panel: shares, means and heaviest units, the limits, and what could not be judged."""
    rules, limits = evaluated.limits.rules, evaluated.limits
    note = scene.t("grids.note", period=scene.period_word("short_"))
    head = Head("criteria", scene.t("panel.criteria"), note,
                definition=definition("staff_load", scene))  # fmt: skip
    names = [scene.t(f"column.{'weighted' if part == 'cases' else part}") for part in COLUMNS]
    shares = [percent(getattr(rules, part), 0) + "%" if part in PARTS else "" for part in COLUMNS]
    lines = {"share": shares, "mean": _line(scene, evaluated.units, "mean"),
             "most": _line(scene, evaluated.here, "max")}  # fmt: skip
    body = [html.Tr([html.Th(scene.t(f"grids.{key}"), scope="row"), *map(html.Td, cells)])
            for key, cells in lines.items()]  # fmt: skip
    heads = html.Tr([html.Th(""), *(html.Th(name, scope="col") for name in names)])
    made = html.Table([html.Thead(heads), html.Tbody(body)], className="matrix marks")
    slow = rules.slow_from * limits.arrival_min if limits.arrival_min else math.nan
    said = scene.t(
        "grids.criteria", households=count(limits.households or None, scene.language),
        split=round(MEAN * rules.split_from), staff=round(MEAN * rules.staff_from),
        slow=count(slow, scene.language), merge=round(MEAN * rules.merge_to),
    )  # fmt: skip
    told = [said, *_unjudged(scene, evaluated)]
    feet = [html.P(each, className="foot") for each in told]
    return states.normal(head, [html.Div(made, className="table-wrap"), *feet], scene)


def _line(scene: Scene, units: object, how: str) -> list[str]:
    """Mean or highest of every column; a dash where nothing is known."""
    found = [float(getattr(np, f"nan{how}")(units[part])) if units[part].notna().any() else math.nan  # type: ignore[index]
             for part in COLUMNS]  # fmt: skip
    return [count(value, scene.language) if math.isfinite(value) else UNKNOWN for value in found]


def _unjudged(scene: Scene, evaluated: Evaluated) -> list[str]:
    """What could not be judged, and why."""
    least, said = LEAST_CASES, []
    if evaluated.unknown:
        said.append(scene.t("grids.unknown", n=evaluated.unknown))
    if evaluated.units["cases"].isna().all():
        said.append(scene.t("grids.no_cases", least=least))
    if evaluated.units["staff"].isna().all():
        said.append(scene.t("grids.no_staff"))
    if evaluated.limits.arrival_min is None:
        said.append(scene.t("grids.no_target"))
    elif evaluated.few:
        said.append(scene.t("grids.few", n=evaluated.few, least=least))
    return said
