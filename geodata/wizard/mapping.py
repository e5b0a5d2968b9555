"""Which column of a file is which of ours: by its name, then by what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.ingest.amounts import number
from geodata.model.schemas import TOLD
from geodata.wizard.draft import COLUMNS, TIMES, Guess, guessed
from geodata.wizard.vocabulary import likeness, plain
from geodata.wizard.words import pattern, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geodata.wizard.facts import Column
    from geodata.wizard.looks import Look

_LEAST: Final = 0.4  # likeness below which a name says nothing
_SHORT_LIST: Final = 600  # entries of a code list
_MATTERS: Final = 5_000
_ALMOST: Final = 0.6  # share of different values that a code may have at least
_NUMBERS: Final = {
    "people",
    "households",
    "floors",
    "rooms_per_floor",
    "key_people",
    "organisations",
    "year",
    "cases",
    "cls",
    "width_m",
}
_SERIAL: Final = {"objectid", "cartodbid", "fid", "gid", "id", "ogcfid", "rowid"}
_NAMES: Final = ("name_zh", "name_en")
_UNITS: Final = ("level", "division")
_MANY_NAMES: Final = 0.5
_WHOLE_WORDS: Final = {"cls", "key_people", "year", "kind"}  # known by their whole name only
_LATER: Final = {"parent", "place", "unit"}  # decided by comparing files with each other
# Personal data are taken only where a person says so; no sample of them is told as a reason.
_UNGUESSED: Final = _LATER | set(TOLD)


def map_columns(look: Look, role: str, pinned: Mapping[str, str]) -> dict[str, Guess]:
    """Map the columns of a file for a role; what a person has pinned comes first."""
    chosen = {ours: guessed(theirs, 1.0, "chosen") for ours, theirs in pinned.items() if theirs}
    open_to = set(COLUMNS.get(role, ())) - set(pinned) - _UNGUESSED
    wanted = [ours for ours in COLUMNS.get(role, ()) if ours in open_to]
    pairs = sorted(
        (
            (score, -wanted.index(ours), ours, column)
            for ours in wanted
            for column in look.columns
            if (score := _score(ours, column, look.rows, role)) > _LEAST
        ),
        key=lambda pair: pair[:2],
        reverse=True,
    )
    for score, _, ours, column in pairs:
        taken = {guess.value for guess in chosen.values()}
        if ours not in chosen and column.name not in taken and ours not in pinned:
            chosen[ours] = _reason(ours, column, look.rows, score)
    _by_content(look, role, chosen, pinned)
    return {ours: chosen[ours] for ours in COLUMNS.get(role, ()) if ours in chosen}


def lost_columns(look: Look, role: str, pinned: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Which of our columns a choice has emptied: ours → their column, and who has it now."""
    now = map_columns(look, role, pinned)
    holders = {guess.value: ours for ours, guess in now.items() if ours in pinned}
    alone = map_columns(look, role, {})
    return {
        ours: (guess.value, holders[guess.value])
        for ours, guess in alone.items()
        if ours not in now and ours not in pinned and guess.value in holders
    }


def _score(ours: str, column: Column, rows: int, role: str) -> float:
    if column.kind == "empty":
        return 0.0
    if ours in _NAMES and role in _UNITS and column.distinct < _MANY_NAMES * rows:
        return 0.0  # the name of something above
    vocabulary = "name" if ours == "name_zh" else ours
    alike = likeness(vocabulary, column.name)
    if ours == "name_en":
        alike = max(alike, likeness("name", column.name))
    if ours in _WHOLE_WORDS and alike < 0.8:  # noqa: PLR2004
        return 0.0
    check = _CHECKS.get(ours, _any)
    if not alike or not check(ours, column, rows):
        return 0.0
    return alike * _keyness(column, rows) if ours in {"code", "key"} else alike


def _keyness(column: Column, rows: int) -> float:
    """Less likely a key the more rows repeat one, and if it only counts the rows."""
    serial = 0.6 if plain(column.name) in _SERIAL else 1.0
    again = column.distinct / max(1.0, column.filled * rows)
    return serial * float(again**3)


def _any(_: str, column: Column, __: int) -> bool:
    return column.kind not in {"time", "shape"}


def _is_code(_: str, column: Column, rows: int) -> bool:
    return column.distinct >= _ALMOST * rows and column.filled > _ALMOST and column.kind != "time"


