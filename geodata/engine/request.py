"""What a screen asks: place, period, filters, division and the moment it is asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """One question; equal requests have equal answers for the same data version.

    place: row of the units of the division (0 = the whole city).
    level: level key of the cells to count by, or "building" for the buildings of the place.
    start, end: epoch seconds UTC, half-open, by the moment reported.
    now: epoch seconds UTC; what happened later counts as not happened.
    categories, departments, sources: row numbers of the code lists; empty = all.
    division: "" = the hierarchy in force, else the key of a professional grid or of earlier
        boundaries; place and level are then of that hierarchy.
    grain_s: moments are moved back to whole steps of so many seconds; 0 = the engine's own steps,
        which let more requests share an answer.
    """

    place: int
    level: str
    start: int
    end: int
    now: int
    categories: tuple[int, ...] = ()
    departments: tuple[int, ...] = ()
    sources: tuple[int, ...] = ()
    division: str = ""
    grain_s: int = 0
