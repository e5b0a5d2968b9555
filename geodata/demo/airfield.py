"""Runways, taxiways, apron and terminals of the airfield."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from geodata.demo.setting import Setting
    from geodata.demo.sites import Airfield

Box = tuple[float, float, float, float]  # along from–to, across from–to, metres from the middle

FIXED: Final[tuple[tuple[str, Box], ...]] = (
    ("runway", (-1_950, 1_850, 640, 700)),
    ("runway", (-1_750, 1_950, -800, -740)),
    ("taxiway", (-1_900, 1_800, 420, 445)),
    ("taxiway", (-1_700, 1_900, -600, -575)),
    ("apron", (-900, 900, -420, 300)),
)
SOUTH_LINKS, NORTH_LINKS = (-1_650, -700, 650, 1_850), (-1_850, -600, 700, 1_750)
TERMINALS: Final = (-560.0, 420.0)


def _box(field: Airfield, box: Box) -> shapely.Geometry:
    cos, sin = np.cos(field.angle), np.sin(field.angle)
    along, across = np.array([cos, sin]), np.array([-sin, cos])
    low_a, high_a, low_b, high_b = box
    corners = ((low_a, low_b), (high_a, low_b), (high_a, high_b), (low_a, high_b))
    return shapely.Polygon([field.centre + a * along + b * across for a, b in corners])


def _terminal(field: Airfield, at: float) -> shapely.Geometry:
    """A long hall with three piers."""
    boxes: tuple[Box, ...] = (
        (at, at + 150, -330, 190),
        (at - 170, at + 320, -40, 20),
        (at - 130, at + 280, 130, 180),
        (at - 130, at + 280, -330, -285),
    )
    return shapely.union_all([_box(field, box) for box in boxes])


def airfield_details(setting: Setting) -> list[tuple[str, shapely.Geometry]]:
    """Draw everything inside the fence on the ground, by kind; nothing without an airfield."""
    field = setting.airfield
    if field is None:
        return []
    found = [(kind, _box(field, box)) for kind, box in FIXED]
    found += [("taxiway", _box(field, (a, a + 24, -760, -420))) for a in SOUTH_LINKS]
    found += [("taxiway", _box(field, (a, a + 24, 300, 660))) for a in NORTH_LINKS]
    found += [("terminal", _terminal(field, at)) for at in TERMINALS]
    return [(kind, shapely.transform(shape, setting.rigid)) for kind, shape in found]
