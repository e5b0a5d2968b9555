"""Space-time scan: whether more cases lie near a new one, and lately, than its place explains.

Every new case is the middle of cylinders: a distance round it, a window that ends with it. The
cases in them are compared with what the place has had before (gamma-Poisson, so that places with a
short past are judged with caution), with the city's rhythm, and with what the whole city has now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import betainc

from geodata.kernels.near import Squares, near, within
from geodata.model.periods import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from geodata.model.tuning import WarningRules as Settings
    from geodata.warning.cases import Cases, Population
    from geodata.warning.rhythm import Rhythm

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

WINDOWS_H: Final = (1, 3, 8, 24, 72, 168, 336, 672)
DISTANCES_M: Final = (30.0, 150.0, 400.0, 800.0)
MATTER, SYNDROME, CATEGORY, ALL = 0, 1, 2, 3
FARTHEST_M: Final = (800.0, 800.0, 400.0, 150.0)  # by kind: what is common is dense
WEEK_H: Final = 168
STEADY: Final = 20.0  # cases' worth of an unchanged week in how far a group has risen everywhere
TESTS: Final = 20.0  # independent ones a case is worth, as measured: its cylinders overlap
HOURLY: Final = 1.0  # hours of the past there are at least
LEAST_TIMES: Final = 1.5  # the usual number; less is never an alarm, however certain
NEVER: Final = 1e-300
BATCH: Final = 50_000  # cases judged at once, which bounds the memory
FEW: Final = 0.2  # of the cases are judged: then those far from all of them are left out


@dataclass(frozen=True, eq=False)
class Hits:
    """New cases in the middle of too many, one row each, in order of time.

    row: of the cases; kind: MATTER, SYNDROME, CATEGORY or ALL; code: which of them; count: cases in
    the cylinder, this one included; expected: usual there; distance: metres, 0 where a zone is
    meant; zone: its level, -1 = none; window: seconds; recurrence: days, decimal logarithm.
    """

    row: Ints
    kind: Ints
    code: Ints
    count: Ints
    expected: Floats
    distance: Floats
    zone: Ints
    window: Ints
    recurrence: Floats

    @classmethod
    def of(cls, parts: list[Hits]) -> Hits:
        """The best of each case, by time."""
        names = list(cls.__dataclass_fields__)
        whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        # The narrower group says better what it is about, where both say as much.
        order = np.lexsort((whole["kind"], -whole["recurrence"], whole["row"]))
        first = np.unique(whole["row"][order], return_index=True)[1]
        return cls(**{name: column[order][first] for name, column in whole.items()})


def scan(  # noqa: PLR0913, PLR0917 - what a judgement rests on
    cases: Cases,
    people: Population,
    rhythm: Rhythm,
    settings: Settings,
    judged: npt.NDArray[np.bool_],
    syndromes: Sequence[Sequence[int]] = (),
) -> Hits:
    """Judge some of the cases by those before them.

    judged: which ones; syndromes: rows of the matters of each.
    """
    groups = list(_groups(cases, syndromes))
    found = [
        _hits(cases, rows, kind, people, rhythm, settings, judged[rows], len(groups))
        for kind, rows in groups
        if judged[rows].any()
    ]
    return Hits.of(found) if found else none()


def none() -> Hits:
    """No hits."""
    whole, real = np.empty(0, np.int64), np.empty(0)
    return Hits(whole, whole, whole, whole, real, real, whole, whole, real)


def _groups(
    cases: Cases, syndromes: Sequence[Sequence[int]]
) -> Iterator[tuple[tuple[int, int], Ints]]:
    """Rows of each matter, syndrome and category, and of all, where the place is known."""
    placed = np.flatnonzero(np.isfinite(cases.x) & np.isfinite(cases.y))
    if not len(placed):
        return
    for kind, codes in ((MATTER, cases.matter), (CATEGORY, cases.category)):
        order = placed[np.argsort(codes[placed], kind="stable")]
        values, first = np.unique(codes[order], return_index=True)
        for value, rows in zip(values, np.split(order, first[1:]), strict=True):
            if value >= 0:
                yield (kind, int(value)), rows
    for number, matters in enumerate(syndromes):
        if len(rows := placed[np.isin(cases.matter[placed], matters)]):
            yield (SYNDROME, number), rows
    yield (ALL, -1), placed


def _hits(  # noqa: PLR0913, PLR0917 - one group
    cases: Cases,
    rows: Ints,
    kind: tuple[int, int],
    people: Population,
    rhythm: Rhythm,
    settings: Settings,
    judged: npt.NDArray[np.bool_],
    groups: int,
) -> Hits:
    """Judge the new cases of one group; each group may give as many false alarms as another."""
    fresh = np.flatnonzero(judged)
    distances = np.array([d for d in DISTANCES_M if d <= FARTHEST_M[kind[0]]])
    reported = cases.reported[rows]
    times = Times.of(reported, fresh, rhythm, settings)
    squares, place, square = _squares(cases, rows, reported, fresh, distances[-1])
    ages = np.array([*WINDOWS_H, settings.baseline_days * 24], dtype=np.int64) * HOUR
    found = []
    for rank in np.array_split(np.arange(len(fresh)), -(-len(fresh) // BATCH)):
        some = rows[fresh[rank]]
        zoned = [within(zone[rows], len(people), reported, fresh[rank], ages)[:, None]
                 for zone in cases.zones]  # fmt: skip
        close = near(squares, place[rank], square[rank], distances, ages)
        counts = np.concatenate([close, *zoned], axis=1)
        own = people.around(cases.x[some], cases.y[some])[:, : len(distances)]
        own = np.concatenate([own, people.of_zones(cases.zones[:, some])], axis=1)
        p, expected = _chance(counts, own, times.at(rank), settings)
        a_day = times.a_day[rank] * TESTS * groups
        found.append(_kept(some, kind, counts, p, expected, a_day, settings))
    return Hits.of(found)


@dataclass(frozen=True, eq=False)
class Times:
    """What a group's past says of each new case: new case × window, but for `a_day`.

    past: cases of the group before the window; share: usual cases in the window for each of those;
    a_day: cases of the group a day.
    """

    past: Floats
    share: Floats
    a_day: Floats

    @classmethod
    def of(cls, reported: Ints, fresh: Ints, rhythm: Rhythm, settings: Settings) -> Times:
        """Compare the windows of the new cases with the weeks before them."""
        elapsed = rhythm.elapsed(reported)
        now = reported[fresh]
        begin = now - settings.baseline_days * DAY
        spent_now, spent_begin = rhythm.at(elapsed, now), rhythm.at(elapsed, begin)
        rank_begin = np.searchsorted(reported, begin, side="right")
        past, share = [], []
        for hours in WINDOWS_H:
            opened = now - hours * HOUR
            spent = rhythm.at(elapsed, opened)
            count = np.searchsorted(reported, opened, side="right") - rank_begin
            past.append(np.maximum(count, 0))
            share.append((spent_now - spent) / np.maximum(spent - spent_begin, HOURLY))
        week = WINDOWS_H.index(WEEK_H)
        recent = fresh - np.searchsorted(reported, now - WEEK_H * HOUR, side="right")
        usual = past[week] * share[week]
        rise = np.maximum((recent + STEADY) / (usual + STEADY), 1.0)
        days = np.maximum((now - np.maximum(begin, rhythm.start)) / DAY, 1.0)
        a_day = np.maximum(fresh - rank_begin, 1.0) / days
        return cls(np.stack(past, 1), np.stack(share, 1) * rise[:, None], a_day)

    def at(self, rows: Ints) -> Times:
        """Those of some of the new cases."""
        return Times(self.past[rows], self.share[rows], self.a_day[rows])


def _squares(
    cases: Cases, rows: Ints, reported: Ints, fresh: Ints, width: float
) -> tuple[Squares, Ints, Ints]:
    """The cases of a group by square; of each new one its row there and its square.

    Only squares that hold a case are named, however far apart cases may lie.
    """
    x, y = cases.x[rows], cases.y[rows]
    column, row = (np.floor((v - v.min()) / width).astype(np.int64) + 1 for v in (x, y))
    columns = int(column.max()) + 2
    square = row * columns + column
    del column, row
    wanted = np.arange(len(rows))
    if len(fresh) < FEW * len(rows):
        middles = np.unique(square[fresh])
        beside = [up * columns + aside for up in (-1, 0, 1) for aside in (-1, 0, 1)]
        wanted = np.flatnonzero(np.isin(square, np.unique(np.add.outer(middles, beside))))
    order = wanted[np.argsort(square[wanted], kind="stable")]  # within a square by time, as before
    key, start = np.unique(square[order], return_index=True)
    made = Squares(
        x[order].astype(np.float64), y[order].astype(np.float64), reported[order],
        key, np.append(start, len(order)).astype(np.int64), columns,
    )  # fmt: skip
    place = np.empty(len(rows), dtype=np.int64)
    place[order] = np.arange(len(order))
    return made, place[fresh], square[fresh]


def _chance(
    counts: npt.NDArray[np.int32], people: Floats, times: Times, settings: Settings
) -> tuple[Floats, Floats]:
    """How likely so many others are (1 where too few to ask), and how many are usual.

    Given its rate, the cases of a place are Poisson; the rate is known from those before, and
    from the people where there were few. What follows is negative binomial.
    """
    inside, before = counts[:, :, :-1], counts[:, :, -1:] - counts[:, :, :-1]
    past, share = times.past[:, None, :], times.share[:, None, :]
    prior = settings.prior_cases * people[:, :, None]
    # A share of the city's cases, by what the place had and what its people let expect.
    weight = past / (past + settings.prior_cases)
    size = before * weight + prior * weight + settings.least_prior
    expected = size * share
    p = np.ones(inside.shape)
    asked = (inside + 1 >= settings.least_cases) & (inside > LEAST_TIMES * expected)
    odds = np.broadcast_to(share / (1 + share), inside.shape)[asked]
    p[asked] = betainc(inside[asked], size[asked], odds)
    return p, expected


def _kept(  # noqa: PLR0913, PLR0917 - what is known of each case
    rows: Ints,
    kind: tuple[int, int],
    counts: npt.NDArray[np.int32],
    p: Floats,
    expected: Floats,
    a_day: Floats,
    settings: Settings,
) -> Hits:
    """The best cylinder of each case, where as good a one is rare enough by chance."""
    each = np.arange(len(rows))
    best = np.argmin(p.reshape(len(rows), -1), axis=1)
    distance, window = np.divmod(best, len(WINDOWS_H))
    rare = -np.log10(np.maximum(p[each, distance, window], NEVER) * a_day)
    good = (rare >= np.log10(settings.recurrence_days[-1])) & (p[each, distance, window] < 1)
    each, distance, window = each[good], distance[good], window[good]
    far = sum(d <= FARTHEST_M[kind[0]] for d in DISTANCES_M)
    zones = counts.shape[1] - far
    return Hits(
        rows[good],
        np.full(len(each), kind[0]),
        np.full(len(each), kind[1]),
        counts[each, distance, window].astype(np.int64) + 1,
        expected[each, distance, window],
        np.append(DISTANCES_M[:far], np.zeros(zones))[distance],
        np.where(distance < far, -1, distance - far),
        np.array(WINDOWS_H)[window] * HOUR,
        rare[good],
    )
