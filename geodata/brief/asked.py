"""What a brief is asked for: a place, a period, a moment and a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from geodata.metrics.classes import LEAST_CASES
from geodata.model import address
from geodata.model.errors import RequestError, UnknownPlaceError
from geodata.model.periods import Window, read_period
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from geodata.brief.words import Lang
    from geodata.engine import Engine
    from geodata.store.snapshots import City

MOST_CELLS: Final = 600  # on a map as wide as a hand


@dataclass(frozen=True)
class Asked:
    """One brief.

    unit: row of the place; period: as addresses write it, "" = the city's own; now: what happened
    later has not; base: of the addresses in it, as http://host; "" = they are relative.
    """

    city: City
    engine: Engine
    unit: int
    period: str
    window: Window
    now: int
    lang: Lang
    base: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """Whose clock is on the wall."""
        return ZoneInfo(self.city.profile.time_zone)

    @property
    def named_period(self) -> str:
        """The period as an address would have to name it."""
        return self.period or self.city.profile.default_period

    def link(self, **said: object) -> str:
        """The address of a screen of this place, unless another is said, in the same period."""
        here = {"at": self.city.tree.codes[self.unit]} if self.unit else {}
        given = {**here, "period": self.period, "language": self.lang, **said}
        shown = address.query({name: value for name, value in given.items() if value})
        return f"{self.base}/{shown}"


def ask(  # noqa: PLR0913 (what an address says, each by name)
    city: City,
    engine: Engine,
    *,
    at: str = "",
    period: str = "",
    lang: Lang | None = None,
    now: int | None = None,
    base: str = "",
) -> Asked:
    """What is asked for by a place's code, a period and a language; each has a default.

    Raises:
        UnknownPlaceError: no unit has the code.
        RequestError: the period is none, or the place is a building.
    """
    moment = city.now() if now is None else now
    window = read_period(
        period or city.profile.default_period, moment, ZoneInfo(city.profile.time_zone)
    )
    unit = city.tree.find(at) if at else 0
    if unit is None and city.building(at) is not None:
        message = f"at: {at} is a building; ask for the brief of a unit that holds it"
        raise RequestError(message)
    if unit is None:
        message = f"no unit has the code {at}"
        raise UnknownPlaceError(message)
    return Asked(city, engine, unit, period, window, moment, lang or city.profile.language, base)


def map_level(asked: Asked) -> str:
    """The finest level that a map of this size can show, and whose cells have cases enough."""
    tree = asked.city.tree
    found = tree.next_level(asked.unit)
    if found in {"", BUILDING}:
        return tree.level(asked.unit)
    for level in tree.level_keys[tree.level_keys.index(found) + 1 :]:
        cells = tree.cells(asked.unit, level)
        if not 0 < len(cells) <= MOST_CELLS or not _are_compared(asked, len(cells)):
            break
        if tree.drills[tree.level_keys.index(level)] and _are_drawn(asked.city, cells):
            found = level
    return found


def _are_drawn(city: City, cells: np.ndarray) -> bool:
    return bool(city.places.geometry.iloc[cells].notna().all())


def _are_compared(asked: Asked, cells: int) -> bool:
    """Whether the period has enough cases for a rate of most cells, if all places are alike."""
    city = asked.city
    first, last = (int(city.meta.get(name) or 0) for name in ("first", "last"))
    if last <= first:
        return False
    sites = city.places[["site_from", "site_to"]].to_numpy()
    part = float(np.diff(sites[asked.unit])[0] / max(np.diff(sites[0])[0], 1))
    a_second = int(city.meta["counts"]["incidents"]) / (last - first) * part
    return a_second * asked.window.length >= LEAST_CASES * cells
