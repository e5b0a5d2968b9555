"""What departments are asked about their cases, from counts of cases that are alike.

The table has a row for every department, matter, first department (`sent_to`) and pattern of
`handled.MARKS` that occurs, and how many such cases there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geodata.engine.handled import MARKS
from geodata.kernels.alike import followed
from geodata.model.schemas import STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]

EVASIONS: Final = (  # counts by department; from `settled` on, of cases that are over
    "came", "reported", "whistled", "voided", "settled", "extended", "suspended", "appealed",
    "reopened", "unverified", "closed", "closed_at_building", "again",
)  # fmt: skip
# What schemes of evaluation divide, of cases neither void nor duplicate; by department.
COUNTED: Final = (
    "settled", "reopened", "verified", "accepted", "raw_due", "raw_on_time",
    "unappealed_due", "unappealed_on_time", "response_due", "responded_on_time",
)  # fmt: skip
# How far cases have come: a stage counts as reached when a later one is.
FUNNEL_STAGES: Final = ("accepted", "dispatched", "resolved")
LEAST_TOO_BIG: Final = 2**31


class Alike:
    """Cases by what they are like."""

    def __init__(self, found: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take the answer of `handled.ALIKE`."""
        table = {name: values.astype(np.int64) for name, values in found.items()}
        self.department, self.matter = table["department"], table["matter"]
        self.sent_to, self.cases = table["sent_to"], table["cases"]
        bits = table["marks"]
        self.marks = {name: (bits >> bit & 1).astype(np.bool_) for bit, name in enumerate(MARKS)}
        self.valid = ~self.marks["voided"] & ~self.marks["duplicate"]
        self.over = self.valid & (self.marks["resolved"] | self.marks["closed"])

    def weight(self) -> int:
        """Bytes it holds, about."""
        return len(self.cases) * (5 * 8 + len(MARKS) + 2)

    def evasions(self, departments: int) -> pd.DataFrame:
        """Counts of EVASIONS but `again`; index = department from −1."""
        has, valid, over = self.marks, self.valid, self.over
        closed = valid & has["closed"]
        counted: dict[str, Flags] = {
            "came": np.ones_like(valid),
            "reported": valid,
            "whistled": valid & has["whistled"],
            "voided": has["voided"],
            "settled": over,
            **{n: over & has[n] for n in ("extended", "suspended", "appealed", "reopened")},
            "unverified": closed & ~has["verified"],
            "closed": closed,
            "closed_at_building": closed & has["housed"],
        }
        return self._summed(counted, departments)

    def assessed(self, departments: int) -> pd.DataFrame:
        """`came` and counts of COUNTED; index = department from −1."""
        has, valid, over = self.marks, self.valid, self.over
        contested = over & has["appealed"]  # how an appeal ended is not kept
        counted: dict[str, Flags] = {
            "came": np.ones_like(valid),
            "settled": over,
            "reopened": over & has["reopened"],
            "verified": valid & has["closed"] & has["verified"],
            "unappealed_due": valid & has["due"] & ~contested,
            "unappealed_on_time": valid & has["on_time"] & ~contested,
        }
        plain = ("accepted", "raw_due", "raw_on_time", "response_due", "responded_on_time")
        return self._summed(counted | {name: valid & has[name] for name in plain}, departments)

    def funnel(self, departments: tuple[int, ...]) -> pd.Series:
        """How many came in and got how far, of these departments or of all."""
        wanted = np.isin(self.department, departments) | (not departments)
        counted = {"came": np.ones_like(wanted)}
        for stage in FUNNEL_STAGES:
            later = [self.marks[name] for name in STAGES[STAGES.index(stage) :]]
            counted[f"reached_{stage}"] = self.valid & np.any(later, axis=0)
        counted["voided"] = self.marks["voided"]
        counted["duplicates"] = ~self.marks["voided"] & self.marks["duplicate"]
        sums = {name: int(self.cases[flags & wanted].sum()) for name, flags in counted.items()}
        return pd.Series(sums)

    def routes(self) -> pd.DataFrame:
        """Dispatched cases that are over, by matter, first department and department."""
        counts = self.over & self.marks["dispatched"] & (self.department >= 0)
        keys = {"matter": self.matter, "first_department": self.sent_to,
                "department": self.department}  # fmt: skip
        table = pd.DataFrame(keys | {"cases": self.cases})[counts]
        return table.groupby(list(keys), as_index=False).sum()

    def _summed(self, counted: dict[str, Flags], departments: int) -> pd.DataFrame:
        """Cases by flag and department from −1."""
        rows = self.department + 1
        sums = {
            name: np.bincount(rows[flags], self.cases[flags], departments + 1).astype(np.int64)
            for name, flags in counted.items()
        }
        return pd.DataFrame(sums, index=range(-1, departments))


def repeated(site: Ints, matter: Ints, came: Ints, closed: Ints, within_s: int) -> Flags:
    """After whose closing the same matter came from the same site, at most so long after.

    All moments fit 32 bits, a case that is not closed has the last of them.
    """
    thing = site * (int(matter.max(initial=0)) + 1) + matter
    if thing.max(initial=0) >= LEAST_TOO_BIG:  # beside a moment there is room for 31 bits
        thing = np.unique(thing, return_inverse=True)[1].astype(np.int64)
    thing <<= np.int64(32)
    place = np.argsort(thing + came)
    order, held = (thing + came)[place], thing[place]
    last = held + np.minimum(closed[place] + within_s, 2**32 - 1)
    flags = np.empty(len(order), np.bool_)
    followed(order, held + closed[place], last, flags)
    found = np.empty(len(order), np.bool_)
    found[place] = flags
    return found
