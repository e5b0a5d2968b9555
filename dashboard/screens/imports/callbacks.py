"""The import screen's wiring: one server callback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import Input, Output

from dashboard.access import house
from dashboard.i18n import t
from dashboard.ids import Import
from dashboard.screens.imports import state
from dashboard.screens.imports.head import head
from dashboard.screens.imports.view import lost, view
from dashboard.screens.imports.where import read
from geodata.model.errors import ImportRefusedError

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.components.marks import Node


def connect(app: Dash) -> None:
    """Connect the import screen's components."""
    app.callback(
        Output(Import.HEAD, "children"),
        Output(Import.MAIN, "children"),
        Input(Import.URL, "search"),
        Input(Import.CHANGED, "data"),
    )(show)


def show(search: str | None, _changed: object) -> tuple[Node, list[Node]]:
    """Answer one address; an import that is gone is told, with the way to begin anew."""
    here, where = house(), read(search or "")
    language = where.language or here.language
    try:
        shown = view(where, state.read(here.data_dir, where.arrival), language)
    except ImportRefusedError:
        shown = lost(where, t("imports.gone", language), language)
    return head(where, here, language), shown
