"""How the map plane lies on the paper of the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.tiles.mercator import to_degrees, to_metres

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

FINE: Final = 10.0  # steps to a point


@dataclass(frozen=True)
class Frame:
    """How metres of the map plane become steps on paper."""

    west: float
    north: float
    scale: float  # steps a metre
    width: float
    height: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.width / FINE, self.height / FINE

    def steps(self, points: Floats) -> Ints:
        """Points as whole steps from the upper left corner."""
        x, y = (points[:, 0] - self.west) * self.scale, (self.north - points[:, 1]) * self.scale
        return np.rint(np.column_stack([x, y])).astype(np.int64)

    def paper(self, lon: Floats, lat: Floats) -> list[tuple[float, float]]:
        """Degrees as points on paper from the upper left corner."""
        steps = self.steps(np.column_stack(to_metres(lon.astype(float), lat.astype(float))))
        return [(float(x), float(y)) for x, y in steps / FINE]

    def degrees(self, points: Floats) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of points on paper."""
        metres = points * FINE / self.scale
        return to_degrees(self.west + metres[:, 0], self.north - metres[:, 1])
