"""The two crossing families of arterials and the secondary streets between them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.curves import ribbon
from geodata.demo.linework import ARTERIAL, SECONDARY, Linework

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geodata.demo.arrays import Bools, Floats
    from geodata.demo.setting import Setting
    from geodata.demo.water import Water

CLOSE: Final = (820.0, 1_080.0)  # spacing in the centre, further out and in the country
MIDDLE: Final = (1_150.0, 1_600.0)
WIDE: Final = (1_900.0, 2_900.0)
INNER, OUTER = 1.0, 1.9  # radii of a centre where the spacing changes
WHOLE: Final = 0.2  # share of lines that run through the country as well
HALVES: Final = 1_250.0  # a wider gap gets two secondary streets
APART, STREET_APART = 330.0, 150.0
TOWN: Final = 0.16  # density down to which an arterial runs


def _levels(rng: np.random.Generator, setting: Setting, axis: int, limit: float) -> Floats:
    """Positions of the lines of one family."""
    centres = setting.sites.cores[:, axis]
    radii = setting.sites.core_radius
    found = [float(centres[0] + rng.uniform(-200, 200))]
    for sign in (1, -1):
        at = found[0]
        while abs(at) < limit:
            near = float((np.abs(at - centres) / radii).min())
            gap = CLOSE if near < INNER else MIDDLE if near < OUTER else WIDE
            at += sign * rng.uniform(*gap)
            found.append(at)
    return np.sort(np.array(found))


@dataclass(frozen=True, eq=False)
class _Run:
    """Where an arterial is built: in town, and between two ends outside it."""

    setting: Setting
    cutoff: float
    axis: int
    span: tuple[float, float]

    def __call__(self, x: Floats, y: Floats) -> Bools:
        at = y if self.axis == 0 else x
        dense = self.setting.density(x, y) > self.cutoff
        return np.asarray(dense | ((at > self.span[0]) & (at < self.span[1])))


def _span(
    rng: np.random.Generator, other: Floats, centre: float, radius: float
) -> tuple[float, float]:
    """The stretch on which a line runs whatever the density; ends on lines of the other family."""
    if rng.random() < WHOLE:
        return float(other[0]), float(other[-1])
    reach = rng.uniform(0.9, 1.7, 2) * radius
    low = other[np.argmin(np.abs(other - centre + reach[0]))]
    high = other[np.argmin(np.abs(other - centre - reach[1]))]
    return float(low) - 3, float(high) + 3


def _line(level: float, other: Floats, axis: int) -> Floats:
    ends = np.array([[level, other[0]], [level, other[-1]]])
    return ends if axis == 0 else ends[:, ::-1]


def _no_span(rng: np.random.Generator, other: Floats) -> tuple[float, float]:
    """A country line: one random piece, often none."""
    if rng.random() < WHOLE:
        low, high = np.sort(rng.choice(other, 2, replace=False))
        return float(low) - 3, float(high) + 3
    return 0.0, 0.0


def _dense(setting: Setting, cutoff: float, x: Floats, y: Floats) -> Bools:
    return np.asarray(setting.density(x, y) > cutoff)


def _add_secondary(
    work: Linework,
    rng: np.random.Generator,
    setting: Setting,
    families: tuple[Floats, Floats],
    avoid: BaseGeometry,
) -> None:
    """Streets half-way or at thirds between arterials; they do not bridge the big river."""
    for axis in (0, 1):
        lines, other = families[axis], families[1 - axis]
        for low, high in itertools.pairwise(lines):
            count = 2 if high - low < HALVES else 3
            for part in range(1, count):
                level = low + (high - low) * (part / count + rng.uniform(-0.07, 0.07))
                keep = partial(_dense, setting, rng.uniform(0.2, 0.42))
                work.add(_line(level, other, axis), SECONDARY, STREET_APART, keep, avoid)


def add_arterials(
    work: Linework,
    rng: np.random.Generator,
    setting: Setting,
    water: Water,
    barred: BaseGeometry,
) -> None:
    """Add both families, close in the centres and wide outside, then the streets between them."""
    scale = setting.scale
    across = _levels(rng, setting, 0, scale.half_width * 1.15)
    along = _levels(rng, setting, 1, scale.half_height * 1.2)
    families = across, along
    for axis in (0, 1):
        other = families[1 - axis]
        centres, radii = setting.sites.cores, setting.sites.core_radius
        for level in families[axis]:
            far = np.abs(level - centres[:, axis]) / radii
            near = int(np.argmin(far))
            inside = far[near] < INNER
            centre, radius = float(centres[near, 1 - axis]), float(radii[near])
            span = _span(rng, other, centre, radius) if inside else _no_span(rng, other)
            keep = _Run(setting, TOWN + rng.uniform(-0.04, 0.06), axis, span)
            work.add(_line(level, other, axis), ARTERIAL, APART, keep, barred)
    main = water.courses[0]
    wide = shapely.union_all([barred, ribbon(main.line, main.half + 10)])
    shapely.prepare(wide)
    _add_secondary(work, rng, setting, families, wide)
