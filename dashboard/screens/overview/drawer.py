"""One building: people, rooms, cases, weeks and the next inspection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
from dash import html

from dashboard.components.marks import Node, attributes, icon, link
from dashboard.i18n import catalogue, named
from dashboard.i18n.amounts import UNKNOWN, count, few
from dashboard.screens.overview import alerted, floors, history
from dashboard.screens.overview.case_row import case_row, open_first
from dashboard.screens.overview.inspection import inspection
from dashboard.screens.overview.registered import definition
from geodata.publish.numbering import initials

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

CASES: Final = 4  # rows beside the highest table of floors
LEAST_CASES: Final = 2  # beside one of many lines
OF_ALERT: Final = 6  # rows that an alert takes the room of
MOST: Final = 200  # rows of the whole list
ALL: Final = "cases"  # of the address: the whole list
OFFICERS: Final = 2


def drawer(scene: Scene, alerts: tuple[alerted.Alerted, ...] = ()) -> Node:
    """The drawer of the chosen building, its alerts first."""
    if scene.building is None:
        return None
    row = scene.city.buildings.iloc[scene.building]
    cases = scene.cases if scene.cases is not None else pd.DataFrame()
    room = CASES + (floors.ROWS - floors.lines(row)) * 2 // 3 - OF_ALERT * len(alerts)
    parts = [
        _head(scene, row),
        *(alerted.section(scene, each) for each in alerts),
        _tiles(scene, row, len(cases)),
        html.P(scene.t("drawer.suppressed"), className="note"),
        floors.floors(scene, row, cases),
        _cases(scene, cases, max(LEAST_CASES, room)),
        history.history(scene, cases),
        inspection(scene),
        _foot(scene),
    ]
    said = {"aria-label": named(row, scene.language), "data-close": _up(scene)}
    return html.Aside(parts, className="drawer", **attributes(said))


def home(scene: Scene) -> int:
    """The unit that the way back leads to: the nearest one of a level people walk through."""
    walked = {level.key for level in scene.city.profile.drill_levels}
    path = scene.city.tree.path(scene.unit)
    return next((unit for unit in reversed(path) if scene.city.tree.level(unit) in walked), path[0])


def _up(scene: Scene) -> str:
    return scene.href(at=scene.city.tree.codes[home(scene)], level="", table="")


def _head(scene: Scene, row: pd.Series) -> Node:
    close = link(icon("close"), _up(scene), "close", title=scene.t("drawer.close"),
                 aria_label=scene.t("drawer.close"))  # fmt: skip
    built = scene.t("drawer.year", n=int(row["year"])) if row["year"] > 0 else ""
    where = (", " if scene.language == "en" else "").join(
        scene.inner(unit) for unit in scene.city.tree.path(scene.unit)[2:]
    )
    parts = [built, _built(scene, row)], [where, scene.t("drawer.code", code=row["code"])]
    # English needs two lines, and breaks them where another thing begins.
    lines = parts if scene.language == "en" else ([*parts[0], *parts[1]],)
    facts = [" · ".join(filter(None, line)) for line in lines]
    return html.Header(
        [
            html.Div([html.H1(named(row, scene.language)), close], className="drawer-head"),
            *(
                html.P(line[:1].upper() + line[1:], className="facts")
                for line in (*facts, *_officers(scene))
                if line
            ),
        ]
    )


def _built(scene: Scene, row: pd.Series) -> str:
    """What it is and how high, in one: 高层 33 层."""
    kind = _kind(scene, str(row["kind"]))
    height = scene.t("drawer.floors", n=int(row["floors"])) if row["floors"] > 0 else ""
    return scene.t("drawer.built", kind=kind, floors=height) if kind and height else kind + height


def _kind(scene: Scene, kind: str) -> str:
    key = f"kind.{kind}"
    return scene.t(key) if key in catalogue() else ""


def _officers(scene: Scene) -> list[str]:
    """Who looks after the nearest unit with a roster; the store keeps names and numbers masked."""
    rosters = scene.city.rosters
    if rosters is None:
        return []
    found = next(
        (
            rows.head(OFFICERS)
            for unit in reversed(scene.city.tree.path(scene.unit))
            if len(rows := rosters[rosters["unit"] == unit])
        ),
        rosters.head(0),
    )
    return [
        scene.t("drawer.officer", role=_role(scene, str(row.role)),
                name=_officer(scene, str(row.name_masked)), phone=row.phone_masked)
        for row in found.itertuples()
    ]  # fmt: skip


def _officer(scene: Scene, masked: str) -> str:
    """The masked name; in English its initial, since the surname is in Chinese."""
    surname = masked.rstrip("*")
    if scene.language == "zh" or surname.isascii():
        return masked
    return initials(surname)[:1].upper() + masked[len(surname) :]


def _role(scene: Scene, role: str) -> str:
    key = f"role.{role}"
    return scene.t(key) if key in catalogue() else role


def _tiles(scene: Scene, row: pd.Series, cases: int) -> Node:
    """Five numbers; people and organisations under five are not given away, events are."""
    language = scene.language
    shown = (
        ("people", few(int(row["people"]), language), "unit.people"),
        ("households", count_or_unknown(int(row["households"]), language), "unit.households"),
        ("key_people", few(int(row["key_people"]), language), "unit.people"),
        ("organisations", few(int(row["organisations"]), language), "unit.bodies"),
        ("events", count(cases, language) if scene.has_cases else UNKNOWN, "unit.cases"),
    )
    return html.Ul(
        [
            html.Li(
                [
                    html.H2(scene.t(f"drawer.{key}")),
                    html.P([figure, html.Small(scene.t(unit))], className="figure"),
                ],
                className="tile",
                title=definition("reported", scene) if key == "events" else None,
            )
            for key, figure, unit in shown
        ],
        className="tiles",
    )


def count_or_unknown(number: int, language: str) -> str:
    """A count, or a dash where it is not known (−1)."""
    return count(number, language) if number >= 0 else UNKNOWN


def _cases(scene: Scene, cases: pd.DataFrame, first: int) -> Node:
    """The open cases and the newest; a low building leaves room for more of them."""
    if not scene.has_cases:
        return html.Section(html.P(scene.t("panel.no_cases")))
    unsolved = int(cases["closed"].isna().sum()) if len(cases) else 0
    key = "drawer.cases_open" if unsolved else "drawer.cases"
    if not len(cases):
        key = "drawer.cases_none"
    title = scene.t(key, n=count(len(cases), scene.language), m=unsolved)
    whole = scene.place.table == ALL
    shown = open_first(cases).head(MOST if whole else first)
    rows = [case_row(scene, case) for _, case in shown.iterrows()]
    step = _all(scene, more=len(cases) > first, whole=whole)
    about = definition("reported", scene)
    head = html.Div([html.H2(title, title=about), step], className="panel-head")
    return html.Section([head, html.Ul(rows, className="cases")])


def _all(scene: Scene, *, more: bool, whole: bool) -> Node:
    """The way to the whole list, and back to the first few."""
    if not more:
        return None
    words = scene.t("drawer.first" if whole else "drawer.all")
    return link(words, scene.href(table="" if whole else ALL), "more")


def _foot(scene: Scene) -> Node:
    copy = html.Button(
        scene.t("drawer.copy"), type="button", className="button",
        **attributes({"data-copy": "true", "data-done": scene.t("drawer.copied")}),
    )  # fmt: skip
    back = link(scene.t("drawer.back", name=scene.inner(home(scene))), _up(scene), "button")
    return html.Footer([copy, back], className="drawer-foot")
