"""Thirteen weeks of a building beside what is usual for buildings like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, attributes
from dashboard.i18n.moments import date
from geodata.model.periods import WEEK

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.screens.overview.scene import Scene

WEEKS: Final = 13
NEW_WEEKS: Final = 2
LEAST_BEFORE: Final = 4  # weeks above which a week can stand out; fewer are no custom
LEAST_NEW: Final = 3  # cases in a week from which it can stand out; fewer may be chance
MORE_THAN: Final = 0.9  # of the buildings like it: then it has more than is usual
MOST_OF_ALL: Final = 0.995  # from here the share would read as all of them
MARKS: Final = (13, 9, 5, 1)  # weeks back that are dated


def history(scene: Scene, cases: pd.DataFrame) -> Node:
    """The bars of the weeks over the band, under a title that says what they show."""
    if not scene.has_cases or not len(cases):
        return None
    ages = ((scene.now - cases["reported"].astype("float64")) // WEEK).astype(int)
    counts = [int((ages == week).sum()) for week in range(WEEKS - 1, -1, -1)]
    # What lies before the data is not known and never zero.
    known = counts[sum(_missing(scene, place) for place in range(WEEKS)) :]
    if not known:
        return None
    new = standing_out(known)
    head = html.Div(
        [html.H2(_title(scene, known, new)), _note(scene)],
        className="panel-head",
    )
    marks = [
        html.Span(date(scene.now - weeks * WEEK, scene.zone, scene.language)) for weeks in MARKS
    ]
    axis = html.Div(marks, className="weeks-axis")
    return html.Section([head, _bars(scene, counts, new), axis], className="weeks-section")


def standing_out(counts: list[int]) -> int:
    """How many of the last weeks, two or one, stand above all before them."""
    for weeks in range(NEW_WEEKS, 0, -1):
        if len(counts) - weeks < LEAST_BEFORE:
            continue
        if min(counts[-weeks:]) >= LEAST_NEW and min(counts[-weeks:]) > max(counts[:-weeks]):
            return weeks
    return 0


def _bars(scene: Scene, counts: list[int], new: int) -> Node:
    near = scene.near
    band = None if near is None or not near.alike else near
    most = max(*counts, 1, *(band.high.tolist() if band else ()))
    weeks = []
    for place, number in enumerate(counts):
        usual = None
        if band:
            low, high = band.low[place] / most, band.high[place] / most
            usual = html.B(style={"--low": f"{low:.3f}", "--high": f"{high:.3f}"})
        bar = html.I(
            className="new" if place >= WEEKS - new else "",
            style={"--h": f"{number / most:.3f}"},
            **attributes({"data-n": str(number) if number else ""}),
        )
        missing = " missing" if _missing(scene, place) else ""
        weeks.append(html.Div([usual, bar], className=f"week{missing}"))
    return html.Div(weeks, className="weeks")


def _missing(scene: Scene, place: int) -> bool:
    """Whether the week at this place of the row begins before the data."""
    begins = scene.now - (WEEKS - place) * WEEK
    return begins < float(scene.city.meta.get("first") or 0)


def _note(scene: Scene) -> Node:
    near = scene.near
    if near is None or not near.alike:
        return html.Small(scene.t("drawer.weeks"))
    about = scene.t("drawer.band_about", n=near.alike)
    return html.Small(scene.t("drawer.weeks_band"), title=about)


def _title(scene: Scene, counts: list[int], new: int) -> str:
    if new:
        key = "drawer.rising" if new == NEW_WEEKS else "drawer.rising_last"
        return scene.t(key, n=max(counts[-new:]), weeks=len(counts))
    mean, near = f"{sum(counts) / len(counts):.1f}", scene.near
    if near is None or not near.alike:
        return scene.t("drawer.weeks_title", n=mean, m=counts[-1])
    if near.share >= MOST_OF_ALL:
        return scene.t("drawer.most", n=mean)
    if near.share >= MORE_THAN:
        return scene.t("drawer.more_than", n=mean, share=f"{near.share * 100:.0f}")
    return scene.t("drawer.as_usual", n=mean)
