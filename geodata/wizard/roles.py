"""What a file is taken for: by its name, its shapes and its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.wizard.draft import BASEMAP, Guess, guessed
from geodata.wizard.vocabulary import likeness, names
from geodata.wizard.words import say

if TYPE_CHECKING:
    from geodata.wizard.looks import Look

_KNOWN: Final = 0.6  # a column name that likely is one of ours
_MANY: Final = 300  # shapes of which buildings have more than boundaries mostly have
_SPARSE: Final = 0.3  # buildings cover less of their box than boundaries do
_LIST: Final = 2_000  # a list of departments is shorter
_CASE_COLUMNS: Final = ("key", "matter", "category", "department", "source", "status")
_HOUSE_COLUMNS: Final = ("floors", "year", "rooms_per_floor")


def role_of(look: Look) -> Guess:  # noqa: PLR0911 (one sign after another)
    """Guess the role of a file."""
    if look.fault:
        zh, _ = say("role_fault", fault=look.fault.said("zh"))
        _, en = say("role_fault", fault=look.fault.said("en"))
        return Guess("unused", 0.9, zh, en)
    if not look.rows:
        return guessed("unused", 0.9, "role_empty")
    shaped = look.shapes.kind if look.shapes else _written_shape(look)
    cases = _cases(look)
    if names("alerts", look.name) and _has(look, "raised"):
        return guessed("alerts", 0.9, "role_named")
    if shaped in {"area", "mixed"}:
        return _areas(look)
    if cases >= 2:  # noqa: PLR2004 (a moment and two more columns of cases)
        return guessed("incidents", 0.9 if cases > 2 else 0.75, "role_cases", n=cases)  # noqa: PLR2004
    if shaped == "line":
        named = next((role for role in BASEMAP if names(role, look.name)), "")
        return guessed(named or "roads", 0.9 if named else 0.7, "role_lines")
    if shaped == "point":
        kind = "buildings" if names("buildings", look.name) else "unused"
        return guessed(kind, 0.7, "role_points")
    return _table(look)


def _areas(look: Look) -> Guess:
    if names("buildings", look.name) or any(_has(look, ours) for ours in _HOUSE_COLUMNS):
        return guessed("buildings", 0.9, "role_named")
    named = next((role for role in BASEMAP if names(role, look.file.rpartition("/")[2])), "")
    if named and not _has(look, "parent"):
        return guessed(named, 0.85, "role_named")
    shapes = look.shapes
    scattered = shapes and shapes.parts >= _MANY and shapes.cover < _SPARSE
    if scattered and not _has(look, "parent"):
        return guessed("buildings", 0.6, "role_scattered", n=shapes.parts if shapes else 0)
    known = _has(look, "code") or _has(look, "name")
    return guessed("level", 0.85 if known else 0.6, "role_areas", n=look.rows)


def _table(look: Look) -> Guess:
    short = look.rows <= _LIST and _has(look, "name")
    if names("departments", look.name) and short:
        return guessed("departments", 0.9, "role_named")
    keyed = look.rows > 1 and any(
        column.unique and column.kind == "code" for column in look.columns
    )
    if keyed and _has(look, "name"):
        sure = 0.8 if _has(look, "code") else 0.6
        return guessed("level", sure, "role_list", n=look.rows)
    return guessed("unused", 0.6, "role_unknown")


def _cases(look: Look) -> int:
    """How many of the columns that cases have are there; 0 without a moment of report."""
    moments = [c for c in look.columns if c.kind == "time" and c.distinct > 1]
    if not any(likeness("reported", column.name) > _KNOWN for column in moments):
        return 0
    return sum(_has(look, ours) for ours in _CASE_COLUMNS)


def _has(look: Look, ours: str) -> bool:
    return any(
        column.kind != "empty" and likeness(ours, column.name) > _KNOWN for column in look.columns
    )


def _written_shape(look: Look) -> str:
    """Kind of the shapes that a column of text spells out."""
    for column in look.columns:
        if column.kind == "shape":
            word = column.samples[0].lstrip().upper()
            return next((k for k in ("point", "line") if k.upper() in word[:15]), "area")
    return ""
