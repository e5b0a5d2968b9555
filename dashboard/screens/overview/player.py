"""Heat over time: which moments can be played, and the controls."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from dash import html

from dashboard.components.marks import attributes, icon
from dashboard.i18n.moments import HOUR_S, clock, date, local
from dashboard.place import to_query
from dashboard.question import SHORT
from dashboard.screens.overview.extent import box
from geodata.model.periods import DAY, day_start

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

QUARTER_S: Final = 900
SPEEDS: Final = (1, 4, 16)
TICKS: Final = 7


@dataclass(frozen=True)
class Frames:
    """What the player in the browser steps through; moments in epoch seconds."""

    start: int
    to: int
    step_s: int
    window_s: int
    now: int
    offset_s: int
    bars: tuple[int, ...]
    speed: int = 4


def frames(scene: Scene) -> Frames:
    """Quarter hours of one day, or hours (days) of a longer period."""
    zone = ZoneInfo(scene.zone)
    span = scene.span
    offset = local(span.end, scene.zone).utcoffset()
    offset_s = int(offset.total_seconds()) if offset else 0
    if span.length <= SHORT:
        start = day_start(scene.window.end - 1, zone)
        step, to, window = QUARTER_S, start + DAY, HOUR_S
    else:
        step = HOUR_S if scene.whole.trend_step_s == HOUR_S else DAY
        start = span.start - (span.start + offset_s) % step
        to, window = span.end + (-(span.end + offset_s)) % step, step
    now = scene.window.end if scene.place.play else min(span.end, to)
    return Frames(start, to, step, window, now, offset_s, _bars(scene, start, to, step))


def summed_s(scene: Scene) -> int:
    """How long a window the picture sums before anything is played."""
    shown = frames(scene)
    if scene.place.play or shown.step_s == QUARTER_S:
        return shown.window_s
    return int(scene.span.length)


def _bars(scene: Scene, start: int, to: int, step: int) -> tuple[int, ...]:
    """Cases by step: from the day's cases for quarter hours, else from the span's trend."""
    edges = np.arange(start, to + 1, step)
    if step == QUARTER_S:
        counts, _ = np.histogram(scene.day_reports, bins=edges)
        return tuple(int(count) for count in counts)
    trend = scene.whole.trend
    counts, _ = np.histogram(trend["at"], bins=edges, weights=trend["reported"])
    return tuple(int(count) for count in counts)


def heat(scene: Scene) -> dict[str, Any] | None:
    """The heat part of the map state."""
    if scene.mode != "heat" or not scene.has_cases:
        return None
    shown = frames(scene)
    played = asdict(shown)
    played["from"] = played.pop("start")
    played["until"] = min(scene.span.end, played["to"])
    query = to_query(scene.place.moved(play="", theme=scene.theme)).lstrip("?")
    # A day opens at its last hour: its sum would hide what gathers now.
    hourly = played["step_s"] == QUARTER_S
    play = f"&play={played['now']}" if scene.place.play or hourly else ""
    played["note"] = note(scene, shown.window_s)
    if not play:
        played["whole"] = {"time": scene.period_word("short_"), "note": scene.t("player.whole")}
    return {
        "url": f"/heat/{scene.city.id}?{query}{play}",
        "box": box(scene),
        "frames": played,
    }


def note(scene: Scene, window_s: int) -> str:
    """What the window is, with `{date}` where the played day belongs."""
    if window_s >= DAY:
        return scene.t("player.day", date="{date}")
    return scene.t("player.window", date="{date}", n=window_s // 60)


def player(scene: Scene) -> Node:
    """Transport, time, bars, speeds; `assets/map/player.js` drives them."""
    if scene.mode != "heat" or not scene.has_cases:
        return None
    shown = frames(scene)
    at, said = clock(shown.now, scene.zone), note(scene, shown.window_s)
    said = said.replace("{date}", date(shown.now - 1, scene.zone))
    return html.Section(
        [
            html.Div(
                [_button(scene, "back"), _button(scene, "play"), _button(scene, "next")],
                className="transport",
            ),
            html.P([html.B(at, **attributes({"data-player": "time"})),
                    html.Span(said, **attributes({"data-player": "note"}))], className="time"),
            html.Div(
                [html.Canvas(**attributes({"data-player": "bars", "role": "img",
                                "aria-label": scene.t("player.bars")})), _axis(scene, shown)],
                className="bars-box",
            ),
            html.Div([_speed(scene, speed) for speed in SPEEDS], className="segments speeds"),
        ],
        className="player",
        **attributes({"aria-label": scene.t("player.name")}),
    )  # fmt: skip


def _axis(scene: Scene, shown: Frames) -> Node:
    moments = np.linspace(shown.start, shown.to, TICKS)
    daily = shown.step_s == QUARTER_S
    words = [clock(at, scene.zone) if daily else date(at, scene.zone) for at in moments]
    if daily:
        words[-1] = "24:00"
    return html.Div([html.Span(word) for word in words], className="bars-axis")


def _button(scene: Scene, action: str) -> Node:
    word = scene.t(f"player.{action}")
    return html.Button(
        icon(action),
        type="button",
        title=word,
        **attributes({"data-player": action, "aria-label": word}),
    )


def _speed(scene: Scene, speed: int) -> Node:
    return html.Button(
        f"{speed}×",
        type="button",
        title=scene.t("player.speed", n=speed),
        **attributes({"data-player": f"speed-{speed}", "aria-pressed": "false"}),
    )
