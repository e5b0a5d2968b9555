"""The steps in which a land is made, and how much of the time has gone by when each begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geodata.model.draft import Progress

BEGIN: Final = {  # measured on a city of 650,000 buildings
    "drawing rivers and lakes": 0.0,
    "drawing main roads": 0.01,
    "cutting street blocks": 0.03,
    "joining the road network": 0.06,
    "finding street blocks": 0.3,
    "joining small blocks": 0.32,
    "placing blocks": 0.37,
    "choosing land use": 0.39,
    "raising buildings": 0.42,
    "clearing overlaps": 0.52,
    "dividing into units": 0.62,
    "giving names": 0.78,
    "drawing the basemap": 0.84,
    "writing tables": 0.9,
    "land is made": 1.0,
}


def begin(progress: Progress, step: str) -> None:
    """Tell that a step begins."""
    progress(step, BEGIN[step])
