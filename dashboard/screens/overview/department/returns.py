"""Who sends back to whom, and which matters go to the wrong department first.

A case counts where the department it was first dispatched to is not the one that settled it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from dash import html

from dashboard.components.marks import link
from dashboard.components.panels import Head
from dashboard.i18n import named
from dashboard.i18n.amounts import UNKNOWN, count, rate
from dashboard.screens.overview import states
from dashboard.screens.overview.columns import columns as headed
from dashboard.screens.overview.department.matrix import matrix
from dashboard.screens.overview.registered import definition, figure, is_small
from geodata.metrics.registry import METRICS
from geodata.metrics.routing import by_first

if TYPE_CHECKING:
    import numpy.typing as npt

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

    Ints = npt.NDArray[np.int64]

KEY, MATTERS_KEY = "returns", "misrouted"
METRIC: Final = "first_dispatch_rate"
DEPARTMENTS: Final = 7  # beside each other; the rest are put together
MATTERS: Final = 7
SELF: Final = -1
NO_ONE: Final = -1  # the row of no department
COLUMNS: Final = ("matter", "first_department", "department", "cases")


def routes(scene: Scene) -> pd.DataFrame:
    """Settled cases by the way they went; none where nobody asked for them."""
    return (
        pd.DataFrame(columns=list(COLUMNS), dtype="int64") if scene.routes is None else scene.routes
    )


def rerouted(scene: Scene) -> pd.DataFrame:
    """Those of them that ended with another department than they were first dispatched to."""
    return scene.once("rerouted", lambda: _rerouted(routes(scene)))


def _rerouted(table: pd.DataFrame) -> pd.DataFrame:
    known = table["first_department"] >= 0
    return table[known & (table["first_department"] != table["department"])]


def first_dispatched(scene: Scene) -> pd.DataFrame:
    """What the rate of right first dispatches is made of, by department."""
    count_of = len(scene.city.departments)
    return scene.once("first dispatched", lambda: by_first(routes(scene), count_of))


def returns(scene: Scene) -> Node:
    """The panel: rows return, columns get; how many in all, and how many were right at first."""
    own = NO_ONE if scene.department is None else scene.department
    table = rerouted(scene)
    head = _head(scene, KEY, _title(scene, table, own))
    if table.empty:
        return states.empty(head, scene, metric="return_rate")
    sides = np.concatenate([table["first_department"], table["department"]])
    chosen = _busiest(sides, np.tile(table["cases"].to_numpy(), 2), own)
    counts = crossed(table, "first_department", chosen, "department", chosen)
    rest = len(counts) > len(chosen)
    names = _names(scene, chosen, rest=rest)
    sums = [f"{int(n):,}" for n in counts.sum(axis=1)]
    np.fill_diagonal(counts[: len(chosen), : len(chosen)], SELF)
    rates = _rates(scene, chosen, rest=rest)
    right = METRICS[METRIC]
    short = right.short_zh if scene.language == "zh" else right.short_en
    ends = [(scene.t("returns.sum"), sums),
            (html.Span(short, title=definition(METRIC, scene)), rates)]  # fmt: skip
    place = chosen.index(own) if own in chosen else -1
    made = matrix(counts, names, names, ends, place)
    return states.normal(head, html.Div(made, className="table-wrap"), scene)


def misrouted(scene: Scene) -> Node:
    """The panel: matters that went to the wrong one first, the most often first, and to whom."""
    table = rerouted(scene)
    if table.empty:
        none = _head(scene, MATTERS_KEY, scene.t("misrouted.none"))
        return states.empty(none, scene, metric="return_rate")
    columns = _busiest(table["first_department"].to_numpy(), table["cases"].to_numpy())
    rows = _busiest(table["matter"].to_numpy(), table["cases"].to_numpy(), most=MATTERS)
    counts = crossed(table, "matter", rows, "first_department", columns)[: len(rows)]
    names = [_matter(scene, row) for row in rows]
    found = scene.t("misrouted.found", name=names[0], n=count(counts[0].sum(), scene.language))
    heads = _names(scene, columns, rest=counts.shape[1] > len(columns))
    sums = [f"{int(n):,}" for n in counts.sum(axis=1)]
    made = matrix(counts, names, heads, [(scene.t("misrouted.sum"), sums)])
    head = _head(scene, MATTERS_KEY, found)
    return states.normal(head, html.Div(made, className="table-wrap"), scene)


def returns_table(scene: Scene) -> pd.DataFrame:
    """By the department first dispatched to, who settled how many cases."""
    keys = ["first_department", "department"]
    pairs = routes(scene).groupby(keys, as_index=False)["cases"].sum()
    pairs = pairs[pairs["first_department"] >= 0]
    whole = pairs.groupby("first_department")["cases"].transform("sum")
    return headed(scene, {
        "first_department": [_department(scene, row) for row in pairs["first_department"]],
        "last_department": [_department(scene, row) for row in pairs["department"]],
        "cases": pairs["cases"].to_numpy(),
        "share": (pairs["cases"] / whole * 100).to_numpy(dtype=np.float64).round(1),
    })  # fmt: skip


def misrouted_table(scene: Scene) -> pd.DataFrame:
    """Every matter that went to the wrong department first, the most often first."""
    table = rerouted(scene).sort_values("cases", ascending=False, kind="stable")
    return headed(scene, {
        "matter": [_matter(scene, row) for row in table["matter"]],
        "first_department": [_department(scene, row) for row in table["first_department"]],
        "last_department": [_department(scene, row) for row in table["department"]],
        "cases": table["cases"].to_numpy(),
    })  # fmt: skip


def crossed(
    table: pd.DataFrame, row: str, rows: list[int], column: str, columns: list[int]
) -> Ints:
    """Cases by two columns; values not listed share one last row or column where there are any."""
    places, shape = [], []
    for name, listed in ((row, rows), (column, columns)):
        where = {value: place for place, value in enumerate(listed)}
        at = table[name].map(where).fillna(len(listed)).to_numpy(dtype=np.int64)
        places.append(at)
        shape.append(int(max(len(listed), at.max(initial=0) + 1)))
    counts = np.zeros(shape, dtype=np.int64)
    np.add.at(counts, tuple(places), table["cases"].to_numpy())
    return counts


def _head(scene: Scene, key: str, title: str) -> Head:
    note = scene.t(f"{key}.note", period=scene.period_word("short_"))
    about = scene.t("returns.about") + "\n" + definition(METRIC, scene)
    return Head(key, title, note, scene.href(table=key), about)


def _busiest(values: Ints, cases: Ints, own: int = NO_ONE, most: int = DEPARTMENTS) -> list[int]:
    """The values with the most cases, one's own department first."""
    found, place = np.unique(values, return_inverse=True)
    total = np.bincount(place, weights=cases)
    listed = [int(found[n]) for n in np.lexsort((found, -total))]
    if own >= 0:
        listed = [own, *(value for value in listed if value != own)]
    return listed[:most]


