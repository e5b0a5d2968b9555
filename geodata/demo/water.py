"""River, tributary, canal, border streams, lakes, islands and ponds on the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Floats, Shapes, Task, shape_array, stream
from geodata.demo.curves import blob, ribbon, smooth_curve
from geodata.demo.noise import Noise

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geodata.demo.setting import Setting

POND_DENSITY: Final = 0.12  # fish ponds lie in the fields
TRIBUTARY: Final = ((500, 1_500), (300, 3_300), (1_500, 5_600), (1_300, 8_800), (2_700, 13_500))
CANAL: Final = ((-700, -2_500), (200, -5_600), (-1_200, -9_000), (-900, -16_000))
TRIBUTARY_HALF, CANAL_HALF, BORDER_HALF = 34.0, 15.0, 42.0
PONDS_PER_KM2: Final = 0.32


@dataclass(frozen=True, eq=False)
class Course:
    """A river: its middle line and half its width at each point, metres."""

    line: Floats
    half: Floats


@dataclass(frozen=True, eq=False)
class Water:
    """All water of the sheet; `flow` is the surface of every river without its islands."""

    courses: tuple[Course, ...]  # the main river first
    flow: BaseGeometry
    lakes: Shapes
    islands: Shapes
    ponds: Shapes

    @property
    def surface(self) -> BaseGeometry:
        """Rivers and lakes in one."""
        return shapely.union_all([self.flow, *self.lakes])

    @property
    def bed(self) -> BaseGeometry:
        """Rivers with their islands, and lakes: where nobody builds."""
        return shapely.union_all([self.flow, *self.lakes, *self.islands])


def _main_river(rng: np.random.Generator, setting: Setting) -> tuple[Course, list[BaseGeometry]]:
    """The big river, which widens round three islands."""
    core, stretch = setting.core, setting.stretch
    x = np.linspace(-1.3, 1.3, 720) * setting.scale.half_width
    swing = 1_500 * stretch * np.sin((x - core[0]) / (15_500 * stretch) * 2 * np.pi + 0.6)
    y = core[1] - 2_600 * stretch + swing + 420 * Noise(rng, 4_200)(x, 0 * x)
    line = np.column_stack([x, y])
    half = (105 + 26 * Noise(rng, 5_000)(x, 0 * x)) * min(1.6, max(0.7, stretch))
    islands = []
    spots = ((rng.uniform(900, 2_200), 620, 95), (rng.uniform(-6_800, -5_200), 900, 170))
    for off, long, wide in (*spots, (rng.uniform(8_500, 9_800), 700, 130)):
        middle = core[0] + off * stretch
        half = half + 0.95 * wide * np.exp(-(((x - middle) / long) ** 2))
        near = np.abs(x - middle) < long * 1.05
        bulge = np.sqrt(np.maximum(1 - ((x[near] - middle) / long / 1.06) ** 2, 0.001))
        width = wide * bulge * (1 + 0.15 * np.sin(x[near] / 170))
        islands.append(ribbon(line[near] + (0, rng.uniform(-15, 15)), width))
    return Course(line, half), islands


def _side_river(
    rng: np.random.Generator,
    main: Course,
    at: float,
    steps: tuple[tuple[int, int], ...],
    half: float,
) -> Course:
    """A smaller river that leaves the main one where its x reaches `at`."""
    mouth = main.line[min(int(np.searchsorted(main.line[:, 0], at)), len(main.line) - 1)]
    line = smooth_curve(np.array([mouth, *(mouth + step for step in steps)]))
    wriggle = 140 * Noise(rng, 1_700)(line[:, 0], line[:, 1])
    line[:, 0] += wriggle * np.clip(np.arange(len(line)) / 20, 0, 1)
    return Course(line, np.full(len(line), half))


def _lakes(rng: np.random.Generator, setting: Setting) -> Shapes:
    core, stretch = setting.core, setting.stretch
    half = np.array([setting.scale.half_width, setting.scale.half_height])
    near = core + np.array([rng.uniform(-5_200, -4_300), rng.uniform(2_100, 2_900)]) * stretch
    far = core + half * (rng.uniform(-0.62, -0.52), rng.uniform(-0.1, 0.25))
    small, large = 620 * min(stretch, 1.4), 950 * min(stretch, 1.4)
    return shape_array([blob(rng, near, small), blob(rng, far, large, 0.16)])


def _ponds(setting: Setting, seed: int, surface: BaseGeometry) -> Shapes:
    """Fish ponds in the fields, inside the border, off the airfield and the rivers."""
    rng = stream(seed, Task.PONDS)
    inner = shapely.buffer(setting.outline.area, -250)
    shapely.prepare(inner)
    count = int(shapely.area(inner) / 1e6 * PONDS_PER_KM2)
    left, low, right, high = shapely.bounds(inner)
    spots = rng.uniform((left, low), (right, high), (count * 3, 2))
    keep = shapely.contains_xy(inner, spots[:, 0], spots[:, 1])
    keep &= setting.density(spots[:, 0], spots[:, 1]) < POND_DENSITY
    keep &= shapely.distance(surface, shapely.points(spots)) > 150  # noqa: PLR2004
    if setting.airfield is not None:
        fence = shapely.buffer(setting.airfield.area, 250)
        keep &= ~shapely.contains_xy(fence, spots[:, 0], spots[:, 1])
    radius = rng.lognormal(3.9, 0.45, len(spots))
    chosen = np.flatnonzero(keep)[:count]
    return shape_array([blob(rng, spots[i], float(radius[i]), 0.2, 24) for i in chosen])


def make_water(setting: Setting, seed: int) -> Water:
    """Draw all water of a city."""
    rng = stream(seed, Task.WATER)
    main, islands = _main_river(rng, setting)
    reach, core = setting.stretch, setting.core
    west, east = core[0] - 4_000 * reach, core[0] + rng.uniform(3_000, 4_200) * reach
    grow = max(1.0, setting.scale.half_height / 12_600)
    steps = tuple((int(x * grow), int(y * grow)) for x, y in (*TRIBUTARY, (2_500, 19_000)))
    down = tuple((int(x * grow), int(y * grow)) for x, y in CANAL)
    courses = [
        main,
        _side_river(rng, main, east, steps, TRIBUTARY_HALF),
        _side_river(rng, main, west, down, CANAL_HALF),
    ]
    border = [Course(side, np.full(len(side), BORDER_HALF)) for side in setting.outline.rivers]
    wet = shapely.union_all([ribbon(course.line, course.half) for course in (*courses, *border)])
    flow = shapely.difference(wet, shapely.union_all(islands))
    lakes = _lakes(rng, setting)
    surface = shapely.union_all([flow, *lakes])
    ponds = _ponds(setting, seed, surface)
    return Water(tuple(courses), flow, lakes, shape_array(islands), ponds)
