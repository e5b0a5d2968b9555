"""The box in which places, codes and departments are looked for; the browser fills its list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.components.marks import Field, Node, attributes, icon
from dashboard.ids import Overview

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene


def search_box(scene: Scene) -> Node:
    """The box and the list below it."""
    box: Node = Field({
        "type": "text", "id": Overview.SEARCH, "placeholder": scene.t("path.search"),
        "aria-label": scene.t("help.search"),
        "autoComplete": "off", "spellCheck": "false", "role": "combobox",
        "aria-autocomplete": "list", "aria-controls": Overview.SEARCH_LIST,
        "aria-expanded": "false",
    })  # fmt: skip
    return html.Div(
        [
            icon("search"),
            box,
            html.Kbd("/"),
            html.Div(id=Overview.SEARCH_SAID, className="menu said", role="status"),
            html.Div(
                id=Overview.SEARCH_LIST, className="menu", role="listbox", hidden=True,
                **attributes({"aria-label": scene.t("path.search_found"),
                   "data-none": scene.t("path.search_none"),
                   "data-wait": scene.t("path.search_wait"),
                   "data-failed": scene.t("path.search_failed"), "data-lang": scene.language,
                   "data-bounds": scene.place.division,
                   "data-href": scene.href(at="CODE", level=""),
                   "data-filter": scene.href(departments=("CODE",))}),
            ),
        ],
        className="search",
        role="search",
    )  # fmt: skip
