"""Where cases happen: how likely each site is, for each kind of place a matter belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.demo.codes import PLACES, Codes, read_codes
from geodata.model.schemas import SITE_BUILDING, SITE_OUTDOOR, SITE_UNKNOWN

if TYPE_CHECKING:
    from geodata.model.draft import Arranged

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STREAM: Final = 1  # of random numbers, so that no two modules draw the same ones
DENSE: Final = (1.22, 1.16)  # of the others' rate: the two streets with the most cases per head
LEAD: Final = 1.03  # and at least so much of the highest other
AREA_LEVELS: Final = ("street", "zone")
MIN_SHARE: Final = 0.03  # of the people, for a street the story may be about
OLD_BEFORE: Final = 1996
LIFT_FLOORS: Final = 7
OLD_KINDS: Final = ("old", "village")
WORK_KINDS: Final = ("factory", "industry", "warehouse", "site", "works", "depot")
SHOP_KINDS: Final = ("shop", "mall", "market", "hotel", "retail")
CIVIC_KINDS: Final = ("school", "hospital", "office", "civic", "public", "station", "college")


@dataclass(frozen=True, eq=False)
class Units:
    """The units of the base division by row; see `schemas.PLACES`."""

    code: tuple[str, ...]
    parent: tuple[int, ...]
    level: tuple[str, ...]
    first: tuple[int, ...]  # site_from
    end: tuple[int, ...]  # site_to

    @classmethod
    def of(cls, places: pd.DataFrame) -> Units:
        """Take the columns of a PLACES frame."""
        names = ("code", "parent", "level", "site_from", "site_to")
        return cls(*(tuple(places[name].tolist()) for name in names))

    def __len__(self) -> int:
        """Count the units."""
        return len(self.code)

    def above(self, unit: int, level: str) -> int:
        """Row of the unit of a level that a unit belongs to, −1 = none."""
        while unit >= 0 and self.level[unit] != level:
            unit = self.parent[unit]
        return unit


@dataclass(frozen=True, eq=False)
class Ground:
    """The sites of a city as a place to sample from.

    area: by site, index into `areas` (the units of the level that answers for streets);
    rate: by area, cases per head relative to the city; unknown: by site, the site that stands for
    the unknown place of its surroundings, −1 = none; estate: by site, a number for each, −1 = none;
    chance: by place and site, adding up to 1 by place; people: of the whole city.
    """

    codes: Codes
    people: float
    units: Units
    areas: Ints
    area: Ints
    area_people: Floats
    rate: Floats
    unknown: Ints
    unit: Ints
    building: Ints
    lon: npt.NDArray[np.float32]
    lat: npt.NDArray[np.float32]
    outdoor: npt.NDArray[np.bool_]
    floors: Ints
    rooms: Ints
    estate: Ints
    chance: Floats
    steps: Floats = field(repr=False)

    def pick(self, place: Ints, u: Floats) -> Ints:
        """Draw a site for each place from uniform numbers."""
        count = self.chance.shape[1]
        found = np.searchsorted(self.steps, place + u, side="right")
        chosen: Ints = np.clip(found, place * count, place * count + count - 1) - place * count
        return chosen

    def dense(self) -> Ints:
        """Areas with the highest rates, worst first."""
        return np.argsort(-self.rate, kind="stable")[: len(DENSE)]

    def worsening(self) -> int:
        """Area whose departments are getting slower."""
        order = np.argsort(-self.area_people, kind="stable")
        rest = order[~np.isin(order, self.dense())]
        return int(rest[min(1, len(rest) - 1)]) if len(rest) else 0

    def share(self, place: int, sites: Ints) -> float:
        """Share of a place's cases that these sites have."""
        return float(self.chance[place, sites].sum())


def make_ground(seed: int, arranged: Arranged) -> Ground:
    """Weigh every site of an arranged city."""
    rng = np.random.default_rng((seed, STREAM))
    places, sites = arranged.places, arranged.sites
    units = Units.of(places)
    kind = sites["kind"].to_numpy()
    areas, area = _areas(units, len(sites))
    features = _features(sites, arranged.buildings)
    area_people = np.bincount(area, features["people"], len(areas)).astype(np.float64)
    rate = _rates(rng, area_people, places["area_km2"].to_numpy()[areas])
    sizes = _sizes(features, sites, rng)
    chance = _level(sizes, area, area_people * rate)
    building = sites["building"].to_numpy(np.int64)
    return Ground(
        codes=read_codes(),
        people=float(area_people.sum()),
        units=units,
        areas=areas,
        area=area,
        area_people=area_people,
        rate=rate,
        unknown=_unknown(units, sites),
        unit=sites["unit"].to_numpy(np.int64),
        building=building,
        lon=sites["lon"].to_numpy(np.float32),
        lat=sites["lat"].to_numpy(np.float32),
        outdoor=kind == SITE_OUTDOOR,
        floors=features["floors"].astype(np.int64),
        rooms=features["rooms"].astype(np.int64),
        estate=_estates(building, arranged.buildings),
        chance=chance,
        steps=(np.cumsum(chance, axis=1) + np.arange(len(PLACES))[:, None]).ravel(),
    )


def _areas(units: Units, sites: int) -> tuple[Ints, Ints]:
    """Find the level that stands for streets, and the area of every site."""
    known = [level for level in AREA_LEVELS if level in units.level]
    level = known[0] if known else units.level[0]
    rows = [row for row, own in enumerate(units.level) if own == level]
    area = np.zeros(sites, dtype=np.int64)
    for number, row in enumerate(rows):
        area[units.first[row] : units.end[row]] = number
    return np.array(rows, dtype=np.int64), area


