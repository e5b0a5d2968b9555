"""Hand-ins that were begun and not finished, each a way back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import link
from dashboard.i18n import t

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.imports.state import State
    from dashboard.screens.imports.where import Where
    from geodata.desk.waiting import Waiting

NAMED: Final = 3  # files of a hand-in that are named
AGES: Final = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


def unfinished(where: Where, state: State, language: str) -> Node:
    """The list, or that there is none."""
    rows = [_row(each, where, language) for each in state.waiting]
    none = html.P(t("imports.unfinished_none", language), className="note")
    return html.Section(
        [
            html.Div(html.H2(t("imports.unfinished", language)), className="panel-head"),
            html.Ul(rows) if rows else none,
        ],
        className="panel import-unfinished",
    )


def _row(each: Waiting, where: Where, language: str) -> Node:
    named = t("imports.comma", language).join(each.files[:NAMED])
    if len(each.files) > NAMED:
        named = t("imports.and_more", language, named=named, n=len(each.files))
    stage = t(f"imports.stage_{each.stage}", language)
    parts = [
        html.B(named or t("imports.no_files", language)),
        html.Small(f"{stage} · {_age(each.idle_s, language)}"),
    ]
    return html.Li(link(parts, where.href(arrival=each.id, file="")))


def _age(seconds: float, language: str) -> str:
    for key, length in AGES:
        if seconds >= length:
            return t(f"imports.age_{key}", language, n=int(seconds // length))
    return t("imports.age_now", language)
