"""A frame as an HTML table that can be sorted: the reading path beside every map and chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from dash import html

from dashboard.components.marks import Node, attributes, link

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ROWS = 500


@dataclass(frozen=True)
class Order:
    """Where a click on a head leads, and how its column is sorted now, as ARIA says it."""

    href: str
    now: str = "none"


def table(
    frame: pd.DataFrame, caption: str, orders: Sequence[Order], ways: Sequence[str] = ()
) -> Node:
    """The frame with a link in every head; numbers to the right; at most `MOST_ROWS` rows.

    ways: where the first cell of each row leads, "" = nowhere; none at all: no row leads anywhere.
    """
    numeric = [frame[name].dtype.kind in "iuf" for name in frame.columns]
    head = html.Tr(
        [
            html.Th(
                link(name, order.href),
                scope="col",
                className="number" if number else "",
                **attributes({"aria-sort": order.now}),
            )
            for name, number, order in zip(frame.columns, numeric, orders, strict=True)
        ]
    )
    decimals = [
        _decimals(frame[name]) if number else -1
        for name, number in zip(frame.columns, numeric, strict=True)
    ]
    rows = [
        html.Tr([_cell(value, places) for value, places in zip(row, decimals, strict=True)])
        for row in frame.head(MOST_ROWS).itertuples(index=False)
    ]
    for row, way in zip(rows, ways, strict=False):
        if way:
            row.children[0] = html.Td(link(row.children[0].children, way))
    return html.Div(
        html.Table(
            [html.Caption(caption, className="unseen"), html.Thead(head), html.Tbody(rows)],
            className="table",
        ),
        className="table-wrap",
        tabIndex="0",
    )


def _decimals(column: pd.Series) -> int:
    known = column.dropna()
    return 0 if bool((known == known.round()).all()) else 1


def _cell(value: Any, decimals: int) -> Node:  # noqa: ANN401  whatever a frame holds
    if decimals < 0:
        return html.Td(str(value))
    return html.Td("—" if pd.isna(value) else f"{value:,.{decimals}f}", className="number")
