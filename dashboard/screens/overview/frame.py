"""The upper part of the page: header, path, sentence, six figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import attributes
from dashboard.components.shell import Header, Source, header, help_text
from dashboard.i18n import LANGUAGES, named, titled
from dashboard.i18n.moments import clock, full_stamp, when
from dashboard.place import DESK, GRIDS, Place, to_query
from dashboard.screens import BRIEF, DEPARTMENTS, DUPLICATES, EVALUATION, tabs
from dashboard.screens.overview.headline import headline
from dashboard.screens.overview.kpis import kpis
from dashboard.screens.overview.notes import notes
from dashboard.screens.overview.path import path_row
from dashboard.screens.overview.states import AMBER_TIMES, LEAST_S, staleness

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

TODAY: Final = "today"  # the period, as an address writes it


def frame(scene: Scene) -> list[Node]:
    """What stands above the map; heat and building leave the map more room."""
    parts: list[Node] = [header(_header(scene)), path_row(scene)]
    parts.append(html.P(_printed(scene), className="print-line"))
    if scene.notice:
        parts.append(html.P(scene.notice, className="notice", role="status"))
    if scene.mode != "building":
        parts.append(headline(scene))
    if scene.mode == "cells" and scene.has_cases:
        worn = "figures worn" if staleness(scene) == "red" else "figures"
        name = {"aria-label": scene.t("kpi.name")}
        parts.append(html.Section(kpis(scene), className=worn, **attributes(name)))
    return [*parts, help_text(scene.language)]


def _printed(scene: Scene) -> str:
    """What a sheet of paper must say of itself: place, period, filters, and as of when."""
    told = [(name, said) for name, said in notes(scene, "map")[1:] if said]
    return " · ".join(scene.t("path.printed", name=name, said=said) for name, said in told)


def _header(scene: Scene) -> Header:
    other = "light" if scene.theme == "dark" else "dark"
    return Header(
        title=title(scene),
        home=scene.href(at="", level="", heat=False, play="", table=""),
        tabs=[
            tab
            for screen, path in tabs(scene.rights, _kept(scene))
            for tab in _tabs(scene, screen.key, path)
        ],
        age=_age(scene),
        sources=[_source(scene, row) for row in range(len(scene.city.sources))],
        languages={language: scene.href(language=language) for language in LANGUAGES},
        language=scene.language,
        other_theme=scene.href(theme=other),
        theme=scene.theme,
    )


def _tabs(scene: Scene, key: str, path: str) -> list[tuple[str, str, bool]]:
    """The ways to a screen: one, but of the brief that of today and that of the period shown."""
    if key != BRIEF:
        return [(scene.t(f"screens.{key}"), *_to(scene, key, path))]
    sheet = path.partition("?")[0]
    shown = scene.t("screens.brief_of", period=scene.period_word("short_"))
    found = [(shown, sheet + _printed_at(scene, scene.place.period), False)]
    if scene.period == TODAY or scene.city.profile.as_of == "data":
        return found
    return [(scene.t("screens.brief_today"), sheet + _printed_at(scene, TODAY), False), *found]


def _to(scene: Scene, key: str, path: str) -> tuple[str, bool]:
    """Where a tab leads, and whether it is the one in view; what both show is taken along."""
    if key == "overview":
        home = scene.href(arrangement="", departments=(), measure="", table="", case="")
        return (home if scene.place.arrangement else path), not scene.place.arrangement
    if key == DEPARTMENTS:
        here = scene.place.arrangement == DESK
        kept = {"departments": scene.place.departments if not here else ()}
        return scene.href(arrangement=DESK, heat=False, play="", table="", case="", **kept), here
    if key == DUPLICATES:
        asked = _printed_at(scene, scene.place.period, scene.place.theme)
        return path.partition("?")[0] + asked, False
    if key == EVALUATION:
        plain = {"heat": False, "play": "", "table": "", "case": "", "measure": "", "level": ""}
        return scene.href(arrangement=GRIDS, **plain), scene.place.arrangement == GRIDS
    return path, False


def _kept(scene: Scene) -> str:
    """What another screen takes over from this one: language and theme."""
    return Place(language=scene.place.language, theme=scene.place.theme).href()


def _printed_at(scene: Scene, period: str, theme: str = "") -> str:
    """What other pages take over: place and period, under the boundaries in force."""
    at = scene.city.tree.codes[scene.unit] if scene.unit and scene.division is None else ""
    place = Place(at=at, period=period, language=scene.place.language, theme=theme)
    return to_query(place)


def title(scene: Scene) -> str:
    """The title of the city's screen."""
    return titled(scene.city.profile, scene.language)


def _age(scene: Scene) -> str:
    newest = scene.numbers.newest
    if not scene.has_cases or not newest:
        return ""
    if scene.city.profile.as_of == "data":
        return full_stamp(newest, scene.zone, scene.language)
    return clock(newest, scene.zone, seconds=True)


def _source(scene: Scene, row: int) -> Source:
    source = scene.city.sources.iloc[row]
    newest = scene.numbers.sources["newest"].get(row, float("nan"))
    limit = max(LEAST_S, AMBER_TIMES * float(source["interval_s"]))
    heard = newest == newest  # noqa: PLR0124  NaN: never
    frozen = scene.city.profile.as_of == "data"
    return Source(
        key=str(source["key"]),
        name=named(source, scene.language),
        newest=when(newest, scene.now, scene.zone, scene.language)
        if heard
        else scene.t("shell.never"),
        late=not frozen and (not heard or scene.now - newest > limit),
    )
