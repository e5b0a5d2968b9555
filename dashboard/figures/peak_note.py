"""What is said of a peak, where it meets neither the handles of the window nor the edge."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from dashboard.theme.tokens import faded, token

if TYPE_CHECKING:
    from dashboard.figures.trends import Words

PLOT_PX = 1_000  # of the timeline in a narrow window, to tell what a note of so many letters meets
LETTER_PX, HAN_PX, SPACE_PX = 7.3, 13, 4  # in bold
FIRST_HAN = "\u2e80"
BESIDE_HANDLE = 0.006  # of the axis, between a handle and a note that is shifted to clear it
UNDER_NOTE = 0.74  # of the height: a handle's line ends there, below a note that it would strike

Ends = tuple[str, str]  # local ISO moments


def stem(words: Words, reach: float, among: tuple[Ends, Ends], theme: str) -> list[dict[str, Any]]:
    """A hair line from the peak up to what is said of it, beside the words or below them.

    among: the ends of the window and of the axis.
    """
    if words.peak is None:
        return []
    anchor = _span(words, *among)[0]
    at, height, _ = words.peak
    end = max(height, reach * UNDER_NOTE) if anchor == "center" else reach
    line = {"color": token(theme, "accent"), "width": 1}
    return [{"type": "line", "x0": at, "x1": at, "y0": height, "y1": end, "line": line}]


def _span(words: Words, window: Ends, ends: Ends) -> tuple[str, float, float]:
    """The end of the note that is at the peak, and how far the note reaches, in shares of the axis.

    It stands on the side of the peak where it has room and meets no handle, else over the peak,
    shifted as far as it must be to stay between the handles.
    """
    at, _, text = words.peak or (ends[0], 0, "")
    wide = sum(map(_letter_px, text)) / PLOT_PX
    place, *handles = (_share(moment, ends) for moment in (at, *window))
    sides = [("left", place, place + wide), ("right", place - wide, place)]
    if place > 0.5:  # noqa: PLR2004  the middle
        sides.reverse()
    start, end = min(handles), max(handles)
    over = min(max(place - wide / 2, start + BESIDE_HANDLE), end - BESIDE_HANDLE - wide)
    centres = [("center", low, low + wide) for low in (place - wide / 2, over)]
    clear = [
        (anchor, low, high)
        for anchor, low, high in (*sides, *centres)
        if low >= 0 and high <= 1 and not any(low < handle < high for handle in handles)
    ]
    return [*clear, *sides][0]


def _moment(share: float, ends: Ends) -> str:
    """The moment that lies so far along the axis."""
    first, last = (datetime.fromisoformat(each) for each in ends)
    return (first + (last - first) * share).isoformat()


def _letter_px(letter: str) -> float:
    return SPACE_PX if letter == " " else HAN_PX if letter >= FIRST_HAN else LETTER_PX


def struck(words: Words, window: Ends, ends: Ends) -> list[str]:
    """The handles whose line would go through the note."""
    if words.peak is None:
        return []
    _, low, high = _span(words, window, ends)
    return [at for at in window if low < _share(at, ends) < high]


def _share(at: str, ends: Ends) -> float:
    """Where a moment lies on the axis, 0–1."""
    moment, first, last = (datetime.fromisoformat(each) for each in (at, *ends))
    return (moment - first) / (last - first) if last > first else 0.0


def peak_note(words: Words, window: Ends, ends: Ends, theme: str) -> list[dict[str, Any]]:
    """What is said of the peak, as a note on the chart."""
    if words.peak is None:
        return []
    at, _, text = words.peak
    anchor, low, high = _span(words, window, ends)
    if anchor == "center":
        at = _moment((low + high) / 2, ends)
    note = {
        "x": at, "y": 1, "yref": "paper", "text": f"<b>{text}</b>",
        "xanchor": anchor, "yanchor": "top",
        "xshift": {"right": -5, "center": 0, "left": 5}[anchor], "yshift": 3,
        "font": {"color": token(theme, "t1")}, **plain(theme),
    }  # fmt: skip
    return [note]


def plain(theme: str) -> dict[str, Any]:
    """How every note looks."""
    return {"showarrow": False, "bgcolor": faded(theme, "panel", 0.75), "borderpad": 1}
