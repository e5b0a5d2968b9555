"""What two reports have in common, as levels: small whole numbers, 0 = the most alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.duplicates.pairs import distance_m

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.duplicates.reports import Reports

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Levels = dict[str, Ints]

METRES: Final = (6.0, 12.0, 20.0, 30.0, 50.0)
APART_MIN: Final = (5, 10, 20, 40, 90)
MINUTES: Final = (15, 30, 60, 120, 240, 480)
A_MONTH: Final = (0.75, 1.5, 3.0, 6.0, 12.0, 24.0)
OTHERS: Final = (0, 1, 3)
MONTH_S: Final = 30 * 86_400
ROOM: Final = ("same_room", "one_unknown", "both_unknown", "other_room")
LEVELS: Final[dict[str, tuple[str, ...]]] = {
    "site": ("same_site", "other_site"),
    "metres": (*tuple(f"to_{edge:g}_m" for edge in METRES), "farther", "unlocated"),
    "what": ("same_matter", "same_category", "other"),
    "room": ROOM,
    "busy": (*tuple(f"below_{edge:g}_a_month" for edge in A_MONTH), "busier"),
    "crowd": ("alone", "one_more", "to_3_more", "many_more"),
    "occurred": (*tuple(f"to_{edge}_min_apart" for edge in APART_MIN), "other_time", "untold"),
    "lag": (*tuple(f"to_{minutes}_min" for minutes in MINUTES), "later"),
}


@dataclass(frozen=True, eq=False)
class Around:
    """How much goes on where each report comes from.

    rate, wider: reports of the same matter (category) at the same site a month; crowd: reports of
    the same matter near by within the reach in time, of whatever source.
    """

    rate: Floats
    wider: Floats
    crowd: Ints


def around(reports: Reports, first: Ints, later: Ints, begin: int = 0) -> Around:
    """Look around every report from row `begin` on; how often reports come is said by all.

    first, later: all pairs near each other, counted from that row.
    """
    months = max(float(np.ptp(reports.reported)) / MONTH_S, 1.0) if len(reports) else 1.0
    part = reports.rows(np.arange(begin, len(reports)))
    same = _same(part.matter, first, later)
    crowd = [np.bincount(end[same], minlength=len(part)) for end in (first, later)]
    return Around(
        rate=_often(reports.site, reports.matter)[begin:] / months,
        wider=_often(reports.site, reports.category)[begin:] / months,
        crowd=np.asarray(crowd[0] + crowd[1], dtype=np.int64),
    )


def compare(reports: Reports, near: Around, first: Ints, later: Ints, after_s: int = 0) -> Levels:
    """Levels of each pair, by the keys of LEVELS; `after_s` is taken off the time between."""
    metres = distance_m(reports, first, later)
    told = (reports.occurred[first] > 0) & (reports.occurred[later] > 0)
    apart = np.abs(reports.occurred[later] - reports.occurred[first] - after_s) / 60
    alike = _same(reports.matter, first, later)
    what = np.where(reports.category[first] == reports.category[later], 1, 2)
    rate = np.where(alike, near.rate[first], near.wider[first])
    rate = np.maximum(rate, np.where(alike, near.rate[later], near.wider[later]))
    each_other = (alike & (after_s == 0)).astype(np.int64)
    crowd = np.maximum(near.crowd[first], near.crowd[later]) - each_other
    lag = reports.reported[later] - reports.reported[first] - after_s
    return {
        "site": (reports.site[first] != reports.site[later]).astype(np.int64),
        "metres": np.where(np.isnan(metres), len(METRES) + 1, np.searchsorted(METRES, metres)),
        "what": np.where(alike, 0, what),
        "room": _rooms(reports, first, later),
        "busy": np.searchsorted(A_MONTH, rate, side="right"),
        "crowd": np.searchsorted(OTHERS, crowd),
        "occurred": np.where(told, np.searchsorted(APART_MIN, apart), len(APART_MIN) + 1),
        "lag": np.searchsorted(np.array(MINUTES) * 60, lag, side="right"),
    }


def _same(column: Ints, first: Ints, later: Ints) -> npt.NDArray[np.bool_]:
    return np.asarray((column[first] == column[later]) & (column[first] >= 0))


def _often(site: Ints, code: Ints) -> Floats:
    """How many other reports have the same site and code, by report."""
    kind = pd.factorize(site * 65_536 + code)[0]
    return np.bincount(kind)[kind].astype(np.float64) - 1 if len(kind) else np.zeros(0)


def _rooms(reports: Reports, first: Ints, later: Ints) -> Ints:
    floor, room = reports.floor, reports.room
    known = (floor != 0) & (room > 0)
    both = known[first] & known[later]
    same = (floor[first] == floor[later]) & (room[first] == room[later])
    unknown = np.where(known[first] | known[later], 1, 2)
    return np.where(both, np.where(same, 0, 3), unknown)
