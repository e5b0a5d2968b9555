"""One bar of 100 %, in at most four parts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.components.marks import Node

ROOM_FOR_WORDS: Final = 0.08
MOST_PARTS: Final = 4


def stack(names: Sequence[str], counts: Sequence[float], beside: str = "") -> Node:
    """The bar and its key; parts too narrow for their share tell it in the key.

    beside: what is no part of the whole and only told behind the key.
    """
    whole, points = sum(counts), whole_percents(counts)
    bar, keys = [], []
    for place, (name, n, point) in enumerate(zip(names, counts, points, strict=True), 1):
        if not n:
            continue
        share = n / whole
        # The last part is the grey of "other", on which no word has contrast enough.
        fits = share >= ROOM_FOR_WORDS and place < MOST_PARTS
        said = f"{point}%" if point else "<1%"
        bar.append(
            html.Span(
                said if fits else "", className=f"part-{place}", style=width(share),
                title=f"{name} {said}",
            )
        )  # fmt: skip
        swatch = html.I(className=f"part-{place}")
        keys.append(html.Span([swatch, name if fits else f"{name} {said}"]))
    told = [html.Span(beside)] if beside else []
    parts = [html.Div(bar, className="stack"), html.Div([*keys, *told], className="keys")]
    return html.Div(parts, className="stacked")


def whole_percents(counts: Sequence[float]) -> list[int]:
    """Whole per cents that add up to 100, and the first few to what they are together."""
    whole = sum(counts)
    together = [round(sum(counts[: end + 1]) / whole * 100) for end in range(len(counts))]
    return [end - start for start, end in pairwise([0, *together])]
