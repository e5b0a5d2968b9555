"""Made-up events of today as a source would send them."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from geodata.model.periods import DAY, MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.store.snapshots import City

STAGES: Final = ("accepted", "dispatched", "taken", "arrived", "resolved", "verified", "closed")
SPREAD_S: Final = 80_000  # of the day that ends now, with room for the stages that follow
EVENTS_A_CASE: Final = 1 + len(STAGES)


def lines(city: City, count: int) -> list[bytes]:
    """So many lines: cases at chance points with all their stages; each event has a number."""
    source, found = Source.of(city), list[bytes]()
    now = min(city.now(), int(time.time()))
    for number in range(-(-count // EVENTS_A_CASE)):
        events = source.case(f"bench-{number}", now - DAY + number % SPREAD_S)
        found += [
            orjson.dumps(event | {"event": f"{number}-{step}"}) for step, event in enumerate(events)
        ]
    return found[:count]


@dataclass(frozen=True)
class Source:
    """Whoever sends cases of a city; box: west, south, east, north."""

    key: str
    categories: list[str]
    departments: list[str]
    box: tuple[float, ...]
    chance: random.Random

    @classmethod
    def of(cls, city: City) -> Source:
        """The first source of a city."""
        keys = [
            table["key"].tolist() for table in (city.sources, city.categories, city.departments)
        ]
        box = tuple(map(float, city.places.total_bounds))
        return cls(keys[0][0], keys[1], keys[2], box, random.Random(7))  # noqa: S311

    def case(self, key: str, at: int) -> Iterator[dict[str, Any]]:
        """The events of a case that was reported at a moment."""
        west, south, east, north = self.box
        case = {"source": self.key, "case": key}
        lon, lat = self.chance.uniform(west, east), self.chance.uniform(south, north)
        said = {"category": self.chance.choice(self.categories), "lon": lon, "lat": lat}
        yield case | {"stage": "reported", "at": at} | said
        for step, stage in enumerate(STAGES, 1):
            given_to = {}
            if stage == "dispatched" and self.departments:
                given_to = {"department": self.chance.choice(self.departments)}
            yield case | {"stage": stage, "at": at + MINUTE * step} | given_to
