"""Open cases of a department by the time left to their deadline."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

import numpy as np
from dash import html

from dashboard.components.marks import level_mark, link
from dashboard.components.panels import Head
from dashboard.i18n.amounts import count
from dashboard.screens.overview import states
from dashboard.screens.overview.department import waiting
from dashboard.screens.overview.department.waiting import NUMBER
from dashboard.screens.overview.handed import to_files, to_order
from dashboard.screens.overview.registered import definition

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.components.marks import Node
    from dashboard.screens.overview.department.desk import Desk
    from dashboard.screens.overview.scene import Scene

KEY: Final = "queue"
ROWS: Final = 30
MOST: Final = 300  # where all of them were asked for; the files have every one
FIRST_OVERDUE: Final = 4  # what is still to be saved must be seen too
MINUTE, HOUR, DAY = 60, 3_600, 86_400
LONG_H: Final = 48  # from here on hours say less than days
PUT: Final = "CODE"  # stands for that of a place in a link
COLUMNS: Final = ("left", "where", "matter", "stage")


def queue(desk: Desk) -> Node:
    """The panel: overdue ones first, the worst on top; then what is due next."""
    scene, cases = desk.scene, desk.open
    head = Head(
        KEY, _title(desk), scene.t("queue.note", n=count(len(cases), scene.language)),
        definition=definition("backlog_overdue", scene),
    )  # fmt: skip
    if not len(cases):
        return states.empty(head, scene, metric="reported")
    late, rest = cases[cases["overdue"]], cases[~cases["overdue"]]
    whole = scene.place.table == KEY
    first = late[: MOST if whole else FIRST_OVERDUE]
    then = rest[: max(0, (MOST if whole else ROWS) - len(first))]
    rows = [*_rows(desk, first), *_left_out(scene, "more", len(late) - len(first))]
    rows += [*_rows(desk, then), *_left_out(scene, "more_open", len(rest) - len(then))]
    heads = html.Thead(html.Tr([html.Th(scene.t(f"queue.{name}")) for name in COLUMNS]))
    body = html.Div(
        html.Table([heads, html.Tbody(rows)], className="queue"), className="table-wrap"
    )
    files = to_files(scene, ((KEY, "xlsx"), (KEY, "csv")))
    taken = html.Div([to_order(scene) if len(late) else None, *files], className="table-links")
    return states.normal(head, [waiting.legend(desk), body, taken], scene)


def _left_out(scene: Scene, key: str, left: int) -> list[Node]:
    """A row that tells how many more there are, and leads to as many as a page can hold."""
    if not left:
        return []
    words = scene.t(f"queue.{key}", n=count(left, scene.language))
    whole = scene.place.table == KEY
    told = words if whole else link(f"{words} ›", scene.href(table=KEY))
    return [html.Tr(html.Td(told, colSpan=len(COLUMNS)))]


def _title(desk: Desk) -> str:
    scene = desk.scene
    late = desk.open[desk.open["overdue"]]
    if not len(late):
        return scene.t("queue.none_late" if desk.open["due"].notna().any() else "queue.no_limits")
    longest = countdown(scene.now - float(late["due"].min()), scene.t("unit.day"))
    return scene.t("queue.late", n=count(len(late), scene.language), longest=longest)


def countdown(seconds: float, days: str) -> str:
    """Time left as a clock, 1:12; from two days on in days, `days` being the word for it."""
    whole = int(abs(seconds))
    if whole >= LONG_H * HOUR:
        return f"{whole / DAY:.1f} {days}"
    return f"{whole // HOUR}:{whole % HOUR // MINUTE:02d}"


def _rows(desk: Desk, cases: pd.DataFrame) -> list[Node]:
    scene = desk.scene
    records = cast("list[dict[str, Any]]", cases.to_dict("records"))
    units = scene.city.sites["unit"].to_numpy()[cases["site"].to_numpy(dtype=np.int64)]
    # Written once: to write one link after the other takes longer than all else in a row.
    links = scene.href(at=PUT, level=""), scene.href(case=NUMBER)
    return [_row(desk, case, int(u), links) for case, u in zip(records, units, strict=True)]


def _row(desk: Desk, case: dict[str, Any], unit: int, links: tuple[str, str]) -> Node:
    scene = desk.scene
    walked = _walked(desk, unit)
    code = quote(scene.city.tree.codes[walked])
    where = link(_place(desk, walked), links[0].replace(PUT, code, 1))
    left = [_left(desk, case)]
    if case["overdue"]:
        left.insert(0, level_mark(2, scene.t("alert.level_2")))
    return html.Tr(
        [
            html.Td(left, className="left late" if case["overdue"] else "left"),
            html.Td(where, className="where"),
            html.Td(
                link(desk.matter(int(case["matter"])), links[1].replace(NUMBER, str(case["id"]))),
                className="what",
            ),
            html.Td(scene.t(f"queue.waits_{case['stage']}"), className="stage"),
        ]
    )


def _place(desk: Desk, unit: int) -> str:
    """A place as a row has room for it; what tells it from its neighbours stands at its end."""
    scene, above = desk.scene, desk.scene.city.tree.parent(unit)
    if scene.language == "zh" or above <= 0:
        return scene.name(unit)
    return scene.t("queue.place", name=scene.inner(unit), above=scene.brief(above))


def _walked(desk: Desk, unit: int) -> int:
    """The nearest place around a unit that people walk through."""
    scene, tree = desk.scene, desk.scene.city.tree
    walked = scene.once("walked", lambda: {each.key for each in scene.city.profile.drill_levels})
    return next((each for each in reversed(tree.path(unit)) if tree.level(each) in walked), 0)


def _left(desk: Desk, case: dict[str, Any]) -> str:
    scene = desk.scene
    due = float(case["due"])
    if math.isnan(due):
        return scene.t("queue.no_limit")
    if case["done"]:
        return scene.t("queue.done")
    said = countdown(due - scene.now, scene.t("unit.day"))
    return scene.t("queue.over", left=said) if case["overdue"] else said
