"""Fields in which a person decides; the script of the page keeps what is chosen or written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.components.marks import Node, attributes

if TYPE_CHECKING:
    from collections.abc import Sequence


def select(what: str, file: str, value: str, options: Sequence[tuple[str, str]], name: str) -> Node:
    """A list of values to choose from.

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


def written(what: str, value: str, word: str, title: str = "") -> Node:
    """A line of text that can be changed in its place; what is written is kept on leaving it."""
    told = {"data-choose": what, "data-value": value, "aria-label": word}
    return html.Span(
        value,
        key=f"{what}:{value}",
        contentEditable="true",
        role="textbox",
        spellCheck="false",
        title=title,
        className="import-text",
        **attributes(told),
    )
