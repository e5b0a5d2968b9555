"""Motorways, ring roads, railway, river roads, old highways and country roads on the sheet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Bools, Floats, Task, stream
from geodata.demo.arterials import add_arterials
from geodata.demo.curves import normals, ribbon, smooth_curve
from geodata.demo.linework import ARTERIAL, MOTORWAY, RAIL, RIVER, SECONDARY, Linework

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geodata.demo.setting import Setting
    from geodata.demo.water import Course, Water

BANK: Final = 75.0  # from the water to the middle of a river road
BANK_DENSITY: Final = 0.10
APART: Final = {MOTORWAY: 150.0, ARTERIAL: 330.0, SECONDARY: 150.0}  # from parallel older lines
COUNTRY: Final = 260.0
NEIGHBOURS: Final = 3
COUNTRY_DENSITY: Final = 0.3


def _ring(centre: Floats, wide: float, high: float, power: float) -> Floats:
    """A ring road: an ellipse pulled towards a rectangle."""
    angle = np.linspace(0, 2 * np.pi, 400)
    cos, sin = np.cos(angle), np.sin(angle)
    return np.column_stack(
        [
            centre[0] + wide * np.sign(cos) * np.abs(cos) ** power,
            centre[1] + high * np.sign(sin) * np.abs(sin) ** power,
        ]
    )


def _add_motorways(work: Linework, setting: Setting, barred: BaseGeometry) -> None:
    core, reach = setting.core, setting.stretch
    wide, high = 1.3 * setting.scale.half_width, 1.45 * setting.scale.half_height
    work.add(_ring(core, 8_200 * reach, 6_400 * reach, 0.72), MOTORWAY, avoid=barred)
    work.add(_ring(core, 4_200 * reach, 3_300 * reach, 0.62), ARTERIAL, 420, avoid=barred)
    south = core[1] - 6_900 * reach
    east = south if setting.airfield is None else setting.airfield.centre[1] - 2_600
    bends = [(-wide, south + 300), (core[0] - 8_000 * reach, south + 700), (core[0], south - 200)]
    bends += [(core[0] + 9_500 * reach, east), (wide, east + 600)]
    work.add(smooth_curve(np.array(bends)), MOTORWAY, APART[MOTORWAY], avoid=barred)
    off = np.array([(12_300, 0), (10_900, 5_000), (9_400, 0), (8_300, -6_500), (6_000, 0)]) * reach
    bends = [(core[0] + off[0, 0], high), *(core + off[1:4]), (core[0] + off[4, 0], -high)]
    work.add(smooth_curve(np.array(bends)), MOTORWAY, APART[MOTORWAY], avoid=barred)
    rail = np.array([(-7_500, 4_700), (-800, 3_900), (4_500, 4_900)]) * reach + core
    ends = (-wide, core[1] + 5_600 * reach), (wide, core[1] + 8_500 * reach)
    work.add(smooth_curve(np.array([ends[0], *rail, ends[1]])), RAIL, avoid=barred)


def _urban(setting: Setting, cutoff: float, x: Floats, y: Floats) -> Bools:
    return np.asarray(setting.density(x, y) > cutoff)


def _add_river_roads(work: Linework, setting: Setting, water: Water, barred: BaseGeometry) -> None:
    """The middle of a river is a border; its banks carry roads where the town is."""
    main = water.courses[0]
    wide = shapely.union_all([barred, ribbon(main.line, main.half + 40)])

    def add(course: Course, avoid: BaseGeometry) -> None:
        work.add(course.line, RIVER)
        side = normals(course.line) * (course.half + BANK)[:, None]
        for sign in (1, -1):
            near = partial(_urban, setting, BANK_DENSITY)
            bank = course.line + sign * side
            work.add(bank, SECONDARY, APART[SECONDARY], near, avoid)

    for course in water.courses:
        add(course, barred if course is main else wide)
    for lake in water.lakes:
        work.add(np.array(shapely.buffer(lake, 60).exterior.coords), SECONDARY)


def _add_highways(
    work: Linework, rng: np.random.Generator, setting: Setting, barred: BaseGeometry
) -> None:
    """Old highways from the centre to the towns and to the further centres: the diagonals."""
    core, sites = setting.core, setting.sites
    goals = np.vstack([sites.cores[1:], sites.towns])
    for goal in goals:
        away = (goal - core) / np.hypot(*(goal - core))
        start = core + away * min(0.7 * setting.scale.core_m, np.hypot(*(goal - core)) * 0.4)
        middle = (goal + start) / 2 + rng.normal(0, 0.07, 2) * np.hypot(*(goal - start))
        curve = smooth_curve(np.array([start, middle, goal, goal + (goal - middle) * 0.35]))
        work.add(curve, ARTERIAL, APART[ARTERIAL], avoid=barred)


def _winding(rng: np.random.Generator, start: Floats, end: Floats) -> Floats:
    """A country road with a few lazy bends."""
    step = end - start
    length = float(np.hypot(*step))
    share = np.linspace(0, 1, max(3, int(length / 1_300) + 2))
    side = np.array([-step[1], step[0]]) / length
    swing = np.concatenate([[0], rng.normal(0, 260, len(share) - 2), [0]])
    return smooth_curve(start + np.outer(share, step) + np.outer(swing, side), 60.0)


def _add_country_roads(
    work: Linework, rng: np.random.Generator, setting: Setting, barred: BaseGeometry
) -> None:
    """Winding roads between neighbouring towns and villages, and from there to the border."""
    scale, area = setting.scale, setting.outline.area
    count = int(shapely.area(area) / 1e6 / 17)
    spots = rng.uniform(-1, 1, (count * 3, 2)) * (scale.half_width, scale.half_height)
    good = shapely.contains_xy(shapely.buffer(area, 400), spots[:, 0], spots[:, 1])
    good &= setting.density(spots[:, 0], spots[:, 1]) < setting.scale.block  # anything but a core
    nodes = np.vstack([setting.sites.towns, spots[good][:count]])
    gap = np.hypot(*(nodes[:, None] - nodes[None]).transpose(2, 0, 1))
    np.fill_diagonal(gap, np.inf)
    seen: set[tuple[int, int]] = set()
    for here in range(len(nodes)):
        for there in np.argsort(gap[here])[:NEIGHBOURS].tolist():
            pair = min(here, there), max(here, there)
            if pair in seen or not np.isfinite(gap[pair]):
                continue
            seen.add(pair)
            road = _winding(rng, nodes[here], nodes[there])
            rural = partial(_rural, setting)
            work.add(road, SECONDARY, COUNTRY, rural, barred)


def _rural(setting: Setting, x: Floats, y: Floats) -> Bools:
    return np.asarray(setting.density(x, y) < COUNTRY_DENSITY)


def main_roads(setting: Setting, water: Water, seed: int) -> Linework:
    """Draw every road from motorway to secondary street, the railway and the river middles."""
    rng = stream(seed, Task.ROADS)
    work = Linework()
    lakes = shapely.union_all([shapely.buffer(lake, 55) for lake in water.lakes])
    barred = lakes
    if setting.airfield is not None:
        barred = shapely.union_all([lakes, shapely.buffer(setting.airfield.area, -5)])
        fence = np.array(setting.airfield.area.exterior.coords)
        work.add(fence, SECONDARY)
    shapely.prepare(barred)
    for side in setting.outline.roads:
        work.add(side, SECONDARY)
    _add_motorways(work, setting, barred)
    _add_river_roads(work, setting, water, barred)
    _add_highways(work, rng, setting, barred)
    add_arterials(work, rng, setting, water, barred)
    _add_country_roads(work, rng, setting, barred)
    return work
