"""`/plan`: every scenario, and the form for a new one; `assets/planner/list.js` fills them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Field, attributes
from dashboard.screens.planner.frame import document, head, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.components.marks import Node
    from dashboard.screens.planner.frame import Shown

COLUMNS: Final = ("name", "scope", "state", "grids", "author", "changed")
LONGEST_NAME: Final = 60


def page(shown: Shown, places: Sequence[tuple[str, str]], rules: Sequence[tuple[str, str]]) -> str:
    """The list; places: code and name of what a scenario may cover; rules: key and name."""
    heads = [html.Th(shown.t(f"column_{name}"), scope="col") for name in COLUMNS]
    table = html.Table(
        [
            html.Caption(shown.t("list"), className="unseen"),
            html.Thead(html.Tr(heads)),
            html.Tbody(id="plan-rows"),
        ],
        className="plan-list",
    )
    main = [
        html.H1(shown.t("list")),
        html.P(shown.t("list_lead"), className="note"),
        html.P(shown.t("reading"), id="plan-told", role="status"),
        table,
        html.Section([html.H2(shown.t("new")), _form(shown, places, rules)], className="plan-card"),
    ]
    body = html.Div(
        [*head(shown), html.Main(main, id="main", className="plan-overview")],
        id="planner-list",
        className="plan-listing",
        **told(shown),
    )
    return document(shown, shown.t("list"), body, screen="plans")


def _form(
    shown: Shown, places: Sequence[tuple[str, str]], rules: Sequence[tuple[str, str]]
) -> Node:
    name: Node = Field({"name": "name", "required": True, "maxlength": LONGEST_NAME,
                  "autocomplete": "off", "type": "text"})  # fmt: skip
    fields = [
        html.Label([shown.t("new_name"), name]),
        html.Label([shown.t("new_scope"), _choice("scope", places)]),
        html.Label([shown.t("new_rules"), _choice("rules", rules)]),
        html.Button(shown.t("new_go"), type="submit", className="button primary"),
    ]
    return html.Form(fields, id="plan-new", **attributes({"aria-label": shown.t("new")}))


def _choice(name: str, options: Sequence[tuple[str, str]]) -> Node:
    inside = [html.Option(word, value=key) for key, word in options]
    return html.Select(inside, **attributes({"name": name}))
