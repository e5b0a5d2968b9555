"""Households, people and organisations of every building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Floats, Ints, Objects, Task, stream

if TYPE_CHECKING:
    from geodata.demo.buildings import Buildings

FLAT_M2: Final = {"tower": 118.0, "mid": 112.0, "slab": 98.0, "old": 95.0}
OLD_FILL: Final = 0.6  # old houses hold shops and stores as well
DORMITORY: Final = {"factory": 0.0045, "college": 0.012, "school": 0.0012}  # people per m² of floor
PER_HOUSEHOLD: Final = (2.72, 0.25, 1.8, 3.6)  # mean, deviation, least, most
FULL: Final = 1.12  # more households than this per flat are not believable
OCCUPIED: Final = 0.93  # of the flats
KEY_SHARE: Final = 0.011  # people in need of attention
ORGANISATIONS: Final = {  # on average, per building
    "shop": 2.4,
    "mall": 9.0,
    "office": 14.0,
    "factory": 1.3,
    "school": 0.3,
    "hospital": 0.4,
    "college": 0.2,
    "old": 0.15,
    "tower": 0.8,
    "mid": 0.5,
    "slab": 0.3,
    "village": 0.02,
}


@dataclass(frozen=True, eq=False)
class People:
    """By building: households, people, flats per floor (0 = no floor table), and counts."""

    households: Ints
    people: Ints
    rooms: Ints
    key_people: Ints
    organisations: Ints


def _by_kind(kind: Objects, values: dict[str, float]) -> Floats:
    return np.array([values.get(name, 0.0) for name in kind])


def _capacity(rng: np.random.Generator, built: Buildings, area: Floats) -> Floats:
    """Flats of each building."""
    flat = _by_kind(built.kind, FLAT_M2)
    homes = np.where(flat > 0, area * built.floors / np.maximum(flat, 1), 0)
    old = built.kind == "old"
    homes[old] = np.maximum(1, homes[old] * OLD_FILL)
    village = built.kind == "village"
    homes[village] = 1 + (rng.random(int(village.sum())) < KEY_SHARE * 16)
    homes[(built.kind == "shop") & (built.floors > 2)] = 2  # noqa: PLR2004 - flats upstairs
    return homes


def make_people(built: Buildings, target: int, seed: int) -> People:
    """Fill the buildings so that the city has about `target` people."""
    rng = stream(seed, Task.PEOPLE)
    area = shapely.area(built.shape)
    homes = _capacity(rng, built, area)
    together = area * built.floors * _by_kind(built.kind, DORMITORY)
    together *= np.where((built.kind == "factory") & (built.floors == 1), 0, 1)
    mean, deviation, least, most = PER_HOUSEHOLD
    size = np.clip(rng.normal(mean, deviation, len(area)), least, most)
    together *= min(1.0, 0.08 * target / max(together.sum(), 1))
    scale = (target - together.sum()) / (homes * size).sum()
    filled = min(scale, FULL)
    size = size * scale / filled
    households = rng.poisson(homes * filled) * (homes > 0)
    people = np.round(households * size + together).astype(np.int64)
    rooms = np.ceil(households / np.maximum(built.floors, 1) / OCCUPIED).astype(np.int64)
    table = np.isin(built.kind.astype(str), [*FLAT_M2, "village"])
    rooms = np.where(table, np.maximum(rooms, 1), 0)
    return People(
        households=households.astype(np.int64),
        people=people,
        rooms=rooms,
        key_people=rng.poisson(people * KEY_SHARE * rng.lognormal(0, 0.6, len(people))),
        organisations=rng.poisson(_by_kind(built.kind, ORGANISATIONS)),
    )
