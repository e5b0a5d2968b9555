"""Cases by category, the largest first, and how each compares with its norm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.bars import Bar, bar_rows
from dashboard.components.panels import Head
from dashboard.i18n.amounts import arrow, change, count, known
from dashboard.screens.overview import states
from dashboard.screens.overview.registered import definition
from geodata.metrics import deviation
from geodata.metrics.classes import LEAST_CASES
from geodata.metrics.deviation import Change

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

KEY: Final = "categories"
ROWS: Final = 5  # and one for the rest


def categories(scene: Scene) -> Node:
    """The panel; every bar is a link that filters."""
    rows = deviation.changes(scene.numbers.categories, scene.numbers.norm_weeks)
    ranked = sorted((row for row in rows if row.reported > 0), key=lambda row: -row.reported)
    driver = deviation.driver(scene.numbers)
    title = scene.t("categories.name")
    if driver is not None:
        title = scene.t("categories.rising", name=scene.entry(scene.city.categories, driver.row))
    head = Head(
        KEY, title, _note(scene), scene.href(table=KEY),
        definition("reported", scene),
    )  # fmt: skip
    if not ranked:
        return states.empty(head, scene, tight=True)
    return states.normal(head, bar_rows(_bars(scene, ranked, driver), "categories"), scene)


def _note(scene: Scene) -> str:
    """What is compared; without a norm, or with a small one, nothing stands beside the counts."""
    total = deviation.total(scene.numbers)
    if not known(total.share):
        return scene.t("categories.note_alone")
    rows = deviation.changes(scene.numbers.categories, scene.numbers.norm_weeks)
    compared = any(row.norm >= LEAST_CASES for row in rows)
    return scene.t("categories.note" if compared else "categories.note_few", n=LEAST_CASES)


def _bars(scene: Scene, ranked: list[Change], driver: Change | None) -> list[Bar]:
    shown = ranked[:ROWS]
    if driver is not None and driver.row not in [row.row for row in shown]:
        shown = [*shown[:-1], driver]
    rest = [row for row in ranked if row.row not in {x.row for x in shown}]
    others = Change(-1, sum(x.reported for x in rest), sum(x.norm for x in rest))
    longest = max([x.reported for x in shown] + [others.reported])
    bars = [
        _bar(scene, row, longest, "chosen" if driver and row.row == driver.row else "")
        for row in shown
    ]
    if rest:
        word = scene.t("categories.rest", n=len(rest))
        bars.append(_bar(scene, others, longest, "rest", word))
    return bars


def _bar(scene: Scene, row: Change, longest: float, mark: str, word: str = "") -> Bar:
    enough = known(row.share) and row.norm >= LEAST_CASES
    shown = f"{arrow(row.share)} {change(row.share).lstrip('+−')}" if enough else ""
    key = "" if word else str(scene.city.categories["key"].iloc[row.row])
    return Bar(
        name=word or scene.entry(scene.city.categories, row.row),
        share=row.reported / longest,
        end=count(row.reported, scene.language),
        value=html.B(shown) if mark == "chosen" else shown,
        href=scene.href(categories=(key,)) if key else "",
        mark=mark,
        title=scene.t("categories.hover", norm=count(row.norm, scene.language))
        if known(row.norm)
        else "",
    )
