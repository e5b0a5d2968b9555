"""One bar of 100 %, in at most four parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import width
from dashboard.i18n.amounts import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.components.marks import Node

ROOM_FOR_WORDS: Final = 0.08
MOST_PARTS: Final = 4


def stack(names: Sequence[str], counts: Sequence[float]) -> Node:
    """The bar and its key; parts too narrow for their share tell it in the key."""
    whole = sum(counts)
    bar, keys = [], []
    for place, (name, n) in enumerate(zip(names, counts, strict=True), 1):
        if not n:
            continue
        share = n / whole
        # The last part is the grey of "other", on which no word has contrast enough.
        fits = share >= ROOM_FOR_WORDS and place < MOST_PARTS
        said = f"{percent(share, 0)}%"
        bar.append(
            html.Span(
                said if fits else "", className=f"part-{place}", style=width(share),
                title=f"{name} {said}",
            )
        )  # fmt: skip
        swatch = html.I(className=f"part-{place}")
        keys.append(html.Span([swatch, name if fits else f"{name} {said}"]))
    return html.Div([html.Div(bar, className="stack"), html.Div(keys, className="keys")])
