"""The past of a screen from the columns: norm, trend and backlog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.engine.answer import PAST_KINDS
from geodata.engine.plan import BACKLOG_S
from geodata.engine.tables import codes, kind_of, stacked
from geodata.kernels.past import Past, Stretches, count_open, count_past
from geodata.kernels.tally import EVERY
from geodata.model.periods import QUARTER, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.columns import Book, Segment
    from geodata.engine.answer import Columns
    from geodata.engine.kept import Kept
    from geodata.engine.plan import Plan
    from geodata.engine.shares import Question

PAST_COLUMNS: Final = ("norm_n", "backlog_open", "backlog_overdue", "open_then", "late_then")
NOW, THEN = slice(1, 3), slice(3, 5)  # columns of the backlog


def past_columns(question: Question, book: Book, plan: Plan, kept: Kept) -> Columns:
    """The table `past`: by quarter of an hour, earlier window, cell, category and department."""
    low = plan.past.start
    quarters = max((plan.past.end - 1) // QUARTER - low // QUARTER + 1, 1)
    past = _no_past(question, quarters, len(plan.earlier))
    time = _stretches(plan.past, plan.earlier)
    until = min(plan.past.end, plan.asof + 1)
    for segment in book.segments:
        _add_backlog(question, segment, plan, kept, past)
        if segment.first >= until or segment.last <= low:
            continue
        if _plain(segment, plan, question):
            _put(past, kept.past(question, segment, _whole_past), segment, plan)
        else:
            rows = kept.rows(question, segment)
            count_past(segment.rows, *rows, question.asked, time, QUARTER, past)
    return _past_table(question, past, low // QUARTER)


def _add_backlog(question: Question, segment: Segment, plan: Plan, kept: Kept, past: Past) -> None:
    """Add which cases of a segment are open and late now, and which were at the moment before."""
    for moment, columns in ((question.asked.asof, NOW), (plan.then, THEN)):
        if segment.first > moment or segment.last <= moment - BACKLOG_S:
            continue
        rows = kept.unclosed(question, segment, moment)
        into = past.departments[:, columns]
        count_open(segment.rows, rows, question.asked, moment, BACKLOG_S, into)


def _plain(segment: Segment, plan: Plan, question: Question) -> bool:
    """Whether a segment is worth the same at any moment: ripe, and in no window by half."""
    inside = plan.past.start <= segment.first and segment.last <= plan.past.end
    halves = any(
        each.start < segment.last
        and segment.first < each.end
        and not (each.start <= segment.first and segment.last <= each.end)
        for each in plan.earlier
    )
    return inside and segment.ripe <= question.asked.asof and not halves


def _whole_past(question: Question, segment: Segment) -> Past:
    """A whole segment as if it were one earlier window."""
    origin = segment.first // QUARTER
    past = _no_past(question, (segment.last - 1) // QUARTER - origin + 1, 1)
    span = Window(segment.first, segment.last)
    time = _stretches(span, (span,))
    rows = segment.between(*question.sites)
    count_past(segment.rows, *rows, EVERY, question.asked, time, QUARTER, past)
    segment.rest()
    return past


def _put(past: Past, whole: Past, segment: Segment, plan: Plan) -> None:
    """Add a whole segment to what the past is worth."""
    at = segment.first // QUARTER - plan.past.start // QUARTER
    past.quarters[at : at + len(whole.quarters)] += whole.quarters
    for number, each in enumerate(plan.earlier):
        if each.start <= segment.first and segment.last <= each.end:
            past.earlier[number] += whole.earlier[0]
            for table, rows in zip(past[2:], whole[2:], strict=True):
                np.add(table, rows, out=table)


def _no_past(question: Question, quarters: int, windows: int) -> Past:
    asked = question.asked
    sizes = (quarters, windows, len(question.cells) + 1, len(asked.categories))
    departments = np.zeros((len(asked.departments), len(PAST_COLUMNS)), np.int64)
    return Past._make([*(np.zeros(size, np.int64) for size in sizes), departments])


def _stretches(past: Window, earlier: Sequence[Window]) -> Stretches:
    starts = np.array([each.start for each in earlier], np.int64)
    ends = np.array([each.end for each in earlier], np.int64)
    return Stretches(past.start, past.end, starts, ends)


def _past_table(question: Question, past: Past, origin: int) -> Columns:
    counted = [
        ("quarter", np.arange(len(past.quarters)) + origin, {"n": past.quarters}),
        ("earlier", np.arange(len(past.earlier)), {"n": past.earlier}),
        ("cell", np.append(-1, question.cells), {"norm_n": past.cells}),
        ("category", codes(past.categories), {"norm_n": past.categories}),
        (
            "department",
            codes(past.departments),
            dict(zip(PAST_COLUMNS, past.departments.T, strict=True)),
        ),
    ]
    return stacked(
        [
            kind_of(
                PAST_KINDS[by],
                keys.astype(np.float64),
                {
                    name: values.get(name, np.zeros(len(keys))).astype(np.float64)
                    for name in ("n", *PAST_COLUMNS)
                },
            )
            for by, keys, values in counted
        ]
    )
