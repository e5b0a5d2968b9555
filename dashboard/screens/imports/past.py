"""Imports that were published, each with what it left to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.i18n import named, t
from dashboard.screens.imports.downloads import account, rejected

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.imports.state import State
    from geodata.desk.past import Past


def past(state: State, language: str) -> Node:
    """The list; nothing where nothing was ever imported."""
    if not state.past:
        return None
    rows = [_row(each, language) for each in state.past]
    title = html.Div(html.H2(t("imports.past", language)), className="panel-head")
    return html.Section([title, html.Ul(rows)], className="panel import-past")


def _row(each: Past, language: str) -> Node:
    told = [each.made] if each.made else [t("imports.past_gone", language)]
    if each.live:
        told.append(t("imports.past_live", language))
    files = [*account("s", each.id, each.files, language)]
    files += rejected("s", each.id, each.sheets, language)
    city = _city(each, language) if each.key else each.id
    return html.Li(
        [
            html.B(city),
            html.Small(" · ".join(told)),
            html.Ul([html.Li(file) for file in files], className="import-take"),
        ]
    )


def _city(each: Past, language: str) -> str:
    name = named(each, language)
    return t("imports.city_cases", language, name=name, n=f"{each.cases:,}")
