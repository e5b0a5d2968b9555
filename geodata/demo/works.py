"""How everything but housing fills its plot: factories, malls, schools, campuses, parks."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.curves import blob
from geodata.demo.footprints import Lot, Stand
from geodata.demo.layout import Rows, rows_of

if TYPE_CHECKING:
    from geodata.demo.arrays import Floats
    from geodata.demo.homes import Plot

FIELD_LEAST: Final = 15_000.0  # m² of a school with a running track
PARK_LEAST: Final = 12_000.0
HUTS: Final = 6
# Where a track may lie, in sides of the plot from its middle, and how small where room is short.
ASIDE: Final = (0.34, 0.29, 0.24, -0.3, -0.25, 0.15, 0.0)
SMALLER: Final = np.array([1, 0.82, 0.66, 0.5])
WINGS: Final = ((44.0, 74.0), (36.0, 56.0))  # length of a wing, elsewhere and at a school


def factory(plot: Plot, lot: Lot, kind: str) -> None:
    """Rows of halls."""
    rng = plot.rng
    depth = rng.uniform(28, 64)
    rows = Rows(rng.uniform(50, 150), 14.0, depth, depth + rng.uniform(13, 20))
    places = plot.some(rows_of(plot.ring, plot.angle, rows), 0.9)
    count = len(places.middle)
    width = places.width * rng.choice([1, 1, 1, 0.6], count)
    size = width, depth * rng.choice([1, 1, 0.75], count)
    floors = rng.choice([1, 1, 2, 4], count)
    lot.put(plot.atom, kind, "box", Stand(places.middle, size, plot.angle), floors)


def commerce(plot: Plot, lot: Lot, kind: str) -> None:
    """Shopping halls, half of them with an office tower on top."""
    rng = plot.rng
    length = float(np.clip(np.sqrt(plot.area) * rng.uniform(0.36, 0.8), 38, 120))
    depth = length * rng.uniform(0.55, 0.75)
    places = rows_of(plot.ring, plot.angle, Rows(length, 14.0, depth, depth + 16))
    count = len(places.middle)
    width = places.width * rng.choice([1, 1, 0.75], count)
    outline = plot.outlines(("box", "ell", "you", "box", "box"), count)
    floors = rng.integers(3, 7, count)
    lot.put(plot.atom, kind, outline, Stand(places.middle, (width, depth), plot.angle), floors)
    on_top = plot.some(places, 1 / 2).middle
    on_top = on_top + rng.normal(0, 3, on_top.shape)
    floors = rng.integers(16, 48, len(on_top))
    lot.put(plot.atom, "office", "box", Stand(on_top, (31.0, 27.0), plot.angle), floors)


def _track(plot: Plot, lot: Lot) -> shapely.Polygon:
    """A running track with its pitch, as far from the middle of the plot as it has room."""
    side = float(np.sqrt(plot.area))
    cos, sin = np.cos(plot.facing), np.sin(plot.facing)
    inside = shapely.Polygon(plot.ring)
    for size, share in product(min(1.0, side / 230) * SMALLER, ASIDE):
        half = np.array([-sin, cos]) * 43 * size
        middle = plot.middle + np.array([cos, sin]) * min(side, 400) * share
        track = shapely.LineString([middle - half, middle + half]).buffer(42 * size)
        if inside.contains(track):
            break
    lot.details.append(("track", plot.atom, track))
    lot.details.append(("pitch", plot.atom, track.buffer(-10 * size)))
    return track


def civic(plot: Plot, lot: Lot, kind: str) -> None:
    """Schools, hospitals, offices: a few wings in rows, at a school round its sports ground."""
    rng = plot.rng
    rows = Rows(rng.uniform(*WINGS[kind == "school"]), 14.0, 26.0, rng.uniform(34, 44))
    places = rows_of(plot.ring, plot.facing, rows)
    if kind == "school" and plot.area > FIELD_LEAST:
        track = _track(plot, lot)
        clear = shapely.distance(track, shapely.points(places.middle)) > rows.length * 0.62
        places = places.keep(np.atleast_1d(clear))
    count = len(places.middle)
    outline = plot.outlines(("you", "ell", "box"), count)
    floors = rng.integers(4, 7 if kind == "school" else 14, count)
    size = places.width, rng.uniform(18, 26, count)
    lot.put(plot.atom, kind, outline, Stand(places.middle, size, plot.facing), floors)


def campus(plot: Plot, lot: Lot, kind: str) -> None:
    """A college: teaching wings far apart, halls of residence at one end, track and lake."""
    rng = plot.rng
    track = _track(plot, lot)
    lake = blob(rng, plot.middle - (90, 60), np.sqrt(plot.area) * 0.08, 0.12, 40)
    lot.details.append(("pond", plot.atom, lake))
    taken = shapely.union(track, lake)
    places = rows_of(plot.ring, plot.facing, Rows(70.0, 34.0, 30.0, 74.0, 12.0))
    clear = shapely.distance(taken, shapely.points(places.middle)) > 46  # noqa: PLR2004
    places = plot.some(places.keep(np.atleast_1d(clear)), 0.78)
    count = len(places.middle)
    outline = plot.outlines(("you", "ell", "box", "you"), count)
    size = places.width * rng.uniform(0.6, 1, count), rng.uniform(18, 30, count)
    floors = rng.integers(3, 8, count)
    lot.put(plot.atom, kind, outline, Stand(places.middle, size, plot.facing), floors)


def building_site(plot: Plot, lot: Lot, kind: str) -> None:
    """A few huts on cleared ground."""
    places = rows_of(plot.ring, plot.angle, Rows(40.0, 9.0, 9.0, 16.0))
    keep = np.arange(len(places.middle)) < plot.rng.integers(1, HUTS)
    lot.put(plot.atom, kind, "box", Stand(places.keep(keep).middle, (40.0, 8.0), plot.angle), 2)


def park(plot: Plot, lot: Lot, kind: str) -> None:
    """A path, a pond and a house or two."""
    rng = plot.rng
    if plot.area > PARK_LEAST:
        shape = shapely.Polygon(plot.ring)
        lot.details.append(("path", plot.atom, shape.buffer(-14).boundary))
        inner: Floats = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
        lake = blob(rng, inner, np.sqrt(plot.area) * 0.13, 0.2, 40)
        lot.details.append(("pond", plot.atom, shapely.intersection(lake, shape)))
    places = rows_of(plot.ring, plot.facing, Rows(26.0, 70.0, 18.0, 120.0, stretch=False))
    few = plot.some(places, 0.16)
    lot.put(plot.atom, kind, "ell", Stand(few.middle, (26.0, 18.0), plot.facing), 2)
