"""At which level cases are settled: one bar of at most four parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import width
from dashboard.components.panels import Head
from dashboard.i18n.amounts import percent, rate
from dashboard.screens.overview import states
from dashboard.screens.overview.registered import definition, figure

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

KEY: Final = "settlement"
METRIC: Final = "local_rate"
PARTS: Final = (1, 2, 3, 4)
ROOM_FOR_WORDS: Final = 0.08


def settlement(scene: Scene) -> Node:
    """The panel."""
    total = scene.numbers.total
    parts = [float(total[f"settled_{part}"]) for part in PARTS]
    head = Head(
        KEY, scene.t("settlement.name"), _note(scene), scene.href(table=KEY),
        definition(METRIC, scene.language),
    )  # fmt: skip
    if not sum(parts):
        return states.empty(head, scene, tight=True)
    share = figure(METRIC, total)
    head = Head(
        KEY, scene.t("settlement.found", share=rate(share, 0)), _note(scene, share),
        head.table, head.definition,
    )  # fmt: skip
    return states.normal(head, _body(scene, [part / sum(parts) for part in parts]), scene)


def _note(scene: Scene, share: float | None = None) -> str:
    target = scene.city.profile.targets.get(METRIC)
    period = scene.period_word("short_")
    if target is None:
        return period
    met = " ✓" if share is not None and share >= target else ""
    return scene.t("settlement.note", period=period, target=rate(target, 0)) + met


def _body(scene: Scene, shares: list[float]) -> Node:
    stack, keys = [], []
    for part, share in zip(PARTS, shares, strict=True):
        if not share:
            continue
        words = scene.t(f"settlement.part_{part}")
        inside = f"{percent(share, 0)}%"
        fits = share >= ROOM_FOR_WORDS
        stack.append(
            html.Span(
                inside if fits else "", className=f"part-{part}", style=width(share),
                title=f"{words} {inside}",
            )
        )  # fmt: skip
        swatch = html.I(className=f"part-{part}")
        keys.append(html.Span([swatch, words if fits else f"{words} {inside}"]))
    return html.Div(
        [html.Div(stack, className="stack"), html.Div(keys, className="keys")],
    )
