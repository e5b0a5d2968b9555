"""The import screen's structure; what it shows arrives with its one callback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from dashboard.access import house
from dashboard.i18n import t
from dashboard.ids import Import

if TYPE_CHECKING:
    from dashboard.components.marks import Node


def layout() -> Node:
    """The empty page."""
    language = house().language
    return html.Div(
        [
            dcc.Location(id=Import.URL, refresh=False),
            dcc.Store(id=Import.CHANGED),
            dcc.Store(id=Import.REFRESH),  # the live client tells of new data here; not asked for
            html.A(t("screens.skip", language), href=f"#{Import.MAIN}", className="skip"),
            html.Div(id=Import.HEAD, className="frame"),
            html.Main(id=Import.MAIN, className="import-page"),
            html.Dialog(id=Import.HELP),
        ]
    )
