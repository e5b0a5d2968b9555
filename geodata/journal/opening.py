"""The fold over a published city: its history underneath, its places around."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.journal.cases import Cases
from geodata.journal.codes import Codes
from geodata.journal.places import Places
from geodata.store.keys import Base

if TYPE_CHECKING:
    from geodata.journal.around import Compacted
    from geodata.store.snapshots import City


def cases_of(city: City, past: Compacted | None = None) -> Cases:
    """Cases on top of a published city, and of those compacted; nothing is folded in yet.

    What is counted in its rows is counted up to its newest record, or to its publication where
    rows hold moments that are still to come.
    """
    # A server opens its cases anew after each compaction; what they stand on stays as it is.
    codes = city.once("journal codes", lambda: Codes(city))
    base = city.once("journal base", lambda: Base(city))
    places = city.once("journal places", lambda: Places(codes))
    until = min(int(city.meta["last"]), int(city.meta["built"]))
    return Cases(city.id, codes, base, places, until, past)
