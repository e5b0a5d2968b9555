"""Cases of the day by the hour over the band of what is usual."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dashboard.components.tree import Tree, part, sized
from dashboard.i18n.amounts import count
from dashboard.i18n.moments import clock, local
from dashboard.screens.overview.registered import definition
from dashboard.screens.wall.panels import head, nothing
from geodata.model.periods import HOUR

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.screens.overview.scene import Scene

EVERY_H: Final = 6
STEPS: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
LINES: Final = 2  # above zero
WIDE: Final = 100.0  # units of the drawing, both ways


@dataclass(frozen=True)
class Axis:
    """From moments and counts to the drawing: seconds of the day across, cases upwards."""

    start: int
    end: int
    step: float

    @property
    def top(self) -> float:
        """The highest line."""
        return self.step * (LINES + 0.5)

    def x(self, at: float) -> float:
        """A moment as a share of the width."""
        return (at - self.start) / (self.end - self.start)

    def y(self, value: float) -> float:
        """A count as a share of the height, from the top."""
        return 1 - value / self.top

    def point(self, at: float, value: float) -> str:
        """Both as the drawing has them."""
        return f"{self.x(at) * WIDE:.2f},{max(0.0, self.y(value)) * WIDE:.2f}"


def trend(scene: Scene, usual: pd.DataFrame, *, live: bool) -> list[Tree]:
    """The head, the line up to now, the band of the whole day; live: the day still runs."""
    total = count(scene.numbers.total["reported"], scene.language)
    title = scene.t("wall.trend" if live else "wall.trend_past", n=total)
    line = _line(scene)
    if not scene.has_cases or not line:
        words = "wall.trend_none" if scene.has_cases else "wall.no_cases"
        name = scene.t("panel.timeline") if not scene.has_cases else title
        return [head(name, scene.t("wall.trend_plain")), nothing(scene.t(words))]
    axis = _axis(scene, line, usual)
    band = _band(axis, usual)
    note = scene.t("wall.trend_note" if band else "wall.trend_plain")
    about = definition("reported", scene)
    return [
        head(title, note, about=about),
        part("div", "wall-trend", *_drawn(scene, axis, line, band)),
    ]


def _line(scene: Scene) -> list[tuple[float, float]]:
    """Middle and cases of every whole hour since midnight; of a day that has none, of the first.

    An hour that still runs has fewer cases than it will have: it would look like a fall.
    """
    table = scene.numbers.trend
    table = table[(table["at"] >= scene.span.start) & (table["at"] < scene.now)]
    hours = zip(table["at"].tolist(), table["reported"].tolist(), strict=True)
    known = [(at + HOUR / 2, float(n)) for at, n in hours if not math.isnan(n)]
    return [each for each in known if each[0] + HOUR / 2 <= scene.now] or known[:1]


def _axis(scene: Scene, line: list[tuple[float, float]], usual: pd.DataFrame) -> Axis:
    midnight = local(scene.span.start, scene.zone)
    end = int((midnight + timedelta(days=1)).timestamp())
    highest = max([n for _, n in line], default=0.0)
    if len(usual) and usual["high"].notna().any():
        highest = max(highest, float(usual["high"].max()))
    return Axis(scene.span.start, end, step_of(highest / (LINES + 0.4)))


def step_of(least: float) -> float:
    """A round number of cases, at least so many."""
    if least <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * n for n in STEPS if power * n >= least and (power * n) % 1 == 0)


def _band(axis: Axis, usual: pd.DataFrame) -> str:
    known = usual.dropna()
    if len(known) < LINES:
        return ""
    middles = (known["at"] + HOUR / 2).tolist()
    highs = [axis.point(*each) for each in zip(middles, known["high"].tolist(), strict=True)]
    lows = [axis.point(*each) for each in zip(middles, known["low"].tolist(), strict=True)]
    return " ".join([*highs, *reversed(lows)])


def _drawn(
    scene: Scene, axis: Axis, line: list[tuple[float, float]], band: str
) -> list[Tree | None]:
    """Drawing, words of both axes, the last hour with its count."""
    at, last = line[-1]
    drawn = [axis.point(*each) for each in line]
    here = sized(x=axis.x(at), y=axis.y(last))
    plot = part(
        "svg", "wall-plot",
        part("polygon", "band", points=band) if band else None,
        *(
            part("line", "rule", x1="0", x2=str(WIDE), y1=y, y2=y)
            for y in (f"{axis.y(axis.step * n) * WIDE:.2f}" for n in range(LINES + 1))
        ),
        part("polyline", "line", points=" ".join(drawn)),
        viewBox=f"0 0 {WIDE:g} {WIDE:g}", preserveAspectRatio="none", aria_hidden="true",
    )  # fmt: skip
    rules = [
        part("span", "", count(axis.step * n, scene.language), style=sized(y=axis.y(axis.step * n)))
        for n in range(LINES + 1)
    ]
    hours = [
        part("span", "", _hour(scene, moment, end=moment >= axis.end),
             style=sized(x=axis.x(moment)))
        for moment in range(axis.start, axis.end + 1, EVERY_H * HOUR)
    ]  # fmt: skip
    side = " left" if axis.x(at) > 0.6 else ""  # noqa: PLR2004  there is no room to its right
    words = scene.t("wall.trend_last", n=count(last, scene.language))
    return [
        plot,
        part("div", "wall-y", *rules),
        part("div", "wall-x", *hours),
        part("i", "wall-dot", style=here),
        part("b", f"wall-last{side}", words, style=here),
    ]


def _hour(scene: Scene, moment: int, *, end: bool) -> str:
    return "24:00" if end else clock(moment, scene.zone)
