"""The first moments of a department's cases, and how many met the limit that they began with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import pandas as pd
from dash import html

from dashboard.components.panels import Head
from dashboard.i18n.amounts import UNKNOWN, count, minutes, rate
from dashboard.screens.overview import states
from dashboard.screens.overview.department import returns
from dashboard.screens.overview.registered import behind, definition, figure, is_small
from geodata.metrics.metric import Form
from geodata.metrics.registry import METRICS

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.department.desk import Desk

KEY: Final = "promptness"
ON_TIME, RAW = "on_time_rate", "raw_on_time_rate"
SHOWN: Final = (
    "discovery_median_min", "arrival_median_min", "resolution_median_min", ON_TIME, RAW,
    returns.METRIC,
)  # fmt: skip


def promptness(desk: Desk) -> Node:
    """The panel: three medians and two rates side by side, each with the cases behind it."""
    scene, counts = desk.scene, _counts(desk)
    note = scene.t("promptness.note", period=scene.period_word("short_"))
    head = Head(KEY, _title(desk, counts), note, definition=definition(RAW, scene))
    told = [html.Div(_figure(desk, key, counts), title=definition(key, scene))
            for key in SHOWN]  # fmt: skip
    return states.normal(head, html.Dl(told, className="prompt-figures"), scene)


def _counts(desk: Desk) -> pd.Series:
    """Everything that is counted of this department."""
    mine = cast("pd.Series", desk.scene.numbers.departments.loc[desk.row])
    more = cast("pd.Series", desk.assessed.loc[desk.row])
    sent = returns.first_dispatched(desk.scene).loc[desk.row]
    return pd.Series({**more.to_dict(), **mine.to_dict(), **sent.to_dict()})


def _title(desk: Desk, counts: pd.Series) -> str:
    """What extensions and suspensions have put right, where enough cases tell it."""
    if is_small(ON_TIME, counts) or is_small(RAW, counts):
        return desk.scene.t("panel.promptness")
    on_time, raw = (rate(figure(key, counts)) for key in (ON_TIME, RAW))
    key = "promptness.same" if on_time == raw else "promptness.found"
    return desk.scene.t(key, raw=raw, on_time=on_time)


def _figure(desk: Desk, key: str, counts: pd.Series) -> list[Node]:
    scene, small = desk.scene, is_small(key, counts)
    n = count(behind(key, counts), scene.language)
    if small:
        shown = UNKNOWN
    elif METRICS[key].form is Form.SHARE:
        shown = f"{rate(figure(key, counts))}%"
    else:
        shown = minutes(figure(key, counts), scene.language)
    words = scene.t("kpi.few" if small else "kpi.sample", n=n)
    return [html.Dt(scene.t(f"promptness.{key}")), html.Dd([html.B(shown), html.Small(words)])]
