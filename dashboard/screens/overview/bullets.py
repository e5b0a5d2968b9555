"""How long departments take to arrive (or to resolve, where no arrival is kept): median, p90."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.bars import Bar, bar_rows, target_axis
from dashboard.components.marks import level_mark, link
from dashboard.components.panels import Head
from dashboard.i18n.amounts import minutes, rate, together
from dashboard.screens.overview import states
from dashboard.screens.overview.registered import behind, definition
from geodata.metrics import deviation

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

KEY: Final = "departments"
ROWS: Final = 6
ARRIVAL: Final = "arrival"
RESOLUTION: Final = "resolution"
LONGEST_WHISKERS: Final = 6  # times the longest bar; beyond it they are cut, to leave bars to see


def measured(scene: Scene) -> str:
    """What departments are compared by: arrival, or resolution in a city that keeps no arrival."""
    return ARRIVAL if scene.keeps(f"{ARRIVAL}_median_min") else RESOLUTION


def bullets(scene: Scene) -> Node:
    """The panel; departments with too few cases are left to its table."""
    kind = measured(scene)
    tally = deviation.slowest(scene.numbers.departments, f"{kind}_median_min")
    if not len(tally):
        head = _head(scene, kind, scene.t(f"bullets.name_{kind}"))
        return states.few(head, scene, f"{kind}_median_min", scene.numbers.departments)
    body = _arrivals if kind == ARRIVAL else _resolutions
    head = _head(scene, kind, title(scene, kind))
    rows = [body(scene, tally.head(ROWS)), _more(scene, len(tally) - ROWS)]
    return states.normal(head, rows, scene)


def _more(scene: Scene, left: int) -> Node:
    """How many departments there is no room for, and where they are."""
    if left <= 0:
        return None
    return link(scene.t("bullets.more", n=left), scene.href(table=KEY), "more-rows")


def title(scene: Scene, kind: str) -> str:
    """How many are late, or that none is."""
    target = scene.city.profile.targets.get(f"{kind}_median_min")
    compared = len(deviation.slowest(scene.numbers.departments, f"{kind}_median_min"))
    if not target:
        return scene.t(f"bullets.name_{kind}")
    late = deviation.over_target(scene.numbers.departments, f"{kind}_median_min", target)
    if not late:  # of a single one it cannot be said that all are in time
        key = f"bullets.none_late_{kind}" if compared > 1 else f"bullets.name_{kind}"
        return scene.t(key, n=compared)
    said = minutes(target, scene.language)
    return scene.t(f"bullets.late_{kind}", n=len(late), target=round(target), time=said)


def _head(scene: Scene, kind: str, title: str) -> Head:
    note = scene.period_word("short_")
    if kind == RESOLUTION:
        note = scene.t("bullets.note")
    about = definition(f"{kind}_median_min", scene)
    return Head(KEY, title, note, scene.href(table=KEY), about)


def _arrivals(scene: Scene, tally: pd.DataFrame) -> Node:
    target = round(scene.city.profile.targets.get("arrival_median_min", 0))
    longest = max(float(tally["arrival_p90_min"].max()), target) * 1.02
    rows = [_arrival(scene, int(row), tally.loc[row], longest) for row in tally.index]
    if not target:
        return html.Div([bar_rows(rows, "bullets")], className="bars")
    line, word = target_axis(target / longest, scene.t("bullets.target", n=target))
    return html.Div(
        [html.Div([bar_rows(rows, "bullets"), line], className="bars"), word], className="bars"
    )


def _arrival(scene: Scene, row: int, figures: pd.Series, longest: float) -> Bar:
    median, p90 = float(figures["arrival_median_min"]), float(figures["arrival_p90_min"])
    target = scene.city.profile.targets.get("arrival_median_min", 0)
    over = bool(target) and round(median) > round(target)
    figure = html.B(rate(median, 0)) if over else html.Span(rate(median, 0), className="plain")
    # A word before the figure would read as if the figure were what it is over by.
    mark = level_mark(2, scene.t("bullets.over")) if over else None
    value = [mark, figure, f" {scene.t('bullets.minutes')}"]
    return _bar(scene, ARRIVAL, row, figures, median / longest, p90 / longest, value, over=over)


def _resolutions(scene: Scene, tally: pd.DataFrame) -> Node:
    """Bars in hours or days; a p90 far beyond them is cut, and told by its number."""
    medians, p90 = tally["resolution_median_min"], tally["resolution_p90_min"]
    target = scene.city.profile.targets.get("resolution_median_min", 0)
    far = float(p90.max()) > LONGEST_WHISKERS * float(medians.max())
    whole = max(float(medians.max()), float(p90.median())) if far else float(p90.max())
    longest = whole * 1.02
    count = len(tally)
    figures, unit = together([*medians, *p90], scene.language)
    rows = [
        _bar(
            scene, RESOLUTION, int(row), tally.loc[row], float(medians[row]) / longest,
            float(p90[row]) / longest,
            [html.B(figures[place]), f" / {figures[count + place]} {unit}"],
            over=bool(target) and round(float(medians[row])) > target,
        )
        for place, row in enumerate(tally.index)
    ]  # fmt: skip
    return html.Div([bar_rows(rows, "bullets resolutions")], className="bars")


def _bar(  # noqa: PLR0913, PLR0917  one row has that many figures
    scene: Scene,
    kind: str,
    row: int,
    figures: pd.Series,
    share: float,
    to: float,
    value: list[Node],
    *,
    over: bool,
) -> Bar:
    marks = ("over" if over else "", "cut" if to > 1 else "")
    key = str(scene.city.departments["key"].iloc[row])
    return Bar(
        name=scene.entry(scene.city.departments, row),
        share=share,
        to=min(to, 1.0),
        value=value,
        href=scene.href(departments=(key,)),
        mark=" ".join(mark for mark in marks if mark),
        title=scene.t(
            "bullets.hover",
            n=behind(f"{kind}_median_min", figures),
            median=minutes(float(figures[f"{kind}_median_min"]), scene.language),
            p90=minutes(float(figures[f"{kind}_p90_min"]), scene.language),
        ),
        data={"data-dept": str(row)},
    )
