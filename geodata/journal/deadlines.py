"""Deadlines of live cases for which nobody names one: by the limit of the matter."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.clocks import Limits, Terms, reckoner_of
from geodata.journal.facts import FIELD, SEQ_BITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from geodata.clocks import Reckoner
    from geodata.journal.codes import CityLike
    from geodata.journal.rows import Rows

    Ints = npt.NDArray[np.int64]
    Counts = Mapping[int, Sequence[tuple[str, int]]]

LOG: Final = logging.getLogger(__name__)
COMING_BACK: Final = ("returned", "reopened")


@dataclass(frozen=True, eq=False)
class Deadlines:
    """The clock of a city, and the limits of its matters."""

    clock: Reckoner
    limits: Limits

    @classmethod
    def of(cls, city: CityLike) -> Deadlines:
        """Those of a published city."""
        limits = Limits.of(city.matters["limit"], city.matters["limit_kind"])
        return cls(reckoner_of(city.profile), limits)

    def reckon(self, rows: Rows, counts: Counts, slots: Ints) -> None:
        """Fill in the deadlines of cases whose other columns are made; named ones stay."""
        out = rows.out
        limited = self.limits.amount[out["matter"][slots]] > 0
        slots = slots[limited & (rows.rank[slots, FIELD["due"]] == 0)]
        matter, start = out["matter"][slots], out[self._starts_at][slots].astype(np.int64)
        terms = Terms(
            start=start,
            kind=self.limits.kind[matter],
            amount=self.limits.amount[matter],
            extended=out["extended"][slots],
            suspended_s=out["suspended_s"][slots],
            begun=self._begun(counts, slots, start),
        )
        due, original = self.clock.due(terms)
        if self.clock.beyond(start, due, terms.kind).any():
            warn(self.clock.calendar.file)
        out["due"][slots] = due
        told = rows.rank[slots, FIELD["due_original"]] > 0
        original[original == due] = 0
        out["due_original"][slots] = np.where(told, out["due_original"][slots], original)

    @property
    def _starts_at(self) -> str:
        return self.clock.clock.starts_at

    def _begun(self, counts: Counts, slots: Ints, start: Ints) -> Ints:
        """When clocks last started: some cities start them anew when a case comes back."""
        clock = self.clock.clock
        anew = {name for name in COMING_BACK if getattr(clock, name) == "starts_anew"}
        begun = start.copy()
        for row, slot in enumerate(slots.tolist() if anew else ()):
            ranks = (rank for name, rank in counts.get(slot, ()) if name in anew)
            begun[row] = max([int(start[row]), *(rank >> SEQ_BITS for rank in ranks)])
        return begun


@cache  # once is enough
def warn(file: str) -> None:
    """Put into the log that a calendar ends too early."""
    LOG.warning(
        "%s: deadlines lie on days of which it knows no holidays, ordinary weeks are assumed; "
        "add the holidays, move its `since` or `until`, and publish again",
        file,
    )
