"""How departments handle their cases, from the columns.

The same tables as the statements of `geodata.engine.handled` give; tests hold the two equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geodata.engine.assessed import RESPOND_S, SPREADS
from geodata.engine.counted import Alike, repeated
from geodata.engine.handling import AGAIN_S, CALLED, staged
from geodata.engine.plan import BACKLOG_S
from geodata.engine.shares import Durations, listed
from geodata.kernels.alike import at_buildings, discoveries, likenesses, unpacked
from geodata.kernels.judge import NEVER
from geodata.model.periods import QUARTER, Window
from geodata.model.schemas import STAGES

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.columns import Book, Segment
    from geodata.engine.answer import Columns
    from geodata.engine.kept import Kept
    from geodata.engine.shares import Question

    Flags = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Rows = npt.NDArray[np.int32]

MOMENTS: Final = (*STAGES[1:-1], "due", "whistled", "whistle_arrived")
PLACED: Final = ("id", "lon", "lat", "matter")
CODED: Final = ("site", "category", "department", "source", "reported")
NO_ROWS: Final = np.empty(0, np.int64)


def alike(question: Question, book: Book, window: Window, built: Flags) -> Alike:
    """Cases of the window by what they are like; built: whether a site is a building."""
    asked, parts, counts = question.asked, [NO_ROWS], [NO_ROWS]
    for segment in _touched(book, window):
        rows = segment.between(*question.sites)
        numbers = np.empty(rows[1] - rows[0], np.int64)
        found = likenesses(
            segment.rows, segment.more, *rows, asked, window.start, window.end, built,
            RESPOND_S, numbers,
        )  # fmt: skip
        each = np.unique(numbers[:found], return_counts=True)
        parts.append(each[0])
        counts.append(each[1])
    return Alike(unpacked(np.concatenate(parts)) | {"cases": np.concatenate(counts)})


def discovered(question: Question, book: Book, window: Window, departments: int) -> Columns:
    """Minutes from occurrence to report: SPREADS by `department` from −1."""
    seconds, groups = [], []
    for segment, rows in listed(question, book, window.start, window.end):
        taken, by = np.empty((2, len(rows)), np.int32)
        discoveries(segment.rows, segment.more, rows, taken, by)
        seconds.append(taken)
        groups.append(by)
    found = Durations(seconds, groups).quantiles(departments + 1)
    number, median, p90 = found[:, 0], found[:, 1] / 60, found[:, 2] / 60
    known = number > 0
    columns = (number, np.where(known, median, np.nan), np.where(known, p90, np.nan))
    table = dict(zip(SPREADS, columns, strict=True))
    return {"department": np.arange(-1, departments, dtype=np.float64)} | table


def waiting(question: Question, book: Book, kept: Kept) -> pd.DataFrame:
    """Open cases of 90 days, as `Handling.open` has them."""
    asked, parts = question.asked, [_nothing_open()]
    for segment, here in _open(question, book, kept):
        stages = segment.rows.stages
        table: Columns = {name: getattr(segment, name)[here] for name in PLACED}
        table |= {name: getattr(segment.rows, name)[here] for name in CODED}
        table |= {
            name: _known(getattr(stages, name)[here], NEVER - 1 if name == "due" else asked.asof)
            for name in MOMENTS
        }
        place = asked.cells[segment.rows.site[here] - asked.first_site]
        table["cell"] = np.append(-1, question.cells)[place]
        parts.append(table)
    some = [part for part in parts if len(part["id"])] or parts[:1]
    found = {name: np.concatenate([part[name] for part in some]) for name in some[0]}
    due = found["due"].astype(np.float64)
    order = np.lexsort((found["id"], found["reported"], np.where(np.isnan(due), np.inf, due)))
    cases = {name: column[order] for name, column in found.items()}
    done = ~np.isnan(cases["resolved"].astype(np.float64)) & asked.by_resolved
    overdue = ~done & (cases["due"].astype(np.float64) < asked.asof)  # an open one is not closed
    return staged(pd.DataFrame(cases | {"done": done, "overdue": overdue}))


def called(question: Question, book: Book, kept: Kept) -> pd.DataFrame:
    """Open cases of 90 days to which somebody was called and nobody has come: CALLED."""
    asof = question.asked.asof
    parts: list[tuple[npt.NDArray[Any], ...]] = [(NO_ROWS, np.empty(0, np.int16), np.empty(0))]
    for segment, rows in _open(question, book, kept):
        of = segment.rows.stages
        here = rows[(of.whistled[rows] <= asof) & (of.whistle_arrived[rows] > asof)]
        parts.append((segment.id[here], segment.rows.department[here], of.whistled[here]))
    number, department, whistled = map(np.concatenate, zip(*parts, strict=True))
    table = pd.DataFrame({"id": number, "department": department, "whistled": whistled})
    return table.assign(whistle_arrived=np.nan).sort_values("id", ignore_index=True)[list(CALLED)]


def again(question: Question, book: Book, period: Window, until: Window, built: Flags) -> pd.Series:
    """Cases of a period whose trouble was reported again, by department; see `handled.AGAIN`."""
    parts = [np.empty((5, 0), np.int64)]
    for segment, rows in listed(question, book, until.start, until.end):
        out = np.empty((5, len(rows)), np.int64)
        count = at_buildings(segment.rows, segment.matter, rows, built, out)
        parts.append(out[:, :count])
    site, matter, came, closed, department = np.concatenate(parts, axis=1)
    closed[closed > question.asked.asof] = NEVER
    found = repeated(site, matter, came, closed, AGAIN_S) & (came < period.end)
    return pd.Series(department[found]).value_counts()


def quarters(question: Question, book: Book, window: Window, kept: Kept) -> Columns:
    """Cases due and missed by the quarter of an hour in which they came, as `handled.HOURS`."""
    first = window.start // QUARTER
    counts = np.zeros((2, max(window.end // QUARTER - first + 1, 1)), np.int64)
    for segment, rows in listed(question, book, window.start, window.end, kept.rows):
        due, missed = _judged(question, segment, rows)
        place = segment.rows.reported[rows] // QUARTER - first
        for which, flags in enumerate((due, missed)):
            counts[which] += np.bincount(place[flags], minlength=counts.shape[1])
    some = np.flatnonzero(counts[0])
    at = (some + first) * float(QUARTER)
    return {"at": at, "due": counts[0][some] * 1.0, "missed": counts[1][some] * 1.0}


def workload(question: Question, book: Book, window: Window) -> pd.DataFrame:
    """Cases by cell (−1 = in none) and matter (−1 = none)."""
    asked, parts, most = question.asked, [NO_ROWS], 1 << 16
    for segment, rows in listed(question, book, window.start, window.end):
        place = asked.cells[segment.rows.site[rows] - asked.first_site].astype(np.int64)
        parts.append(place * most + segment.matter[rows] + 1)
    numbers, cases = np.unique(np.concatenate(parts), return_counts=True)
    cell = np.append(-1, question.cells)[numbers // most]
    table = pd.DataFrame({"cell": cell, "matter": numbers % most - 1, "cases": cases})
    return table.astype(np.int64).sort_values(["cell", "matter"], ignore_index=True)


def _judged(question: Question, segment: Segment, rows: Rows) -> tuple[Flags, Flags]:
    """Which cases are due, and which of these missed their deadline."""
    asof, of = question.asked.asof, segment.rows.stages
    due, done = of.due[rows], of.closed[rows]
    if question.asked.by_resolved:
        resolved = of.resolved[rows]
        done = np.where(resolved <= asof, resolved, done)
    is_due = (due != NEVER) & ((done <= asof) | (due < asof))
    return is_due, is_due & ~((done <= asof) & (done <= due))


def _nothing_open() -> dict[str, npt.NDArray[Any]]:
    return {name: np.empty(0, object) for name in (*PLACED, *CODED, *MOMENTS, "cell")}


def _open(question: Question, book: Book, kept: Kept) -> list[tuple[Segment, Rows]]:
    """Segments with the rows of open cases of the last 90 days."""
    asof, found = question.asked.asof, []
    window = Window(asof + 1 - BACKLOG_S, asof + 1)
    for segment in _touched(book, window):
        rows = kept.unclosed(question, segment, asof)
        found.append((segment, _wanted(question, segment, rows, window)))
    return found


def _wanted(question: Question, segment: Segment, rows: Rows, window: Window) -> Rows:
    """Those of the rows that are open and asked for, as `kernels.tally.counted` picks them."""
    asked, of = question.asked, segment.rows
    rows = rows[asked.departments[of.department[rows] + 1]]
    rows = rows[asked.categories[of.category[rows] + 1] & asked.sources[of.source[rows] + 1]]
    rows = rows[(of.stages.closed[rows] > asked.asof) & (of.stages.voided[rows] > asked.asof)]
    came = of.reported[rows]
    rows = rows[(came >= window.start) & (came < window.end)]
    return rows[asked.cells[of.site[rows] - asked.first_site] >= 0]


def _touched(book: Book, window: Window) -> list[Segment]:
    return [s for s in book.segments if s.first < window.end and s.last > window.start]


def _known(moments: npt.NDArray[np.uint32], asof: int) -> Floats:
    """Moments that have come; NaN for others."""
    return np.where(moments <= asof, moments, np.nan)
