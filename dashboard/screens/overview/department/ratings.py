"""Reverse evaluation: what the streets of a place think of a department, beside all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from dash import html

from dashboard.components.bars import Bar, bar_rows
from dashboard.components.panels import Head
from dashboard.i18n.amounts import UNKNOWN, count, rate
from dashboard.i18n.moments import local
from dashboard.screens.overview import states
from dashboard.screens.overview.columns import columns
from dashboard.screens.overview.registered import behind, definition, figure, is_small
from geodata.metrics.registry import value
from geodata.metrics.routing import SCORED, weighed
from geodata.model.schemas import FULL_SCORE, RATINGS

if TYPE_CHECKING:
    import numpy.typing as npt

    from dashboard.components.marks import Node
    from dashboard.screens.overview.department.desk import Desk
    from dashboard.screens.overview.scene import Scene

    Ints = npt.NDArray[np.int64]

KEY: Final = "ratings"
METRIC: Final = "reverse_score"
ROWS: Final = 8
COUNTED: Final = list(SCORED)


def rated(scene: Scene) -> pd.DataFrame:
    """Ratings of all departments in the period by units of the place; else by those round it.

    Where the period has none, those of the newest month before its end.
    """
    table = scene.city.ratings
    if table is None:
        return weighed(pd.DataFrame(columns=list(RATINGS)).astype(RATINGS))
    tree = scene.city.tree
    whole, units, months, place = scene.city.once(
        f"ratings {scene.city.id}", lambda: _columns(table)
    )
    inside = (units >= scene.unit) & (units < int(tree.ends[scene.unit]))
    shown = inside if inside.any() else np.isin(units, tree.path(scene.unit))
    first, last = (
        f"{local(at, scene.zone):%Y-%m}" for at in (scene.span.start, scene.span.end - 1)
    )
    shown &= place < bisect_right(months, last)
    newest = months[int(place[shown].max())] if shown.any() else last
    return whole[shown & (place >= bisect_left(months, min(first, newest)))]


def _columns(table: pd.DataFrame) -> tuple[pd.DataFrame, Ints, list[str], Ints]:
    """All ratings weighed, their units, every month and the place of theirs: read for all pages."""
    months, place = np.unique(table["month"].to_numpy(dtype=object), return_inverse=True)
    return weighed(table), table["unit"].to_numpy(dtype=np.int64), months.tolist(), place


def ratings(desk: Desk) -> Node:
    """The panel: a bar a street, the lowest score first, a tick at that of all departments."""
    scene, table = desk.scene, rated(desk.scene)
    mine = table[table["department"] == desk.row]
    head = _head(scene, table, scene.t("panel.ratings"))
    if mine.empty:
        return states.empty(head, scene)
    own, every = mine[COUNTED].sum(), table[COUNTED].sum()
    by_unit = mine.groupby("unit")[COUNTED].sum()
    of_all = table.groupby("unit")[COUNTED].sum()
    shown = by_unit.assign(score=value(METRIC, by_unit)).sort_values("score", kind="stable")
    bars = [
        _bar(scene, int(unit), shown.loc[unit], of_all.loc[unit]) for unit in shown.index[:ROWS]
    ]
    left = len(shown) - len(bars)
    foot = scene.t("ratings.tick") + (scene.t("ratings.rest", n=left) if left else "")
    body = html.Div([bar_rows(bars, "ratings"), html.P(foot, className="foot")])
    return states.normal(replace(head, title=_title(scene, own, every)), body, scene)


def table(scene: Scene) -> pd.DataFrame:
    """Every unit's score of every department that is asked for, month by month."""
    found = rated(scene)
    if scene.department is not None:
        found = found[found["department"] == scene.department]
    found = found.sort_values(["month", "unit", "department"], ascending=[False, True, True])
    return columns(scene, {
        "month": found["month"].to_numpy(dtype=object),
        "name": [scene.name(int(unit)) for unit in found["unit"]],
        "department": [scene.entry(scene.city.departments, int(r)) for r in found["department"]],
        "score": found["score"].to_numpy(dtype=np.float64),
        "n": found["cases"].to_numpy(),
    })  # fmt: skip


def _head(scene: Scene, table: pd.DataFrame, title: str) -> Head:
    months = sorted(table["month"].unique())
    span = " – ".join(dict.fromkeys((months[0], months[-1]))) if months else UNKNOWN
    note = scene.t("ratings.note", months=span)
    return Head(KEY, title, note, scene.href(table=KEY), definition(METRIC, scene))


def _title(scene: Scene, own: pd.Series, every: pd.Series) -> str:
    """The score beside that of all departments together."""
    mine, usual = (rate(figure(METRIC, counts)) for counts in (own, every))
    if is_small(METRIC, own):
        return scene.t("panel.ratings")
    side = (
        "same"
        if mine == usual
        else "below"
        if figure(METRIC, own) < figure(METRIC, every)
        else "above"
    )
    return scene.t(f"ratings.{side}", own=mine, all=usual)


def _bar(scene: Scene, unit: int, mine: pd.Series, every: pd.Series) -> Bar:
    small = is_small(METRIC, mine)
    n = scene.t("kpi.sample", n=count(behind(METRIC, mine), scene.language))
    shown = UNKNOWN if small else rate(figure(METRIC, mine))
    usual = figure(METRIC, every)
    return Bar(
        name=scene.name(unit),
        share=0.0 if small else figure(METRIC, mine) / FULL_SCORE,
        value=[html.B(shown), html.Small(n)],
        tick=(usual / FULL_SCORE, ""),
        title=scene.t("ratings.against", all=rate(usual)),
    )
