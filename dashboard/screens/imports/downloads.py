"""What an import came to, as files to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from dash import html

from dashboard.i18n import t

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.imports.state import State


def downloads(state: State, language: str) -> Node:
    """Links to the account and to the rejected rows of the last trial; none while it is stale."""
    if not state.fresh:
        return None
    files = [
        _link("report.html", state, "imports.report", language),
        _link("findings.csv", state, "imports.findings", language),
    ]
    files += [
        _link("rejected.csv", state, "imports.rejected_of", language, file=name)
        for name in state.sheets
    ]
    return html.Div(
        [html.Span(t("imports.take", language)), html.Ul([html.Li(file) for file in files])],
        className="import-downloads",
    )


def _link(route: str, state: State, key: str, language: str, file: str = "") -> Node:
    query = {"a": state.id, "file": file} if file else {"a": state.id, "lang": language}
    words = t(key, language, file=file.removesuffix(".csv"))
    # `download` keeps the page where it is, also where a file is refused.
    return html.A(words, href=f"/import/{route}?{urlencode(query)}", download="")
