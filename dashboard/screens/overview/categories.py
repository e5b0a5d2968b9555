"""Cases by category, the largest first, and how each compares with its norm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.bars import Bar, bar_rows
from dashboard.components.panels import Head
from dashboard.i18n.amounts import arrow, change, count
from dashboard.screens.overview import facts, states
from dashboard.screens.overview.facts import Excess
from dashboard.screens.overview.registered import definition

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

KEY: Final = "categories"
ROWS: Final = 5  # and one for the rest


def categories(scene: Scene) -> Node:
    """The panel; every bar is a link that filters."""
    ranked = sorted(facts.excesses(scene.numbers.categories), key=lambda x: -x.reported)
    ranked = [row for row in ranked if row.reported > 0]
    driver = facts.driver(scene)
    title = scene.t("categories.name")
    if driver is not None:
        title = scene.t("categories.rising", name=scene.entry(scene.city.categories, driver.row))
    head = Head(
        KEY, title, scene.t("categories.note"), scene.href(table=KEY),
        definition("reported", scene.language),
    )  # fmt: skip
    if not ranked:
        return states.empty(head, scene, tight=True)
    return states.normal(head, bar_rows(_bars(scene, ranked, driver), "categories"), scene)


def _bars(scene: Scene, ranked: list[Excess], driver: Excess | None) -> list[Bar]:
    shown = ranked[:ROWS]
    if driver is not None and driver.row not in [row.row for row in shown]:
        shown = [*shown[:-1], driver]
    rest = [row for row in ranked if row.row not in {x.row for x in shown}]
    others = Excess(-1, sum(x.reported for x in rest), sum(x.norm for x in rest))
    longest = max([x.reported for x in shown] + [others.reported])
    bars = [
        _bar(scene, row, longest, "chosen" if driver and row.row == driver.row else "")
        for row in shown
    ]
    if rest:
        word = scene.t("categories.rest", n=len(rest))
        bars.append(_bar(scene, others, longest, "rest", word))
    return bars


def _bar(scene: Scene, row: Excess, longest: float, mark: str, word: str = "") -> Bar:
    share = row.share if facts.has_norm(scene) else float("nan")
    shown = f"{arrow(share)} {change(share).lstrip('+−')}" if share == share else "—"  # noqa: PLR0124  NaN
    key = "" if word else str(scene.city.categories["key"].iloc[row.row])
    return Bar(
        name=word or scene.entry(scene.city.categories, row.row),
        share=row.reported / longest,
        end=count(row.reported, scene.language),
        value=html.B(shown) if mark == "chosen" else shown,
        href=scene.href(categories=(key,)) if key else "",
        mark=mark,
        title=scene.t("categories.hover", norm=count(row.norm, scene.language)),
    )