def _estates(building: Ints, buildings: pd.DataFrame) -> Ints:
    """Number the estates by site."""
    codes, _ = pd.factorize(buildings["estate"].replace("", None))
    return np.where(building >= 0, np.append(codes, -1)[building], -1)


def _features(sites: pd.DataFrame, buildings: pd.DataFrame) -> dict[str, npt.NDArray[np.generic]]:
    """Bring the columns of buildings that matter to the sites, 0 elsewhere."""
    building = sites["building"].to_numpy(np.int64)
    owned = (building >= 0) & (sites["kind"].to_numpy() == SITE_BUILDING)
    names = {"rooms_per_floor": "rooms"}
    found: dict[str, npt.NDArray[np.generic]] = {}
    for name in ("people", "floors", "rooms_per_floor", "organisations", "year"):
        column = buildings[name].to_numpy(np.float64)
        values = np.zeros(len(sites))
        values[owned] = np.maximum(column[building[owned]], 0)
        found[names.get(name, name)] = values
    kinds = np.full(len(sites), "", dtype=object)
    kinds[owned] = buildings["kind"].to_numpy(dtype=object)[building[owned]]
    return {**found, "kind": kinds}


def _rates(rng: np.random.Generator, people: Floats, km2: Floats) -> Floats:
    """Cases per head by area: two dense streets, quiet outskirts, the city as a whole at 1."""
    density = people / np.maximum(np.nan_to_num(km2, nan=1.0), 0.01)
    big = people >= MIN_SHARE * max(people.sum(), 1) * min(1.0, 12 / len(people))
    order = np.argsort(np.where(big, -density, 0), kind="stable")
    rank = np.empty(len(people))
    rank[order] = np.linspace(0, 1, len(people))
    rate = (1.06 - 0.34 * rank) * np.exp(rng.normal(0, 0.07, len(people)))
    others = order[len(DENSE) :]
    for top, area in zip(DENSE, order, strict=False):
        usual = (rate * people)[others].sum() / max(people[others].sum(), 1)
        # Keep the two above the rest, whatever share of the people they have.
        rate[area] = max(top * usual, LEAD * float(rate[others].max(initial=0)))
    return np.asarray(rate * people.sum() / max(float((rate * people).sum()), 1e-9))


def _sizes(
    features: dict[str, npt.NDArray[np.generic]], sites: pd.DataFrame, rng: np.random.Generator
) -> Floats:
    """Weigh each site for each place, before the areas are balanced."""
    people, year = features["people"].astype(float), features["year"].astype(float)
    firms, floors = features["organisations"].astype(float), features["floors"].astype(float)
    kind = features["kind"]
    work, shop, civic = (np.isin(kind, kinds) for kinds in (WORK_KINDS, SHOP_KINDS, CIVIC_KINDS))
    aged = np.isin(kind, OLD_KINDS) | ((year > 0) & (year < OLD_BEFORE))
    outdoor = sites["kind"].to_numpy() == SITE_OUTDOOR
    around = _around(sites["unit"].to_numpy(np.int64), people, outdoor)
    sizes = {
        "home": people * np.where(aged, 1.2, 1.0),
        "tower": people * (floors >= LIFT_FLOORS) + 0.01 * people,
        "old": people * (0.05 + aged),
        "shop": firms * np.where(shop, 3.0, 1.0) + 4.0 * shop + 0.02 * around,
        "road": around + 0.05 * people,
        "works": work * (8.0 + firms) + 0.3 * firms + 0.06 * around,
        "civic": civic * (12.0 + 0.5 * firms) + 0.05 * people + 0.3 * around,
    }
    units = int(sites["unit"].max()) + 1
    quirk = np.exp(rng.normal(0, 0.28, units))[sites["unit"].to_numpy()]
    quirk = quirk * np.exp(rng.normal(0, np.where(outdoor, 0.8, 0.55)))
    known = sites["kind"].to_numpy() < SITE_UNKNOWN
    return np.stack([sizes[place] * quirk * known for place in PLACES])


def _around(unit: Ints, people: Floats, outdoor: npt.NDArray[np.bool_]) -> Floats:
    """Share the people of each unit out among its outdoor sites."""
    total = np.bincount(unit, people)
    count = np.bincount(unit, outdoor)
    each = (total + 15) / np.maximum(count, 1)
    return np.where(outdoor, each[unit], 0.0)


def _level(sizes: Floats, area: Ints, target: Floats) -> Floats:
    """Scale the weights so that every area has its share of each place's cases."""
    chance = np.empty_like(sizes)
    for row, size in enumerate(sizes):
        held = np.bincount(area, size, len(target))
        factor = np.where(held > 0, target / np.where(held > 0, held, 1), 0)
        weight = size * factor[area]
        weight = weight if weight.sum() > 0 else np.ones_like(size)
        chance[row] = weight / weight.sum()
    return chance


def _unknown(units: Units, sites: pd.DataFrame) -> Ints:
    """Find for every site the unknown place of the nearest unit above its own."""
    unit = sites["unit"].to_numpy(np.int64)
    own = np.full(len(units), -1, dtype=np.int64)
    rows = np.flatnonzero(sites["kind"].to_numpy() == SITE_UNKNOWN)
    own[unit[rows]] = rows
    above = np.full(len(units), -1, dtype=np.int64)
    for row in range(1, len(units)):  # parents come first
        parent = units.parent[row]
        above[row] = own[parent] if own[parent] >= 0 else above[parent]
    found: Ints = above[unit]
    return found
