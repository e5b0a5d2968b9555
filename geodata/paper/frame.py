"""How a piece of a plane lies on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

FINE: Final = 10.0  # steps to a point
MARGIN_PT: Final = 6.0
POINT_MM: Final = 25.4 / 72
MM_PER_M: Final = 1000
ROUND: Final = (1, 2, 5)  # a bar of a scale is so many times a power of ten
BAR_SHARE: Final = 0.22  # of the width of a map, at most


@dataclass(frozen=True)
class Frame:
    """How metres of a plane become steps on paper."""

    west: float
    north: float
    scale: float  # steps a metre
    width: float  # in steps
    height: float

    @classmethod
    def of(
        cls, bounds: Floats, width_pt: float, height_pt: float, margin_pt: float = MARGIN_PT
    ) -> Self:
        """The largest picture of a box that fits, with so much room round it."""
        west, south, east, north = (float(each) for each in bounds)
        wide, high = max(east - west, 1.0), max(north - south, 1.0)
        beside = margin_pt * FINE
        scale = min((width_pt * FINE - 2 * beside) / wide, (height_pt * FINE - 2 * beside) / high)
        return cls(west - beside / scale, north + beside / scale, scale,
                   wide * scale + 2 * beside, high * scale + 2 * beside)  # fmt: skip

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.width / FINE, self.height / FINE

    def steps(self, points: Floats) -> Ints:
        """Points of the plane as whole steps from the upper left corner."""
        x, y = (points[:, 0] - self.west) * self.scale, (self.north - points[:, 1]) * self.scale
        return np.rint(np.column_stack([x, y])).astype(np.int64)

    def points(self, points: Floats) -> list[list[float]]:
        """The same in points of paper."""
        found: list[list[float]] = (self.steps(points) / FINE).round(1).tolist()
        return found

    @property
    def one_to(self) -> int:
        """The scale as 1 : so many, to three digits."""
        exact = FINE / self.scale / (POINT_MM / MM_PER_M)
        digits = 10 ** max(int(np.floor(np.log10(exact))) - 2, 0)
        return int(round(exact / digits) * digits)

    def bar(self) -> tuple[int, float]:
        """Metres of the bar of the scale, and how long it is in points."""
        most = self.width * BAR_SHARE / self.scale
        power = 10 ** int(np.floor(np.log10(max(most, 1.0))))
        metres = max((n * power for n in ROUND if n * power <= most), default=power)
        return int(metres), round(metres * self.scale / FINE, 2)
