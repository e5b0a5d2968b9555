"""Figures before and after as they are read: rounded alike, so that a reader can check them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from geodata.planner.compared import Row

HALF: Final = 0.5  # of the last decimal: what two figures differ by at least, to be told apart
SHARES: Final = {"reach"}  # rows that are a share 0–1
PLACES: Final = {"ratio": 2, "gini": 2, "compactness": 2, "cases": 1}  # decimals, else none


class Shown(NamedTuple):
    """A figure as it is read: both values rounded alike, with so many decimals."""

    before: float | None
    after: float | None
    places: int

    @property
    def moved(self) -> float | None:
        """The difference of what is shown, so that it can be checked by eye."""
        if self.before is None or self.after is None:
            return None
        return round(self.after - self.before, self.places)


def shown(each: Row) -> Shown:
    """A row's values rounded: one decimal more where they would hide that they differ."""
    times, places = (100 if each.key in SHARES else 1), PLACES.get(each.key, 0)
    before, after = (
        None if value is None or not math.isfinite(value) else value * times
        for value in (each.before, each.after)
    )
    if before is not None and after is not None:
        hidden = round(before, places) == round(after, places)
        places += hidden and abs(after - before) >= HALF / 10**places
    first, last = (None if value is None else round(value, places) for value in (before, after))
    return Shown(first, last, places)
