"""A table of counts whose cells are tinted by their size: rows against columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from dash import html

from geodata.metrics.classes import nice

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from dashboard.components.marks import Node

    Ints = npt.NDArray[np.int64]

SHARES: Final = (0.2, 0.4, 0.6, 0.8)
NOTHING: Final = "—"


def matrix(
    counts: Ints,
    rows: Sequence[Node],
    columns: Sequence[Node],
    ends: Sequence[tuple[Node, Sequence[Node]]],
    chosen: int = -1,
) -> Node:
    """Counts by row and column, and what else each row ends with.

    ends: heads and cells of the last columns. chosen: the row that is spoken of, set in bold. A
    count below 0 is that of a thing with itself: a dash.
    """
    found = counts[counts > 0]
    edges = nice(np.quantile(found, SHARES)) if len(found) else ()
    heads = [html.Th("")] + [html.Th(html.Span(name), scope="col") for name in columns]
    body = [
        html.Tr(
            [
                html.Th(name, scope="row"),
                *(_cell(int(n), edges) for n in counts[place]),
                *(html.Td(cells[place], className="sum") for _, cells in ends),
            ],
            className="chosen" if place == chosen else "",
        )
        for place, name in enumerate(rows)
    ]
    last = [html.Th(html.Span(head), scope="col", className="sum") for head, _ in ends]
    made = [html.Thead(html.Tr([*heads, *last])), html.Tbody(body)]
    return html.Table(made, className="matrix tinted")


def _cell(n: int, edges: Sequence[float]) -> Node:
    if n < 0:
        return html.Td(NOTHING, className="self")
    kind = "none" if n == 0 else f"s{int(np.searchsorted(edges, n, side='right')) + 1}"
    return html.Td(f"{n:,}", className=kind)
