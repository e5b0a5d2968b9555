"""How the map plane lies on the paper of the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geodata.paper.frame import FINE, Frame
from geodata.tiles.mercator import to_degrees, to_metres

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MapFrame(Frame):
    """A frame of the plane that the map's tiles lie in."""

    def paper(self, lon: Floats, lat: Floats) -> list[tuple[float, float]]:
        """Degrees as points on paper from the upper left corner."""
        steps = self.steps(np.column_stack(to_metres(lon.astype(float), lat.astype(float))))
        return [(float(x), float(y)) for x, y in steps / FINE]

    def degrees(self, points: Floats) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of points on paper."""
        metres = points * FINE / self.scale
        return to_degrees(self.west + metres[:, 0], self.north - metres[:, 1])