def _rates(scene: Scene, rows: list[int], *, rest: bool) -> list[str]:
    """How many of all that a department got first it settled itself; the rest put together."""
    table = first_dispatched(scene)
    parts = [table.loc[[row]] for row in rows] + [table.drop(index=rows)] * rest
    return [
        UNKNOWN if is_small(METRIC, each) else f"{rate(figure(METRIC, each))}%"
        for each in (part.sum() for part in parts)
    ]


def _title(scene: Scene, table: pd.DataFrame, own: int) -> str:
    """Who most often gets what this department, or any, sends back."""
    mine = table if own < 0 else table[table["first_department"] == own]
    if mine.empty:
        return scene.t("returns.none")
    pairs = mine.groupby(["first_department", "department"])["cases"].sum()
    first, last = pairs.index.to_frame().iloc[int(pairs.to_numpy().argmax())].astype(int)
    return scene.t(
        "returns.found", first=_department(scene, first), last=_department(scene, last),
        n=count(int(pairs.max()), scene.language),
    )  # fmt: skip


def _names(scene: Scene, rows: list[int], *, rest: bool) -> list[Node]:
    keys = scene.city.departments["key"]
    names: list[Node] = [
        link(_department(scene, row), scene.href(departments=(str(keys.iloc[row]),), measure=""))
        for row in rows
    ]
    return [*names, scene.t("returns.others")] if rest else names


def _department(scene: Scene, row: int) -> str:
    return scene.entry(scene.city.departments, int(row))


def _matter(scene: Scene, row: int) -> str:
    if row < 0:
        return scene.t("department.no_matter")
    return named(scene.city.matters.iloc[row], scene.language)
