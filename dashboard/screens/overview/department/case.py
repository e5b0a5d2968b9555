"""One case: what has happened so far and when, what it waits for, and what is like it nearby."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd
from dash import html

from dashboard.components.marks import link
from dashboard.components.panels import Head
from dashboard.i18n import named
from dashboard.i18n.amounts import count, minutes
from dashboard.i18n.moments import stamp
from dashboard.screens.overview import states
from dashboard.screens.overview.department import time_limit
from dashboard.screens.overview.handed import to_order
from geodata.model.schemas import DAY_BITS, STAGES

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.department.desk import Desk

KEY: Final = "case"
NEARBY: Final = 6
MINUTE: Final = 60
MARKS: Final = ("returned", "reopened", "extended", "suspended_s", "appealed")


def case(desk: Desk) -> Node:
    """The panel of the case that is looked at."""
    scene, row = desk.scene, cast("pd.Series", desk.case)
    title = scene.t("case.title", matter=desk.matter(int(row["matter"])), key=row["key"])
    head = Head(KEY, title)
    parts: list[Node] = [
        html.Div(
            [link(scene.t("case.back"), scene.href(case=""), "back"), to_order(scene)],
            className="case-links",
        ),
        html.Dl(_facts(desk, row), className="facts"),
        html.Ol(_stages(desk, row), className="course"),
        _nearby(desk),
    ]
    return states.normal(head, html.Div(parts, className="case"), scene)


def _facts(desk: Desk, row: pd.Series) -> list[Node]:
    """Where it is, who has it, how it came, and until when."""
    scene = desk.scene
    unit = int(scene.city.sites["unit"].iloc[int(row["site"])])
    building = int(scene.city.sites["building"].iloc[int(row["site"])])
    where = [link(scene.name(unit), scene.href(at=scene.city.tree.codes[unit], level="", case=""))]
    if building >= 0:
        house = scene.city.buildings.iloc[building]
        to = scene.href(at=str(house["code"]), level="", case="", arrangement="")
        where += [" · ", link(named(house, scene.language), to)]
    source = scene.entry(scene.city.sources, int(row["source"]))
    pairs = [
        ("where", where),
        ("department", desk.name(int(row["department"]))),
        ("source", source),
        *time_limit.facts(scene, row),
    ]
    if told := _reporter(desk, row):
        pairs.append(("reporter", told))
    marks = [scene.t(f"case.{name}") for name in MARKS if row[name]]
    if marks:
        pairs.append(("marks", " · ".join(marks)))
    return [
        html.Div(
            [
                html.Dt(scene.t(f"case.{name}_name")),
                html.Dd(told, title=time_limit.about(name, scene)),
            ]
        )
        for name, told in pairs
    ]


def _reporter(desk: Desk, row: pd.Series) -> list[Node]:
    """Who reported it, masked by the store, with the way to what else is kept; or nothing."""
    told = desk.scene.city.told([int(row["id"])])
    if told.empty:
        return []
    said = " ".join(text for text in (told["reporter"].iloc[0], told["phone"].iloc[0]) if text)
    query = desk.scene.href(case=str(int(row["id"])))
    return [html.A(said or desk.scene.t("case.reporter_kept"), href=f"/personal{query}")]


def _stages(desk: Desk, row: pd.Series) -> list[Node]:
    """Every stage with its moment and how long it took; those ahead are faint."""
    scene, last = desk.scene, None
    found: list[Node] = []
    for stage in STAGES:
        name = html.B(scene.t(f"stage.{stage}"))
        if pd.isna(row[stage]):
            found.append(html.Li([name, html.Span("—")], className="ahead"))
            continue
        at = int(row[stage])
        by_day = bool(int(row["by_day"]) & DAY_BITS[stage])
        moment = stamp(at, scene.zone, scene.language)
        took = "" if last is None or by_day else minutes((at - last) / MINUTE, scene.language)
        found.append(html.Li([name, html.Span(moment), html.Small(took and f"+{took}")]))
        last = None if by_day else at
    return found


def _nearby(desk: Desk) -> Node:
    scene, near = desk.scene, desk.near
    if near is None or not len(near):
        return html.P(scene.t("case.none_near"), className="foot")
    rows = [
        html.Li(
            [
                link(desk.matter(int(each["matter"])), scene.href(case=str(each["id"]))),
                html.Span(scene.t("case.metres", n=round(float(each["metres"])))),
                html.Span(stamp(int(each["reported"]), scene.zone, scene.language)),
            ]
        )
        for each in cast("list[dict[str, Any]]", near.head(NEARBY).to_dict("records"))
    ]
    title = scene.t("case.near", n=count(len(near), scene.language))
    return html.Div([html.H3(title), html.Ul(rows, className="nearby")])
