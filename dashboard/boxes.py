"""What part of the earth a picture of a place shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.model.places import BUILDING
from geodata.tiles import heat

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.store.snapshots import City

LEAST_BUILT: Final = 50  # buildings from which their box tells where a place is lived in
LIVED_IN: Final = 0.1  # people in a house of none, so that places without any have a middle too
OUTSKIRTS: Final = 0.01  # of the people on each side
EDGE: Final = 0.2  # of that box: outskirts so narrow are shown, or the place would end below a card
WIDER: Final = 1.6  # times that box: a place that is not is shown whole, as without the heat
ROOM: Final = 0.04  # of the box round them, so that those at its edge are not cut off

Box = tuple[float, float, float, float]


def box(city: City, unit: int) -> Box:
    """The box of the unit, or of what is below it, or of the city; NaN without any shape."""
    places = city.places
    for units in ([unit], list(city.tree.subtree(unit)), list(range(len(places)))):
        found = places.iloc[units]
        if found.geometry.notna().any():
            break
    west, south, east, north = np.asarray(found.total_bounds, dtype=np.float64).tolist()
    return west, south, east, north


def opening_box(city: City, unit: int) -> Box:
    """The box of the unit, but of its buildings where nothing else divides the city."""
    alone = unit == 0 and city.tree.next_level(0) == BUILDING
    return _lived_in(city, unit, 1) if alone else box(city, unit)


def built_box(city: City, unit: int) -> Box:
    """The box of the unit without wide empty outskirts: where all but a few of its people live."""
    whole = box(city, unit)
    if not unit:
        return whole
    built = _lived_in(city, unit, LEAST_BUILT)
    sides = ((whole[i + 2] - whole[i]) / (built[i + 2] - built[i]) for i in range(2))
    return whole if max(sides) <= WIDER else built


def _lived_in(city: City, unit: int, least: int) -> Box:
    """The box in which all but a few people live; the whole one where fewer houses are known."""
    whole, sites = box(city, unit), city.sites.iloc[city.inside(unit)]
    built = sites[(sites["building"] >= 0) & sites["lon"].notna()]
    if len(built) < least:
        return whole
    people = city.buildings["people"].to_numpy(dtype=np.float64)[built["building"]] + LIVED_IN
    west, east = _inner(built["lon"].to_numpy(), people, whole[0], whole[2])
    south, north = _inner(built["lat"].to_numpy(), people, whole[1], whole[3])
    return (west, south, east, north) if west < east and south < north else whole


def heat_box(city: City, unit: int) -> Box:
    """The box of the unit and around it what its cases warm; beyond the city nothing is seen."""
    west, south, east, north = box(city, unit)
    if unit == 0:
        return west, south, east, north
    seen = built_box(city, unit)
    reach_m = heat.REACH * max(heat.scale(seen, hours).blur_m for hours in (1, heat.HOURS_OF_A_DAY))
    up = reach_m / heat.METRES_A_DEGREE
    across = up / float(np.cos(np.radians((south + north) / 2)))
    return west - across, south - up, east + across, north + up


def _inner(
    places: npt.NDArray[np.float64], people: npt.NDArray[np.float64], low: float, high: float
) -> tuple[float, float]:
    """Where the outskirts end on both sides: at an edge of the place, or at its last houses.

    Where those are too far away, with some room where few people are left.
    """
    order = np.argsort(places)
    share = np.cumsum(people[order]) / people.sum()
    first, last = np.interp([OUTSKIRTS, 1 - OUTSKIRTS], share, places[order]).tolist()
    room, narrow = ROOM * (last - first), EDGE * (last - first)
    starts = (edge for edge in (low, float(places.min()) - room) if first - edge <= narrow)
    ends = (edge for edge in (high, float(places.max()) + room) if edge - last <= narrow)
    return next(starts, first - room), next(ends, last + room)
