"""One case judged as of a moment: a bit for every count, seconds for every duration.

The twin of the statements in `geodata.engine.sql`; tests hold the two equal. Moments are epoch
seconds UTC (uint32); NEVER stands for what is not known, so that "has not happened yet" and "is not
known" are one comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geodata.kernels.settings import kernel, whole

if TYPE_CHECKING:
    import numpy.typing as npt

    Moments = npt.NDArray[np.uint32]
    Small = npt.NDArray[np.int8]

NEVER: Final = 2**32 - 1
AT_LAST: Final = NEVER - 1  # as of which everything known has happened
NONE_S: Final = -1  # of a duration
IN_TIME_S: Final = 1_800
SATISFIED: Final = 4
# Bits of a mask, in the order of `engine.numbers.TALLY`.
REPORTED: Final = 1 << 0
OPEN: Final = 1 << 1
DUE: Final = 1 << 2
CLOSED: Final = 1 << 3
CLOSED_DUE: Final = 1 << 4
ON_TIME: Final = 1 << 5
OVERDUE: Final = 1 << 6
NO_LIMIT: Final = 1 << 7
RESOLVED: Final = 1 << 8
LOCAL: Final = 1 << 9
SETTLED_0: Final = 1 << 9  # shifted by the level 1 to 4 that settled it
WHISTLED: Final = 1 << 14
WHISTLE_DUE: Final = 1 << 15
WHISTLE_ON_TIME: Final = 1 << 16
ARRIVED: Final = 1 << 17
ARRIVED_IN_30: Final = 1 << 18
ASKED: Final = 1 << 19
SATISFIED_BIT: Final = 1 << 20
RETURNED: Final = 1 << 21
DISPATCHED: Final = 1 << 22
VOIDED: Final = 1 << 23
DUPLICATE: Final = 1 << 24
COUNTS: Final = 25
LANES: Final = 32  # a row of counts is a whole number of vector registers
LOCAL_UP_TO: Final = 2
LEVELS: Final = 4
# `by_day` bits of the stages, as `model.schemas.DAY_BITS` numbers them.
DAY_REPORTED: Final = 1
DAY_ARRIVED: Final = 1 << 4
DAY_RESOLVED: Final = 1 << 5
DAY_CLOSED: Final = 1 << 7
STAGES: Final = 8


class Stages(NamedTuple):
    """Columns a case is judged by, one array each, all of one length."""

    reported: Moments
    accepted: Moments
    dispatched: Moments
    taken: Moments
    arrived: Moments
    resolved: Moments
    verified: Moments
    closed: Moments
    due: Moments
    whistled: Moments
    whistle_arrived: Moments
    voided: Moments
    settled_at: Small
    returned: Small
    satisfaction: Small
    duplicate: Small  # 1 where it repeats an earlier report
    by_day: npt.NDArray[np.int16]


MOMENTS: Final = Stages._fields[:12]
SMALL: Final = 4


class Rules(NamedTuple):
    """How the city judges: which stage meets the deadline, minutes to follow a whistle."""

    by_resolved: bool
    whistle_s: int


@kernel
def judge(s: Stages, i: int, asof: int, by_resolved: bool, whistle_s: int) -> tuple[int, int, int]:
    """Mask, seconds to arrival and to settlement of row `i`; NONE_S where they do not count."""
    if s.voided[i] <= asof:
        return VOIDED, NONE_S, NONE_S
    if s.duplicate[i] != 0:
        return DUPLICATE, NONE_S, NONE_S
    came, by_day = whole(s.reported[i]), s.by_day[i]
    closed, due = whole(s.closed[i]), whole(s.due[i])
    is_resolved, is_closed = s.resolved[i] <= asof, closed <= asof
    settled = whole(s.resolved[i]) if is_resolved else closed
    done = settled if by_resolved else closed
    mask = REPORTED | (CLOSED if is_closed else OPEN)
    if due == NEVER:
        mask |= NO_LIMIT
    elif done <= asof:
        mask |= DUE | CLOSED_DUE
        if done <= due:
            mask |= ON_TIME
    elif due < asof:
        mask |= DUE | OVERDUE
    to_settled = NONE_S
    if settled <= asof:
        mask |= RESOLVED
        level = s.settled_at[i]
        if 1 <= level <= LEVELS:
            mask |= SETTLED_0 << level
            if level <= LOCAL_UP_TO:
                mask |= LOCAL
        if s.satisfaction[i] > 0:
            mask |= ASKED
        if s.satisfaction[i] >= SATISFIED:
            mask |= SATISFIED_BIT
        if s.dispatched[i] <= asof:
            mask |= DISPATCHED
            if s.returned[i] > 0:
                mask |= RETURNED
        last_bit = DAY_RESOLVED if is_resolved else DAY_CLOSED
        if settled >= came and by_day & (DAY_REPORTED | last_bit) == 0:
            to_settled = settled - came
    if s.whistled[i] <= asof:
        mask |= WHISTLED
        allowed = whole(s.whistled[i]) + whistle_s
        if s.whistle_arrived[i] <= asof:
            mask |= WHISTLE_DUE
            if s.whistle_arrived[i] <= allowed:
                mask |= WHISTLE_ON_TIME
        elif allowed < asof:
            mask |= WHISTLE_DUE
    to_arrival = NONE_S
    arrived = whole(s.arrived[i])
    if came <= arrived <= asof and by_day & (DAY_REPORTED | DAY_ARRIVED) == 0:
        to_arrival = arrived - came
        mask |= ARRIVED
        if to_arrival <= IN_TIME_S:
            mask |= ARRIVED_IN_30
    return mask, to_arrival, to_settled


@kernel
def step(before: int, after: int, exact: bool, asof: int) -> int:
    """Seconds between two stages; NONE_S where one has not happened or the order is wrong."""
    return after - before if exact and before <= after <= asof else NONE_S


@kernel
def ripe_at(s: Stages, i: int, by_resolved: bool, whistle_s: int) -> int:
    """The moment from which on nothing about row `i` changes, unless an event changes it."""
    last = whole(s.reported[i])
    for moment in (
        s.accepted[i], s.dispatched[i], s.taken[i], s.arrived[i], s.resolved[i],
        s.verified[i], s.closed[i], s.whistled[i], s.whistle_arrived[i], s.voided[i],
    ):  # fmt: skip
        if moment != NEVER and moment > last:
            last = whole(moment)
    done = min(s.resolved[i], s.closed[i]) if by_resolved else s.closed[i]
    if done == NEVER and s.due[i] != NEVER:
        last = max(last, whole(s.due[i]) + 1)
    if s.whistled[i] != NEVER and s.whistle_arrived[i] == NEVER:
        last = max(last, whole(s.whistled[i]) + whistle_s + 1)
    return last


@kernel
def judge_all(
    s: Stages,
    by_resolved: bool,
    whistle_s: int,
    mask: npt.NDArray[np.uint32],
    ripe: npt.NDArray[np.uint32],
    seconds: npt.NDArray[np.int32],
) -> None:
    """Fill mask, ripe and durations (2 + 7 rows: arrival, settlement, steps) as of the very end."""
    stages = (
        s.reported, s.accepted, s.dispatched, s.taken,
        s.arrived, s.resolved, s.verified, s.closed,
    )  # fmt: skip
    for i in range(len(s.reported)):
        found, arrival, settled = judge(s, i, AT_LAST, by_resolved, whistle_s)
        mask[i], seconds[0, i], seconds[1, i] = found, arrival, settled
        ripe[i] = ripe_at(s, i, by_resolved, whistle_s)
    for number in range(STAGES - 1):
        before, after = stages[number], stages[number + 1]
        bits = 3 << number
        for i in range(len(s.reported)):
            counts = mask[i] & REPORTED != 0 and s.by_day[i] & bits == 0
            seconds[2 + number, i] = step(whole(before[i]), whole(after[i]), counts, AT_LAST)


def tiny_stages() -> Stages:
    """One case as columns that cannot be written to, as mapped ones are."""
    kinds = [np.uint32] * len(MOMENTS) + [np.int8] * SMALL + [np.int16]
    return Stages(*(frozen(np.ones(1, kind)) for kind in kinds))


def frozen(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The column read-only, as a mapped one is: kernels are compiled for one of the two."""
    view = column.view()
    view.flags.writeable = False
    return view


def warm() -> None:
    """Call the kernels once with the types they are given in earnest."""
    mask, ripe = np.empty((2, 1), np.uint32)
    judge_all(tiny_stages(), False, 1, mask, ripe, np.empty((STAGES + 1, 1), np.int32))  # noqa: FBT003
