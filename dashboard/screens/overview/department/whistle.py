"""Whistles: who has not come yet and how long is left, how many come in time, how often is called.

A frequency far from that of the other departments is marked, too low as well as too high: a street
that never calls, or calls for everything, uses the whistle otherwise than it is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pandas as pd
from dash import html

from dashboard.components.marks import level_mark, link
from dashboard.components.panels import Head
from dashboard.i18n.amounts import UNKNOWN, count, rate
from dashboard.screens.overview import states
from dashboard.screens.overview.department.queue import countdown
from dashboard.screens.overview.registered import (
    behind,
    definition,
    figure,
    is_small,
    metric_name,
)
from geodata.metrics.fair import odd_shares
from geodata.metrics.registry import METRICS, sample, value

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.department.compare import Comparison
    from dashboard.screens.overview.department.desk import Desk
    from dashboard.screens.overview.scene import Scene

KEY: Final = "whistles"
RATE, SHARE = "whistle_rate", "whistle_share"
ROWS: Final = 8
MINUTE: Final = 60


def waiting(cases: pd.DataFrame, now: int, allowed_min: float) -> pd.DataFrame:
    """Open cases to which somebody was called and nobody has come; left_s: of the time allowed."""
    called = cases["whistled"].notna() & cases["whistle_arrived"].isna()
    found = cases[called]
    left = found["whistled"].astype(float) + allowed_min * MINUTE - now
    return found.assign(left_s=left).sort_values(["left_s", "id"])


def sides(table: pd.DataFrame) -> pd.Series:
    """By department how often it is called: high, low, usual; "" = too few cases to say.

    table: `reported` and `whistled` by department.
    """
    share = value(SHARE, table)
    enough = (sample(SHARE, table) >= METRICS[SHARE].minimum) & (table.index >= 0)
    odd = odd_shares(table["whistled"].where(enough, 0), table["reported"].where(enough, 0))
    far = np.where(share > share[enough].median(), "high", "low")
    return pd.Series(np.where(~enough, "", np.where(odd, far, "usual")), index=table.index)


def whistles(desk: Desk) -> Node:
    """The panel of one department."""
    scene, table = desk.scene, desk.handling.evasions
    minutes = scene.city.profile.whistle_min
    found = waiting(desk.open, scene.now, minutes)
    head = _head(scene, _title(scene, found, minutes))
    if not scene.keeps(RATE) and not len(found):
        return states.empty(head, scene, metric=RATE)
    first = cast("list[dict[str, Any]]", found.head(ROWS).to_dict("records"))
    rows = [_row(desk, case) for case in first]
    body: list[Node] = [html.Table(html.Tbody(rows), className="queue")] if rows else []
    if len(found) > ROWS:
        body.append(html.P(scene.t("whistle.more", n=len(found) - ROWS), className="foot"))
    said = [_in_time(scene, scene.numbers.total), _often(scene, table, desk.row)]
    body += [html.P(each, className="foot") for each in said]
    return states.normal(head, html.Div(body), scene)


def _head(scene: Scene, title: str) -> Head:
    said = scene.t(
        "whistle.note", minutes=f"{scene.city.profile.whistle_min:g}",
        period=scene.period_word("short_"),
    )  # fmt: skip
    about = scene.t("whistle.about", minutes=f"{scene.city.profile.whistle_min:g}")
    told = "\n".join([about, *(definition(key, scene) for key in (RATE, SHARE))])
    return Head(KEY, title, said, definition=told)


def _title(scene: Scene, found: pd.DataFrame, minutes: float) -> str:
    if not len(found):
        return scene.t("whistle.calm")
    late = int((found["left_s"] < 0).sum())
    key = "whistle.title_over" if late else "whistle.title"
    return scene.t(key, n=len(found), over=late, minutes=f"{minutes:g}")


def _row(desk: Desk, case: dict[str, Any]) -> Node:
    scene, left = desk.scene, float(case["left_s"])
    if left < 0:
        said = scene.t("whistle.over", left=countdown(left, scene.t("unit.day")))
        shown = [level_mark(2, scene.t("alert.level_2")), said]
    else:
        shown = [scene.t("whistle.left", left=int(left // MINUTE))]
    unit = int(scene.city.sites["unit"].iloc[int(case["site"])])
    what = link(desk.matter(int(case["matter"])), scene.href(case=str(case["id"])))
    return html.Tr(
        [
            html.Td(shown, className="left late" if left < 0 else "left"),
            html.Td(scene.name(unit), className="where"),
            html.Td(what, className="what"),
        ]
    )


def _in_time(scene: Scene, total: pd.Series) -> str:
    n = count(behind(RATE, total), scene.language)
    if is_small(RATE, total):
        return scene.t("whistle.rate_few", n=n)
    return scene.t("whistle.rate", rate=rate(figure(RATE, total)), n=n)


def _often(scene: Scene, table: pd.DataFrame, row: int) -> str:
    side = str(sides(table)[row]) or "unsure"
    enough = table[(table.index >= 0) & (sample(SHARE, table) >= METRICS[SHARE].minimum)]
    middle = float(value(SHARE, enough).median()) if len(enough) else float("nan")
    share = float(value(SHARE, table)[row])
    return scene.t(f"whistle.{side}", share=rate(share), middle=rate(middle))


def compared(found: Comparison) -> Node:
    """The panel of all departments: under way, late of these, in time, how often called."""
    scene, table = found.scene, found.evasions
    minutes = scene.city.profile.whistle_min
    called = waiting(found.called, scene.now, minutes)
    # Shares are judged among all departments; shown are those that were asked for.
    shown = table.index.isin(scene.numbers.departments.index) & (table.index >= 0)
    rows = table[shown & (table["whistled"] > 0)]
    head = _head(scene, scene.t("whistle.compared"))
    if not len(rows):
        return states.empty(head, scene, metric=RATE)
    side = sides(table)
    odd = int(side[rows.index].isin(["high", "low"]).sum())
    head = _head(scene, scene.t("whistle.odd" if odd else "whistle.even", n=odd))
    names = [scene.t("whistle.waiting"), scene.t("whistle.late"),
             *(metric_name(key, scene.language) for key in (RATE, SHARE))]  # fmt: skip
    heads = html.Tr([html.Th(""), *(html.Th(name, scope="col") for name in names)])
    body = [_line(scene, int(row), table, called, str(side[row])) for row in rows.index]
    made = html.Table([html.Thead(heads), html.Tbody(body)], className="matrix marks")
    return states.normal(head, html.Div(made, className="table-wrap"), scene)


def _line(scene: Scene, row: int, table: pd.DataFrame, called: pd.DataFrame, side: str) -> Node:
    mine = called[called["department"] == row]
    tally = cast("pd.Series", scene.numbers.departments.loc[row])
    name = scene.entry(scene.city.departments, row)
    key = str(scene.city.departments["key"].iloc[row])
    in_time = UNKNOWN if is_small(RATE, tally) else f"{rate(figure(RATE, tally))}%"
    share = f"{rate(figure(SHARE, cast('pd.Series', table.loc[row])))}%"
    far = side in {"high", "low"}
    told: Node = [share, html.Small(scene.t(f"whistle.side_{side}"))] if far else share
    n = scene.t("kpi.behind", n=count(behind(RATE, tally), scene.language))
    return html.Tr(
        [
            html.Th(link(name, scene.href(departments=(key,), measure="")), scope="row"),
            html.Td(str(len(mine))),
            html.Td(str(int((mine["left_s"] < 0).sum()))),
            html.Td(in_time, title=n),
            html.Td(told, className="far" if far else ""),
        ]
    )