def _is_name(ours: str, column: Column, _: int) -> bool:
    listed = column.samples[0].startswith(("[", "{", "("))  # a pair of coordinates, not a name
    texty = column.numeric < 0.5 and column.kind != "time" and not listed  # noqa: PLR2004
    return texty and column.han == (ours == "name_zh")


def _is_time(_: str, column: Column, __: int) -> bool:
    return column.kind == "time"


def _is_number(_: str, column: Column, __: int) -> bool:
    if column.kind == "time":
        return False
    read = [value for value in column.samples if number(value) is not None]
    return column.numeric > _ALMOST or len(read) > _ALMOST * len(column.samples)


def _is_axis(ours: str, column: Column, _: int) -> bool:
    return column.numeric > 0.5 and column.kind in {ours, "number", "code"}  # noqa: PLR2004


def _is_entry(ours: str, column: Column, rows: int) -> bool:
    most = _MATTERS if ours == "matter" else _SHORT_LIST
    few = column.distinct <= max(most, 0) and (column.distinct < rows or rows <= 3)  # noqa: PLR2004
    return few and column.kind in {"words", "text", "code", "number"}


_CHECKS: Final[dict[str, Callable[[str, Column, int], bool]]] = {
    "code": _is_code,
    "key": _is_code,
    "name_zh": _is_name,
    "name_en": _is_name,
    "lon": _is_axis,
    "lat": _is_axis,
    **dict.fromkeys(TIMES, _is_time),
    **dict.fromkeys(_NUMBERS, _is_number),
    **dict.fromkeys(("category", "matter", "department", "source", "status"), _is_entry),
}


def _reason(ours: str, column: Column, rows: int, score: float) -> Guess:
    blank = rows - round(column.filled * rows)
    about = {"column": column.name, "distinct": column.distinct, "blank": blank}
    if ours in {"code", "key"}:
        key = "map_unique" if column.unique else "map_almost_unique"
        about["again"] = rows - blank - column.distinct
        return guessed(column.name, min(score, 0.95) if column.unique else 0.6, key, **about)
    if ours in TIMES:
        written = ", ".join(map(pattern, column.formats))
        return guessed(column.name, min(score, 0.95), "map_time", formats=written, **about)
    zh, _ = say("map_name", samples="、".join(column.samples[:3]), **about)
    _, en = say("map_name", samples=", ".join(column.samples[:3]), **about)
    return Guess(column.name, min(score, 0.95), zh, en)


def _by_content(look: Look, role: str, chosen: dict[str, Guess], pinned: Mapping[str, str]) -> None:
    """Fill in what no name told: keys that are unique, shapes spelt out; drop mere row numbers."""
    taken = {guess.value for guess in chosen.values()}
    free = [column for column in look.columns if column.name not in taken]
    wanted = COLUMNS.get(role, ())
    if "geometry" in wanted and look.shapes is None and "geometry" not in pinned:
        shape = next((column for column in free if column.kind == "shape"), None)
        if shape:
            chosen["geometry"] = guessed(shape.name, 0.9, "map_shape", column=shape.name)
    if role not in {"level", "division", "departments", "buildings"} or "code" in pinned:
        return
    name = next((chosen[n].value for n in ("name_zh", "name_en") if n in chosen), "")
    named = look.column(name)
    code = chosen.get("code")
    if code and named and named.unique and plain(code.value) in _SERIAL and role != "buildings":
        del chosen["code"]  # the number of a row: the name is the better key
    if not code:
        lone = next((c for c in free if c.kind == "code" and c.unique and c.filled == 1), None)
        if lone and not (named and named.unique) and not (role == "buildings" and _is_short(lone)):
            chosen["code"] = _reason("code", lone, look.rows, 0.55)
    if not named and role in {"level", "division"} and not {"name_zh", "name_en"} & set(pinned):
        text = next((c for c in free if c.kind == "text" and c.longest <= 40), None)  # noqa: PLR2004
        if text:
            ours = "name_zh" if text.han else "name_en"
            chosen[ours] = _reason(ours, text, look.rows, 0.55)


def _is_short(column: Column) -> bool:
    """A number of few digits is a measure, such as a height, sooner than a key."""
    return column.longest < 5 and column.numeric == 1  # noqa: PLR2004
