"""A panel with its title that says the finding, and the six states it can be in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dash import html

from dashboard.components.marks import Node, attributes, icon, link
from dashboard.i18n import t

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Head:
    """What stands in a panel's first line.

    key: of the panel, for its id, its table and its export.
    title: the finding, or the neutral name where there is none.
    note: measure, unit, period.
    table: link to the same data as a table; "" = the panel has none.
    definition: how the numbers are defined, shown on hover.
    """

    key: str
    title: str
    note: str = ""
    table: str = ""
    definition: str = ""


def panel(head: Head, body: Node, language: str, *classes: str, note: Node = None) -> Node:
    """A panel; `note` replaces the note of the head where it needs more than text."""
    small = note if note is not None else html.Small(head.note, title=head.definition)
    title = html.H2(head.title, id=f"{head.key}-title", title=head.definition or head.title)
    to_table = (
        link(t("panel.table", language), head.table, "to-table",
             aria_label=t("panel.table_of", language, title=head.title))
        if head.table
        else None
    )  # fmt: skip
    return html.Section(
        [
            html.Div([title, small, to_table], className="panel-head"),
            html.Div(body, className="panel-body") if isinstance(body, list) else body,
        ],
        className=" ".join(("panel", f"panel-{head.key}", *classes)),
        **attributes({"aria-labelledby": f"{head.key}-title"}),
    )


def state(
    picture: str, words: str, lines: Sequence[str], way_out: Node = None, *, tight: bool = False
) -> Node:
    """What stands in a panel that has nothing to show: why, and one step that helps."""
    return html.Div(
        [icon(picture), html.B(words), *(html.P(line) for line in lines if line), way_out],
        className="state tight" if tight else "state",
        role="status",
    )


def stale_note(age: str, language: str) -> Node:
    """An amber clock and the age, in the place of the note."""
    return html.Small([icon("clock"), t("panel.ago", language, age=age)], className="stale-note")
