"""What a trial came to: counts of the city, and what was found in every file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.i18n import t
from dashboard.screens.imports.downloads import downloads
from dashboard.screens.imports.publishing import unused_words

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.imports.state import State

Json = dict[str, Any]
COUNTS = ("read", "imported", "repaired", "kept", "rejected", "set_aside")


def outcome(state: State, language: str) -> Node:
    """The panel of the trial."""
    files = state.outcome["files"]
    sums = {count: f"{sum(file[count] for file in files):,}" for count in COUNTS}
    counts = state.outcome["counts"]
    told = {key: f"{counts.get(key, 0):,}" for key in ("units", "buildings", "incidents")}
    stale = None if state.fresh or state.published else t("imports.tried_stale", language)
    return html.Section(
        [
            html.Div(
                [
                    html.H2(t("imports.tried_title", language, **sums)),
                    html.Small(t("imports.counts", language, **told)),
                ],
                className="panel-head",
            ),
            html.P(stale, className="import-stale", role="status") if stale else None,
            _unused(state.outcome.get("unused", []), language),
            html.Div(_table(files, language), className="table-wrap", tabIndex="0"),
            downloads(state, language),
        ],
        className="panel import-outcome",
    )


def _unused(files: list[Json], language: str) -> Node:
    """Which files went into nothing, and why."""
    if not files:
        return None
    rows = [
        html.Li(
            [
                html.B(file["name"]),
                html.Span(
                    t("imports.unreadable_why", language, what=file[language])
                    if file["unreadable"]
                    else file[language]
                ),
                html.Small(file[f"cure_{language}"]) if file[f"cure_{language}"] else None,
            ],
            className="kept",
        )
        for file in files
    ]
    title = html.H3(unused_words(len(files), language))
    return html.Div([title, html.Ul(rows)], className="import-unused")


def _table(files: list[Json], language: str) -> Node:
    heads = ("file", *COUNTS, "found")
    head = html.Tr(
        [
            html.Th(
                t(f"imports.{key}", language),
                scope="col",
                className="number" if key in COUNTS else "",
            )
            for key in heads
        ]
    )
    return html.Table(
        [html.Thead(head), html.Tbody([_row(file, language) for file in files])],
        className="table",
    )


def _row(file: Json, language: str) -> Node:
    numbers = [
        html.Td(f"{file[count]:,}" if file[count] else "–", className="number") for count in COUNTS
    ]
    reasons = [_reason(reason, language) for reason in file["reasons"]]
    found = html.Ul(reasons) if reasons else t("imports.nothing_found", language)
    return html.Tr([html.Th(file[language], scope="row"), *numbers, html.Td(found)])


def _reason(reason: Json, language: str) -> Node:
    """What was found, how often, where, and what to do."""
    said = reason[language]
    return html.Li(
        [
            html.Span(t(f"imports.{reason['action']}", language), className="done"),
            html.B(said["found"]),
            html.Span(" · ".join(part for part in (said["times"], said["where"]) if part)),
            html.Small(said["cure"]) if said["cure"] else None,
        ],
        className=reason["action"],
    )
