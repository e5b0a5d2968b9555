"""Where a department's time goes, step by step, and the places where it arrives last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.bars import Bar, bar_rows
from dashboard.components.marks import attributes, link
from dashboard.components.panels import Head
from dashboard.i18n import named
from dashboard.i18n.amounts import count, rate, together
from dashboard.screens.overview import facts, states
from dashboard.screens.overview.registered import definition
from geodata.metrics import deviation
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.facts import Step
    from dashboard.screens.overview.scene import Scene

KEY: Final = "ladder"
BEFORE: Final = ("reported", "accepted", "dispatched", "taken")  # steps counted in minutes
SLOWEST: Final = 3
HOUR_MIN: Final = 60.0


def ladder(scene: Scene) -> Node:
    """The panel of steps: minutes until arrival, hours after it."""
    steps = facts.steps(scene)
    head = Head(
        KEY, _title(scene), scene.period_word("short_"), scene.href(table=KEY),
        definition("arrival_median_min", scene),
    )  # fmt: skip
    if not steps:
        return states.empty(head, scene, metric="arrival_median_min")
    early = [step for step in steps if step.first in BEFORE]
    late = [step for step in steps if step.first not in BEFORE]
    parts = [
        _part(scene, early, "ladder.before", 1.0, "unit.min"),
        _part(scene, late, "ladder.after", HOUR_MIN, "unit.hour_short"),
    ]
    return states.normal(head, html.Div(parts), scene)


def _title(scene: Scene) -> str:
    slow = facts.slow_step(scene)
    if slow is None:
        return scene.t("panel.ladder")
    said = scene.t(
        "ladder.lost_at_desk" if scene.at_desk else "ladder.lost",
        a=scene.t(f"stage.{slow.first}"), b=scene.t(f"stage.{slow.last}"),
        n=rate(slow.median_min, 0), target=rate(slow.target, 0),
    )  # fmt: skip
    return said[:1].upper() + said[1:]


def _name(scene: Scene, step: Step) -> str:
    first, last = scene.t(f"stage.{step.first}"), scene.t(f"stage.{step.last}")
    return scene.t("stage.step", a=first, b=last)


def _part(scene: Scene, steps: list[Step], title: str, unit_min: float, unit: str) -> Node:
    if not steps:
        return None
    longest = max(max(step.p90_min, step.target or 0) for step in steps) * 1.02
    bars = [_bar(scene, step, longest, unit_min, scene.t(unit)) for step in steps]
    heads = [html.Span(scene.t(title)), html.Span(scene.t("ladder.columns"))]
    return html.Div(
        [html.Div(heads, className="ladder-head"), bar_rows(bars, "ladder")], className="part"
    )


def _bar(scene: Scene, step: Step, longest: float, unit_min: float, unit: str) -> Bar:
    decimals = 0 if unit_min == 1 else 1
    tick = None
    if step.target:
        word = scene.t("ladder.target", n=f"{step.target / unit_min:g}")
        tick = (step.target / longest, word)
    return Bar(
        name=_name(scene, step),
        share=step.median_min / longest,
        to=step.p90_min / longest,
        value=[
            html.B(rate(step.median_min / unit_min, decimals)),
            f" / {rate(step.p90_min / unit_min, decimals)} {unit}",
        ],
        mark="over" if step.over else "",
        tick=tick,
        title=f"n {count(step.cases, scene.language)}",
    )


def slowest(scene: Scene) -> Node:
    """The cells where the department arrives last, with the number of cases behind it."""
    arrival = scene.keeps("arrival_median_min")
    kind = "arrival" if arrival else "resolution"
    enough = deviation.slowest(scene.numbers.cells, f"{kind}_median_min")
    head = Head(
        "slowest", _slowest_title(scene, min(SLOWEST, len(enough))),
        scene.t("ladder.slowest_note"), scene.href(table="map"),
        definition("arrival_median_min", scene),
    )  # fmt: skip
    if not len(enough):
        cells = scene.numbers.cells
        head = replace(head, title=scene.t("panel.slowest"))
        return states.few(head, scene, f"{kind}_median_min", cells[cells.index >= 0], tight=True)
    worst = enough.head(SLOWEST)
    medians, ninths = worst[f"{kind}_median_min"], worst[f"{kind}_p90_min"]
    shown, unit_word = together([*medians, *ninths], scene.language)
    rows = [
        _slow_row(scene, int(unit), int(n), (median, f"{p90} {unit_word}"))
        for unit, n, median, p90 in zip(
            worst.index, worst[f"{kind}_n"], shown[: len(worst)], shown[len(worst) :], strict=True
        )
    ]
    return states.normal(head, html.Ul(rows, className="rows"), scene)


def _slowest_title(scene: Scene, rows: int) -> str:
    if rows == 1:
        return scene.t("ladder.slowest_one", level=scene.level_name(scene.level).lower())
    return scene.t("ladder.slowest", n=rows, level=scene.level_plural(scene.level))


def _above(scene: Scene, unit: int) -> str:
    """What a place lies in, as the map names it."""
    if unit < 0:
        return ""
    return scene.name(unit) if scene.language == "zh" else scene.short(unit)


def _slow_row(scene: Scene, unit: int, cases: int, shown: tuple[str, str]) -> Node:
    building = scene.level == BUILDING
    row = (scene.city.buildings if building else scene.city.places).iloc[unit]
    above = scene.unit if building else scene.city.tree.parent(unit)
    return html.Li(
        [
            link(named(row, scene.language), scene.href(at=str(row["code"]), level="")),
            html.Span(_above(scene, above), className="where"),
            html.Span(count(cases, scene.language), className="n"),
            html.Span([html.B(shown[0]), f" / {shown[1]}"]),
        ],
        **attributes({"data-unit": str(unit)}),
    )
