"""How often deadlines were put off or cases left the count, beside what is usual."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, cast

from dash import html

from dashboard.components.bars import Bar, bar_rows
from dashboard.components.panels import Head
from dashboard.i18n.amounts import UNKNOWN, count, rate
from dashboard.screens.overview import states
from dashboard.screens.overview.registered import (
    behind,
    definition,
    figure,
    is_small,
    metric_name,
)
from geodata.metrics.deviation import CLEAR_AMONG_MANY

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.components.marks import Node
    from dashboard.screens.overview.department.desk import Desk

KEY: Final = "evasions"
SHARES: Final = (
    "again_rate", "reopened_rate", "unverified_rate", "extended_rate", "suspended_rate",
    "appealed_rate", "voided_rate",
)  # fmt: skip
NONE: Final = 99.9  # per cent closed without a check: nobody records any
FAR_ABOVE: Final = 1.25  # times the rate of all departments


def evasions(desk: Desk) -> Node:
    """The panel: a bar a share, a tick at that of all departments together."""
    scene, mine, every = desk.scene, *_both(desk)
    far = above(desk)
    head = Head(
        KEY, _title(desk, far), scene.t("evasions.note", period=scene.period_word("short_")),
        definition=scene.t("evasions.about"),
    )  # fmt: skip
    if not mine["came"]:
        return states.empty(head, scene, metric="reported")
    keys = told(every)
    longest = 1.05 * max((max(_known(mine, key), figure(key, every)) for key in keys), default=1.0)
    bars = [_bar(desk, key, longest, marked=key in far) for key in keys]
    foot = html.P(scene.t("evasions.tick"), className="foot")
    return states.normal(head, html.Div([bar_rows(bars, "shares"), foot]), scene)


def told(every: pd.Series) -> list[str]:
    """The shares that a city keeps: no case checked at all means that checks are not recorded."""
    return [
        key for key in SHARES
        if figure(key, every) > 0 and not (key == "unverified_rate" and figure(key, every) >= NONE)
    ]  # fmt: skip


def is_far(key: str, mine: pd.Series, every: pd.Series) -> bool:
    """Whether a share is far above that of all departments, and hardly by chance."""
    share, usual = figure(key, mine) / 100, figure(key, every) / 100
    if is_small(key, mine) or not share >= FAR_ABOVE * usual > 0:
        return False
    chance = math.sqrt(usual * max(1 - usual, 0) / behind(key, mine))
    return share - usual >= CLEAR_AMONG_MANY * chance


def above(desk: Desk) -> list[str]:
    """The shares far above those of all departments, the furthest first."""
    mine, every = _both(desk)
    far = [key for key in told(every) if is_far(key, mine, every)]
    return sorted(far, key=lambda key: -figure(key, mine) / figure(key, every))


def _title(desk: Desk, far: list[str]) -> str:
    if not far:
        return desk.scene.t("evasions.usual")
    mine, every = _both(desk)
    return desk.scene.t(
        "evasions.found", name=metric_name(far[0], desk.scene.language),
        own=rate(figure(far[0], mine)), all=rate(figure(far[0], every)),
    )  # fmt: skip


def _both(desk: Desk) -> tuple[pd.Series, pd.Series]:
    """The counts of this department, and of all together."""
    table = desk.handling.evasions
    return cast("pd.Series", table.loc[desk.row]), table.sum()


def _bar(desk: Desk, key: str, longest: float, *, marked: bool) -> Bar:
    mine, every = _both(desk)
    few = is_small(key, mine)
    shown = UNKNOWN if few else f"{rate(figure(key, mine))}%"
    n = count(behind(key, mine), desk.scene.language)
    return Bar(
        name=metric_name(key, desk.scene.language),
        share=_known(mine, key) / longest,
        value=[html.B(shown), f" / {rate(figure(key, every))}%"],
        tick=(figure(key, every) / longest, ""),
        mark="over" if marked else "",
        title=definition(key, desk.scene) + "\n" + desk.scene.t("kpi.behind", n=n),
    )


def _known(mine: pd.Series, key: str) -> float:
    """A share in per cent; 0 where it rests on too few cases."""
    return 0.0 if is_small(key, mine) else figure(key, mine)
