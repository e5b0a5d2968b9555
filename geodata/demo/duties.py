"""Professional grids over the base grids, and the centres that serve streets and communities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geodata.demo.graph import Graph, cut_parts, make_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.demo.arrays import Floats, Ints
    from geodata.demo.blocks import Borders
    from geodata.demo.buildings import Buildings
    from geodata.demo.names import Name
    from geodata.demo.units import Level

SUFFIXES: Final = ("街道", "社区", "新城片区", "片区", "机场", "镇", "村", "区", "市")
CIVIC: Final = ("public", "office", "shop")


@dataclass(frozen=True)
class Duty:
    """One department's division: its key, letter, names, and base grids per grid of its own."""

    key: str
    letter: str
    name_zh: str
    name_en: str
    grids: float


DUTIES: Final = (
    Duty("police", "P", "警务网格", "Police Grid", 3.4),
    Duty("fire", "F", "消防网格", "Fire Grid", 11.0),
    Duty("urban_management", "U", "城管网格", "Urban Management Grid", 1.3),
)


def bare(level: Level, row: int) -> Name:
    """Strip a unit's name of its kind."""
    zh, en = str(level.name_zh[row]), str(level.name_en[row])
    suffix = next((end for end in SUFFIXES if zh.endswith(end)), "")
    return zh.removesuffix(suffix), en.split(" ", maxsplit=1)[0]


def _grid_graph(borders: Borders, grid: Ints, place: Floats) -> Graph:
    a, b = grid[borders.left], grid[borders.right]
    apart = a != b
    count = len(place)
    cost = borders.length[apart]
    return make_graph(a[apart], b[apart], cost, np.ones(count), place)


def _members(inside: Ints) -> Iterator[tuple[int, list[int]]]:
    for street in range(int(inside.max()) + 1):
        yield street, np.flatnonzero(inside == street).tolist()


def _division(
    duty: Duty, graph: Graph, streets: Level, inside: Ints, codes: list[str]
) -> pd.DataFrame:
    rows = []
    for street, cells in _members(inside):
        count = max(1, round(len(cells) / duty.grids))
        zh, en = bare(streets, street)
        parts = cut_parts(graph, cells, count, 0.2)
        parts.sort(key=lambda part: codes[part[0]])
        for number, part in enumerate(parts, start=1):
            code = f"{streets.code[street]}{duty.letter}{number:03d}"
            names = f"{zh}{duty.name_zh}{number}", f"{en} {duty.name_en} {number}"
            rows += [(code, *names, codes[cell]) for cell in part]
    return pd.DataFrame(rows, columns=["code", "name_zh", "name_en", "unit"])


def make_divisions(borders: Borders, streets: Level, grids: Level) -> dict[str, pd.DataFrame]:
    """Unite neighbouring grids inside each street for every department with its own division."""
    inside = np.zeros(len(grids.parent), dtype=np.int64)
    inside[grids.label] = streets.label
    place = shapely.get_coordinates(shapely.point_on_surface(grids.shape))
    graph = _grid_graph(borders, grids.label, place)
    codes = [str(code) for code in grids.code]
    return {duty.key: _division(duty, graph, streets, inside, codes) for duty in DUTIES}


def _seats(level: Level, built: Buildings, middle: Floats) -> Floats:
    """For each unit a civic building near its middle, else a point inside it."""
    seat = shapely.get_coordinates(shapely.point_on_surface(level.shape))
    civic = np.flatnonzero(np.isin(built.kind.astype(str), CIVIC))
    unit = level.label[built.atom[civic]]
    far = np.hypot(*(middle[civic] - seat[unit]).T)
    order = np.lexsort((-far, unit))  # the nearest comes last and wins
    seat = seat.copy()
    seat[unit[order]] = middle[civic[order]]
    return seat


def make_centres(
    streets: Level, communities: Level, built: Buildings
) -> tuple[list[tuple[str, str, str, str, str]], Floats]:
    """Place service centres, police and fire stations: code, names, unit, kind; and points."""
    middle = shapely.get_coordinates(shapely.point_on_surface(built.shape))
    at_street = _seats(streets, built, middle)
    at_community = _seats(communities, built, middle)
    sorts = (
        ("C", "便民服务中心", "Service Centre", "street", streets, at_street),
        ("P", "派出所", "Police Station", "police", streets, at_street + np.array([90.0, -60.0])),
        ("F", "消防站", "Fire Station", "fire", streets, at_street + np.array([-140.0, 110.0])),
        ("C", "党群服务中心", "Community Service Centre", "community", communities, at_community),
    )
    rows, points = [], []
    for letter, zh, en, kind, level, seat in sorts:
        for row, code in enumerate(level.code):
            stem = (str(level.name_zh[row]), bare(level, row)[1])
            name = (stem[0] if letter == "C" else bare(level, row)[0]) + zh
            rows.append((f"{code}{letter}", name, f"{stem[1]} {en}", str(code), kind))
        points.append(seat)
    return rows, np.vstack(points)
