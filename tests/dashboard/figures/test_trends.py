"""The timeline's figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures import peak_note, trends
from dashboard.figures.trends import Words, half_way

FRAME = pd.DataFrame(
    {
        "at": [f"2026-11-{day:02d}T00:00" for day in range(1, 21)],
        "reported": range(20),
        "low": [None] * 5 + [1.0] * 15,
        "high": [None] * 5 + [9.0] * 15,
    }
)
WORDS = Words(
    ticks=[("2026-11-05T00:00", "11-05")],
    line="受理",
    band="带",
    peak=("2026-11-20T00:00", 19, "19"),
)
WINDOW = ("2026-11-10T00:00", "2026-11-15T00:00")


def trend(
    frame: pd.DataFrame, window: tuple[str, str], words: Words, theme: str, *, unfinished: bool
) -> go.Figure:
    """The chart, as Plotly accepts it: it refuses what it does not know."""
    return go.Figure(trends.trend(frame, window, words, theme, unfinished=unfinished))


def small(frame: pd.DataFrame, words: Words, theme: str) -> go.Figure:
    return go.Figure(trends.small(frame, words, theme))


def test_the_window_is_highlighted() -> None:
    figure = trend(FRAME, WINDOW, WORDS, "dark", unfinished=False)
    assert figure.layout.shapes[0].x0 == WINDOW[0]
    bright = next(trace for trace in figure.data if trace.line.width == 1.6)
    assert next(iter(bright.x)) == WINDOW[0]
    assert figure.layout.dragmode == "select"


def test_no_line_leads_down_to_a_step_that_has_only_begun() -> None:
    figure = trend(FRAME, WINDOW, WORDS, "light", unfinished=True)
    last = FRAME.iloc[-1]
    (point,) = (trace for trace in figure.data if trace.mode == "markers" and trace.name)
    assert (list(point.x), list(point.y)) == ([last["at"]], [last["reported"]])
    lines = [trace for trace in figure.data if "lines" in trace.mode and trace.name == WORDS.line]
    assert lines
    assert all(last["at"] not in trace.x for trace in lines)


def test_an_unknown_band_is_a_gap_not_zero() -> None:
    figure = trend(FRAME, WINDOW, WORDS, "dark", unfinished=False)
    band = next(trace for trace in figure.data if trace.fill == "tonexty")
    assert len(band.x) == 15
    bare = FRAME.assign(low=None, high=None)
    assert all(
        trace.fill is None for trace in trend(bare, WINDOW, WORDS, "dark", unfinished=False).data
    )


def test_a_small_chart_names_its_last_point() -> None:
    figure = small(FRAME, WORDS, "dark")
    assert figure.data[-1].text == ("19",)
    assert figure.layout.shapes == ()


@pytest.mark.parametrize(
    ("top", "half"), [(0, 1), (1, 1), (3, 1), (19, 10), (86, 40), (291, 150), (2_100, 1_000)]
)
def test_the_axis_is_written_at_zero_half_and_whole(top: float, half: float) -> None:
    assert half_way(top) == half
    frame = FRAME.assign(reported=[top] * 20, low=None, high=None)
    axis = trend(frame, WINDOW, WORDS, "dark", unfinished=False).layout.yaxis
    assert list(axis.tickvals) == [0, half, 2 * half]
    assert axis.range[1] > max(top, 2 * half)


def test_what_is_not_known_is_a_gap_and_not_zero() -> None:
    frame = FRAME.assign(reported=[None] * 4 + [5.0] * 16)
    figure = trend(frame, WINDOW, WORDS, "dark", unfinished=False)
    line = next(trace for trace in figure.data if trace.line.width == 1.3)
    assert list(line.y) == [None] * 4 + [5.0] * 16
    assert 0 not in [value for trace in figure.data for value in trace.y]


@pytest.mark.parametrize("top", [3, 19, 86, 291])
def test_what_is_said_of_a_peak_stands_above_every_line(top: float) -> None:
    frame = FRAME.assign(reported=[top] * 20, low=None, high=None)
    words = replace(WORDS, peak=("2026-11-20T00:00", top, "x"))
    layout = trend(frame, WINDOW, words, "dark", unfinished=False).layout
    (note,) = layout.annotations
    assert (note.yref, note.y, note.yanchor) == ("paper", 1, "top")
    assert layout.yaxis.range[1] >= 1.3 * top
    assert layout.shapes[-1].y1 == layout.yaxis.range[1]


def _noted(day: int, window: tuple[str, str], letters: int) -> go.layout.Figure:
    words = replace(WORDS, peak=(f"2026-11-{day:02d}T00:00", 19, "x" * letters))
    return trend(FRAME, window, words, "dark", unfinished=False).layout


def _heights(layout: go.layout.Figure) -> list[float]:
    return [line.y1 for line in layout.shapes if line.type == "line" and line.yref == "paper"]


def test_a_note_goes_to_the_side_where_no_handle_strikes_it() -> None:
    layout = _noted(14, ("2026-11-12T00:00", "2026-11-20T00:00"), 30)
    assert layout.annotations[0].xanchor == "left"
    assert _heights(layout) == [1, 1]
    assert (
        _noted(14, ("2026-11-02T00:00", "2026-11-20T00:00"), 30).annotations[0].xanchor == "right"
    )


def test_a_note_that_a_handle_would_strike_on_both_sides_stands_over_its_dot() -> None:
    layout = _noted(17, ("2026-11-12T00:00", "2026-11-20T00:00"), 40)
    (note,) = layout.annotations
    assert (note.xanchor, note.xshift) == ("center", 0)
    assert _heights(layout) == [1, 1]
    stem = layout.shapes[-1]
    assert stem.y1 == max(19, layout.yaxis.range[1] * peak_note.UNDER_NOTE)  # not through its words


def test_a_note_longer_than_either_side_is_shifted_to_stay_between_the_handles() -> None:
    window = ("2026-11-10T00:00", "2026-11-20T00:00")
    for day in (13, 17):
        layout = _noted(day, window, 60)
        (note,) = layout.annotations
        assert note.xanchor == "center"
        half = timedelta(days=19) * 60 * peak_note.LETTER_PX / peak_note.PLOT_PX / 2
        middle = datetime.fromisoformat(note.x)
        assert datetime.fromisoformat(window[0]) < middle - half
        assert middle + half < datetime.fromisoformat(window[1])
        assert _heights(layout) == [1, 1]


def test_a_handle_ends_below_a_note_that_has_room_on_no_side() -> None:
    layout = _noted(17, ("2026-11-12T00:00", "2026-11-20T00:00"), 70)
    assert layout.annotations[0].xanchor == "right"
    assert _heights(layout) == [peak_note.UNDER_NOTE, 1]


@pytest.mark.parametrize(("before", "edge"), [(19.0, "bottom"), (2.0, "top")])
def test_what_is_said_of_today_covers_neither_its_line_nor_those_before(
    before: float, edge: str
) -> None:
    frame = FRAME.assign(reported=[19.0] * 14 + [before] * 5 + [1.0])
    words = replace(WORDS, peak=None, last="today until 03:04")
    (note,) = trend(frame, WINDOW, words, "dark", unfinished=True).layout.annotations
    assert (note.x, note.xanchor) == (FRAME["at"].iloc[-2], "right")
    assert note.yanchor == edge


def test_the_last_number_and_those_of_the_axis_have_room_for_all_their_digits() -> None:
    for top, digits in ((9, 1), (1_123, 5), (123_456, 7)):
        frame = FRAME.assign(reported=[*[0] * 19, top])
        margin = small(frame, replace(WORDS, peak=None), "dark").layout.margin
        assert margin.r >= trends.CHAR_PX * digits + trends.BESIDE_MARK_PX
        assert margin.l >= trends.CHAR_PX * digits
