"""Screens as many people would ask for them: of every level and period, filtered or not."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import numpy as np

from geodata.engine import Request
from geodata.model.periods import DAY
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from geodata.store.snapshots import City

PERIODS: Final = {"24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "365d": 365 * DAY}
FILTERED: Final = 0.6  # of the screens; each by one or two lists
LISTS: Final = {"categories": "k", "departments": "d", "sources": "src"}


@dataclass(frozen=True)
class Screen:
    """One screen that somebody asks for.

    unit: row of its place; level: of its cells; period: a key of `PERIODS`; filters: row of the
    code asked for, by code list.
    """

    unit: int
    level: str
    period: str
    filters: dict[str, int]

    def request(self, now: int) -> Request:
        """The question to an engine."""
        codes = {name: (row,) for name, row in self.filters.items()}
        return Request(
            self.unit,
            self.level,
            now - PERIODS[self.period],
            now,
            now,
            categories=codes.get("categories", ()),
            departments=codes.get("departments", ()),
            sources=codes.get("sources", ()),
        )

    def query(self, city: City) -> str:
        """The address of the page."""
        words = {"at": city.tree.codes[self.unit] if self.unit else "", "t": self.period}
        for name, row in self.filters.items():
            words[LISTS[name]] = str(getattr(city, name)["key"].iloc[row])
        return "?" + urlencode({letter: word for letter, word in words.items() if word})


def screens(city: City, count: int, seed: int = 1) -> list[Screen]:
    """So many screens, every level and period as often as any other."""
    chance = random.Random(seed)  # noqa: S311 - nothing is secret here
    levels = [key for key in city.tree.level_keys if len(city.tree.cells(0, key))]
    kinds = list(product(levels, PERIODS))
    found: list[Screen] = []
    while len(found) < count:
        chance.shuffle(kinds)
        found += [_screen(city, level, period, chance) for level, period in kinds]
    return found[:count]


def _screen(city: City, level: str, period: str, chance: random.Random) -> Screen:
    units = np.flatnonzero(city.tree.levels == city.tree.level_keys.index(level))
    unit = int(chance.choice(units))
    below = city.tree.next_level(unit) or level
    # Who looks at a large place may want it as fine as it goes.
    finest = city.tree.level_keys[-1]
    cells = finest if below != BUILDING and chance.random() < 1 / 3 else below
    return Screen(unit, cells, period, _filters(city, chance))


def _filters(city: City, chance: random.Random) -> dict[str, int]:
    if chance.random() >= FILTERED:
        return {}
    known = [name for name in LISTS if len(getattr(city, name))]
    names = chance.sample(known, min(len(known), chance.choice((1, 1, 2))))
    return {name: chance.randrange(len(getattr(city, name))) for name in names}
