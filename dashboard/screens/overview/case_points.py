"""Single cases on the heat: a window of few cases is hardly warm anywhere, so each is a point."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from dashboard.access import Live
    from dashboard.screens.overview.scene import Scene

MOST: Final = 60  # cases of a window; what more of them make is read off the heat
DIGITS: Final = 5  # of a degree, about a metre


def found(scene: Scene, live: Live) -> Scene:
    """The scene with where the cases of its window lie, if they are few."""
    seen = scene.mode == "heat" and "heat" not in scene.place.hidden
    if not seen or not 0 < scene.numbers.total["reported"] <= MOST:
        return scene
    places = np.round(np.column_stack(live.engine.points(scene.numbers.request)), DIGITS)
    lonlat, counts = np.unique(places, axis=0, return_counts=True)
    points = {
        (float(lon), float(lat)): int(n) for (lon, lat), n in zip(lonlat, counts, strict=True)
    }
    return replace(scene, points=points)


def sent(scene: Scene) -> list[dict[str, Any]]:
    """The points as `assets/map/casepoints.js` draws them."""
    return [{"lon": lon, "lat": lat, "n": n} for (lon, lat), n in (scene.points or {}).items()]


def unplaced(scene: Scene) -> int:
    """Cases of the window whose location nobody knows."""
    return int(scene.numbers.total["reported"]) - sum((scene.points or {}).values())
