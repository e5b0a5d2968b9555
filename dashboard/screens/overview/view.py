"""The overview for one place: every part of the page from one scene; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dash import html

from dashboard.components.marks import attributes
from dashboard.screens.overview import (
    areas,
    bullets,
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
from dashboard.screens.overview.drawer import drawer

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.access import Live
    from dashboard.components.marks import Node
    from dashboard.place import Place
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
    return View(
        frame=frame.frame(scene),
        body=[overlay.overlay(scene), side(scene)],
        timeline=timeline.timeline(scene, peak.read(scene, live)) if scene.has_cases else [],
        map_state=map_state.map_state(scene),
    )


def _warmed(scene: Scene, live: Live) -> Scene:
    """The scene with what is told of its hot spots: what they are made of, where and since when."""
    return rising.followed(outlined.drawn(spots.explained(scene, live), live), live)


def side(scene: Scene) -> Node:
    """The right column: panels of the whole, of one department, of the heat, or the drawer."""
    if scene.mode == "building":
        return drawer(scene)
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
