"""Where the centres, towns and factories of a city lie, how dense it is, and how it bends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Floats, Shapes, Task, shape_array, stream
from geodata.demo.noise import Noise
from geodata.demo.outline import Outline, make_outline
from geodata.demo.sites import Airfield, Sites, choose_sites

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geodata.demo.scales import Scale

BROAD: Final = (480.0, 15_000.0)  # how far the sheet bends and at which wavelength
SMALL: Final = (45.0, 1_500.0)
ROUNDS: Final = 90  # of the search back from the ground to the sheet at most
STRIDE: Final = 0.75  # of the way in each round, as full strides may overshoot for ever
FLAT: Final = (2_700.0, 5_600.0)  # from the airfield: moved as a whole, bent as the rest
NEAR_ENOUGH: Final = 0.3  # metres
TOWN_PEAK: Final = 0.72
INDUSTRY_PEAK: Final = 0.55
HILLS_M: Final = 2_600.0  # how far hills reach from the ridge
FINE: Final = 100.0  # multiples of a metre to which ground points are rounded: 1 cm


@dataclass(frozen=True, eq=False)
class Setting:
    """The plan of a city on a flat sheet, metres from its middle, east and north."""

    scale: Scale
    outline: Outline
    sites: Sites
    fields: tuple[Noise, Noise]
    bends: tuple[Noise, Noise, Noise, Noise]
    ridges: BaseGeometry

    @property
    def core(self) -> Floats:
        """The middle of the main centre."""
        return np.asarray(self.sites.cores[0], dtype=float)

    @property
    def stretch(self) -> float:
        """How large the main centre is beside that of a district of 1.5 million."""
        return self.scale.core_m / 4_250

    @property
    def airfield(self) -> Airfield | None:
        """The airfield, where the city has one."""
        return self.sites.airfield

    def density(self, x: Floats, y: Floats) -> Floats:
        """Tell how built-up each point is: 0 = fields, 1 = the centre of the city."""
        broad, small = self.fields[0](x, y), self.fields[1](x, y)
        dense = np.zeros(np.shape(x))
        for (cx, cy), radius in zip(self.sites.cores, self.sites.core_radius, strict=True):
            reach = np.hypot((x - cx) / 1.3, y - cy) / (radius * (1 + 0.13 * broad))
            dense = np.maximum(dense, 1.08 * np.exp(-(reach**2.6)))
        for (cx, cy), radius in zip(self.sites.towns, self.sites.town_radius, strict=True):
            reach = np.hypot(x - cx, y - cy) / (radius * (1 + 0.22 * small))
            dense = np.maximum(dense, TOWN_PEAK * np.exp(-(np.abs(reach) ** 2.4)))
        dense = np.maximum(dense, INDUSTRY_PEAK * self.industrial(x, y))
        return np.asarray(np.clip(dense + 0.05 * small, 0, 1), dtype=float)

    def industrial(self, x: Floats, y: Floats) -> Floats:
        """Tell how far each point lies in a factory zone: 0 = not, 1 = well inside."""
        small = self.fields[1](x, y)
        found = np.zeros(np.shape(x))
        for (cx, cy), radius in zip(self.sites.industry, self.sites.industry_radius, strict=True):
            reach = np.hypot((x - cx) / 1.3, y - cy) / (radius * (1 + 0.15 * small))
            found = np.maximum(found, np.exp(-(reach**4)))
        return found

    def hills(self, x: Floats, y: Floats) -> Floats:
        """Tell how hilly each point is: 1 = on the ridge, 0 = in the plain."""
        far = shapely.distance(self.ridges, shapely.points(x, y))
        wide = HILLS_M * self.scale.half_height / 12_600 * (1 + 0.35 * self.fields[1](x, y))
        return np.asarray(np.exp(-((far / np.maximum(wide, 300)) ** 2)), dtype=float)

    def shift(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Tell how far the bending moves each point: broadly everywhere, finely in the country."""
        fine = SMALL[0] * (1 - np.clip(self.density(x, y) * 1.6, 0, 1))
        if self.airfield is not None:
            far = np.hypot(x - self.airfield.centre[0], y - self.airfield.centre[1])
            fine = fine * np.clip(far / 1_000 - 3, 0, 1)
        a, b, c, d = self.bends
        east, north = self._level(a, x, y), self._level(b, x, y)
        return BROAD[0] * east + fine * c(x, y), BROAD[0] * north + fine * d(x, y)

    def _level(self, bend: Noise, x: Floats, y: Floats) -> Floats:
        """Bend everything but the airfield, which moves as a whole: runways are straight."""
        broad = bend(x, y)
        if self.airfield is None:
            return broad
        cx, cy = self.airfield.centre
        far = np.hypot(x - cx, y - cy)
        near = np.clip((FLAT[1] - far) / (FLAT[1] - FLAT[0]), 0, 1)
        near = near * near * (3 - 2 * near)
        return np.asarray(broad + near * (bend(np.array([cx]), np.array([cy])) - broad))

    def warp(self, points: Floats) -> Floats:
        """Move points from the sheet to the ground, rounded to 1 cm."""
        x, y = points[:, 0], points[:, 1]
        dx, dy = self.shift(x, y)
        return np.asarray(np.round(np.column_stack([x + dx, y + dy]) * FINE) / FINE, dtype=float)

    def unwarp(self, points: Floats) -> Floats:
        """Find the sheet points of ground points, to about a metre."""
        x, y = points[:, 0].copy(), points[:, 1].copy()
        left = np.arange(len(points))  # not found yet
        for _ in range(ROUNDS):
            dx, dy = self.shift(x[left], y[left])
            off = points[left] - np.column_stack([x[left] + dx, y[left] + dy])
            x[left] += STRIDE * off[:, 0]
            y[left] += STRIDE * off[:, 1]
            left = left[np.hypot(*off.T) > NEAR_ENOUGH]
        return np.column_stack([x, y])

    def bend(self, shapes: Shapes, step: float = 60.0) -> Shapes:
        """Move shapes from the sheet to the ground with a point every `step` metres."""
        return np.asarray(shapely.transform(shapely.segmentize(shapes, step), self.warp))

    def bend_areas(self, shapes: Shapes) -> Shapes:
        """Move areas to the ground and mend those that the bending folded."""
        return shape_array(shapely.make_valid(self.bend(shapes)))

    def ground(self) -> BaseGeometry:
        """The area inside the border, on the ground."""
        bent = shapely.make_valid(self.bend(shape_array([self.outline.area]), 45.0)[0])
        parts = shapely.get_parts(bent)
        largest = parts[int(np.argmax(shapely.area(parts)))]
        return shapely.Polygon(shapely.get_exterior_ring(largest))

    def rigid(self, points: Floats) -> Floats:
        """Move points of the airfield to the ground without bending: runways are straight."""
        if self.airfield is None:
            return points
        centre = self.airfield.centre
        return np.asarray(points + (self.warp(centre[None])[0] - centre), dtype=float)


def make_setting(scale: Scale, seed: int) -> Setting:
    """Plan a city: its border first, then everything that must lie inside."""
    outline = make_outline(stream(seed, Task.OUTLINE), scale)
    rng = stream(seed, Task.SETTING)
    sites = choose_sites(rng, scale, outline.area)
    ridges = shapely.union_all([shapely.LineString(side) for side in outline.ridges])
    shapely.prepare(ridges)
    broad, fine = Noise(rng, 9_000), Noise(rng, 2_600)
    a, b = Noise(rng, BROAD[1]), Noise(rng, BROAD[1])
    c, d = Noise(rng, SMALL[1]), Noise(rng, SMALL[1])
    return Setting(scale, outline, sites, (broad, fine), (a, b, c, d), ridges)
