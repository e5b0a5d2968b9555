"""What an import came to, as files to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from dash import html

from dashboard.i18n import t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.components.marks import Node
    from dashboard.screens.imports.state import State

ACCOUNT: Final = {"report.html": "imports.report", "findings.csv": "imports.findings"}


def downloads(state: State, language: str) -> Node:
    """Links to the account and to the rejected rows of the last trial; none while it is stale."""
    if not state.fresh:
        return None
    files = account("a", state.id, ACCOUNT, language)
    files += rejected("a", state.id, state.sheets, language)
    return html.Div(
        [
            html.Span(t("imports.take", language)),
            html.Ul([html.Li(file) for file in files]),
            html.Small(t("imports.mend", language)) if state.sheets else None,
        ],
        className="import-downloads",
    )


def account(letter: str, of: str, names: Iterable[str], language: str) -> list[Node]:
    """Links to the account of an arrival (letter "a") or of a snapshot ("s")."""
    query = {letter: of, "lang": language}
    return [_link(name, query, t(ACCOUNT[name], language)) for name in names]


def rejected(letter: str, of: str, sheets: Iterable[str], language: str) -> list[Node]:
    """Links to the rows that it rejected, by file."""
    return [
        _link(
            "rejected.csv",
            {letter: of, "file": name, "lang": language},
            t("imports.rejected_of", language, file=name.removesuffix(".csv")),
        )
        for name in sheets
    ]


def _link(route: str, query: dict[str, str], words: str) -> Node:
    # `download` keeps the page where it is, also where a file is refused.
    return html.A(words, href=f"/import/{route}?{urlencode(query)}", download="")
