"""How far what came in has come: collected, accepted, dispatched, resolved, published.

No case says when its outcome was published; that is told, not counted as none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.bars import Bar, bar_rows
from dashboard.components.panels import Head
from dashboard.i18n.amounts import UNKNOWN, count, rate
from dashboard.screens.overview import states
from dashboard.screens.overview.registered import definition, figure

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

KEY: Final = "funnel"
STAGES: Final = ("accepted", "dispatched", "resolved")


def funnel(scene: Scene, counts: pd.Series) -> Node:
    """The panel: a bar a stage, and how many have not got there."""
    note = scene.t("funnel.note", period=scene.period_word("short_"))
    about = "\n".join(definition(f"{stage}_share", scene) for stage in STAGES)
    came = int(counts["came"])
    if not came:
        head = Head(KEY, scene.t("panel.funnel"), note, definition=about)
        return states.empty(head, scene, metric="reported")
    title = scene.t("funnel.title", came=count(came, scene.language),
                    share=rate(figure("resolved_share", counts)))  # fmt: skip
    bars = [_bar(scene, "collected", 1.0, count(came, scene.language))]
    before = came
    for stage in STAGES:
        reached = int(counts[f"reached_{stage}"])
        share = figure(f"{stage}_share", counts)
        beside = f"{rate(share)}% · {_lost(scene, stage, before - reached, counts)}"
        bars.append(_bar(scene, stage, share / 100, count(reached, scene.language), beside))
        before = reached
    bars.append(_bar(scene, "published", 0.0, UNKNOWN, scene.t("funnel.unrecorded")))
    valid = came - int(counts["voided"]) - int(counts["duplicates"])
    foot = html.P(scene.t("funnel.foot", n=count(valid, scene.language)), className="foot")
    head = Head(KEY, title, note, definition=about)
    return states.normal(head, html.Div([bar_rows(bars, "funnel"), foot]), scene)


def _lost(scene: Scene, stage: str, n: int, counts: pd.Series) -> str:
    """How many of the stage before are not there; what never will be is told apart."""
    said = {"n": count(n, scene.language)}
    if stage != STAGES[0]:
        return scene.t("funnel.lost", **said)
    void, double = int(counts["voided"]), int(counts["duplicates"])
    parts = {"void": void, "double": double, "waiting": n - void - double}
    told = {name: count(part, scene.language) for name, part in parts.items()}
    return scene.t("funnel.lost_accepted", **said, **told)


def _bar(scene: Scene, stage: str, share: float, shown: str, beside: str = "") -> Bar:
    known = f"{stage}_share" if stage in STAGES else ""
    return Bar(
        name=scene.t(f"funnel.{stage}"),
        share=share,
        value=[html.B(shown), f" {beside}"] if beside else html.B(shown),
        title=definition(known, scene) if known else "",
    )
