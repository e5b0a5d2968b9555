"""The column beside the heat: the played window against what is usual."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from dash import html

from dashboard.components.bars import Bar, bar_rows
from dashboard.components.marks import attributes, link
from dashboard.components.panels import Head
from dashboard.i18n import named
from dashboard.i18n.amounts import change, count, rate
from dashboard.i18n.moments import clock, date
from dashboard.question import SHORT
from dashboard.screens.overview import against, significant, states
from dashboard.screens.overview.registered import definition
from geodata.metrics import deviation
from geodata.model.periods import DAY
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from dashboard.access import Live
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene
    from geodata.metrics.deviation import Change

HOT: Final = 2.6  # standard deviations above the norm; the legend says how sure that is
LEAST: Final = 5  # cases below which a spot is chance
MOST: Final = 9
EXPLAINED: Final = 3
NAMED: Final = 2  # matters that explain a spot
MOST_CASES: Final = 2_000
SPOTS: Final = 3  # shown in the list
ROWS: Final = 5
BETWEEN: Final = " · "

Matters = list[tuple[int, int]]


def window(scene: Scene) -> str:
    """The stretch the column counts: the played hour or day, else the period."""
    zone, start, end = scene.zone, scene.window.start, scene.window.end
    day = date(end - 1, zone, scene.language)
    if scene.played and scene.window.length < DAY:
        hour = f"{clock(start, zone)}–{clock(end, zone)}"
        return hour if scene.span.length <= SHORT else f"{day} {hour}"
    if scene.played and scene.window != scene.span:
        return day
    return scene.period_word("short_")


def volume(scene: Scene) -> Node:
    """How many cases, and how many are usual."""
    total = deviation.total(scene.numbers)
    name = scene.name(scene.unit)
    head = Head("volume", f"{name} {window(scene)}", "", "", definition("reported", scene))
    if not scene.has_cases:
        return states.empty(head, scene, tight=True)
    body = [
        html.P(
            [count(total.reported, scene.language), html.Small(scene.t("unit.cases"))],
            className="figure",
        ),
        html.P(_against(scene), className="against"),
        html.P(scene.t("spots.still", window=window(scene)), className="still"),
    ]
    return states.normal(head, html.Div(body, className="volume"), scene)


def _against(scene: Scene) -> str:
    """The norm and the change against it, as far as the sentence over the page tells it."""
    side, total = against.side(scene), deviation.total(scene.numbers)
    if side == "unknown":
        return scene.t("kpi.no_norm")
    norm = against.written(total.norm)
    if side == "few":
        return scene.t("kpi.small_norm", n=norm)
    if side == "usual":
        return scene.t("spots.as_norm", norm=norm)
    return scene.t("spots.against", norm=norm, change=change(against.share(scene)))


def hot(scene: Scene) -> tuple[Change, ...]:
    """Cells clearly above their norm, the clearest first: numbered in the list and on the map."""
    found = [
        row
        for row in deviation.changes(scene.numbers.cells, scene.numbers.norm_weeks)
        if row.z >= HOT and row.reported >= LEAST
    ]
    # Two that read the same: the one with more cases stands first.
    return tuple(sorted(found, key=lambda row: (-round(row.z, 1), -row.reported, row.row))[:MOST])


def most(scene: Scene) -> list[Change]:
    """The cells with most cases: listed where none is hot."""
    everywhere = deviation.changes(scene.numbers.cells, scene.numbers.norm_weeks)
    ranked = sorted(everywhere, key=lambda row: (-row.reported, row.row))
    return [row for row in ranked[:SPOTS] if row.reported]


def explained(scene: Scene, live: Live) -> Scene:
    """The scene with what its clearest hot spots are made of: a short list of cases for each."""
    if scene.mode != "heat" or scene.level == BUILDING or not scene.has_cases:
        return scene
    made = {spot.row: _made(scene, spot, live) for spot in hot(scene)[:EXPLAINED]}
    words = {
        row: BETWEEN.join(_said(scene, matter, n) for matter, n in found if n > 1)
        for row, found in made.items()
    }
    return replace(scene, made=words)


def _said(scene: Scene, matter: int, n: int) -> str:
    return scene.t("spots.made", name=scene.entry(scene.city.matters, matter), n=n)


def _made(scene: Scene, spot: Change, live: Live) -> Matters:
    """The matters that happened most, with their cases."""
    request = replace(scene.numbers.request, place=spot.row, level=scene.level)
    cases = live.engine.incidents(request, MOST_CASES)
    if len(cases) >= MOST_CASES:
        return []  # the newest cases alone would tell of the evening, not of the spot
    matters = cases["matter"].to_numpy(dtype=np.int64)
    known, counts = np.unique(matters[matters >= 0], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:NAMED]
    return [(int(known[at]), int(counts[at])) for at in order]


def about(scene: Scene) -> str:
    """What above the norm means, with the statistic, for a hover."""
    return scene.t("spots.about", z=HOT, n=LEAST)


def sure_percent() -> int:
    """How often as much is not chance, where counts scatter as a bell curve."""
    return round(100 * math.erf(HOT / math.sqrt(2)))


def spots(scene: Scene) -> Node:
    """Hot spots; where there is none, the cells with most cases, without numbers."""
    found = hot(scene)
    note = scene.t("spots.note") if found else scene.t("spots.note_most")
    explained = f"{about(scene)}\n{definition('deviation', scene)}"
    head = Head("spots", _found(scene, len(found)), note, scene.href(table="map"), explained)
    if not scene.has_cases:
        return states.empty(head, scene)
    shown = found[:SPOTS] or most(scene)
    norms = [row.norm for row in shown]
    rows = [
        _spot(scene, str(number) if found else "", row, norms)
        for number, row in enumerate(shown, 1)
    ]
    listed = html.Ol(rows, className="spots")
    return states.normal(head, html.Div([listed, significant.told(scene)]), scene)


def _found(scene: Scene, n: int) -> str:
    """How many are hot, and that not all of them stand in the list."""
    if n > SPOTS:
        return scene.t("spots.found_first", n=n, first=SPOTS)
    return scene.t("spots.found", n=n) if n else scene.t("spots.none", n=SPOTS)


def _spot(scene: Scene, number: str, row: Change, norms: list[float]) -> Node:
    building = scene.level == BUILDING
    table = scene.city.buildings if building else scene.city.places
    place = table.iloc[row.row]
    made, usual = scene.made.get(row.row, ""), _norm(scene, row, norms)
    told = BETWEEN.join(filter(None, (_within(scene, row.row), made)))
    return html.Li(
        [
            html.Span(number, className="number", **attributes({"aria-hidden": "true"}))
            if number
            else None,
            html.Div(
                [
                    link(named(place, scene.language),
                         scene.href(at=str(place["code"]), level="", play="", heat=False)),
                    html.Small(told, title=usual) if told else None,
                ]
            ),
            html.Div(
                [html.B(f"{count(row.reported, scene.language)} {scene.t('unit.cases')}".strip()),
                 html.Small(_norm(scene, row, norms, "spots.usual"))],
                title=f"z {rate(row.z)}" if row.norm > 0 else None,
            ),
        ],
        className="" if number else "plain",
        **attributes({"data-unit": str(row.row)}),
    )  # fmt: skip


def _within(scene: Scene, unit: int) -> str:
    """The place right above a cell, where that is not the one that is looked at."""
    if scene.level == BUILDING:
        return ""
    above = scene.city.tree.parent(unit)
    return "" if above in {-1, scene.unit} else scene.short(above)


def _norm(scene: Scene, row: Change, norms: list[float], key: str = "spots.norm") -> str:
    """What is usual, where that is known, written as those of the same list."""
    if row.norm != row.norm:
        return ""
    return scene.t(key, n=against.written(row.norm, norms))


def kinds(scene: Scene) -> Node:
    """Categories of the window beside their norm."""
    rows = deviation.changes(scene.numbers.categories, scene.numbers.norm_weeks)
    ranked = [row for row in rows if row.reported > 0]
    about = definition("reported", scene)
    head = Head("categories", _kinds_title(scene), window(scene), definition=about)
    if not ranked:
        return states.empty(head, scene)
    driver = _driver(scene)
    first = driver.row if driver else -1  # the title speaks of it
    ranked.sort(key=lambda row: (row.row != first, -row.reported))
    shown, rest = ranked[:ROWS], ranked[ROWS:]
    others = deviation.Change(-1, sum(x.reported for x in rest), sum(x.norm for x in rest))
    longest = max(row.reported for row in (*shown, others))
    norms = [row.norm for row in (*shown, *([others] if rest else []))]
    bars = [
        _kind(scene, row, (longest, norms), scene.entry(scene.city.categories, row.row),
              "chosen" if row.row == first else "")
        for row in shown
    ]  # fmt: skip
    if rest:
        word = scene.t("categories.rest", n=len(rest))
        bars.append(_kind(scene, others, (longest, norms), word, "rest"))
    return states.normal(head, bar_rows(bars, "categories"), scene)


def _kind(scene: Scene, row: Change, among: tuple[float, list[float]], name: str, mark: str) -> Bar:
    longest, norms = among
    return Bar(
        name=name,
        share=row.reported / longest,
        end=count(row.reported, scene.language),
        value=_norm(scene, row, norms, "spots.usual"),
        mark=mark,
    )


def _driver(scene: Scene) -> Change | None:
    """The category that grows fastest; in an hour, whose norms are small, the clearest one."""
    found = deviation.driver(scene.numbers)
    if found is not None or len(scene.numbers.request.categories) == 1:
        return found
    rows = deviation.changes(scene.numbers.categories, scene.numbers.norm_weeks)
    clear = [r for r in rows if r.z >= deviation.CLEAR_AMONG_MANY and r.reported >= LEAST]
    return max(clear, key=lambda row: (row.z, -row.row), default=None)


def _kinds_title(scene: Scene) -> str:
    driver = _driver(scene)
    if driver is None:
        return scene.t("panel.categories")
    return scene.t("spots.driver", name=scene.entry(scene.city.categories, driver.row))
