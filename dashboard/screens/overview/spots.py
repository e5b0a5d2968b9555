"""The column beside the heat: the played window against what is usual."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from dash import html

from dashboard.components.bars import Bar, bar_rows
from dashboard.components.marks import attributes, link
from dashboard.components.panels import Head
from dashboard.i18n import named
from dashboard.i18n.amounts import change, count, rate
from dashboard.i18n.moments import clock
from dashboard.screens.overview import states
from dashboard.screens.overview.registered import definition
from geodata.metrics import deviation
from geodata.model.periods import DAY
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from dashboard.access import Live
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene
    from geodata.metrics.deviation import Change

HOT: Final = 2.6  # standard deviations above the norm, as the legend says
LEAST: Final = 5  # cases below which a spot is chance
MOST: Final = 9
EXPLAINED: Final = 3
NAMED: Final = 2  # matters that explain a spot
MOST_CASES: Final = 2_000
SPOTS: Final = 3  # shown where none is hot
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


def hot(scene: Scene) -> tuple[Change, ...]:
    """Cells clearly above their norm, the clearest first: numbered in the list and on the map."""
    found = [
        row
        for row in deviation.changes(scene.numbers.cells, scene.numbers.norm_weeks)
        if row.z >= HOT and row.reported >= LEAST
    ]
    return tuple(sorted(found, key=lambda row: (-row.z, row.row))[:MOST])


def explained(scene: Scene, live: Live) -> Scene:
    """The scene with what its clearest hot spots are made of: a short list of cases for each."""
    if scene.mode != "heat" or scene.level == BUILDING or not scene.has_cases:
        return scene
    found = hot(scene)[:EXPLAINED]
    made = {spot.row: _made(scene, spot, live) for spot in found}
    return replace(scene, made=made)


def _made(scene: Scene, spot: Change, live: Live) -> str:
    """The matters that happened most, where they did so more than once."""
    request = replace(scene.numbers.request, place=spot.row, level=scene.level)
    cases = live.engine.incidents(request, MOST_CASES)
    if len(cases) >= MOST_CASES:
        return ""  # the newest cases alone would tell of the evening, not of the spot
    matters = cases["matter"].to_numpy(dtype=np.int64)
    known, counts = np.unique(matters[matters >= 0], return_counts=True)
    words = [
        scene.t("spots.made", name=scene.entry(scene.city.matters, int(known[at])), n=counts[at])
        for at in np.argsort(-counts, kind="stable")[:NAMED]
        if counts[at] > 1
    ]
    return " · ".join(words)


def spots(scene: Scene) -> Node:
    """Hot spots; where there is none, the cells with most cases, without numbers."""
    found = hot(scene)
    title = scene.t("spots.found", n=len(found)) if found else scene.t("spots.none")
    head = Head("spots", title, scene.t("spots.note", z=HOT, n=LEAST), scene.href(table="map"))
    if not scene.has_cases:
        return states.empty(head, scene)
    rows = [_spot(scene, str(number), row) for number, row in enumerate(found, 1)]
    if not found:
        everywhere = deviation.changes(scene.numbers.cells, scene.numbers.norm_weeks)
        most = sorted(everywhere, key=lambda row: -row.reported)[:SPOTS]
        rows = [_spot(scene, "", row) for row in most if row.reported]
    return states.normal(head, html.Ol(rows, className="spots"), scene)


def _spot(scene: Scene, number: str, row: Change) -> Node:
    building = scene.level == BUILDING
    table = scene.city.buildings if building else scene.city.places
    place = table.iloc[row.row]
    made, usual = scene.made.get(row.row, ""), _norm(scene, row)
    return html.Li(
        [
            html.Span(number, className="number" if number else "number none",
                      **attributes({"aria-hidden": "true"})),
            html.Div(
                [
                    link(named(place, scene.language),
                         scene.href(at=str(place["code"]), level="", play="", heat=False)),
                    html.Small(made or usual, title=usual),
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
