"""Decisions about proposals as events of the journal, so that every number follows them."""

from __future__ import annotations

from typing import Any

Case = tuple[str, str]  # key of the source, and the number under which it knows the case


def confirmed(case: Case, first: Case, at: int) -> dict[str, Any]:
    """The event that makes a case a duplicate of another one; at: epoch seconds."""
    source, number = case
    return {
        "source": source,
        "case": number,
        "stage": "duplicate",
        "at": at,
        "duplicate_of": list(first),
    }


def undone(case: Case, at: int, before: Case | None = None) -> dict[str, Any]:
    """The event that takes it back, not earlier than the one it corrects.

    before: the first report that was known until then, None = the case was none.
    """
    source, number = case
    said = {"duplicate_of": None if before is None else list(before)}
    return {"source": source, "case": number, "stage": "corrected", "at": at, "fields": said}
