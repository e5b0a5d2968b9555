"""The legend: unit, period, class breaks, the target, and what hatching means."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, attributes, level_mark
from dashboard.screens.overview import measures
from dashboard.screens.overview.scene import BUILDING

if TYPE_CHECKING:
    from dashboard.screens.overview.measures import Measure, Scale
    from dashboard.screens.overview.scene import Scene

HEAT_BREAKS: Final = (5, 15, 30, 60, 120)  # cases per km² and hour, fixed for all time
HOUR_MIN: Final = 60.0


def legend(scene: Scene) -> Node:
    """The legend of what the map shows now."""
    if not scene.has_cases:
        return None
    if scene.mode == "heat":
        return _heat(scene)
    if scene.level == BUILDING:
        return _buildings(scene)
    measure = measures.usable(scene)
    scale = measures.scale(measure, scene)
    title = scene.t(
        "legend.title", measure=scene.t(f"measure.full_{measure.key}"),
        period=scene.period_word("short_"),
    )  # fmt: skip
    parts = _diverging(scene, measure, scale) if scale.diverging else _sequence(measure, scale)
    few = html.Div([html.I(className="hatch"), f"n<{scale.few}"], className="few",
                   title=scene.t("panel.too_few"))  # fmt: skip
    row = html.Div([*parts, few if scale.few > 1 else None], className="scale-row")
    heads: list[Node] = [html.H3(title)]
    if scale.diverging:
        heads.append(_ends(scene, measure, scale))
    return html.Section(
        [*heads, row],
        id="legend",
        tabIndex="-1",
        className="legend diverging" if scale.diverging else "legend",
        **attributes({"aria-label": scene.t("legend.name")}),
    )


def _sequence(measure: Measure, scale: Scale) -> list[Node]:
    edges = [_edge(measure, edge) for edge in scale.breaks]
    words = [f"<{edges[0]}"]
    words += [f"{low}–{high}" for low, high in pairwise(edges)]
    words.append(f"≥{edges[-1]}")
    return [
        html.Div([html.I(className=f"seq-{number}"), word], className="class")
        for number, word in enumerate(words, 1)
    ]


def _diverging(scene: Scene, measure: Measure, scale: Scale) -> list[Node]:
    """Seven swatches with the breaks standing between them."""
    words = [_edge(measure, edge) for edge in scale.breaks] + [""]
    parts: list[Node] = [
        html.Div([html.I(className=f"div-{name[1:]}"), html.Span(word)], className="class")
        for name, word in zip(scale.tokens, words, strict=True)
    ]
    return [*parts, html.Span(className="target", title=scene.t("legend.target", n=""))]


def _ends(scene: Scene, measure: Measure, scale: Scale) -> Node:
    low, high = ("legend.bad", "legend.good") if measure.kind == "share" else (
        "legend.fast", "legend.slow")  # fmt: skip
    target = scene.t("legend.target", n=_edge(measure, scale.target or 0))
    return html.Div(
        [html.Span(scene.t(low)), html.B(target), html.Span(scene.t(high))], className="ends"
    )


def _edge(measure: Measure, value: float) -> str:
    if measure.kind == "share":
        return f"{value:g}"
    if measure.key.startswith("resolution"):
        return f"{value / HOUR_MIN:.3g}"
    return f"{value:,.0f}" if measure.kind == "minutes" else f"{value:,g}"


def _heat(scene: Scene) -> Node:
    parts = [
        html.Div([html.I(className=f"heat-{number}"), str(edge)], className="class")
        for number, edge in enumerate(HEAT_BREAKS, 1)
    ]
    return html.Section(
        [
            html.H3(scene.t("legend.heat")),
            html.Div(parts, className="scale-row"),
            html.P(scene.t("legend.fixed")),
        ],
        id="legend",
        tabIndex="-1",
        className="legend card",
        **attributes({"aria-label": scene.t("legend.name")}),
    )


def _buildings(scene: Scene) -> Node:
    rows = [
        html.Li([level_mark(1, scene.t("alert.level_1")), scene.t("legend.alert")]),
        html.Li([html.Span(className="disc-key"), scene.t("legend.disc")]),
        html.Li([html.Span(className="dot-key"), scene.t("legend.dot")]),
    ]
    title = scene.t("legend.cases", period=scene.period_word("short_"))
    return html.Section(
        [html.H3(title), html.Ul(rows, className="marks")],
        id="legend",
        tabIndex="-1",
        className="legend card",
        **attributes({"aria-label": scene.t("legend.name")}),
    )
