"""The column beside the heat: the played window against what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.bars import Bar, bar_rows
from dashboard.components.marks import attributes, link
from dashboard.components.panels import Head
from dashboard.i18n import named
from dashboard.i18n.amounts import change, count, rate
from dashboard.i18n.moments import clock
from dashboard.screens.overview import states
from dashboard.screens.overview.registered import definition
from dashboard.screens.overview.scene import BUILDING
from geodata.metrics import deviation
from geodata.model.periods import DAY

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene
    from geodata.metrics.deviation import Change

SPOTS: Final = 3
ROWS: Final = 5


def _window(scene: Scene) -> str:
    """The stretch the column counts: the played hour, else the period."""
    if scene.place.play and scene.window.length < DAY:
        return f"{clock(scene.window.start, scene.zone)}–{clock(scene.window.end, scene.zone)}"
    return scene.period_word("short_")


def volume(scene: Scene) -> Node:
    """How many cases, and how many are usual."""
    total = deviation.total(scene.numbers)
    name = scene.name(scene.unit)
    head = Head(
        "volume", f"{name} {_window(scene)}", "", "", definition("reported", scene.language)
    )
    if not scene.has_cases:
        return states.empty(head, scene, tight=True)
    words = scene.t("kpi.no_norm")
    if total.share == total.share:  # NaN: no norm
        words = scene.t(
            "spots.against", norm=count(total.norm, scene.language), change=change(total.share)
        )
    body = [
        html.P(
            [count(total.reported, scene.language), html.Small(scene.t("unit.cases"))],
            className="figure",
        ),
        html.P(words, className="against"),
    ]
    return states.normal(head, html.Div(body, className="volume"), scene)


def spots(scene: Scene) -> Node:
    """Cells clearly above their norm, the clearest first."""
    found = deviation.unusual(scene.numbers)
    title = scene.t("spots.found", n=len(found)) if found else scene.t("spots.none")
    head = Head("spots", title, scene.t("spots.note"), scene.href(table="map"))
    if not scene.has_cases:
        return states.empty(head, scene)
    everywhere = deviation.changes(scene.numbers.cells, scene.numbers.norm_weeks)
    shown = found or sorted(everywhere, key=lambda row: -row.reported)
    rows = [
        _spot(scene, number, row) for number, row in enumerate(shown[:SPOTS], 1) if row.reported
    ]
    return states.normal(head, html.Ol(rows, className="spots"), scene)


def _spot(scene: Scene, number: int, row: Change) -> Node:
    building = scene.level == BUILDING
    table = scene.city.buildings if building else scene.city.places
    place = table.iloc[row.row]
    return html.Li(
        [
            html.Span(str(number), className="number", **attributes({"aria-hidden": "true"})),
            html.Div(
                [
                    link(named(place, scene.language),
                         scene.href(at=str(place["code"]), level="", play="", heat=False)),
                    html.Small(_norm(scene, row)),
                ]
            ),
            html.Div(
                [html.B(f"{count(row.reported, scene.language)} {scene.t('unit.cases')}".strip()),
                 html.Small(f"z {rate(row.z)}" if row.norm > 0 else "")]
            ),
        ],
        **attributes({"data-unit": str(row.row)}),
    )  # fmt: skip


def _norm(scene: Scene, row: Change, key: str = "spots.norm") -> str:
    """What is usual, where that is known."""
    if row.norm != row.norm:
        return ""
    few = row.norm < 1 or key == "spots.norm"
    return scene.t(key, n=rate(row.norm, 1 if few else 0))


def kinds(scene: Scene) -> Node:
    """Categories of the window beside their norm."""
    rows = deviation.changes(scene.numbers.categories, scene.numbers.norm_weeks)
    ranked = [row for row in rows if row.reported > 0]
    head = Head("categories", _kinds_title(scene), _window(scene))
    if not ranked:
        return states.empty(head, scene)
    driver = deviation.driver(scene.numbers)
    shown = sorted(ranked, key=lambda row: -row.reported)[:ROWS]
    longest = max(row.reported for row in shown)
    bars = [
        Bar(
            name=scene.entry(scene.city.categories, row.row),
            share=row.reported / longest,
            end=count(row.reported, scene.language),
            value=_norm(scene, row, "spots.usual"),
            mark="chosen" if driver and row.row == driver.row else "",
        )
        for row in shown
    ]
    return states.normal(head, bar_rows(bars, "categories"), scene)


def _kinds_title(scene: Scene) -> str:
    driver = deviation.driver(scene.numbers)
    if driver is None:
        return scene.t("panel.categories")
    return scene.t("spots.driver", name=scene.entry(scene.city.categories, driver.row))
