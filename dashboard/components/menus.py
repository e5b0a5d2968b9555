"""Menus and chips made of links, so that a choice is an address and needs no callback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dash import html

from dashboard.components.marks import Node, attributes, icon, link

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Choice:
    """One entry of a menu."""

    text: str
    href: str
    chosen: bool = False


def _current(choice: Choice) -> dict[str, str]:
    return {"aria_current": "true"} if choice.chosen else {}


def menu(key: str, face: Node, choices: Sequence[Choice], *classes: str) -> Node:
    """A menu that opens on its face and closes on Esc or a click elsewhere."""
    entries = [
        link(
            choice.text,
            choice.href,
            **_current(choice),
        )
        for choice in choices
    ]
    return html.Details(
        [html.Summary(face), html.Div(entries, className="menu")],
        className=" ".join(("menu-box", *classes)),
        **attributes({"data-menu": key}),
    )


def chip(text: str, off: str, word: str, *, given: bool) -> Node:
    """A filter that is on; `off` is the address without it, "" where it cannot be taken away."""
    cross = link(icon("close"), off, title=word, aria_label=word) if off else None
    return html.Li([text, cross], className="chip set" if given else "chip")


def segments(choices: Sequence[Choice], name: str) -> Node:
    """A row of links of which one is on."""
    return html.Nav(
        [
            link(
                choice.text,
                choice.href,
                **_current(choice),
            )
            for choice in choices
        ],
        className="segments",
        **attributes({"aria-label": name}),
    )
