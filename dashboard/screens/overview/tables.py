"""Every panel as a table: what the Table link shows, the CSV route sends and a reader hears."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import link
from dashboard.components.tables import MOST_ROWS, Order
from dashboard.components.tables import table as html_table
from dashboard.i18n.amounts import count
from dashboard.i18n.moments import clock, local, stamp
from dashboard.place import DESK, GRIDS
from dashboard.screens.overview import busiest, case_list, deadlines, peak, settlement
from dashboard.screens.overview import scene as scenes
from dashboard.screens.overview.alerts import open_alerts
from dashboard.screens.overview.cells_table import cells, outlined, ways_in
from dashboard.screens.overview.columns import (
    columns,
    counts,
    durations,
    ordered,
    remarks,
    whole,
)
from dashboard.screens.overview.department import ratings, returns
from dashboard.screens.overview.grids import table as grids_table
from dashboard.screens.overview.handed import SHAPES, TABLES, to_files
from dashboard.screens.overview.notes import definitions, notes
from dashboard.screens.overview.weeks import known
from geodata.metrics.registry import value

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd

    from dashboard.access import Live
    from dashboard.components.marks import Node
    from dashboard.question import Question
    from dashboard.screens.overview.scene import Scene


def table(panel: str, asked: Question, live: Live) -> pd.DataFrame:
    """The data of one panel, with headings in the reader's language.

    Raises:
        KeyError: there is no such panel.
    """
    if panel == busiest.KEY:
        asked = replace(asked, place=asked.place.moved(table=panel))
    if panel == grids_table.KEY:
        asked = replace(asked, place=asked.place.moved(arrangement=GRIDS))
    if panel in {returns.KEY, returns.MATTERS_KEY}:
        asked = replace(asked, place=asked.place.moved(arrangement=DESK))
    return _told(panel, scenes.answer(asked, live), live)


def shapes(asked: Question, live: Live) -> gpd.GeoDataFrame:
    """The cells of the map with their outlines; the keys of the columns are their names."""
    scene = scenes.answer(asked, live)
    return outlined(scene, _told("map", scene, live))


def _told(panel: str, scene: Scene, live: Live) -> pd.DataFrame:
    """The data of a panel with what must stand beside them in a file."""
    listed = case_list.LISTS.get(panel)
    frame = ordered(
        PANELS[panel](scene) if listed is None else listed(scene, live), scene.place.sort
    )
    frame.attrs["definitions"] = definitions(scene, panel)
    frame.attrs["notes"] = notes(scene, panel) + _cut(scene, frame)
    return frame


def _cut(scene: Scene, frame: pd.DataFrame) -> list[tuple[str, str]]:
    """What a file leaves out, where it does."""
    if not frame.attrs.get("cut"):
        return []
    return [(scene.t("case_list.cut_name"), scene.t("case_list.cut", n=f"{frame.attrs['cut']:,}"))]


def shown_table(scene: Scene) -> Node:
    """The table asked for in the address, with the ways back and to a file; else None."""
    key = scene.place.table
    if key not in PANELS or key == "alerts":
        return None
    frame = ordered(PANELS[key](scene), scene.place.sort)
    title = scene.t(f"panel.{key}")
    files = [("map", form) for form in SHAPES] if key == "map" and scene.has_cases else []
    files = [(key, form) for form in TABLES] + files
    if scene.has_cases:
        files.append((case_list.REPORTED, "xlsx"))
    links = html.Div(
        [link(scene.t("panel.chart"), scene.href(table="")), *to_files(scene, files)],
        className="table-links",
    )
    head = html.Div(
        [html.H2(f"{title} · {scene.period_word()}"), _first_rows(scene, frame), links],
        className="panel-head",
    )
    ways = WAYS[key](scene, frame.head(MOST_ROWS)) if key in WAYS else ()
    shown = html_table(frame, title, _orders(frame, scene), ways)
    return html.Section([head, shown], className="map-table")


def _first_rows(scene: Scene, frame: pd.DataFrame) -> Node:
    """How many rows of a long table are on the page; all of them were put in order."""
    if len(frame) <= MOST_ROWS:
        return None
    of_all = scene.t("panel.first_rows", n=MOST_ROWS, all=count(len(frame), scene.language))
    return html.Small(of_all)


def _orders(frame: pd.DataFrame, scene: Scene) -> list[Order]:
    """What a click on each head does: numbers fall first, texts rise; once more turns it round."""
    kinds = [frame[name].dtype.kind for name in frame.columns]
    orders = []
    for key, kind in zip(frame.attrs["keys"], kinds, strict=True):
        first = f"-{key}" if kind in "iuf" else key
        turned = key if kind in "iuf" else f"-{key}"
        now = {key: "ascending", f"-{key}": "descending"}.get(scene.place.sort, "none")
        orders.append(Order(scene.href(sort=turned if scene.place.sort == first else first), now))
    return orders


def _departments(scene: Scene) -> pd.DataFrame:
    tally = scene.numbers.departments
    names = [scene.entry(scene.city.departments, int(row)) for row in tally.index]
    return columns(
        scene,
        {
            "name": names,
            **counts(scene, tally),
            "open": whole(tally["open"]),
            "overdue_open": whole(tally["overdue_open"]),
            "on_time_rate": value("on_time_rate", tally).to_numpy().round(1),
            **durations(scene, tally),
            **remarks(scene, tally),
        },
    )


def _to_departments(scene: Scene, frame: pd.DataFrame) -> list[str]:
    """Where a row of the table of departments leads."""
    rows, keys = (
        scene.numbers.departments.index.to_numpy()[frame.index],
        scene.city.departments["key"],
    )
    return [
        scene.href(departments=(str(keys.iloc[row]),), table="") if row >= 0 else "" for row in rows
    ]


def _categories(scene: Scene) -> pd.DataFrame:
    tally = scene.numbers.categories.sort_values("reported", ascending=False)
    names = [scene.entry(scene.city.categories, int(row)) for row in tally.index]
    return columns(scene, {"name": names, **counts(scene, tally)})


def _settlement(scene: Scene) -> pd.DataFrame:
    settled = [float(scene.numbers.total[f"settled_{part}"]) for part in (1, 2, 3, 4)]
    names = settlement.names(scene)
    return columns(scene, {"name": names, "resolved": whole(settled), "share": _shares(settled)})


def _deadlines(scene: Scene) -> pd.DataFrame:
    names = [scene.t(f"deadlines.{part}") for part in (*deadlines.PARTS, "no_limit")]
    parts, shares = deadlines.parts(scene), _shares(deadlines.parts(scene))
    cases = [*parts, float(scene.numbers.total["no_limit"])]
    # A case without a limit is no part of what could be late.
    return columns(scene, {"name": names, "cases": whole(cases), "share": [*shares, math.nan]})


def _shares(counts_: list[float]) -> list[float]:
    """Per cent of the sum, unknown where there is none."""
    total = sum(counts_)
    return [round(n / total * 100, 1) if total else math.nan for n in counts_]


def _ladder(scene: Scene) -> pd.DataFrame:
    steps = scene.numbers.steps
    names = [
        scene.t("stage.step", a=scene.t(f"stage.{step.from_stage}"),
                b=scene.t(f"stage.{step.to_stage}"))
        for step in steps.itertuples()
    ]  # fmt: skip
    return columns(
        scene,
        {
            "name": names,
            "n": whole(steps["n"]),
            "median_min": steps["median_min"].to_numpy().round(1),
            "p90_min": steps["p90_min"].to_numpy().round(1),
        },
    )


def _timeline(scene: Scene) -> pd.DataFrame:
    trend = known(scene)
    moments = [f"{local(at, scene.zone):%Y-%m-%d %H:%M}" for at in trend["at"]]
    band = {name: trend[name].to_numpy().round(1) for name in ("low", "high")}
    shown = {"at": moments, "reported": whole(trend["reported"]), **band}
    return columns(scene, shown | {"remark": _unfinished(scene)})


def _unfinished(scene: Scene) -> list[str]:
    """A remark for each step of the trend: none but for a last one that is not over."""
    at = scene.line.trend["at"]
    counted = min(scene.line.request.end, scene.now + 1)
    remarks = [""] * len(at)
    if remarks and peak.step_end(scene, int(at.iloc[-1])) > counted:
        remarks[-1] = scene.t("column.running", at=clock(counted, scene.zone))
    return remarks


def _alerts(scene: Scene) -> pd.DataFrame:
    found = open_alerts(scene)
    return columns(
        scene,
        {
            "level": [scene.t(f"alert.level_{alert.level}") for alert in found],
            "name": [alert.where for alert in found],
            "what": [alert.what for alert in found],
            "at": [stamp(alert.raised, scene.zone, scene.language) for alert in found],
        },
    )


PANELS: Final[dict[str, Callable[[Scene], pd.DataFrame]]] = {
    "map": cells,
    "departments": _departments,
    "categories": _categories,
    "settlement": _settlement,
    "deadlines": _deadlines,
    "ladder": _ladder,
    "timeline": _timeline,
    "alerts": _alerts,
    grids_table.KEY: grids_table.table,
    busiest.KEY: busiest.table,
    returns.KEY: returns.returns_table,
    returns.MATTERS_KEY: returns.misrouted_table,
    ratings.KEY: ratings.table,
}
KEYS: Final = (*PANELS, *case_list.LISTS)  # of everything that can be taken along as a table
WAYS: Final[dict[str, Callable[[Scene, pd.DataFrame], list[str]]]] = {
    "map": ways_in,
    busiest.KEY: busiest.ways_in,
    "departments": _to_departments,
}
