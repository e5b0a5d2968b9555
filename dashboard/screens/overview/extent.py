"""Where the map looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dashboard.boxes import built_box, opening_box

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

AROUND_BUILDING_M: Final = 190.0  # half of the map's height round a chosen building
METRES_A_DEGREE: Final = 111_320.0


def box(scene: Scene) -> list[float]:
    """West, south, east, north of what is looked at."""
    if scene.building is not None:
        row = scene.city.buildings.iloc[scene.building]
        lat = AROUND_BUILDING_M / METRES_A_DEGREE
        lon = lat / float(np.cos(np.radians(row["lat"])))
        west, south = row["lon"] - lon, row["lat"] - lat
        return [float(west), float(south), float(row["lon"] + lon), float(row["lat"] + lat)]
    if scene.mode == "heat":  # cases lie where people do, not in woods and on water
        return list(built_box(scene.city, scene.unit))
    return list(opening_box(scene.city, scene.unit))
