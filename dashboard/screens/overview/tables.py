"""Every panel as a table: what the Table link shows, the CSV route sends and a reader hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from dash import html

from dashboard.components import tables as parts
from dashboard.components.marks import link
from dashboard.i18n import named
from dashboard.i18n.moments import stamp
from dashboard.place import to_query
from dashboard.screens.overview import deadlines, measures
from dashboard.screens.overview import scene as scenes
from dashboard.screens.overview.alerts import open_alerts
from dashboard.screens.overview.bullets import measured
from dashboard.screens.overview.registered import definition, metric_name
from dashboard.screens.overview.scene import BUILDING
from geodata.metrics.registry import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.access import Live
    from dashboard.components.marks import Node
    from dashboard.place import Place
    from dashboard.screens.overview.scene import Scene

METRICS_OF: Final = {
    "map": ("reported", "density_people", "arrival_median_min", "arrival_p90_min"),
    "departments": (
        "reported",
        "open",
        "overdue_open",
        "on_time_rate",
        "arrival_median_min",
        "arrival_p90_min",
        "resolution_median_min",
        "resolution_p90_min",
    ),
    "categories": ("reported", "deviation"),
    "settlement": ("local_rate",),
    "deadlines": ("on_time_rate",),
    "timeline": ("reported",),
}
MINUTE_FIELDS: Final = ("n", "median_min", "p90_min")


def table(panel: str, place: Place, live: Live) -> pd.DataFrame:
    """The data of one panel, with headings in the reader's language.

    Raises:
        KeyError: there is no such panel.
    """
    scene = scenes.read(place, live)
    frame = PANELS[panel](scene)
    frame.attrs["definitions"] = [
        f"{metric_name(key, scene.language)}: {definition(key, scene.language)}"
        for key in METRICS_OF.get(panel, ())
        if scene.keeps(key)
    ]
    return frame


def shown_table(scene: Scene) -> Node:
    """The table asked for in the address, with the ways back and to a file; else None."""
    key = scene.place.table
    if key not in PANELS or key == "alerts":
        return None
    frame = PANELS[key](scene)
    title = scene.t(f"panel.{key}")
    query = to_query(scene.place.moved(table=""))
    links = html.Div(
        [
            link(scene.t("panel.chart"), scene.href(table="")),
            html.A(scene.t("panel.csv"), href=f"/export/{key}.csv{query}", download=f"{key}.csv"),
        ],
        className="table-links",
    )
    head = html.Div([html.H2(f"{title} · {scene.period_word()}"), links], className="panel-head")
    return html.Section([head, parts.table(frame, title)], className="map-table")


def _columns(scene: Scene, names: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame({scene.t(f"column.{name}"): values for name, values in names.items()})


def _cells(scene: Scene) -> pd.DataFrame:
    cells = scene.numbers.cells
    building = scene.level == BUILDING
    source = scene.city.buildings if building else scene.city.places
    rows = source.iloc[np.maximum(cells.index, 0)]
    unknown = scene.t("place.not_in_building" if building else "place.unknown_place")
    names = [
        named(row, scene.language) if unit >= 0 else unknown
        for unit, row in zip(cells.index, rows.itertuples(), strict=True)
    ]
    columns: dict[str, object] = {
        "name": names,
        "code": [
            "" if unit < 0 else row for unit, row in zip(cells.index, rows["code"], strict=True)
        ],
        **_counts(scene, cells),
    }
    if not building:
        rate = measures.values(measures.MEASURES["density"], cells, scene)
        columns["per_thousand"] = rate.to_numpy().round(1)
    return _columns(scene, columns | _durations(scene, cells))


def _durations(scene: Scene, tally: pd.DataFrame) -> dict[str, object]:
    """Minutes to arrival, or to resolution where no arrival is kept."""
    kind = measured(scene)
    return {f"{kind}_{name}": tally[f"{kind}_{name}"].to_numpy().round(0) for name in MINUTE_FIELDS}


def _counts(scene: Scene, tally: pd.DataFrame) -> dict[str, object]:
    """Cases and what was expected; unknown, not zero, in a city that keeps none."""
    reported = tally["reported"].to_numpy(dtype=np.float64)
    norm = tally["norm"].to_numpy(dtype=np.float64)
    blank = np.full(len(tally), np.nan)
    return {
        "reported": reported if scene.has_cases else blank,
        "norm": norm.round(1) if scene.has_cases else blank,
    }


def _departments(scene: Scene) -> pd.DataFrame:
    tally = scene.numbers.departments
    names = [scene.entry(scene.city.departments, int(row)) for row in tally.index]
    return _columns(
        scene,
        {
            "name": names,
            **_counts(scene, tally),
            "open": tally["open"].to_numpy(),
            "overdue_open": tally["overdue_open"].to_numpy(),
            "on_time_rate": value("on_time_rate", tally).to_numpy().round(1),
            **_durations(scene, tally),
        },
    )


def _categories(scene: Scene) -> pd.DataFrame:
    tally = scene.numbers.categories.sort_values("reported", ascending=False)
    names = [scene.entry(scene.city.categories, int(row)) for row in tally.index]
    return _columns(scene, {"name": names, **_counts(scene, tally)})


def _settlement(scene: Scene) -> pd.DataFrame:
    settled = [float(scene.numbers.total[f"settled_{part}"]) for part in (1, 2, 3, 4)]
    names = [scene.t(f"settlement.part_{part}") for part in (1, 2, 3, 4)]
    return _columns(scene, {"name": names, "resolved": settled})


def _deadlines(scene: Scene) -> pd.DataFrame:
    names = [scene.t(f"deadlines.{part}") for part in deadlines.PARTS]
    return _columns(scene, {"name": names, "cases": deadlines.parts(scene)})


def _ladder(scene: Scene) -> pd.DataFrame:
    steps = scene.numbers.steps
    names = [
        scene.t("stage.step", a=scene.t(f"stage.{step.from_stage}"),
                b=scene.t(f"stage.{step.to_stage}"))
        for step in steps.itertuples()
    ]  # fmt: skip
    return _columns(
        scene,
        {
            "name": names,
            "n": steps["n"].to_numpy(),
            "median_min": steps["median_min"].to_numpy().round(1),
            "p90_min": steps["p90_min"].to_numpy().round(1),
        },
    )


def _timeline(scene: Scene) -> pd.DataFrame:
    trend = scene.numbers.trend
    moments = [stamp(at, scene.zone) for at in trend["at"]]
    columns = {name: trend[name].to_numpy().round(1) for name in ("reported", "low", "high")}
    return _columns(scene, {"at": moments, **columns})


def _alerts(scene: Scene) -> pd.DataFrame:
    found = open_alerts(scene)
    return _columns(
        scene,
        {
            "level": [scene.t(f"alert.level_{alert.level}") for alert in found],
            "name": [alert.where for alert in found],
            "what": [alert.what for alert in found],
            "at": [stamp(alert.raised, scene.zone) for alert in found],
        },
    )


PANELS: Final[dict[str, Callable[[Scene], pd.DataFrame]]] = {
    "map": _cells,
    "departments": _departments,
    "categories": _categories,
    "settlement": _settlement,
    "deadlines": _deadlines,
    "ladder": _ladder,
    "timeline": _timeline,
    "alerts": _alerts,
}
