"""One file as it was found: role, encoding, coordinates, columns, first rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.components.marks import Node, attributes
from dashboard.i18n import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.screens.imports.state import State

Json = dict[str, Any]
ROLES = (
    "level", "division", "buildings", "incidents", "departments", "alerts", "roads", "water",
    "green", "blocks", "details", "unused",
)  # fmt: skip


def check(file: Json, state: State, language: str) -> Node:
    """The panel of one file; a file that cannot be read says why."""
    name = file["name"]
    note = t("imports.rows", language, n=f"{file['rows']:,}") if not file["fault"] else ""
    head = html.Div([html.H2(name, title=name), html.Small(note)], className="panel-head")
    if file["fault"]:
        return html.Section([head, _fault(file, language)], className="panel import-check")
    parts = [
        head,
        _asked(state.board["questions"], name, language),
        _choices(file, state, language),
        html.Div(
            [_mapping(file, state, language), _sample(file, language)], className="import-tables"
        ),
    ]
    return html.Section(parts, className="panel import-check")


def _fault(file: Json, language: str) -> Node:
    word = t("imports.unreadable", language)
    return html.P(f"{word}: {file['fault']}", className="import-fault", role="alert")


def _asked(questions: list[Json], name: str, language: str) -> Node:
    mine = [question for question in questions if question["file"] == name]
    return asked(mine, language) if mine else None


def asked(questions: list[Json], language: str) -> Node:
    """What a person must decide, then what is worth a look."""
    ordered = sorted(questions, key=lambda question: not question["must"])
    rows = [
        html.Li(
            [
                html.B(t("imports.must", language)) if question["must"] else None,
                html.Span(question[language]),
            ],
            className="must" if question["must"] else "",
        )
        for question in ordered
    ]
    return html.Ul(rows, className="import-questions")


def _choices(file: Json, state: State, language: str) -> Node:
    roles = [(role, t(f"imports.role_{role}", language)) for role in ROLES]
    encodings = [(each, each.upper()) for each in file["encodings"]]
    systems = [(each, each or t("imports.crs_none", language)) for each in file["offered"]]
    return html.Div(
        [
            _field("role", file, roles, state, language),
            _field("encoding", file, encodings, state, language),
            _field("crs", file, systems, state, language) if file["drawn"] else None,
        ],
        className="import-choices",
    )


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


def select(what: str, file: str, value: str, options: Sequence[tuple[str, str]], name: str) -> Node:
    """A list of values to choose from; the script of the page keeps what is chosen.

    Dash has no plain <select>, and its own Dropdown is a widget of another look and weight.
    """
    if value not in {each for each, _ in options}:
        options = [(value, value), *options]
    entries = [html.Option(word, value=each, selected=each == value) for each, word in options]
    # The key makes a new list of each choice: the browser would keep what it shows otherwise.
    return html.Select(
        entries,
        key=f"{file}:{what}:{value}",
        **attributes({"data-choose": what, "data-file": file, "aria-label": name}),
    )


def _mapping(file: Json, state: State, language: str) -> Node:
    columns = [column["name"] for column in file["theirs"]]
    none = t("imports.not_mapped", language)
    options = [("", none), *((name, name) for name in columns)]
    rows = [
        _row(ours, file, options, state, language) for ours in file["ours"] if ours != "geometry"
    ]
    heads = [t(f"imports.{key}", language) for key in ("ours", "theirs", "example", "why")]
    head = html.Tr([html.Th(word, scope="col") for word in heads])
    if not rows:
        return None
    return _table(t("imports.mapping", language), head, rows)


def _row(
    ours: str,
    file: Json,
    options: Sequence[tuple[str, str]],
    state: State,
    language: str,
) -> Node:
    guess = file["mapped"].get(ours) or {"value": "", "sure": True, language: ""}
    word = t(f"imports.column_{ours}", language)
    value = state.chosen(file["name"], f"column:{ours}", guess["value"])
    theirs = {column["name"]: column["samples"] for column in file["theirs"]}
    example = " · ".join(theirs.get(value, [])[:2])
    return html.Tr(
        [
            html.Th(word, scope="row"),
            html.Td(select(f"column:{ours}", file["name"], value, options, word)),
            html.Td(example, title=example),
            html.Td(guess[language], title=guess[language]),
        ],
        className="" if guess["sure"] or not guess["value"] else "doubtful",
    )


def _sample(file: Json, language: str) -> Node:
    if not file["head"]:
        return None
    head = html.Tr([html.Th(name, scope="col") for name in file["columns"]])
    rows = [html.Tr([html.Td(cell) for cell in row]) for row in file["head"]]
    words = t("imports.sample", language, n=len(rows))
    return _table(words, head, rows, t("imports.sample_note", language))


def _table(title: str, head: Node, rows: list[Node], note: str = "") -> Node:
    return html.Section(
        [
            html.H3([title, html.Small(note)] if note else title),
            html.Div(
                html.Table([html.Thead(head), html.Tbody(rows)], className="table"),
                className="table-wrap",
                tabIndex="0",
            ),
        ]
    )
