"""Cases of a window by what they have or not, those alike counted together.

The twin of `geodata.engine.handled`; tests hold the two equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geodata.kernels.judge import DAY_REPORTED, NEVER, NONE_S, frozen
from geodata.kernels.settings import kernel, whole
from geodata.kernels.tally import tiny

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.kernels.tally import Asked, Rows

    Ints = npt.NDArray[np.int32]
    Longs = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Moments = npt.NDArray[np.uint32]
    Codes = npt.NDArray[np.int16]

TRAITS: Final = ("extended", "suspended_s", "appealed", "reopened")  # the place is the bit
# Bits of the marks, in the order of `engine.handled.MARKS`; the traits lie from TRAIT_0 on.
WHISTLED, VOIDED, DUPLICATE, TRAIT_0, HOUSED = 1 << 7, 1 << 8, 1 << 9, 10, 1 << 14
DUE, ON_TIME, RAW_DUE, RAW_ON_TIME = 1 << 15, 1 << 16, 1 << 17, 1 << 18
RESPONSE_DUE, RESPONDED = 1 << 19, 1 << 20
# One number a case: marks, then the department it was sent to, its department and its matter.
MARK_BITS: Final = 21
CODE_BITS: Final = 12
NEAR: Final = 16  # places that are looked at one by one
MOST_CODES: Final = (1 << CODE_BITS) - 1  # departments that can be told apart


class More(NamedTuple):
    """Columns that only departments are asked about; moments that are not known are NEVER."""

    matter: Codes
    first_department: Codes
    occurred: Moments
    due_original: Moments
    traits: npt.NDArray[np.uint8]


@kernel
def likenesses(
    rows: Rows,
    more: More,
    first: int,
    last: int,
    asked: Asked,
    start: int,
    end: int,
    built: Flags,
    respond_s: int,
    out: Longs,
) -> int:
    """One number for each of the rows first to last that came in the window; how many.

    Void and double ones as well, of all departments. built: whether a site is a building.
    """
    site, reported, s = rows.site, rows.reported, rows.stages
    category, source, department = rows.category, rows.source, rows.department
    categories, sources, cells = asked.categories, asked.sources, asked.cells
    first_site, asof, by_resolved = asked.first_site, asked.asof, asked.by_resolved
    accepted, dispatched, taken, arrived = s.accepted, s.dispatched, s.taken, s.arrived
    resolved, verified, closed, due = s.resolved, s.verified, s.closed, s.due
    whistled, voided, duplicate, returned = s.whistled, s.voided, s.duplicate, s.returned
    matter, sent, original, traits = (
        more.matter, more.first_department, more.due_original, more.traits,
    )  # fmt: skip
    found = 0
    for i in range(first, last):
        came = whole(reported[i])
        if came < start or came >= end or came > asof:
            continue
        if not (categories[category[i] + 1] and sources[source[i] + 1]):
            continue
        if cells[site[i] - first_site] < 0:
            continue
        marks = (
            (accepted[i] <= asof)
            | (dispatched[i] <= asof) << 1
            | (taken[i] <= asof) << 2
            | (arrived[i] <= asof) << 3
            | (resolved[i] <= asof) << 4
            | (verified[i] <= asof) << 5
            | (closed[i] <= asof) << 6
            | whole(traits[i]) << TRAIT_0
        )
        if whistled[i] <= asof:
            marks |= WHISTLED
        if voided[i] <= asof:
            marks |= VOIDED
        if duplicate[i] != 0:
            marks |= DUPLICATE
        if matter[i] >= 0 and site[i] >= 0 and built[site[i]]:
            marks |= HOUSED
        done = whole(closed[i])
        if by_resolved and resolved[i] <= asof:
            done = whole(resolved[i])
        until = whole(due[i])
        if until != NEVER:
            marks |= _limited(done, until, whole(original[i]), asof)
        if dispatched[i] <= asof:
            answered = min(taken[i], arrived[i], resolved[i], closed[i])
            marks |= _answered(whole(dispatched[i]) + respond_s, whole(answered), asof)
        mine, to = whole(department[i]), whole(sent[i])
        if to < 0 and returned[i] == 0:
            to = mine
        code = (whole(matter[i]) + 1) << CODE_BITS | (mine + 1)
        out[found] = (code << CODE_BITS | (to + 1)) << MARK_BITS | marks
        found += 1
    return found


@kernel
def _limited(done: int, due: int, original: int, asof: int) -> int:
    """Marks of a case that has a deadline, by the one in force and by the first one."""
    marks, before = 0, due if original == NEVER else original
    if done <= asof or due < asof:
        marks |= DUE
    if done <= asof or before < asof:
        marks |= RAW_DUE
    if done <= asof and done <= due:
        marks |= ON_TIME
    if done <= asof and done <= before:
        marks |= RAW_ON_TIME
    return marks


@kernel
def _answered(until: int, answered: int, asof: int) -> int:
    """Marks of a case that was dispatched and is to be answered until a moment."""
    marks = 0
    if answered <= asof or until < asof:
        marks |= RESPONSE_DUE
    if answered <= asof and answered <= until:
        marks |= RESPONDED
    return marks


@kernel
def discoveries(rows: Rows, more: More, picked: Ints, seconds: Ints, groups: Ints) -> None:
    """Seconds from occurrence to report of rows that count, NONE_S where unknown, by department."""
    reported, by_day, department = rows.reported, rows.stages.by_day, rows.department
    occurred = more.occurred
    for k in range(len(picked)):
        i = picked[k]
        came, was = whole(reported[i]), whole(occurred[i])
        exact = by_day[i] & DAY_REPORTED == 0
        seconds[k] = came - was if exact and was <= came else NONE_S
        groups[k] = department[i] + 1


@kernel
def at_buildings(
    rows: Rows,
    matter: Codes,
    picked: Ints,
    built: Flags,
    out: Longs,
) -> int:
    """Columns of the picked rows that have a matter and lie at a building; how many.

    out: site, matter, report, closing (NEVER = not) and department; built: see `likenesses`.
    """
    site, reported, closed, department = (
        rows.site,
        rows.reported,
        rows.stages.closed,
        rows.department,
    )
    found = 0
    for k in range(len(picked)):
        i = picked[k]
        if matter[i] >= 0 and site[i] >= 0 and built[site[i]]:
            out[0, found], out[1, found], out[2, found] = site[i], matter[i], reported[i]
            out[3, found], out[4, found] = closed[i], department[i]
            found += 1
    return found


@kernel
def followed(order: Longs, after: Longs, until: Longs, flags: Flags) -> None:
    """By place of an ascending order, whether a number of it lies after one and up to another."""
    for k in range(len(order)):
        flags[k] = False
        if until[k] > after[k]:
            at = k  # most lie near
            while at < min(k + NEAR, len(order)) and order[at] <= after[k]:
                at += 1
            if at == k or at == k + NEAR:
                at = np.searchsorted(order, after[k], side="right")
            flags[k] = at < len(order) and order[at] <= until[k]


def unpacked(numbers: Longs) -> dict[str, Longs]:
    """Columns of `engine.handled.ALIKE` from numbers of `likenesses`."""
    code = MOST_CODES
    rest = numbers >> MARK_BITS
    return {
        "department": (rest >> CODE_BITS & code) - 1,
        "matter": (rest >> 2 * CODE_BITS) - 1,
        "sent_to": (rest & code) - 1,
        "marks": numbers & ((1 << MARK_BITS) - 1),
    }


def tiny_more() -> More:
    """One case, with the types that are given in earnest."""
    kinds: tuple[Any, ...] = (np.int16, np.int16, np.uint32, np.uint32, np.uint8)
    return More(*(frozen(np.zeros(1, kind)) for kind in kinds))


def warm() -> None:
    """Call the kernels once with the types they are given in earnest."""
    rows, asked = tiny()
    more, ints, longs = tiny_more(), np.zeros(1, np.int32), np.zeros(1, np.int64)
    likenesses(rows, more, 0, 0, asked, 0, 1, frozen(np.ones(1, np.bool_)), 1, longs)
    discoveries(rows, more, ints, ints, ints.copy())
    at_buildings(rows, more.matter, ints[:0], frozen(np.ones(1, np.bool_)), longs.reshape(1, 1))
    followed(longs[:0], longs, longs, np.empty(1, np.bool_))
