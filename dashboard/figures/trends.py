"""Lines over time: the measured line, the band of what is usual, the window that is looked at.

Charts are plain dictionaries as Plotly reads them: its Figure would check every one of some hundred
values anew at each answer. The tests let it check them once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dashboard.figures.peak_note import UNDER_NOTE, Ends, peak_note, plain, stem, struck
from dashboard.theme.template import template
from dashboard.theme.tokens import faded, token

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

ON_AXIS = 0.15  # of the height, below which a label beside a point touches the axis
ROOM_ABOVE = 1.09
ROOM_FOR_NOTE = 1.3  # above the lines, so that what is said of a peak hides none of them
ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)  # ticks that the eye halves and doubles
ROOM_BESIDE = 0.004
FEW_POINTS = 40  # days, say: each can be seen
HANDLE_PX = (8, 18)
SMALL_MARGIN = 34
CHAR_PX = 8  # of a digit, rather too many than one that is cut
BESIDE_MARK_PX = 14
BESIDE_AXIS_PX = 6
BESIDE_LAST = 4  # steps before the last, over which what is said of it may reach
UNDER_LINE = 0.4  # of the height: a line above it has room for words below
LINE_PX = 1.6
FAINT_PX = 1.3
OPEN_PX = 7

Chart = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """What is written in the chart: ticks as (moment, text), the peak's note, the last point's."""

    ticks: Sequence[tuple[str, str]]
    line: str
    band: str
    peak: tuple[str, float, str] | None = None
    last: str = ""
    hover: str = "%m-%d %H:%M"


def trend(
    frame: pd.DataFrame, window: tuple[str, str], words: Words, theme: str, *, unfinished: bool
) -> Chart:
    """The timeline.

    frame: columns at (local ISO moments), reported, low, high; the band may have gaps.
    window: first and last moment that is looked at; unfinished: the last step still runs. It stands
    as a point of its own: a line to a count that has only begun would look like a fall.
    """
    inside = (frame["at"] >= window[0]) & (frame["at"] <= window[1])
    solid = frame.iloc[:-1] if unfinished else frame
    accent = token(theme, "accent")
    bright = _line(solid[inside.loc[solid.index]], accent, words, LINE_PX)
    if len(frame) <= FEW_POINTS:
        bright["mode"] = "lines+markers"
    traces = [
        *_band(frame, words, theme), _line(solid, token(theme, "t3"), words, FAINT_PX), bright,
    ]  # fmt: skip
    if unfinished:
        traces.append(_running(frame.iloc[-1:], accent, words, theme))
    if words.peak is not None:
        traces.append(
            {
                "type": "scatter", "x": [words.peak[0]], "y": [words.peak[1]], "mode": "markers",
                "hoverinfo": "skip", "marker": {"size": 7, "color": accent}, "cliponaxis": False,
            }
        )  # fmt: skip
    return {"data": traces, "layout": _layout(frame, window, words, theme)}


def small(frame: pd.DataFrame, words: Words, theme: str) -> Chart:
    """A line with its band for a side panel; the last point is marked and named."""
    layout = _layout(frame, (frame["at"].iloc[0], frame["at"].iloc[-1]), words, theme)
    last = frame.iloc[-1:]
    said = f"{last['reported'].iloc[0]:,.0f}"
    beside = max(SMALL_MARGIN, CHAR_PX * len(said) + BESIDE_MARK_PX)
    margin = {"l": _left(layout), "r": beside, "t": 8, "b": 26}
    layout |= {"shapes": [], "dragmode": False, "margin": margin}
    layout["xaxis"]["ticklabelstandoff"] = 6  # below the 0 beside the axis
    low = float(last["reported"].iloc[0]) < ON_AXIS * layout["yaxis"]["range"][1]
    named = {
        "type": "scatter", "x": last["at"].tolist(), "y": last["reported"].tolist(),
        "mode": "markers+text", "text": [said],
        "textposition": "top right" if low else "middle right",
        "hoverinfo": "skip", "cliponaxis": False,
        "marker": {"size": 7, "color": token(theme, "accent")},
        "textfont": {"color": token(theme, "t1")},
    }  # fmt: skip
    line = _line(frame, token(theme, "accent"), words, LINE_PX)
    return {"data": [*_band(frame, words, theme), line, named], "layout": layout}


def _left(layout: Chart) -> int:
    """The margin that the longest number of the axis needs."""
    top = f"{layout['yaxis']['tickvals'][-1]:,.0f}"
    return max(SMALL_MARGIN, CHAR_PX * len(top) + BESIDE_AXIS_PX)


def _band(frame: pd.DataFrame, words: Words, theme: str) -> list[Chart]:
    known = frame.dropna(subset=["low", "high"])
    if not len(known):
        return []
    edge = {
        "type": "scatter", "x": known["at"].tolist(), "mode": "lines", "line": {"width": 0},
        "hoverinfo": "skip",
    }  # fmt: skip
    filled = {
        "y": known["high"].tolist(), "fill": "tonexty", "name": words.band,
        "fillcolor": faded(theme, "mute", 0.36),
    }  # fmt: skip
    return [edge | {"y": known["low"].tolist()}, edge | filled]


def _running(last: pd.DataFrame, colour: str, words: Words, theme: str) -> Chart:
    """The step that still runs: an open point."""
    ring = {"width": LINE_PX, "color": colour}
    marker = {"size": OPEN_PX, "color": token(theme, "panel"), "line": ring}
    return _line(last, colour, words, LINE_PX) | {"mode": "markers", "marker": marker}


def _line(frame: pd.DataFrame, colour: str, words: Words, width: float) -> Chart:
    return {
        "type": "scatter", "x": frame["at"].tolist(), "y": _gaps(frame["reported"]),
        "mode": "lines", "name": words.line, "cliponaxis": False,
        "line": {"color": colour, "width": width},
        "marker": {"size": 4, "color": colour},
        "hovertemplate": f"%{{x|{words.hover}}}  <b>%{{y:,}}</b><extra></extra>",
    }  # fmt: skip


def _gaps(values: pd.Series) -> list[float | None]:
    """The values with nothing, which is not drawn, where they are not known."""
    return [None if math.isnan(value) else value for value in values]


def _layout(
    frame: pd.DataFrame, window: tuple[str, str], words: Words, theme: str
) -> dict[str, Any]:
    top = max(float(frame["reported"].max()), float(frame["high"].max(skipna=True) or 0), 1.0)
    half = half_way(top)
    first, last = ends = str(frame["at"].iloc[0]), str(frame["at"].iloc[-1])
    reach = max(top * (ROOM_FOR_NOTE if words.peak else ROOM_ABOVE), 2 * half * ROOM_ABOVE)
    shown = (max(window[0], first), min(max(window[1], first), last))
    return {
        "template": template(theme),
        "margin": {"l": 42, "r": 6, "t": 4, "b": 20},
        "dragmode": "select",
        "selectdirection": "h",
        "newselection": {"line": {"color": token(theme, "accent"), "width": 1}},
        "selectionrevision": "|".join(window),
        "selections": [],
        "hovermode": "closest",
        "xaxis": {
            "type": "date", "range": _widened(first, last), "fixedrange": True,
            "tickvals": [at for at, _ in words.ticks],
            "ticktext": [text for _, text in words.ticks],
            "tickangle": 0,
        },
        "yaxis": {
            "range": [0, reach], "fixedrange": True,
            "tickvals": [0, half, 2 * half], "tickformat": ",",
        },
        "shapes": [*_window(shown, struck(words, shown, ends), theme),
                   *stem(words, reach, (shown, ends), theme)],
        "annotations": [*peak_note(words, shown, ends, theme),
                        *_last_note(words, frame, reach, theme)],
    }  # fmt: skip


def half_way(top: float) -> float:
    """The round number at about half of the axis: with 0 and its double all that is written."""
    size: float = 10 ** math.floor(math.log10(max(top, 2) / 2))
    steps = [step * size for step in ROUND if (step * size).is_integer()]
    return min(steps, key=lambda step: abs(2 * step - top))


def _widened(first: str, last: str) -> list[str]:
    """The range with room for half a handle at either end."""
    start, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    room = (end - start) * ROOM_BESIDE
    return [(start - room).isoformat(), (end + room).isoformat()]


def _window(window: Ends, struck: list[str], theme: str) -> list[dict[str, Any]]:
    """The brushed stretch: a tint behind the lines and two handles at its ends."""
    ink = token(theme, "t1")
    shapes: list[dict[str, Any]] = [
        {
            "type": "rect", "xref": "x", "yref": "paper", "x0": window[0], "x1": window[1],
            "y0": 0, "y1": 1, "fillcolor": faded(theme, "accent", 0.08), "line": {"width": 0},
            "layer": "below",
        }
    ]  # fmt: skip
    wide, high = HANDLE_PX
    for at in window:
        shapes.append(
            {
                "type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0,
                "y1": UNDER_NOTE if at in struck else 1, "line": {"color": ink, "width": 1.6},
            }
        )  # fmt: skip
        shapes.append(
            {
                "type": "rect", "xref": "x", "yref": "paper", "xsizemode": "pixel",
                "ysizemode": "pixel", "xanchor": at, "yanchor": 0.5, "x0": -wide / 2,
                "x1": wide / 2, "y0": -high / 2, "y1": high / 2, "fillcolor": ink,
                "line": {"width": 0},
            }
        )  # fmt: skip
    return shapes


def _last_note(words: Words, frame: pd.DataFrame, reach: float, theme: str) -> list[dict[str, Any]]:
    """What is said of the last step: before its line, below that of the others or above it."""
    if not words.last:
        return []
    before = frame.iloc[-1 - BESIDE_LAST : -1]
    below = bool((before["reported"] > UNDER_LINE * reach).all())
    note = {
        "x": str(frame["at"].iloc[-2]), "y": 0 if below else 1, "yref": "paper",
        "text": words.last, "xanchor": "right", "yanchor": "bottom" if below else "top",
        "yshift": 2 if below else 0, "font": {"color": token(theme, "t2")}, **plain(theme),
    }  # fmt: skip
    return [note]
