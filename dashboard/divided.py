"""Under which boundaries an address is asked: a professional grid, a draft, or those of a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from dashboard.i18n.moments import local
from geodata.model.places import DRAFT
from geodata.store import drawings

if TYPE_CHECKING:
    from geodata.model.places import Tree
    from geodata.store.divisions import Division
    from geodata.store.snapshots import City

TODAY: Final = ""  # key of the boundaries in force
DAY: Final = timedelta(days=1)


def find(asked: str, city: City, now: int) -> Division | None:
    """The division behind what an address asks for; None = the boundaries in force.

    Raises:
        KeyError: nobody knows of such boundaries.
    """
    if asked in {TODAY, city.id}:
        return None
    known = city.divisions.get(asked) or drawings.newest(city.data_dir, city.id, asked)
    if known is not None and not known.until:
        return known
    ended = [each for each in city.divisions.values() if each.until > asked]
    day = _day(asked)
    # A city looked at as its files left it may have been redrawn after its last case.
    if day is None or (day > local(now, city.profile.time_zone).date() and not ended):
        raise KeyError(asked)
    return min(ended, key=lambda each: each.until, default=None)


def asked_for(division: Division) -> str:
    """How an address asks for a division; a draft is asked for as it stands, not as it was."""
    if division.key.startswith(DRAFT):
        return division.key.rpartition(".")[0]
    return last_day(division) if division.until else division.key


def offered(city: City) -> list[Division]:
    """The professional grids, the drafts that were drawn, then earlier boundaries."""
    known = list(city.divisions.values())
    drafts = drawings.drawn(city.data_dir, city.id)
    return [*(each for each in known if not each.until), *drafts,
            *(each for each in known if each.until)]  # fmt: skip


def last_day(division: Division) -> str:
    """The last day on which earlier boundaries were in force, as an address asks for them."""
    return (date.fromisoformat(division.until) - DAY).isoformat()


def nearest(code: str, city: City, tree: Tree) -> str:
    """A unit's code in another tree, or that of the first above it which is there; "" = none."""
    unit = city.tree.find(code)
    while unit is not None and unit > 0:
        if tree.find(city.tree.codes[unit]) is not None:
            return city.tree.codes[unit]
        unit = int(city.tree.parents[unit])
    return ""


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if text == found.isoformat() else None
