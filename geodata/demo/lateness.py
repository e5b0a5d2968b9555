"""Until when the demo's cases should be done, and how late the late ones are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.clocks import WORKED, Terms
from geodata.model.calendar import KINDS

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.demo.stages import Cases, Column, Pace

    Ints = npt.NDArray[np.int64]

DAY_S: Final = 86_400.0
EXTENDED: Final = 0.02
SUSPENDED: Final = 0.003
# Medians, of those who work day and night and of the others.
OVERDUE_H: Final = 4.9
OVERDUE_WORKING_H: Final = 1.6
MOST_OVERDUE_H: Final = 40.0


def deadlines(pace: Pace, cases: Cases) -> dict[str, Column]:
    """Seconds from the report to the deadline, before and after extension and suspension."""
    amount, kind = (
        each[cases.matter] for each in (pace.codes.limits.amount, pace.codes.limits.kind)
    )
    extended = (cases.u["extend"] < EXTENDED) & (amount > 0)
    suspended = (cases.u["suspend"] < SUSPENDED) & (amount > 0)
    pause = np.where(suspended, (1 + 11 * cases.u["pause"] ** 2) * DAY_S, 0).astype(np.int64)
    found = pace.clock.due(Terms(cases.reported, kind, amount, extended, pause))
    late, plain = (np.where(each > 0, each - cases.reported, 0) for each in found)
    return {
        "due": late.astype(np.float32),  # exact: months of seconds fit
        "limit": plain.astype(np.float32),
        "extended": extended.astype(np.float32),
        "pause": pause.astype(np.float32),
    }


def overdue(pace: Pace, cases: Cases, due: dict[str, Column], rows: Ints) -> Column:
    """Seconds to closing of late cases; who works by the calendar is late by the calendar."""
    deadline = cases.reported[rows] + due["due"][rows].astype(np.int64)
    worked = np.array(WORKED)[pace.codes.limits.kind[cases.matter[rows]]]
    kind = np.where(worked, KINDS.index("working_hours"), KINDS.index("urgent_hours"))
    hours = np.where(worked, OVERDUE_WORKING_H, OVERDUE_H) * np.exp(cases.z["overdue"][rows])
    closed = pace.clock.deadlines(deadline, kind, np.minimum(hours, MOST_OVERDUE_H))
    return (closed - cases.reported[rows]).astype(np.float32)
