"""The line above the panels: clock and date, the city, how far the data reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.components.tree import Tree, part
from dashboard.i18n import titled

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene


def head(scene: Scene, notice: str = "") -> list[Tree]:
    """Three parts; the browser writes clock and ages, by the server's time."""
    when = part(
        "div", "wall-when", part("span", "", data_wall="date"), part("b", "", data_wall="clock")
    )
    title = part("h1", "wall-title", titled(scene.city.profile, scene.language))
    note = part("span", "wall-notice", notice) if notice else None
    state = part(
        "div", "wall-state", note, part("span", "", data_wall="until"),
        part("span", "", data_wall="sources"),
    )  # fmt: skip
    return [when, title, state]
