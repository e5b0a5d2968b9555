"""What a file of cases says of place, time, state and kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from geodata.wizard.draft import TIMES, FilePlan, guessed
from geodata.wizard.vocabulary import catalogue, spoken
from geodata.wizard.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from geodata.wizard.family import Family
    from geodata.wizard.looks import Look

_NAMED: Final = 0.6  # share of the filled cells that name units
_MOST: Final = 50_000  # different values of a column that may name places
_MOSTLY: Final = 0.5  # share of the rows with coordinates, from which on these decide
_TRIED: Final = 5_000  # cells that are looked up
_PREFIX: Final = re.compile(r"^([A-Z][A-Z0-9]{1,9})-\S")
_PREFIXED: Final = 0.8
_PREFIXES: Final = 60


@dataclass(frozen=True)
class Known:
    """Names and codes of the units of one level, in lower case; what the level is called."""

    level: str
    names: frozenset[str]
    codes: frozenset[str]
    zh: str = ""
    en: str = ""


def known_units(level: str, family: Family) -> Known:
    """Collect what a level's units are called."""
    columns = family.members[0].columns
    names: set[str] = set()
    for ours in ("name_zh", "name_en"):
        if ours in columns:
            names |= set(family.cells(columns[ours].value).str.casefold())
    codes = family.codes.str.casefold() if "code" in columns else ()
    return Known(level, frozenset(names - {""}), frozenset(codes))


def placed(
    plan: FilePlan, look: Look, levels: Sequence[Known], pinned: Mapping[str, str]
) -> FilePlan:
    """Find the column that names units, the deepest level first."""
    columns = dict(plan.columns)
    taken = {guess.value for guess in columns.values()}
    wanted = pinned.get("place")
    best: tuple[float, str, str, Known] | None = None
    for known in reversed(levels):
        for column in look.columns:
            if column.kind in {"empty", "time", "shape"} or not 1 < column.distinct <= _MOST:
                continue
            if (wanted is not None and column.name != wanted) or (
                wanted is None and column.name in taken
            ):
                continue
            cells = look.texts(column.name).str.casefold()
            for by, share in _shares(cells, known):
                if share >= _NAMED and (best is None or share * column.filled > best[0] + 0.05):
                    best = (share * column.filled, column.name, by, known)
        if best:
            break
    if best is None:
        return plan
    share, name, by, known = best
    by_zh, by_en = say(f"by_{by}")
    about = {"column": name, "share": round(100 * share)}
    zh, _ = say("map_place", **about, level=known.zh or known.level, by=by_zh)
    _, en = say("map_place", **about, level=known.en or known.level, by=by_en)
    guess = replace(guessed(name, min(0.5 + share / 2, 0.95), "chosen"), zh=zh, en=en)
    if wanted is None and known is not levels[-1] and _located(plan, look):
        return replace(plan, coarse=name, place_level=known.level)
    columns["place"] = guess
    return replace(plan, columns=tuple(columns.items()), place_level=known.level, place_by=by)


def _located(plan: FilePlan, look: Look) -> bool:
    """Whether most of the rows have coordinates of their own."""
    lon = look.column(plan.column("lon"))
    return look.shapes is not None or bool(lon and lon.filled >= _MOSTLY)


def _shares(cells: pd.Series, known: Known) -> list[tuple[str, float]]:
    there = cells[cells != ""]
    if not len(there):
        return []
    tried = there.iloc[:: max(1, len(there) // _TRIED)].tolist()
    return [
        (by, sum(cell in units for cell in tried) / len(tried))
        for by, units in (("code", known.codes), ("name", known.names))
    ]


def timed(plan: FilePlan, look: Look) -> FilePlan:
    """Collect the ways in which the mapped moments are written."""
    formats: list[str] = []
    for ours, guess in plan.columns:
        column = look.column(guess.value)
        if ours in TIMES and column:
            formats.extend(f for f in column.formats if f not in formats)
    return replace(plan, time_formats=tuple(formats))


def state_of(value: str) -> str:
    """Say what a state means: open, closed, void, or "" where nothing tells."""
    states = catalogue()["states"]
    for state in ("void", "open", "closed"):
        if any(value.casefold() == word for word in states[state]):
            return state
    for state in ("void", "open", "closed"):
        if any(
            spoken(word, value) or word in value.casefold().split("(")[0] for word in states[state]
        ):
            return state
    return ""


def stated(plan: FilePlan, look: Look) -> FilePlan:
    """Sort the values of the state into open and void; the rest counts as closed."""
    column = look.column(plan.column("status"))
    if column is None:
        return plan
    values = [value for value, _ in column.commonest]
    return replace(
        plan,
        status_open=tuple(value for value in values if state_of(value) == "open"),
        status_void=tuple(value for value in values if state_of(value) == "void"),
    )


def prefixed(plan: FilePlan, look: Look) -> FilePlan:
    """Where there are no categories but matters begin with a mark, the marks are categories."""
    column = look.column(plan.column("matter"))
    if column is None or plan.column("category"):
        return plan
    starts = look.texts(column.name).str.extract(_PREFIX.pattern, expand=False).dropna()
    few = 1 < starts.nunique() <= _PREFIXES
    if len(starts) < _PREFIXED * len(look.frame) or not few:
        return plan
    pairs = tuple((str(start), str(start).lower()) for start in starts.value_counts().index)
    return replace(plan, category_by_prefix=pairs)
