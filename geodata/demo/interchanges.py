"""Interchanges where motorways cross other main roads: ramps, loops and the green between."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Floats, Shapes, shape_array
from geodata.demo.curves import unit_rows
from geodata.demo.linework import ARTERIAL, MOTORWAY

if TYPE_CHECKING:
    from geodata.demo.network import Network

REACH: Final = {MOTORWAY: 310.0, ARTERIAL: 190.0}  # from the crossing to the end of a ramp
HOLLOW: Final = 0.24  # how near a ramp comes to the crossing: 0 = touches it, 0.5 = straight
LOOP: Final = 62.0
SQUARE: Final = 0.6  # sine of the angle of a crossing at least
APART: Final = 450.0
WET: Final = 60.0  # from the water: a bridge has no room for ramps
STEPS: Final = np.linspace(0, 1, 15)[:, None]
BOTH: Final = (-1, 1)


@dataclass(frozen=True, eq=False)
class Interchanges:
    """ramps: lines on the ground; green: the areas between ramps and roads."""

    ramps: Shapes
    green: Shapes


@dataclass(frozen=True, eq=False)
class _Crossing:
    """Where two roads cross, and the rank of the lesser one."""

    point: shapely.Point
    roads: tuple[shapely.LineString, shapely.LineString]
    rank: int

    def arms(self) -> list[dict[int, Floats]]:
        """By road, the points where ramps leave it before and after the crossing."""
        reach, found = REACH[self.rank], []
        for road in self.roads:
            at = road.project(self.point)
            ends = {side: at + side * reach for side in BOTH}
            on_road = {s: d for s, d in ends.items() if 0 <= d <= road.length}
            found.append({s: np.array(road.interpolate(d).coords[0]) for s, d in on_road.items()})
        return found


def _wedges(crossing: _Crossing) -> tuple[list[Floats], list[Floats]]:
    """Ramps of a crossing and the wedges of green inside them."""
    middle = np.array(crossing.point.coords[0])
    first, second = crossing.arms()
    ramps, green = [], []
    for one, two in product(first.values(), second.values()):
        out = unit_rows(np.array([one - middle, two - middle]))
        if abs(out[0, 0] * out[1, 1] - out[0, 1] * out[1, 0]) < SQUARE:
            continue
        bend = middle + HOLLOW * (one + two - 2 * middle)
        ramp = (1 - STEPS) ** 2 * one + 2 * STEPS * (1 - STEPS) * bend + STEPS**2 * two
        ramps.append(ramp)
        green.append(np.vstack([ramp, middle]))
        if crossing.rank == MOTORWAY:
            ramps.append(_loop(middle, out))
    return ramps, green


def _loop(middle: Floats, out: Floats) -> Floats:
    """A circle that touches both roads."""
    half = np.arccos(np.clip(out[0] @ out[1], -1, 1)) / 2
    centre = middle + unit_rows(out.sum(axis=0)[None])[0] * LOOP / np.sin(half)
    turn = np.linspace(0, 2 * np.pi, 33)
    return np.asarray(centre + LOOP * np.column_stack([np.cos(turn), np.sin(turn)]))


def _lines(net: Network, rank: int) -> list[shapely.LineString]:
    """The roads of a rank from end to end."""
    own = net.ranks == rank
    roads = net.roads[own]
    joined = [
        shapely.line_merge(shapely.multilinestrings(net.edges[own][roads == road]))
        for road in np.unique(roads[roads >= 0])
    ]
    return list(shapely.get_parts(shape_array(joined))) if joined else []


def _crossings(net: Network) -> list[_Crossing]:
    """Where motorways cross main roads, those with other motorways first."""
    wide, lesser = _lines(net, MOTORWAY), _lines(net, ARTERIAL)
    pairs = [(a, b, MOTORWAY) for i, a in enumerate(wide) for b in wide[:i]]
    pairs += [(a, b, ARTERIAL) for a in wide for b in lesser]
    return [
        _Crossing(point, (a, b), rank)
        for a, b, rank in pairs
        for point in shapely.get_parts(shapely.intersection(a, b))
        if point.geom_type == "Point"
    ]


def make_interchanges(net: Network, wet: shapely.Geometry) -> Interchanges:
    """Draw the interchanges of a network on the ground, none of them near another or on water."""
    ramps: list[Floats] = []
    green: list[Floats] = []
    taken: list[shapely.Point] = []
    for crossing in _crossings(net):
        near = any(crossing.point.distance(other) < APART for other in taken)
        if near or shapely.dwithin(wet, crossing.point, WET):
            continue
        more, areas = _wedges(crossing)
        ramps += more
        green += areas
        taken += [crossing.point]
    return Interchanges(
        shape_array([shapely.linestrings(ramp) for ramp in ramps]),
        shape_array([shapely.make_valid(shapely.polygons(area)) for area in green]),
    )
