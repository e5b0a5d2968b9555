"""Heat over time: which moments can be played, and the controls."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from dash import html

from dashboard.boxes import heat_box
from dashboard.components.marks import attributes, icon, link
from dashboard.i18n.moments import clock, date, month
from dashboard.place import SUM, to_query
from dashboard.question import SHORT
from dashboard.screens.overview import case_points
from geodata.model.periods import DAY, HOUR, QUARTER, from_wall, playable, wall_seconds

if TYPE_CHECKING:
    import numpy.typing as npt

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

SPEEDS: Final = (1, 4, 16)
TICKS: Final = 7
SHORTEST_DAY: Final = 23 * HOUR  # where summer time begins
YEAR: Final = 330  # days from which the year must be told


@dataclass(frozen=True)
class Frames:
    """What the player in the browser steps through; moments in epoch seconds.

    edges: where steps begin and end; not all are `step_s` long where the local clock changes.
    bars: cases by step, or nothing where they were too many to be read.
    """

    edges: tuple[int, ...]
    step_s: int
    window_s: int
    now: int
    zone: str
    bars: tuple[int, ...]
    speed: int = 4

    @property
    def start(self) -> int:
        """Where the first step begins."""
        return self.edges[0]

    @property
    def to(self) -> int:
        """Where the last step ends."""
        return self.edges[-1]


def frames(scene: Scene) -> Frames:
    """Quarter hours of a day, or hours (days) of a longer period."""
    zone, span = ZoneInfo(scene.zone), scene.span
    if span.length <= SHORT:
        step, window, day = QUARTER, HOUR, playable(span, zone)
        edges = np.arange(day.start, day.end + 1, step)
    else:
        step = window = HOUR if scene.whole.trend_step_s == HOUR else DAY
        first, end = wall_seconds(np.array([span.start, span.end - 1]), zone) // step
        edges = np.unique(from_wall(np.arange(first, end + 2) * step, zone))
    now = scene.window.end if scene.played else min(span.end, int(edges[-1]))
    return Frames(tuple(edges.tolist()), step, window, now, scene.zone, _bars(scene, edges, step))


def summed_s(scene: Scene) -> int:
    """How long a window the picture sums before anything is played."""
    shown = frames(scene)
    return shown.window_s if scene.played else int(scene.span.length)


def _bars(scene: Scene, edges: npt.NDArray[np.int64], step: int) -> tuple[int, ...]:
    """Cases by step: from the day's cases for quarter hours, else from the span's trend."""
    if step == QUARTER:
        if scene.day_reports is None:
            return ()
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
    played["until"] = min(scene.span.end, shown.to)
    query = to_query(scene.place.moved(play="", theme=scene.theme)).lstrip("?")
    # The picture opens with what the panels count: a window or the sum.
    moment = played["now"] if scene.played else SUM
    play = f"&play={moment}" if scene.played or shown.step_s == QUARTER else ""
    played["note"] = note(scene, shown.window_s)
    if scene.language == "en":  # the browser writes the dates of what it plays
        played["months"] = scene.t("time.months").split(" ")
    if not scene.played:
        played["whole"] = _whole(scene, shown)
    return {
        "url": f"/heat/{scene.city.id}?{query}{play}",
        "box": list(heat_box(scene.city, scene.unit)),
        "frames": played,
        "points": case_points.sent(scene),
    }


def _whole(scene: Scene, shown: Frames) -> dict[str, str]:
    """What is said of a sum, by the steps that it can be played in."""
    if shown.step_s == QUARTER:
        return {"time": scene.period_word("short_"), "note": sum_word(scene)}
    key = "player.whole_day" if shown.step_s >= DAY else "player.whole"
    return {"time": scene.period_word("short_"), "note": scene.t(key)}


def sum_word(scene: Scene) -> str:
    """What the sum of a period within one day is called."""
    daily = clock(scene.span.start, scene.zone) == "00:00" and (
        scene.period == "today" or scene.span.length >= SHORTEST_DAY
    )
    return scene.t("player.sum_day" if daily else "player.sum")


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
    return html.Section(
        [
            html.Div(
                [_button(scene, "back"), _button(scene, "play"), _button(scene, "next")],
                className="transport",
            ),
            _time(scene, shown),
            html.Div(
                [html.Canvas(**attributes({"data-player": "bars", "role": "img",
                                "aria-label": scene.t("player.bars")})), _axis(scene, shown)],
                className="bars-box",
            ),
            _sum(scene, shown),
            html.Div([_speed(scene, speed) for speed in SPEEDS], className="segments speeds"),
        ],
        className="player",
        **attributes({"aria-label": scene.t("player.name")}),
    )  # fmt: skip


def _time(scene: Scene, shown: Frames) -> Node:
    """Where the playing stands and what the picture counts; the browser writes it as it plays."""
    said = _whole(scene, shown)
    if scene.played:
        played = date(shown.now - 1, scene.zone, scene.language)
        told = note(scene, shown.window_s).replace("{date}", played)
        said = {"time": _end(shown.now, scene.zone), "note": told}
    return html.P(
        [
            html.B(said["time"], **attributes({"data-player": "time"})),
            html.Span(said["note"], **attributes({"data-player": "note"})),
        ],
        className="time",
    )


def _end(moment: int, zone: str) -> str:
    """The clock at the end of a window; midnight ends the day before, whose date stands beside."""
    said = clock(moment, zone)
    return "24:00" if said == "00:00" else said


def _axis(scene: Scene, shown: Frames) -> Node:
    """Words under the bars: clock times of one day, else dates where their days begin."""
    steps = np.arange(len(shown.edges), dtype=np.float64) / max(1, len(shown.edges) - 1)
    if shown.step_s == QUARTER:
        places, words = _hours(scene, shown)
    else:
        places, words = _days(scene, shown, steps)
    spans = [
        html.Span(word, style={"left": f"{100 * place:.2f}%"})
        for place, word in zip(places, words, strict=True)
    ]
    kind = "bars-axis clock" if words[-1:] == ["24:00"] else "bars-axis"
    return html.Div(spans, className=kind)


def _hours(scene: Scene, shown: Frames) -> tuple[npt.NDArray[np.float64], list[str]]:
    """Places and clock times under the bars: whole hours, where the stretch begins at any time."""
    if clock(shown.start, scene.zone) == clock(shown.to, scene.zone) == "00:00":
        places = np.linspace(0, 1, TICKS)
        moments = shown.start + places * (shown.to - shown.start)
        return places, [*(clock(at, scene.zone) for at in moments[:-1]), "24:00"]
    full = [at for at in shown.edges if clock(at, scene.zone).endswith(":00")]
    chosen = full[:: max(1, math.ceil(len(full) / TICKS))]
    places = (np.array(chosen, np.float64) - shown.start) / (shown.to - shown.start)
    return places, [clock(at, scene.zone) for at in chosen]


def _days(
    scene: Scene, shown: Frames, steps: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], list[str]]:
    """Places and names of at most so many days that begin under the bars, evenly spread."""
    starts = [i for i, at in enumerate(shown.edges[:-1]) if clock(at, scene.zone) == "00:00"]
    every = max(1, math.ceil(len(starts) / TICKS))
    chosen = starts[::every]
    year = scene.span.days > YEAR
    name = month if year else date
    return steps[chosen], [name(shown.edges[i], scene.zone, scene.language) for i in chosen]


def _button(scene: Scene, action: str) -> Node:
    word = scene.t(f"player.{action}")
    return html.Button(
        icon(action),
        type="button",
        title=word,
        **attributes({"data-player": action, "aria-label": word}),
    )


def _sum(scene: Scene, shown: Frames) -> Node:
    """The switch between one window and the sum of a period that opens at its newest window."""
    if shown.step_s != QUARTER:
        return None
    word = sum_word(scene)
    pressed = attributes({"data-player": "sum", "aria-current": str(not scene.played).lower()})
    return html.Div(
        link(word, scene.href(play=SUM if scene.played else ""), **pressed), className="segments"
    )


def _speed(scene: Scene, speed: int) -> Node:
    return html.Button(
        f"{speed}×",
        type="button",
        title=scene.t("player.speed", n=speed),
        **attributes({"data-player": f"speed-{speed}", "aria-pressed": "false"}),
    )
