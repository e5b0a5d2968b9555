"""How long departments take to arrive: median, ninth decile, target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.bars import Bar, bar_rows, target_axis
from dashboard.components.panels import Head
from dashboard.i18n.amounts import minutes, rate
from dashboard.screens.overview import facts, states
from dashboard.screens.overview.registered import definition

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

KEY: Final = "departments"
ROWS: Final = 6
METRIC: Final = "arrival_median_min"


def bullets(scene: Scene) -> Node:
    """The panel; departments with too few arrivals are left to its table."""
    tally = facts.ranked_departments(scene)
    if not len(tally):
        return states.empty(_head(scene, scene.t("bullets.name")), scene)
    late = len(facts.late_departments(scene))
    title = scene.t("bullets.late", n=late, target=_target(scene)) if late else (
        scene.t("bullets.none_late") if _target(scene) else scene.t("bullets.name")
    )  # fmt: skip
    return states.normal(_head(scene, title), _body(scene, tally.head(ROWS)), scene)


def _head(scene: Scene, title: str) -> Head:
    return Head(
        KEY, title, scene.period_word("short_"), scene.href(table=KEY),
        definition(METRIC, scene.language),
    )  # fmt: skip


def _target(scene: Scene) -> int:
    return round(scene.city.profile.targets.get(METRIC, 0))


def _body(scene: Scene, tally: pd.DataFrame) -> Node:
    target = _target(scene)
    longest = max(float(tally["arrival_p90_min"].max()), target) * 1.02
    rows = [_bar(scene, int(row), tally.loc[row], longest) for row in tally.index]
    if not target:
        return html.Div([bar_rows(rows, "bullets")], className="bars")
    line, word = target_axis(target / longest, scene.t("bullets.target", n=target))
    return html.Div(
        [html.Div([bar_rows(rows, "bullets"), line], className="bars"), word], className="bars"
    )


def _bar(scene: Scene, row: int, figures: pd.Series, longest: float) -> Bar:
    median, p90 = float(figures["arrival_median_min"]), float(figures["arrival_p90_min"])
    over = bool(_target(scene)) and round(median) > _target(scene)
    value = [html.B(scene.t("bullets.over") + rate(median, 0)) if over
             else html.Span(rate(median, 0), className="plain"),
             " " + scene.t("unit.min")]  # fmt: skip
    key = str(scene.city.departments["key"].iloc[row])
    return Bar(
        name=scene.entry(scene.city.departments, row),
        share=median / longest,
        to=p90 / longest,
        value=value,
        href=scene.href(departments=(key,)),
        mark="over" if over else "",
        title=scene.t(
            "bullets.hover", n=int(figures["arrival_n"]), median=minutes(median, scene.language),
            p90=minutes(p90, scene.language),
        ),
        data={"data-dept": str(row)},
    )  # fmt: skip
