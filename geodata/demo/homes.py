"""How each kind of housing fills its plot: slabs, mid-rises, towers, old quarters, villages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.footprints import Lot, Stand
from geodata.demo.layout import Places, Rows, along_street, lattice_of, rows_of

if TYPE_CHECKING:
    from geodata.demo.arrays import Bools, Floats, Objects

LARGE: Final = 26_000.0  # m²: room for a garden in the middle
LANES: Final = 22_000.0
MIDDLE: Final = 0.34  # how far the garden reaches
SLAB_FLOORS: Final = (5, 6, 6, 7)
MID_FLOORS: Final = (9, 11, 11, 16, 18)
TOWER_FLOORS: Final = (18, 24, 26, 28, 30, 32, 33)
SLAB_DEPTH, MID_DEPTH = 11.5, 14.0
PAIRS: Final = 0.45  # towers with two stairs
HOUSES: Final = 40  # of a village block at most


@dataclass(frozen=True, eq=False)
class Plot:
    """One plot: its atom, ring (n × 2, anticlockwise), area, middle, rows' and block's angle."""

    atom: int
    ring: Floats
    area: float
    middle: Floats
    facing: float
    angle: float
    rng: np.random.Generator

    def some(self, places: Places, share: float) -> Places:
        """Keep a random share of the places."""
        return places.keep(self.rng.random(len(places.middle)) < share)

    def outlines(self, names: tuple[str, ...], count: int) -> Objects:
        """Draw outlines for several buildings."""
        return np.asarray(self.rng.choice(np.array(names, dtype=object), count))


def _garden(plot: Plot, places: Places) -> Bools:
    """Which places lie in the garden of a large estate."""
    if plot.area < LARGE:
        return np.zeros(len(places.middle), dtype=bool)
    return np.asarray((places.out < MIDDLE).all(axis=1))


def _shops(plot: Plot, lot: Lot, width: tuple[float, float], depth: float, inward: float) -> None:
    """Shops along about half of the walls."""
    places, angle = along_street(plot.rng, plot.ring, inward, width)
    keep = plot.rng.random(len(places.middle)) < 1 / 2
    floors = plot.rng.integers(1, 4, int(keep.sum()))
    shops = places.keep(keep)
    lot.put(
        plot.atom, "shop", "box", Stand(shops.middle, (shops.width, depth), angle[keep]), floors
    )


def _lane(plot: Plot, lot: Lot) -> None:
    """The lane round an estate inside its wall, and the gate to the street."""
    if plot.area < LANES:
        return
    inner = shapely.Polygon(plot.ring).buffer(-2.5, join_style="mitre")
    if inner.is_empty or len(shapely.get_parts(inner)) > 1:
        return
    lot.details.append(("lane", plot.atom, inner.exterior))
    sides = np.hypot(*np.diff(plot.ring, axis=0).T)
    longest = int(np.argmax(sides))
    start, end = plot.ring[longest], plot.ring[longest + 1]
    along = (end - start) / sides[longest]
    gate = start + (end - start) * plot.rng.uniform(0.35, 0.65)
    inward = np.array([-along[1], along[0]])
    spur = shapely.LineString([gate - 12 * inward, gate + 2.5 * inward])
    lot.details.append(("lane", plot.atom, spur))
    lot.details.append(("gate", plot.atom, shapely.Point(gate)))


def slabs(plot: Plot, lot: Lot, kind: str) -> None:
    """Rows of slabs from wall to wall, five to seven floors or nine to eighteen."""
    rng = plot.rng
    low = kind == "slab"
    floors = int(rng.choice(SLAB_FLOORS if low else MID_FLOORS))
    depth = SLAB_DEPTH if low else MID_DEPTH
    pitch = depth + (6 + 2.1 * floors if low else 16 + 1.4 * floors)
    rows = Rows(rng.uniform(42, 70), rng.uniform(6, 11), depth, pitch)
    places = plot.some(rows_of(plot.ring, plot.facing, rows), 0.97)
    if rng.random() < 1 / 2:
        places = places.keep(~_garden(plot, places))
    lot.put(
        plot.atom, kind, "dent", Stand(places.middle, (places.width, depth), plot.facing), floors
    )
    if rng.random() < 1 / 2:
        _shops(plot, lot, (16, 42), 9.0, -2.5)
    _lane(plot, lot)


def towers(plot: Plot, lot: Lot, kind: str) -> None:
    """Towers shaped like crosses or wings round a garden."""
    rng = plot.rng
    floors = int(rng.choice(TOWER_FLOORS))
    pair = rng.random() < PAIRS
    length, depth = (rng.uniform(46, 58), 16.0) if pair else (rng.uniform(27, 33), 23.0)
    pitch = depth + rng.uniform(34, 46)
    rows = Rows(length, rng.uniform(18, 30), depth, pitch, 8.0, stretch=False)
    places = rows_of(plot.ring, plot.facing, rows)
    places = plot.some(places.keep(~_garden(plot, places)), 0.96)
    outline = "wings" if pair else str(rng.choice(["cross", "wings"]))
    height = np.clip(floors + rng.integers(-3, 2, len(places.middle)), 12, 34)
    width = np.minimum(places.width, length)
    lot.put(plot.atom, kind, outline, Stand(places.middle, (width, depth), plot.facing), height)
    if rng.random() < 1 / 2:
        _shops(plot, lot, (30, 70), 13.0, -6.5)
    _lane(plot, lot)
    if plot.area > LARGE:
        round_garden = shapely.Point(plot.middle).buffer(np.sqrt(plot.area) * 0.13)
        lot.details.append(("garden", plot.atom, round_garden))


def old_quarter(plot: Plot, lot: Lot, kind: str) -> None:
    """Small houses close together behind a row of shop-houses."""
    rng = plot.rng
    front, angle = along_street(rng, plot.ring, -5.0, (11, 24))
    count = len(front.middle)
    size = front.width, rng.uniform(8, 12, count)
    lot.put(plot.atom, kind, "box", Stand(front.middle, size, angle), rng.integers(2, 5, count))
    places = plot.some(lattice_of(plot.ring, plot.angle, (24.0, 20.0)), 0.88)
    reach = 0.95 - 18 / np.sqrt(plot.area)
    places = places.keep(places.out.max(axis=1) < reach)
    count = len(places.middle)
    outline = plot.outlines(("box", "box", "ell", "you"), count)
    turn = plot.angle + rng.normal(0, 0.05, count) + np.pi * rng.integers(0, 2, count)
    middle = places.middle + rng.normal(0, 1.6, (count, 2))
    size = rng.uniform(13, 22, count), rng.uniform(9, 14, count)
    lot.put(plot.atom, kind, outline, Stand(middle, size, turn), rng.integers(1, 5, count))


def village(plot: Plot, lot: Lot, kind: str) -> None:
    """Loose rows of farmhouses in one or two clusters."""
    rng = plot.rng
    places = lattice_of(plot.ring, plot.facing, (25.0, 23.0))
    seeds = places.middle[rng.integers(0, len(places.middle), 3)]
    far = np.hypot(*(places.middle[:, None] - seeds[None]).transpose(2, 0, 1)).min(axis=1)
    places = plot.some(places.keep(far < rng.uniform(60, 120)), 0.82)
    places = places.keep(np.arange(len(places.middle)) < HOUSES)
    count = len(places.middle)
    outline = plot.outlines(("box", "ell"), count)
    size = rng.uniform(10, 16, count), rng.uniform(8.5, 12, count)
    middle = places.middle + rng.normal(0, 2.8, (count, 2))
    turn = plot.facing + rng.normal(0, 0.13, count)
    lot.put(plot.atom, kind, outline, Stand(middle, size, turn), rng.integers(1, 4, count))
