"""Columns of a file that nothing uses, and limits that are spans of time instead of moments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geodata.wizard.vocabulary import likeness

if TYPE_CHECKING:
    from geodata.wizard.draft import FilePlan
    from geodata.wizard.facts import Column
    from geodata.wizard.looks import Look

_NAMED: Final = 0.6  # likeness from which a name speaks of a deadline
_MOSTLY: Final = 0.5
_SPAN: Final = re.compile(
    r"\d+(\.\d+)?\s*(个?(工作)?(日|天|小?时|分钟?|周|月)|h|hrs?|hours?|d|days?|min(utes?)?)?",
    re.IGNORECASE,
)


def unused_columns(plan: FilePlan, look: Look) -> tuple[str, ...]:
    """Name the columns with content that a file's plan makes nothing of, in their order."""
    if plan.role.value == "unused" or look.fault:
        return ()
    used = {guess.value for _, guess in plan.columns} | {column for column, _ in plan.where}
    return tuple(c.name for c in look.columns if c.name not in used and c.kind != "empty")


def spans(plan: FilePlan, look: Look) -> tuple[Column, ...]:
    """Columns called like a deadline that hold how long a case may take, not until when."""
    return tuple(
        column
        for column in look.columns
        if column.kind not in {"empty", "time", "shape"}
        and likeness("due", column.name) >= _NAMED
        and plan.column("due") != column.name
        and _are_spans(column)
    )


def _are_spans(column: Column) -> bool:
    values = [value for value, _ in column.commonest] or list(column.samples)
    return sum(bool(_SPAN.fullmatch(value)) for value in values) > _MOSTLY * len(values)
