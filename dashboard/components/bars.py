"""Rows of horizontal bars: plain boxes whose widths are numbers and whose colours are CSS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, attributes, link, width

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG: Final = 6  # Chinese characters of a name, beyond which it needs a wider column
FIRST_HAN: Final = "\u2e80"


@dataclass(frozen=True)
class Bar:
    """One row.

    share: length of the bar, 0–1 of the track; to: end of the whisker, or None.
    value: what stands right-aligned at the end of the row; end: what stands behind the bar.
    mark: CSS classes: over, chosen, rest.
    data: attributes that link rows and map cells on hover.
    """

    name: str
    share: float
    value: Node
    href: str = ""
    to: float | None = None
    end: Node = None
    mark: str = ""
    tick: tuple[float, str] | None = None
    title: str = ""
    data: dict[str, str] = field(default_factory=dict)


def bar_rows(bars: Sequence[Bar], kind: str) -> Node:
    """The rows as a list."""
    long = any(sum(letter >= FIRST_HAN for letter in bar.name) > LONG for bar in bars)
    return html.Ul([_row(bar) for bar in bars], className=f"bars {kind}{' long' if long else ''}")


def _row(bar: Bar) -> Node:
    name = (
        link(bar.name, bar.href, "name", title=bar.title)
        if bar.href
        else html.Span(bar.name, className="name", title=bar.title)
    )
    track = html.Div(
        [
            html.Span(className="bar", style=width(bar.share)),
            _whisker(bar),
            html.Span(bar.end, className="end", style=width(bar.share)) if bar.end else None,
            _tick(bar),
        ],
        className="track",
    )
    return html.Li(
        [name, track, html.Span(bar.value, className="value")],
        className=f"bar-row {bar.mark}".strip(),
        **attributes(bar.data),
    )


def _whisker(bar: Bar) -> Node:
    if bar.to is None or bar.to <= bar.share:
        return None
    return html.Span(className="whisker", style=width(bar.to - bar.share, **{"from": bar.share}))


def _tick(bar: Bar) -> Node:
    if bar.tick is None:
        return None
    at, word = bar.tick
    return html.Span(className="tick", style=width(0, at=at), **attributes({"data-word": word}))


def target_axis(at: float, word: str) -> tuple[Node, Node]:
    """A dashed line through all rows, and the word under it."""
    style = width(0, at=at)
    line = html.Div(html.I(style=style), className="axis", **attributes({"aria-hidden": "true"}))
    return line, html.Div(html.Span(word, style=style), className="axis-word")
