"""The legend: unit, period, class breaks, the target, and what hatching means."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, attributes, level_mark
from dashboard.screens.overview import case_points, closeup, measures, player, significant, spots
from dashboard.screens.overview.extent import box
from dashboard.screens.overview.map_state import marks
from dashboard.screens.overview.registered import definition
from geodata.metrics.classes import TOO_FEW
from geodata.model.periods import HOUR
from geodata.model.places import BUILDING
from geodata.tiles import heat

if TYPE_CHECKING:
    from dashboard.screens.overview.measures import Measure, Scale
    from dashboard.screens.overview.scene import Scene

WHOLE_FROM: Final = 10
NUMBERED: Final = 3  # cases from which a disc bears its number; `assets/map/discs.js` draws it
SHORT_EDGE: Final = 3  # characters of a break that stands between narrow swatches


def legend(scene: Scene) -> Node:
    """The legend of what the map shows now."""
    if not scene.has_cases:
        return None
    if scene.mode == "heat":
        return _heat(scene)
    if scene.level == BUILDING:
        return _buildings(scene)
    measure = measures.usable(scene)
    if measures.is_alone(measure, scene):
        return None
    scale = measures.scale(measure, scene)
    name = named(scene, measure, scale)
    title = scene.t("legend.title", measure=name, period=scene.period_word("short_"))
    return html.Section(
        [html.H3(title, title=definition(measure.metric, scene)), *_scaled(scene, measure, scale)],
        id="legend",
        tabIndex="-1",
        # Below the top the map goes on under the words; there they would cut a corner off the city.
        className=_style(measure, scale) + (" backed" if scene.unit else ""),
        **attributes({"aria-label": scene.t("legend.name")}),
    )


def _scaled(scene: Scene, measure: Measure, scale: Scale) -> list[Node]:
    """The classes and what hatching means; the latter alone where no cell has a class."""
    cells = measures.classes(measure, scale, scene)
    few: Node = html.Div([html.I(className="hatch"), f"n<{scale.few}"], className="few",
                   title=scene.t("panel.too_few"))  # fmt: skip
    if scale.few <= 1 or TOO_FEW not in cells:
        few = None
    elif cells.min() >= TOO_FEW:
        return [html.Div(few, className="scale-row")]
    if scale.diverging:
        swatches = html.Div([*_diverging(scene, measure, scale), few], className="scale-row")
        return [_ends(scene, measure, scale), swatches]
    return [html.Div([*_sequence(scene, ranges(measure, scale)), few], className="scale-row")]


def named(scene: Scene, measure: Measure, scale: Scale) -> str:
    """The measure with its unit."""
    name = scene.t(f"measure.full_{measure.key}")
    if not measure.is_long:
        return name
    return scene.t("legend.measured", measure=name, unit=scene.t(f"legend.{scale.unit.name}"))


def _style(measure: Measure, scale: Scale) -> str:
    """Breaks stand between narrow swatches, unless they are long."""
    if not scale.diverging:
        return "legend"
    long = max(map(len, _edges(measure, scale))) > SHORT_EDGE
    return "legend diverging wide" if long else "legend diverging"


def ranges(measure: Measure, scale: Scale) -> list[str]:
    """What each class holds: <8, 8–11, …, ≥20."""
    edges = _edges(measure, scale)
    between = [f"{low}–{high}" for low, high in pairwise(edges)]
    return [f"<{edges[0]}", *between, f"≥{edges[-1]}"]


def _class(scene: Scene, number: int, words: str, inside: list[Node]) -> Node:
    """One class as a button: pressed, the map shows only its cells (`screens/classes.js`)."""
    said = scene.t("legend.only", n=words)
    return html.Button(
        inside, type="button", className="class", title=said,
        **attributes({"data-class": str(number), "aria-pressed": "false", "aria-label": said}),
    )  # fmt: skip


def _sequence(scene: Scene, words: list[str]) -> list[Node]:
    return [
        _class(scene, number, word, [html.I(className=f"seq-{number + 1}"), word])
        for number, word in enumerate(words)
    ]


def _diverging(scene: Scene, measure: Measure, scale: Scale) -> list[Node]:
    """Seven swatches with the breaks standing between them."""
    edges = [*_edges(measure, scale), ""]
    parts: list[Node] = [
        _class(scene, number, words, [html.I(className=f"div-{name[1:]}"), html.Span(edge)])
        for number, (name, edge, words) in enumerate(
            zip(scale.tokens, edges, ranges(measure, scale), strict=True)
        )
    ]
    return [*parts, html.Span(className="target", title=scene.t("legend.target", n=""))]


def _ends(scene: Scene, measure: Measure, scale: Scale) -> Node:
    low, high = ("legend.bad", "legend.good") if measure.kind == "share" else (
        "legend.fast", "legend.slow")  # fmt: skip
    target = scene.t("legend.target", n=_edge(measure, scale, scale.target or 0))
    return html.Div(
        [html.Span(scene.t(low)), html.B(target), html.Span(scene.t(high))], className="ends"
    )


def _edges(measure: Measure, scale: Scale) -> list[str]:
    """Every break in words; with one more digit where two of them would read the same."""
    edges = [_edge(measure, scale, edge) for edge in scale.breaks]
    if len(set(edges)) < len(edges):
        edges = [f"{edge / scale.unit.minutes:,.1f}" for edge in scale.breaks]
    return edges


def _edge(measure: Measure, scale: Scale, value: float) -> str:
    if measure.kind == "share":
        return f"{value:g}"
    if measure.kind != "minutes":
        return f"{value:,g}"
    shown = value / scale.unit.minutes
    return f"{shown:,.0f}" if shown >= WHOLE_FROM else f"{shown:.2g}"


def _heat(scene: Scene) -> Node:
    played = player.frames(scene).window_s
    summed = player.summed_s(scene)
    scales = [_heat_scale(scene, summed, "shown")]
    if heat.per_hour(played / HOUR) != heat.per_hour(summed / HOUR):
        scales.append(_heat_scale(scene, played, "played"))  # shown as soon as it is played
    rows = [*_outlines(scene), *_points(scene), *_alerts(scene)]
    return html.Section(
        [*scales, html.Ul(rows, className="marks") if rows else None],
        id="legend",
        tabIndex="-1",
        className="legend card",
        **attributes({"aria-label": scene.t("legend.name")}),
    )


def _outlines(scene: Scene) -> list[Node]:
    """The lines round what stands out, in plain words; the statistic behind them is the hover."""
    rows = []
    if spots.hot(scene):
        said = scene.t("legend.hot", percent=spots.sure_percent())
        rows.append(_row(html.I(className="ring"), said))
        rows[-1].title = spots.about(scene)
    found = significant.judged(scene)
    if found and found[0]:
        said = scene.t("legend.significant", percent=significant.sure_percent())
        rows.append(_row(html.I(className="cell-ring"), said))
        rows[-1].title = significant.about(scene, found[1])
    return rows


def _points(scene: Scene) -> list[Node]:
    """The points of a window of few cases, and how many cases have none."""
    if not scene.points:
        return []
    alone = max(scene.points.values()) == 1
    words = [scene.t("legend.point" if alone else "legend.points")]
    if lost := case_points.unplaced(scene):
        words.append(scene.t("legend.unplaced", n=lost))
    row = _row(html.Span(className="point-key"), "".join(words))
    row.className = "still-key"
    return [row]


def _heat_scale(scene: Scene, window_s: int, when: str) -> Node:
    """Unit and breaks of pictures of windows so long; `assets/map/player.js` swaps them."""
    west, south, east, north = box(scene)
    factor = scene.city.profile.heat_factor
    edges = heat.scale((west, south, east, north), window_s / HOUR, factor).breaks
    parts = [
        html.Div([html.I(className=f"heat-{number}"), f"{edge:g}"], className="class")
        for number, edge in enumerate(edges, 1)
    ]
    unit = "legend.heat" if heat.per_hour(window_s / HOUR) else "legend.heat_day"
    return html.Div(
        [
            html.H2(scene.t(unit), title=definition("density_area", scene)),
            html.Div(parts, className="scale-row"),
            html.P(scene.t(f"{unit}_fixed")),
        ],
        hidden=when == "played",
        **attributes({"data-heat": when}),
    )


def _buildings(scene: Scene) -> Node:
    """The signs of the close-up map, drawn as they are on it, and what they count."""
    counts = [int(disc["n"]) for disc in closeup.discs(scene)]
    disc, dot = html.Span(str(NUMBERED), className="disc-key"), html.Span(className="dot-key")
    signs = (
        (max(counts, default=0) >= NUMBERED, disc, scene.t("legend.disc", n=NUMBERED)),
        (min(counts, default=NUMBERED) < NUMBERED, dot, scene.t("legend.dot", n=NUMBERED - 1)),
    )
    rows = _alerts(scene)
    rows += [_row(sign, words) for shown, sign, words in signs if shown]
    rows += [line] if (line := _border(scene)) else []
    if not rows:
        return None
    title = scene.t("legend.cases_90") if scene.near is not None else scene.t(
        "legend.cases", period=scene.period_word("short_"))  # fmt: skip
    return html.Section(
        [
            html.H3(title, title=definition("reported", scene)),
            html.Ul(rows, className="marks"),
        ],
        id="legend",
        tabIndex="-1",
        className="legend card",
        **attributes({"aria-label": scene.t("legend.name")}),
    )


def _row(sign: Node, words: str, kind: str = "sign") -> Node:
    return html.Li([html.Span(sign, className=kind), words])


def _alerts(scene: Scene) -> list[Node]:
    """The marks of alerts that can be seen on the map, which is wider than the box it looks at."""
    west, south, east, north = box(scene)
    spare = (closeup.WIDER - 1) * (east - west) / 2
    levels = {
        mark["level"]
        for mark in marks(scene)
        if west - spare <= mark["lon"] <= east + spare and south <= mark["lat"] <= north
    }
    signs = [
        html.Span(level_mark(level, scene.t(f"alert.level_{level}")),
                  className=f"ring-key level-{level}")
        for level in sorted(levels)
    ]  # fmt: skip
    kind = "sign several" if len(signs) > 1 else "sign"
    return [_row(signs, scene.t("legend.alert"), kind)] if signs else []


def _border(scene: Scene) -> Node:
    """The dashed line round the units among which one building is looked at."""
    key = scene.city.tree.level(scene.unit)
    if scene.building is None or not scene.city.places.geometry.notna().iloc[scene.unit]:
        return None
    line = html.Span(html.I(className="border-key"), className="sign")
    return html.Li([line, scene.t("legend.border", level=scene.level_name(key))])
