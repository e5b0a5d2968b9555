"""Which column of a file is which of our fields, and its first rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.components.marks import attributes
from dashboard.i18n import t
from dashboard.screens.imports.fields import select
from geodata.model.schemas import TOLD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.components.marks import Node
    from dashboard.screens.imports.state import State

Json = dict[str, Any]
HEADS = ("ours", "theirs", "example", "why")


def mapping(file: Json, state: State, language: str) -> Node:
    """A row for each field that has a column or lost it; the others are folded away."""
    chosen = {
        ours: state.chosen(file["name"], f"column:{ours}", _guess(file, ours)["value"])
        for ours in file["ours"]
        if ours != "geometry"
    }
    if not chosen:
        return None
    options = [
        ("", t("imports.not_mapped", language)),
        *((column["name"], column["name"]) for column in file["theirs"]),
    ]
    rows = {ours: _row(ours, file, options, chosen, language) for ours in chosen}
    first = [rows[ours] for ours in chosen if chosen[ours] or ours in file["lost"]]
    others = [rows[ours] for ours in chosen if not chosen[ours] and ours not in file["lost"]]
    head = html.Tr([html.Th(t(f"imports.{key}", language), scope="col") for key in HEADS])
    parts = [
        html.H3(t("imports.mapping", language)),
        _box(head, first) if first else None,
        html.Details(
            [html.Summary(t("imports.not_used", language, n=len(others))), _box(head, others)],
            **attributes({"data-fold": file["name"]}),
        )
        if others
        else None,
        _left(file, chosen, language),
    ]
    return html.Section(parts, className="import-mapping")


def _left(file: Json, chosen: Mapping[str, str], language: str) -> Node:
    """Which columns of the file nothing uses."""
    left = [name for name in file["left"] if name not in chosen.values()]
    if not left:
        return None
    names = t("imports.comma", language).join(left)
    return html.Small(t("imports.left", language, names=names))


def _guess(file: Json, ours: str) -> Json:
    return dict(file["mapped"].get(ours) or {"value": "", "sure": True, "zh": "", "en": ""})


def _row(
    ours: str,
    file: Json,
    options: Sequence[tuple[str, str]],
    chosen: Mapping[str, str],
    language: str,
) -> Node:
    guess, value = _guess(file, ours), chosen[ours]
    word = t(f"imports.column_{ours}", language)
    theirs = {column["name"]: column["samples"] for column in file["theirs"]}
    example = " · ".join(theirs.get(value, [])[:2])
    told = _told(ours, file, chosen, language)
    why = guess[language] if guess["value"] == value else ""
    if ours in TOLD:
        why = t("imports.personal", language)
    parts = [html.B(told, className="import-lost") if told else None, why]
    doubtful = told or (value and not guess["sure"])
    return html.Tr(
        [
            html.Th(word, scope="row"),
            html.Td(select(f"column:{ours}", file["name"], value, options, word)),
            html.Td(example, title=example),
            html.Td(parts, className="why"),
        ],
        className="doubtful" if doubtful else "",
    )


def _told(ours: str, file: Json, chosen: Mapping[str, str], language: str) -> str:
    """Say who has the column that this field lost, or who has the same one."""
    value = chosen[ours]
    if not value and ours in file["lost"]:
        lost = file["lost"][ours]
        to = t(f"imports.column_{lost['to']}", language)
        return t("imports.lost_to", language, column=lost["column"], to=to)
    same = [other for other in chosen if value and other != ours and chosen[other] == value]
    if not same:
        return ""
    to = t(f"imports.column_{same[0]}", language)
    return t("imports.same_as", language, column=value, to=to)


def sample(file: Json, language: str) -> Node:
    """The first rows as they were read."""
    if not file["head"]:
        return None
    head = html.Tr([html.Th(name, scope="col") for name in file["columns"]])
    rows = [html.Tr([html.Td(cell) for cell in row]) for row in file["head"]]
    words = t("imports.sample", language, n=len(rows))
    note = html.Small(t("imports.sample_note", language))
    return html.Section([html.H3([words, note]), _box(head, rows)])


def _box(head: Node, rows: list[Node]) -> Node:
    """A table in a box of its own to scroll in."""
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(rows)], className="table"),
        className="table-wrap",
        tabIndex="0",
    )
