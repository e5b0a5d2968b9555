"""One file as it was found: role, encoding, coordinates, columns, first rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.components.marks import link
from dashboard.i18n import t
from dashboard.screens.imports.columns import mapping, sample
from dashboard.screens.imports.fields import select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.components.marks import Node
    from dashboard.screens.imports.state import State
    from dashboard.screens.imports.where import Where

Json = dict[str, Any]
ROLES = (
    "level", "division", "buildings", "incidents", "departments", "alerts", "roads", "water",
    "green", "blocks", "details", "unused",
)  # fmt: skip
SYSTEMS = {
    "EPSG:4490": "crs_4490",
    "EPSG:4326": "crs_4326",
    "EPSG:3857": "crs_3857",
    "GCJ-02": "crs_gcj",
    "BD-09": "crs_bd",
}
LONG = 20  # a coordinate system spelt out, not a code


def check(file: Json, state: State, language: str) -> Node:
    """The panel of one file; a file that cannot be read says why."""
    name = file["name"]
    note = t("imports.rows", language, n=f"{file['rows']:,}") if not file["fault"] else ""
    head = html.Div([html.H2(name, title=name), html.Small(note)], className="panel-head")
    if file["fault"]:
        parts = [head, _fault(file, language), _encoding(file, state, language)]
        return html.Section(parts, className="panel import-check")
    parts = [
        head,
        _asked(state.board["questions"], name, language),
        _choices(file, state, language),
        html.Div(
            [mapping(file, state, language), sample(file, language)], className="import-tables"
        ),
    ]
    return html.Section(parts, className="panel import-check")


def _fault(file: Json, language: str) -> Node:
    """Why a file cannot be read and what to do, then the particulars as the reader put them."""
    fault = file["fault"]
    what, cure = fault[language], fault[f"cure_{language}"]
    detail = t("imports.detail", language, detail=fault["detail"]) if fault["detail"] else None
    return html.Div(
        [
            html.B(t("imports.unreadable_why", language, what=what)),
            html.P(t("imports.cure", language, cure=cure)),
            html.Small(detail) if detail else None,
        ],
        className="import-fault",
        role="alert",
    )


def _encoding(file: Json, state: State, language: str) -> Node:
    """Under another encoding a text may be read after all."""
    if not file["encodings"]:
        return None
    return html.Div(_encoded(file, state, language), className="import-choices")


def _encoded(file: Json, state: State, language: str) -> Node:
    encodings = [(each, each.upper()) for each in file["encodings"]]
    return _field("encoding", file, encodings, state, language)


def _asked(questions: list[Json], name: str, language: str) -> Node:
    mine = [question for question in questions if question["file"] == name]
    return asked(mine, language) if mine else None


def asked(questions: list[Json], language: str, where: Where | None = None) -> Node:
    """What a person must decide, then what is worth a look; with `where`, of which file."""
    ordered = sorted(questions, key=lambda question: not question["must"])
    rows = [
        html.Li(
            [
                html.B(t("imports.must", language)) if question["must"] else None,
                _file(question["file"], where) if where and question["file"] else None,
                html.Span(question[language]),
            ],
            className="must" if question["must"] else "",
        )
        for question in ordered
    ]
    return html.Ul(rows, className="import-questions")


def _file(name: str, where: Where) -> Node:
    return link(name, where.href(file=name), "file")


def _choices(file: Json, state: State, language: str) -> Node:
    roles = [(role, t(f"imports.role_{role}", language)) for role in ROLES]
    systems = [(each["value"], _system(each, language)) for each in file["offered"]]
    return html.Div(
        [
            _field("role", file, roles, state, language),
            _encoded(file, state, language),
            _field("crs", file, systems, state, language) if systems else None,
        ],
        className="import-choices",
    )


def _system(crs: Json, language: str) -> str:
    """A coordinate system by the name people know, and by its code."""
    if not crs["value"]:
        return t("imports.crs_unknown", language)
    if crs["value"] in SYSTEMS:
        return t(f"imports.{SYSTEMS[crs['value']]}", language)
    return f"{crs['name']} ({crs['value']})" if len(crs["value"]) < LONG else crs["name"]


def _field(
    what: str, file: Json, options: Sequence[tuple[str, str]], state: State, language: str
) -> Node:
    guess = file[what]
    value = state.chosen(file["name"], what, guess["value"])
    word = t(f"imports.{what}", language)
    own = t("imports.encoding_own", language)
    choice = (
        select(what, file["name"], value, options, word)
        if options
        else html.Span(own, className="note")
    )
    return html.Label([html.Span(word), choice, html.Small(guess[language])])
