"""Reports of the demo, drawn one local day at a time, with all the chance their fate depends on."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from geodata.demo.stages import NORMAL, UNIFORM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geodata.demo.clusters import Cluster, Field

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

STREAM: Final = 6
UNMARKED_STREAM: Final = 16
HOUR: Final = 3600
DUPLICATES: Final = 0.043
SECOND_REPORT_S: Final = 3000.0  # mean time until somebody reports the same again
LEAST_LAG_S: Final = 60
UNMARKED: Final = 0.35  # of the second reports: nobody has noticed
# Of these: filed under another matter of the category, placed next door, without the room.
ANOTHER_MATTER, ASIDE, NO_ROOM = 0.15, 0.2, 0.25


@dataclass(frozen=True, eq=False)
class Planted:
    """The cases of all clusters in order of time; see `Cluster`. slow: factor on arrival."""

    moment: Ints
    site: Ints
    matter: Ints
    floor: Ints
    room: Ints
    slow: Floats

    @classmethod
    def of(cls, clusters: Iterable[Cluster]) -> Planted:
        """Put the cases of clusters into one table."""
        found = list(clusters)
        names = ("moment", "site", "matter", "floor", "room")
        rows = {name: _joined([getattr(cluster, name) for cluster in found]) for name in names}
        slow = [np.full(len(cluster.moment), cluster.kind.slow) for cluster in found]
        order = np.argsort(rows["moment"], kind="stable")
        table = {name: column[order] for name, column in rows.items()}
        return cls(**table, slow=np.concatenate([np.zeros(0), *slow])[order])


@dataclass(frozen=True, eq=False)
class Reports:
    """Reports in order of time; a site, floor or room of −1 is left to chance.

    day: ordinal; number: within the day, from 1; origin: row of the first report of the same,
    −1 = this is one; marked: its source says that it is a second one; aside, vague: a second one
    placed next door, or without floor and room; place: uniform numbers for the choice of the site;
    u, z: see `stages`.
    """

    day: Ints
    number: Ints
    reported: Ints
    hour: Ints
    matter: Ints
    site: Ints
    floor: Ints
    room: Ints
    slow: Floats
    origin: Ints
    marked: Flags
    aside: Flags
    vague: Flags
    place: Floats
    u: npt.NDArray[np.float32] = field(repr=False)
    z: npt.NDArray[np.float32] = field(repr=False)

    def __len__(self) -> int:
        """Count the reports."""
        return len(self.reported)

    @classmethod
    def joined(cls, days: Sequence[Reports]) -> Reports:
        """Put days one after the other."""
        columns = {
            part.name: np.concatenate([getattr(day, part.name) for day in days], axis=-1)
            for part in fields(cls)
        }
        offsets = np.cumsum([0, *(len(day) for day in days)])[:-1]
        shift = np.repeat(offsets, [len(day) for day in days])
        columns["origin"] = np.where(columns["origin"] >= 0, columns["origin"] + shift, -1)
        return cls(**columns)


def draw_day(world: Field, planted: Planted, day: date) -> Reports:
    """Draw the reports of one local day; the same day always has the same ones."""
    rng = np.random.default_rng((world.seed, STREAM, day.toordinal()))
    start, end = world.midnight(day), world.midnight(day + timedelta(1))
    base = _base(world, planted, day, rng)
    once: Ints = base.pop("reported").astype(np.int64)
    first, again = _second_reports(rng, once, end)
    count = len(once)
    reported = np.concatenate([once, again])
    order = np.argsort(reported, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    source = np.concatenate([np.arange(count), first])[order]
    origin = np.concatenate([np.full(count, -1), first])[order]
    drawn = {name: column[source] for name, column in base.items()}
    return Reports(
        **(drawn | _unmarked(world, day, drawn["matter"].astype(np.int64), origin >= 0)),
        day=np.full(len(order), day.toordinal()),
        number=np.arange(1, len(order) + 1),
        reported=reported[order],
        hour=(reported[order] - start) // HOUR,
        origin=np.where(origin >= 0, rank[origin], -1),
        place=rng.random(len(order)),
        u=rng.random((len(UNIFORM), len(order)), dtype=np.float32),
        z=rng.standard_normal((len(NORMAL), len(order)), dtype=np.float32),
    )


def _base(
    world: Field, planted: Planted, day: date, rng: np.random.Generator
) -> dict[str, npt.NDArray[np.generic]]:
    """First reports of a day, the usual ones and then the planted ones, in no order."""
    start, end = world.midnight(day), world.midnight(day + timedelta(1))
    counts = world.rhythm.counts(rng, day)
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    second = cell % counts.shape[1] * HOUR + rng.integers(0, HOUR, len(cell))
    low, high = np.searchsorted(planted.moment, [start, end])
    free = np.full(len(cell), -1)
    return {
        "reported": np.concatenate([start + second, planted.moment[low:high]]),
        "matter": np.concatenate([cell // counts.shape[1], planted.matter[low:high]]),
        "site": np.concatenate([free, planted.site[low:high]]),
        "floor": np.concatenate([free, planted.floor[low:high]]),
        "room": np.concatenate([free, planted.room[low:high]]),
        "slow": np.concatenate([np.ones(len(cell)), planted.slow[low:high]]),
    }


def _second_reports(rng: np.random.Generator, reported: Ints, end: int) -> tuple[Ints, Ints]:
    """Choose which reports are made a second time the same day, and when."""
    chosen = np.flatnonzero(rng.random(len(reported)) < DUPLICATES)
    lag = LEAST_LAG_S + rng.exponential(SECOND_REPORT_S, len(chosen))
    left = end - 1 - reported[chosen]
    lag = np.where(lag < left, lag, LEAST_LAG_S + rng.random(len(chosen)) * (left - LEAST_LAG_S))
    kept = left > LEAST_LAG_S
    return chosen[kept], (reported[chosen] + lag.astype(np.int64))[kept]


def _unmarked(world: Field, day: date, matter: Ints, again: Flags) -> dict[str, Ints | Flags]:
    """Choose the second reports that nobody has noticed, and how they differ from the first.

    They have chance numbers of their own, so that all others are the same without them.
    """
    rng = np.random.default_rng((world.seed, UNMARKED_STREAM, day.toordinal()))
    u = rng.random((5, len(again)))
    unmarked = again & (u[0] < UNMARKED)
    aside = unmarked & (u[2] < ASIDE)
    matter = matter.copy()
    category = world.ground.codes.category
    for row in np.flatnonzero(unmarked & (u[1] < ANOTHER_MATTER)):
        kin = np.flatnonzero(category == category[matter[row]])
        matter[row] = kin[int(u[4, row] * len(kin))]
    vague = aside | unmarked & (u[3] < NO_ROOM)
    return {"matter": matter, "marked": again & ~unmarked, "aside": aside, "vague": vague}


def _joined(columns: list[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *columns]).astype(np.int64)
