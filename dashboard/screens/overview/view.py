"""The overview for one place: every part of the page from one scene; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dash import html

from dashboard.components.marks import attributes
from dashboard.place import DESK, Place
from dashboard.question import ask
from dashboard.screens.overview import (
    alerted,
    areas,
    bullets,
    case_points,
    categories,
    facts,
    frame,
    ladder,
    map_state,
    outlined,
    overlay,
    peak,
    rising,
    settlement,
    spots,
    states,
    timeline,
)
from dashboard.screens.overview import (
    scene as scenes,
)
from dashboard.screens.overview.department import compare
from dashboard.screens.overview.department import desk as desks
from dashboard.screens.overview.department.panels import around
from dashboard.screens.overview.department.panels import told as more_told
from dashboard.screens.overview.drawer import drawer
from dashboard.screens.overview.grids import panels as grids
from dashboard.screens.overview.kept import learnt

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.access import Live
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

Panels = tuple[tuple[str, "Callable[[Scene], Node]"], ...]

CELLS: Final[Panels] = (
    ("departments", bullets.bullets),
    ("categories", categories.categories),
    ("settlement", settlement.settlement),
)
DEPARTMENT: Final[Panels] = (("ladder", ladder.ladder), ("slowest", ladder.slowest))
WITHOUT_ARRIVAL: Final[Panels] = (
    ("categories", categories.categories),
    ("settlement", settlement.settlement),
)
NOTHING: Final[Panels] = (("cases", states.unconnected), ("areas", areas.areas))
HEAT: Final[Panels] = (
    ("volume", spots.volume),
    ("spots", spots.spots),
    ("recent", rising.rising),
    ("categories", spots.kinds),
)


@dataclass(frozen=True)
class View:
    """The outputs of the overview's one callback, in order."""

    frame: list[Node]
    body: list[Node]
    timeline: list[Node]
    map_state: dict[str, Any]


def view(place: Place, live: Live) -> View:
    """Everything for a place, from one scene of the city."""
    scene = _warmed(scenes.read(place, live), live)
    told = map_state.map_state(scene)
    if scene.at_desk:
        desk = desks.read(scene, live)
        panels, told = around(desk), told | more_told(desk)
    elif scene.at_compare:
        panels = compare.around(compare.read(scene, live))
    elif scene.at_grids:
        panels = grids.around(scene)
    else:
        panels = [side(scene, alerted.read(scene, live))]
    return View(
        frame=frame.frame(scene),
        body=[overlay.overlay(scene), *panels],
        timeline=_timeline(scene, live),
        map_state=told,
    )


def ready(live: Live) -> None:
    """Read and draw once what the first page of a department would wait for."""
    city = live.city
    learnt(live, live.engine.screen(ask(Place(), city).request))
    for key in city.departments["key"].head(1):
        view(Place(arrangement=DESK, departments=(str(key),)), live)


def _timeline(scene: Scene, live: Live) -> list[Node]:
    """The course under the map; departments have other panels there."""
    if not scene.has_cases or scene.arranged in {"desk", "compare"}:
        return []
    return timeline.timeline(scene, peak.read(scene, live))


def _warmed(scene: Scene, live: Live) -> Scene:
    """The scene with its cases if they are few, and what its hot spots are made of, where, when."""
    drawn = outlined.drawn(spots.explained(case_points.found(scene, live), live), live)
    return rising.followed(drawn, live)


def side(scene: Scene, alerts: tuple[alerted.Alerted, ...] = ()) -> Node:
    """The right column: panels of the whole, of one department, of the heat, or the drawer."""
    if scene.mode == "building":
        return drawer(scene, alerts)
    if not scene.has_cases:
        parts, kind = NOTHING, "none"
    elif scene.mode == "heat":
        parts, kind = HEAT, "heat"
    elif scene.department is not None:
        ladders = scene.keeps("arrival_median_min") or bool(facts.steps(scene))
        parts, kind = (DEPARTMENT, "department") if ladders else (WITHOUT_ARRIVAL, "brief")
    else:
        parts, kind = CELLS, "cells"
    found = [states.guarded(part, key, scene) for key, part in parts]
    panels = [each for each in found if each is not None]
    return html.Aside(
        panels, className=f"side {kind}", **attributes({"aria-label": scene.t("panel.figures")})
    )
