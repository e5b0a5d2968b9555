"""Departments ranked by a scheme of evaluation: one score with its parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from dash import html

from dashboard.components.menus import Choice, segments
from dashboard.components.panels import Head, state
from dashboard.i18n import named
from dashboard.i18n.amounts import count, minutes, rate
from dashboard.i18n.schemes import explained
from dashboard.screens.overview import states
from dashboard.screens.overview.department import standing
from dashboard.screens.overview.registered import definition, metric_name
from geodata.metrics.metric import Form
from geodata.metrics.schemes import lost, schemes_of
from geodata.metrics.schemes.score import parts_of, scored

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.components.marks import Node
    from dashboard.screens.overview.department.standing import Standing
    from dashboard.screens.overview.scene import Scene
    from geodata.metrics.schemes.score import Scored
    from geodata.model.schemes import Scheme


@dataclass(frozen=True)
class Scores(standing.Standings):
    """Departments in order of their score."""

    scheme: Scheme | None = None

    def name(self, language: str) -> str:
        """What is ranked by."""
        return named(self.scheme, language)

    def written(self, value: float, language: str) -> str:  # noqa: ARG002  as of any standings
        """A score in points."""
        return rate(value)


def chosen(scene: Scene) -> Scheme | None:
    """The scheme that the address asks for, if the city knows it."""
    known = {scheme.key: scheme for scheme in schemes_of(scene.city.profile.schemes)}
    return known.get(scene.place.scheme)


def switch(scene: Scene) -> Node:
    """The way to rank by a scheme."""
    choices = [
        Choice(
            named(scheme, scene.language),
            scene.href(measure="", scheme=scheme.key),
            scheme.key == scene.place.scheme,
        )
        for scheme in schemes_of(scene.city.profile.schemes)
    ]
    return segments(choices, scene.t("ranking.schemes"))


def ranking(scene: Scene, scheme: Scheme, assessed: pd.DataFrame, way: Node) -> Node:
    """The panel of ranks by a scheme; `way`: to something else."""
    if gone := lost(scheme):
        return _without(scene, scheme, gone, way)
    table = scene.numbers.departments
    more = assessed.columns.difference(table.columns)
    table = table[table.index >= 0].join(assessed[more])
    found, parts = standings(scene, scheme, table)
    head = Head(
        "ranking", standing.title(scene, found),
        scene.t("ranking.note_scheme", period=scene.period_word("short_")),
        scene.href(table="departments"), explained(scheme, scene.language),
    )  # fmt: skip
    # The list goes on below its edge: those who need looking at must not stand there.
    found = replace(found, all=(*found.ranked[::-1], *(e for e in found.all if not e.rank)))
    rows = standing.rows(scene, found) or [standing.row_of(scene, found, e) for e in found.all]
    said = [
        scene.t(
            "ranking.part",
            name=metric_name(part.metric.key, scene.language),
            weight=rate(100 * part.weight, 0),
        )
        for part in parts
    ]
    foot = scene.t("ranking.foot_scheme", parts=scene.t("ranking.and").join(said))
    body = [way, html.Ul(rows, className="ranks-list scored"), html.P(foot, className="foot")]
    return states.normal(head, body, scene)


def _without(scene: Scene, scheme: Scheme, gone: str, way: Node) -> Node:
    """The panel of a scheme that names a metric the registry has no more: it says which."""
    head = Head("ranking", named(scheme, scene.language))
    lines = [scene.t("ranking.gone_why", metric=gone), scene.t("ranking.gone_cure", key=scheme.key)]
    told = state("alert-triangle", scene.t("ranking.gone"), lines)
    return states.normal(head, [way, told], scene)


def standings(
    scene: Scene, scheme: Scheme, table: pd.DataFrame
) -> tuple[Scores, tuple[Scored, ...]]:
    """The departments of a table by their score, those without one last; and the parts."""
    parts = parts_of(scheme, table)
    found = scored(parts, table)
    names = ["n", "fair", "low", "high", "rank", "rank_best", "rank_worst"]
    figures = np.nan_to_num(found[names].to_numpy(dtype=np.float64)).tolist()
    listed = [
        _standing(scene, place, int(row), row_figures, parts)
        for place, (row, row_figures) in enumerate(zip(found.index, figures, strict=True))
    ]
    return Scores(scheme.key, standing.in_order(listed), misses=False, scheme=scheme), parts


def _standing(
    scene: Scene, place: int, row: int, figures: list[float], parts: tuple[Scored, ...]
) -> Standing:
    n, fair, low, high, rank, best, worst = figures
    told = tuple(_told(scene, part, place) for part in parts)
    return standing.Standing(
        row, int(n), fair, low, high, int(rank), int(best), int(worst), "", told
    )


def _told(scene: Scene, part: Scored, place: int) -> tuple[str, str]:
    """A part in words, its value and the points it earns, and how it is counted."""
    row, key = part.table.iloc[place], part.metric.key
    n = count(row["n"], scene.language)
    about = definition(key, scene) + "\n" + scene.t("kpi.behind", n=n)
    name = part.metric.short_zh if scene.language == "zh" else part.metric.short_en
    if row["few"]:
        return scene.t("ranking.part_few", name=name, n=n), about
    value = float(row["value"])
    share = part.metric.form is Form.SHARE
    shown = f"{rate(value)}%" if share else minutes(value, scene.language)
    said = scene.t("ranking.part_value", name=name, value=shown, points=rate(row["fair"]))
    return said, about
