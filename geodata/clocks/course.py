"""The clock of one case: what is left of its time, or how far it is past it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.clocks.zone import DAY_S

if TYPE_CHECKING:
    from geodata.clocks.reckoner import Reckoner
    from geodata.model.calendar import Kind

# Why a case does not count in rates, or why its clock stands otherwise than one might think.
NO_LIMIT: Final = "no_limit"
NOT_STARTED: Final = "not_started"
APPEALED: Final = "appealed"
SUSPENDED_NOW: Final = "suspended_now"
SECOND_SUSPENSION: Final = "second_suspension"  # does not count: one is allowed
SUSPENSION_CUT: Final = "suspension_cut"  # it lasted longer than it may
EXTENSION_REFUSED: Final = "extension_refused"  # there were more than may be
STARTED_ANEW: Final = "started_anew"
VOIDED: Final = "voided"
DUPLICATE: Final = "duplicate"
# How an appeal ended is not kept, so that having appealed exempts nothing.
EXEMPTING: Final = (NO_LIMIT, NOT_STARTED, VOIDED, DUPLICATE)


@dataclass(frozen=True)
class Course:
    """What happened to a case, as far as its clock goes; moments are epoch seconds.

    start, stop: of the stages that start and stop the clock, None = not yet. suspensions: from and
    to, None = it lasts; suspended_s: their length alone, where no more is known. due, due_original:
    deadlines kept with the case, which hold as they are; without them both are reckoned.
    out: why it is no case of its own (VOIDED or DUPLICATE), "" = it is one.
    """

    start: int | None
    kind: Kind = "urgent_hours"
    amount: float = 0.0
    stop: int | None = None
    extended: int = 0
    suspensions: tuple[tuple[int, int | None], ...] = ()
    suspended_s: int = 0
    returned: tuple[int, ...] = ()
    reopened: tuple[int, ...] = ()
    appealed: bool = False
    due: int | None = None
    due_original: int | None = None
    out: str = ""


@dataclass(frozen=True)
class Overtime:
    """How far past a deadline: in all, and in the time that the kind of limit counts."""

    elapsed_s: int = 0
    clock_s: int = 0


@dataclass(frozen=True)
class Reading:
    """A case's clock as of a moment.

    original: the deadline before any extension, suspension or new start; raw: overtime past that,
    which stays a fact whatever was granted; exempt: does not count in rates; reasons: why, and
    what else made the clock stand as it does.
    """

    deadline: int | None
    original: int | None
    remaining_s: int
    overtime: Overtime
    raw: Overtime
    exempt: bool
    reasons: tuple[str, ...]


def read(course: Course, reckoner: Reckoner, now: int) -> Reading:
    """The clock of a case as of a moment; what is later has not happened."""
    if reason := _without_clock(course, now):
        return Reading(
            course.due, course.due_original or course.due, 0, Overtime(), Overtime(), exempt=True,
            reasons=(reason,),
        )  # fmt: skip
    deadline, original, reasons = _deadlines(course, reckoner, now)
    reasons += [APPEALED] * course.appealed
    stopped = course.stop is not None and course.stop <= now
    at = course.stop if stopped and course.stop is not None else now
    left = reckoner.between(at, deadline, course.kind) if at < deadline else 0
    return Reading(
        deadline=deadline,
        original=original,
        remaining_s=left,
        overtime=_past(reckoner, course.kind, deadline, at),
        raw=_past(reckoner, course.kind, original, at),
        exempt=any(reason in EXEMPTING for reason in reasons),
        reasons=tuple(reasons),
    )


def _without_clock(course: Course, now: int) -> str:
    """Why no clock runs for a case, "" = one does."""
    if course.out or course.due is not None:
        return course.out
    if course.amount <= 0:
        return NO_LIMIT
    return NOT_STARTED if course.start is None or course.start > now else ""


def _deadlines(course: Course, reckoner: Reckoner, now: int) -> tuple[int, int, list[str]]:
    """The deadline in force, the one before anything moved it, and what there is to say of them."""
    if course.due is not None:
        return course.due, course.due_original or course.due, []
    begun, reasons = course.start or 0, []
    start = _begun(course, reckoner, now)
    if start != begun:
        reasons.append(STARTED_ANEW)
    if course.extended > reckoner.clock.extensions:
        reasons.append(EXTENSION_REFUSED)
    deadline, why = _deadline(course, reckoner, start, now)
    return deadline, reckoner.deadline(begun, course.kind, course.amount), [*reasons, *why]


def _begun(course: Course, reckoner: Reckoner, now: int) -> int:
    """When the time that counts began."""
    start, clock = course.start or 0, reckoner.clock
    anew = course.returned if clock.returned == "starts_anew" else ()
    anew += course.reopened if clock.reopened == "starts_anew" else ()
    return max(start, *(moment for moment in (start, *anew) if moment <= now))


def _deadline(course: Course, reckoner: Reckoner, start: int, now: int) -> tuple[int, list[str]]:
    clock = reckoner.clock
    amount = course.amount * (1 + min(course.extended, clock.extensions))
    deadline = reckoner.deadline(start, course.kind, amount)
    known = [(since, until) for since, until in sorted(course.suspensions) if since <= now]
    if not known:
        return _by_length(course, reckoner, deadline)
    since, until = known[0]
    longest = since + clock.suspension_days * DAY_S
    end = min(now if until is None else until, longest, now)
    reasons = [SECOND_SUSPENSION] * (len(known) > 1)
    if (now if until is None else min(until, now)) > longest:
        reasons.append(SUSPENSION_CUT)
    elif end == now and (until is None or until > now):
        reasons.append(SUSPENDED_NOW)
    since = max(since, start)
    if deadline > since and end > since:
        left = reckoner.between(since, deadline, course.kind)
        deadline = reckoner.after(end, course.kind, left)
    return deadline, reasons


def _by_length(course: Course, reckoner: Reckoner, deadline: int) -> tuple[int, list[str]]:
    """The deadline where at most the length of a suspension is known."""
    longest = reckoner.clock.suspension_days * DAY_S
    pause = min(course.suspended_s, longest)
    reasons = [SUSPENSION_CUT] * (course.suspended_s > longest)
    return reckoner.moved(deadline, course.kind, pause), reasons


def _past(reckoner: Reckoner, kind: Kind, deadline: int, at: int) -> Overtime:
    if at <= deadline:
        return Overtime()
    return Overtime(at - deadline, reckoner.between(deadline, at, kind))
