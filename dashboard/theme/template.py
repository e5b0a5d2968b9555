"""The Plotly template of each theme, made from the tokens."""

from __future__ import annotations

from functools import cache
from typing import Any

from dashboard.theme.tokens import FONT, TOKENS

SIZE_PX = 13


@cache
def template(theme: str) -> dict[str, Any]:
    """Quiet axes, no decoration, colours in the order of the tokens."""
    colours = TOKENS[theme]
    x_axis = _axis(colours)
    y_axis = {
        **x_axis, "showgrid": True, "gridcolor": colours["line"], "gridwidth": 1,
        "rangemode": "tozero", "nticks": 4,
    }  # fmt: skip
    layout = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": SIZE_PX, "color": colours["t1"]},
        "colorway": [colours[f"c{number}"] for number in range(1, 7)],
        "xaxis": x_axis,
        "yaxis": y_axis,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": colours["raised"],
            "bordercolor": colours["line"],
            "font": {"color": colours["t1"], "size": SIZE_PX, "family": FONT},
        },
        "separators": ".,",
    }
    return {"layout": layout}


def _axis(colours: dict[str, str]) -> dict[str, Any]:
    return {
        "showgrid": False,
        "zeroline": False,
        "linecolor": colours["line"],
        "ticks": "",
        "tickfont": {"color": colours["t3"], "size": SIZE_PX},
        "automargin": False,
    }
