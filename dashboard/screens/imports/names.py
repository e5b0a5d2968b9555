"""Levels, categories, departments and sources as found, with names that can be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dash import html

from dashboard.components.marks import attributes
from dashboard.i18n import t
from dashboard.screens.imports.fields import written

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.imports.state import State

Json = dict[str, Any]
FIELDS: Final = ("name_zh", "name_en")
FOUND: Final = {"levels": ("level_files", "level_units")}  # what stands before the names


def names(state: State, language: str) -> Node:
    """A table for each list that the files give."""
    lists = [(name, entries) for name, entries in state.board["lists"].items() if entries]
    if not lists or state.published:
        return None
    return html.Section(
        [
            html.Div(html.H2(t("imports.names", language)), className="panel-head"),
            html.P(t("imports.names_note", language), className="note"),
            *(_list(name, entries, state, language) for name, entries in lists),
        ],
        className="panel import-names",
    )


def _list(name: str, entries: list[Json], state: State, language: str) -> Node:
    heads = (*FOUND.get(name, ("found_as", "cases")), *FIELDS)
    head = html.Tr([html.Th(t(f"imports.{key}", language), scope="col") for key in heads])
    rows = [_row(name, entry, state, language) for entry in entries]
    doubts = sum(entry["translated"] for entry in entries)
    note = html.Small(t("imports.doubts", language, n=doubts)) if doubts else None
    title = t(f"imports.list_{name}", language, n=len(entries))
    return html.Details(
        [
            html.Summary([title, note]),
            html.Div(
                html.Table([html.Thead(head), html.Tbody(rows)], className="table"),
                className="table-wrap",
                tabIndex="0",
            ),
        ],
        **attributes({"data-fold": name}),
    )


def _row(name: str, entry: Json, state: State, language: str) -> Node:
    cells = [_cell(name, field, entry, state, language) for field in FIELDS]
    return html.Tr(
        [
            html.Th(entry["found"] or "–", scope="row"),
            html.Td(f"{entry['rows']:,}" if entry["rows"] else "–", className="number"),
            *(html.Td(cell) for cell in cells),
        ],
        className="doubtful" if entry["translated"] else "",
    )


def _cell(name: str, field: str, entry: Json, state: State, language: str) -> Node:
    """A name to write over; that by which a list of its own knows the entry stays as it is."""
    if entry["listed"] and entry[field] == entry["found"]:
        return entry[field]
    what = f"{name}:{field}:{entry.get('id', entry['found'])}"
    value = state.chosen("", what, entry[field])
    word = t(
        "imports.name_of",
        language,
        name=entry["found"] or entry["name_zh"],
        what=t(f"imports.{field}", language),
    )
    return written(what, value, word)
