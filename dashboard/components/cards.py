"""A number with its name, unit, comparison and small line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, attributes, level_mark, spark

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG: Final = 6  # digits of a figure; one of more leaves no room for a line beside it


@dataclass(frozen=True)
class Card:
    """One cell of the strip.

    figure, unit: the value as text; against: what it is compared with, in words.
    level: 2 or 3 where the value misses its target, 0 where all is well; level_word: in words.
    definition: how the number is counted; sample: how many cases stand behind it, in words.
    faint: whether too few stand behind it to be looked at first.
    """

    key: str
    name: str
    figure: str
    unit: str
    against: str
    definition: str
    level: int = 0
    level_word: str = ""
    sample: str = ""
    trend: Sequence[float | None] = ()
    trend_name: str = ""
    faint: bool = False


def strip(cards: Sequence[Card], name: str) -> Node:
    """Six cells with hairlines between them."""
    last = len(cards) - 1
    cells = [
        _cell(card, "first" if place == 0 else "last" if place == last else "")
        for place, card in enumerate(cards)
    ]
    return html.Ul(cells, className="kpis", **attributes({"aria-label": name}))


def _cell(card: Card, place: str) -> Node:
    sample = html.Span(card.sample, className="sample") if card.sample else None
    mark = level_mark(card.level, card.level_word) if card.level else None
    return html.Li(
        [
            html.H2(card.name),
            html.P([card.figure, html.Small(card.unit)],
                   className="figure faint" if card.faint else "figure"),
            html.P([mark, card.against, sample], className="against"),
            spark(card.trend, card.trend_name) if any_known(card.trend) else None,
            html.P(card.definition, id=f"about-{card.key}", className="unseen"),
        ],
        className=" ".join(filter(None, ["kpi", place, _length(card)])),
        title=card.definition,
        **attributes({"data-kpi": card.key, "aria-describedby": f"about-{card.key}"}),
    )  # fmt: skip


def _length(card: Card) -> str:
    """How little room a long figure leaves for the line beside it."""
    digits = sum(letter.isdigit() for letter in card.figure)
    return "" if digits < LONG else "longest" if digits > LONG else "long"


def any_known(values: Sequence[float | None]) -> bool:
    """Whether a line has at least two points."""
    return sum(value is not None and value == value for value in values) > 1  # noqa: PLR0124  NaN
