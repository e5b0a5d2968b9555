"""A frame as an HTML table that can be sorted: the reading path beside every map and chart."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.marks import Node, attributes

MOST_ROWS = 500


def table(frame: pd.DataFrame, caption: str) -> Node:
    """The frame with sortable heads; numbers to the right; at most `MOST_ROWS` rows."""
    numeric = [frame[name].dtype.kind in "iuf" for name in frame.columns]
    head = html.Tr(
        [
            html.Th(
                html.Button(name, type="button"),
                scope="col",
                className="number" if number else "",
                **attributes({"aria-sort": "none"}),
            )
            for name, number in zip(frame.columns, numeric, strict=True)
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
    return html.Div(
        html.Table(
            [html.Caption(caption, className="unseen"), html.Thead(head), html.Tbody(rows)],
            className="table",
            **attributes({"data-sortable": "true"}),
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
    if pd.isna(value):  # unknown, and sorts last
        return html.Td("—", className="number", **attributes({"data-value": ""}))
    return html.Td(
        f"{value:,.{decimals}f}", className="number", **attributes({"data-value": f"{value}"})
    )
