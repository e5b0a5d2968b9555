"""`/plan/<id>`: the tools, the place of the map, the panels; `assets/planner` fills them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import attributes, icon
from dashboard.screens.planner.frame import document, head, told

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.planner.frame import Shown

TOOLS: Final = {
    "select": "V", "draw": "P", "split": "K", "merge": "M", "node": "N", "transfer": "T",
    "measure": "D",
}  # fmt: skip
STEPS: Final = {"undo": "Control+Z", "redo": "Control+Shift+Z"}
ZOOMS: Final = {"in": "plus", "out": "minus", "fit": "fit"}
SYSTEMS: Final = ("metres", "cgcs2000", "wgs84", "gcj02")
# Each format, or sheet by its name, with what it may be encoded in; a shapefile's table says its
# encoding beside it. Borders first, then tables, then paper.
FORMATS: Final = (
    ("gpkg", ""), ("shp", "gbk"), ("shp", "utf-8"), ("geojson", ""), ("parquet", ""), ("xlsx", ""),
    ("register.xlsx", ""), ("csv", ""), ("pdf", ""), ("walk.pdf", ""),
)  # fmt: skip
CARDS: Final = ("card", "checks", "table", "alternatives")


def page(shown: Shown, plan: str, name: str, at: str, snapshot: str) -> str:
    """The desk of a scenario.

    at: code of the community or street to begin with, "" for the scenario's own; snapshot: of the
    live city, whose land lies below.
    """
    body = html.Div(
        [
            *head(shown),
            html.Main(
                [
                    html.H1(f"{shown.t('list')} · {name}", className="unseen"),
                    *(_tools(shown), _map(shown), _side(shown, plan)),
                ],
                id="main",
                className="plan-main",
            ),
            _status(shown),
            *_dialogs(shown),
        ],
        id="planner",
        className="plan-desk",
        **told(shown, plan=plan, at=at, snapshot=snapshot),
    )
    return document(shown, name, body, screen="planner")


def _tools(shown: Shown) -> Node:
    tools = [
        _tool(shown, name, {"data-tool": name, "aria-pressed": "false", "aria-keyshortcuts": key})
        for name, key in TOOLS.items()
    ]
    steps = [
        _tool(shown, name, {"data-do": name, "aria-keyshortcuts": key})
        for name, key in STEPS.items()
    ]
    name = {"aria-label": shown.t("tools"), "aria-orientation": "vertical"}
    return html.Div(
        [*tools, html.Span(className="gap"), *steps],
        id="plan-tools",
        role="toolbar",
        **attributes(name),
    )


def _tool(shown: Shown, name: str, more: dict[str, str]) -> Node:
    word = shown.t(f"tool_{name}")
    key = shown.t(f"tool_{name}_key")
    inside = [icon(f"plan-{name}"), html.Span(word)]
    return html.Button(
        inside, type="button", className="plan-tool", title=f"{word} · {key}", **attributes(more)
    )


def _map(shown: Shown) -> Node:
    zooms = [
        html.Button(
            icon(sign),
            type="button",
            **attributes({"data-zoom": way, "aria-label": shown.t(f"zoom_{way}")}),
        )
        for way, sign in ZOOMS.items()
    ]
    above = [  # one below the other, however many lines each has
        html.Div(className="plan-place", **attributes({"aria-label": shown.t("place")})),
        html.Div(className="plan-options"),
        html.P(id="plan-told", role="status", className="plan-told"),
    ]
    inside = [
        html.Div(className="plan-canvas"),
        html.Div(above, className="plan-top"),
        html.Div(id="plan-hint", hidden=True),
        html.Div(className="plan-legend"),
        html.Div(zooms, className="plan-zoom"),
        html.Div(className="plan-scale", **attributes({"aria-hidden": "true"})),
        html.P(shown.t("reading"), id="plan-waits", className="plan-waits"),
    ]
    return html.Section(inside, id="plan-map", **attributes({"aria-label": shown.t("map")}))


def _side(shown: Shown, plan: str) -> Node:
    cards = [
        html.Section(id=f"plan-{name}", className="plan-card", **attributes({"aria-busy": "true"}))
        for name in CARDS
    ]
    buttons = [
        _button(shown, "submit", "button primary"),
        _button(shown, "optimise", "button"),
        _exports(shown, plan),
    ]
    overtaken = html.Section(id="plan-overtaken", className="plan-card", role="alert", hidden=True)
    more = html.Section(id="plan-history", className="plan-card")
    return html.Aside(
        [
            html.Div([overtaken, *cards, more], className="plan-cards", tabIndex="0",
                     **attributes({"role": "region", "aria-label": shown.t("panels")})),
            html.Div(buttons, id="plan-actions"),
        ],
        className="plan-side",
        **attributes({"aria-label": shown.t("side")}),
    )  # fmt: skip


def _button(shown: Shown, name: str, names: str) -> Node:
    more = {"data-open": name, "aria-haspopup": "dialog"}
    return html.Button(shown.t(name), type="button", className=names, **attributes(more))


def _exports(shown: Shown, plan: str) -> Node:
    """The menu of files; the script keeps the place in the addresses."""
    links = [
        _file(shown, f"{plan}{'/' if '.' in form else '.'}{form}", form, encoding)
        for form, encoding in FORMATS
    ]
    of = html.P(id="plan-export-of", className="note")
    return html.Details(
        [
            html.Summary(shown.t("export"), className="button"),
            html.Div([of, *links], className="menu up"),
        ],
        className="menu-box plan-export",
    )


def _file(shown: Shown, name: str, form: str, encoding: str) -> Node:
    word = shown.t("export_" + "_".join(filter(None, (form.partition(".")[0], encoding))))
    kept = {"encoding": encoding} if encoding else {}
    href = shown.href(f"/export/plan/{name}", theme="", **kept)
    return html.A(word, href=href, download="", **attributes({"data-export": form}))


def _status(shown: Shown) -> Node:
    systems = [html.Option(shown.t(f"crs_{each}"), value=each) for each in SYSTEMS]
    chosen = html.Select(systems, id="plan-crs", **attributes({"aria-label": shown.t("crs")}))
    slots = [
        html.Span(className=f"plan-{name}", **attributes({"data-status": name}))
        for name in ("cursor", "scale-of", "saved")
    ]
    ways = [
        html.Button(shown.t("history"), type="button", className="plan-link",
                    **attributes({"data-open": "history"})),
        html.Button(shown.t("shortcuts"), type="button", className="plan-link",
                    **attributes({"data-help": "true", "aria-haspopup": "dialog"})),
    ]  # fmt: skip
    return html.Footer([chosen, *slots, html.Span(ways, className="plan-ways")], id="plan-status")


def _dialogs(shown: Shown) -> list[Node]:
    """Empty dialogs that scripts fill, each named by its heading."""
    return [
        html.Dialog(id=f"plan-{name}", className="plan-dialog",
                    **attributes({"aria-label": shown.t(f"dialog_{name}")}))
        for name in ("optimise", "submit", "compare", "ask")
    ]  # fmt: skip
