"""When cases miss their deadline: by weekday and hour of the report."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from dash import html

from dashboard.components.marks import attributes
from dashboard.components.panels import Head
from dashboard.i18n.amounts import rate
from dashboard.screens.overview import states
from dashboard.screens.overview.registered import definition, figure
from geodata.metrics.classes import LEAST_CASES, TOO_FEW, breaks, classify
from geodata.metrics.deviation import CLEAR_AMONG_MANY
from geodata.metrics.registry import value

if TYPE_CHECKING:
    import numpy.typing as npt

    from dashboard.components.marks import Node
    from dashboard.screens.overview.department.desk import Desk

KEY: Final = "hours"
METRIC: Final = "late_rate"
BLOCK_H: Final = 3
HOURS: Final = 24
WEEKEND: Final = 5  # the first day of it, from Monday
CLEARLY_ABOVE: Final = 1.25  # times the rate of the whole
WRITTEN: Final = 10  # at most so many of the worst cells carry their number
AXIS_H: Final = 3
STEPS_H: Final = (1, 2, 3, 4, 6)
MOST: Final = 0.6


def hours(desk: Desk) -> Node:
    """The panel: a row a weekday; hatched where too few cases were due."""
    scene, (table, step) = desk.scene, coarse(desk.handling.hours)
    head = Head(
        KEY, _title(desk), scene.t("hours.note", period=scene.period_word("short_"), n=LEAST_CASES),
        definition=definition(METRIC, scene),
    )  # fmt: skip
    if not table["due"].sum():
        return states.empty(head, scene, metric="on_time_rate")
    if not (table["due"] >= LEAST_CASES).any():
        return states.few(head, scene, METRIC, table)
    rates = value(METRIC, table)
    known = rates[table["due"] >= LEAST_CASES]
    edges = breaks(METRIC, days=scene.window.days, values=known.to_numpy())
    classes = classify(rates.to_numpy(), table["due"].to_numpy(dtype=np.float64), edges)
    top = known.nlargest(WRITTEN)
    bold = (rates.isin(top) & (table["due"] >= LEAST_CASES)).to_numpy()
    cells = [
        _cell(desk, cell, step, rate(share, 0), int(kind), written=bool(written))
        for cell, share, kind, written in zip(
            table.itertuples(name=None), rates, classes, bold, strict=True
        )
    ]
    width = HOURS // step
    rows = [_day(desk, day, cells[day * width : (day + 1) * width]) for day in range(7)]
    grid = html.Div([*rows, _axis(step)], className=f"hours by-{step}", role="table",
                    **attributes({"aria-label": scene.t("hours.name")}))  # fmt: skip
    return states.normal(head, [grid, _legend(desk, edges)], scene)


def coarse(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The week in the shortest steps of which most have enough cases; those steps in hours."""
    days, hour = (table.index.get_level_values(name).to_numpy() for name in ("weekday", "hour"))
    for step in STEPS_H:
        groups = days * HOURS + hour // step * step
        cases = np.bincount(groups, table["due"])
        some = cases[cases > 0]
        if len(some) and (some >= LEAST_CASES).mean() >= MOST:
            break
    return _summed(table, groups), step


def _summed(table: pd.DataFrame, groups: npt.NDArray[np.int64]) -> pd.DataFrame:
    """The columns added up by group, the lowest first."""
    numbers, place = np.unique(groups, return_inverse=True)
    sums = {}
    for name, column in table.items():
        values = column.to_numpy()
        sums[name] = np.zeros(len(numbers), values.dtype)
        np.add.at(sums[name], place, values)
    return pd.DataFrame(sums, index=numbers)


def _cell(  # noqa: PLR0913 (what is said of a cell)
    desk: Desk, cell: tuple[int, int, int], step: int, share: str, kind: int, *, written: bool
) -> Node:
    """cell: its place in the week, cases due, missed of these."""
    at, due, missed = map(int, cell)
    few = kind == TOO_FEW
    said = desk.scene.t(
        "hours.cell_few" if few else "hours.cell", day=_weekday(desk, at // HOURS),
        a=at % HOURS, b=at % HOURS + step, n=due, missed=missed, share=share,
    )  # fmt: skip
    look = "cell few" if few else f"cell s{kind + 1}"
    return html.Span(share if written else "", className=look, title=said, role="cell")


def _weekday(desk: Desk, day: int) -> str:
    days = desk.scene.once("weekdays", lambda: desk.scene.t("time.weekdays").split(" "))
    return days[day]


def _day(desk: Desk, day: int, cells: list[Node]) -> Node:
    head = html.Span(_weekday(desk, day), className="day", role="rowheader")
    return html.Div([head, *cells], className="hours-row", role="row")


def _axis(step: int) -> Node:
    every = max(AXIS_H, step)
    marks = [
        html.Span(str(hour) if hour % every == 0 else "", className="mark")
        for hour in range(0, HOURS, step)
    ]
    head = html.Span(className="day")
    return html.Div(
        [head, *marks], className="hours-row axis-row", **attributes({"aria-hidden": "true"})
    )


def _legend(desk: Desk, edges: tuple[float, ...]) -> Node:
    scene = desk.scene
    words = [f"<{edges[0]:g}%"]
    words += [f"{a:g}–{b:g}" for a, b in itertools.pairwise(edges)]
    words += [f"≥{edges[-1]:g}%"]
    keys = [
        html.Span([html.I(className=f"s{place + 1}"), word], className="key")
        for place, word in enumerate(words)
    ]
    few = html.Span([html.I(className="few"), scene.t("hours.few", n=LEAST_CASES)], className="key")
    return html.Div([*keys, few], className="keys hours-keys")


def _title(desk: Desk) -> str:
    """The stretch of the week that is clearly worse than the whole; else what is shown."""
    scene, found = desk.scene, worst_block(desk.handling.hours)
    if found is None:
        return scene.t("hours.name")
    weekend, hour, share = found
    days = scene.t("hours.weekend" if weekend else "hours.workdays")
    return scene.t("hours.found", days=days, a=hour, b=hour + BLOCK_H, share=rate(share, 0))


def worst_block(table: pd.DataFrame) -> tuple[bool, int, float] | None:
    """The three hours, of working days or of weekends, with clearly the highest late rate.

    Returns:
        Whether it is of the weekend, its first hour, its rate in per cent; None where no stretch
        with enough cases stands clearly above the whole.
    """
    days, hours_ = (table.index.get_level_values(name) for name in ("weekday", "hour"))
    number = (days >= WEEKEND) * HOURS + hours_ // BLOCK_H * BLOCK_H
    blocks = _summed(table, np.asarray(number))
    rates = value(METRIC, blocks[blocks["due"] >= LEAST_CASES])
    whole = figure(METRIC, table.sum())
    if not len(rates) or not float(rates.max()) >= CLEARLY_ABOVE * whole > 0:
        return None
    worst = int(rates.index[int(rates.to_numpy().argmax())])
    chance = math.sqrt(whole * (100 - whole) / float(blocks["due"][worst]))
    if rates[worst] - whole < CLEAR_AMONG_MANY * chance:
        return None
    return worst >= HOURS, worst % HOURS, float(rates.max())
