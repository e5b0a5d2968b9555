"""Files of cases that are one feed, as exports of every month are, and numbers that come twice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from geodata.ingest.moments import parse
from geodata.model.schemas import DEADLINES, MOMENTS
from geodata.wizard.draft import Feed, FilePlan, Question, asked
from geodata.wizard.words import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from geodata.wizard.looks import Look

    Pins = Collection[tuple[str, str]]  # file and column of ours that a person has decided on
    Mapping = dict[str, str]

_ALIKE: Final = 0.6  # share of the columns of either file that both have
_SAME: Final = 0.5  # share of the numbers in both files that were reported at the same moment
_TRIED: Final = 5_000  # rows in which the newest moment is looked for
_SHOWN: Final = 4  # files named in one question
_AFTER: Final = (*(moment for moment in MOMENTS if moment not in DEADLINES), "status_at")
_DIGITS: Final = re.compile(r"(\d+)")


@dataclass
class _Group:
    """Files that fit together so far."""

    plans: list[FilePlan]
    looks: list[Look]
    keys: set[str] = field(default_factory=set)


def feeds_of(plans: Sequence[FilePlan], looks: Sequence[Look], pins: Pins = ()) -> tuple[Feed, ...]:
    """Put the files of cases with alike columns together, in the order of their newest moments."""
    pairs = [
        (plan, look)
        for plan, look in zip(plans, looks, strict=True)
        if plan.role.value == "incidents"
    ]
    groups: list[_Group] = []
    for plan, look in pairs if len(pairs) > 1 else ():
        group = next((each for each in groups if _joins(each, plan, look, pins)), None)
        if group is None:
            group = _Group([], [])
            groups.append(group)
        group.plans.append(plan)
        group.looks.append(look)
        group.keys |= _keys(plan, look)
    if len(pairs) == 1:
        groups = [_Group([pairs[0][0]], [pairs[0][1]])]
    return tuple(_feed(group, pins) for group in groups)


def shared(
    feeds: Sequence[Feed], plans: Sequence[FilePlan], looks: Sequence[Look]
) -> list[Question]:
    """Ask about numbers that stand in several files: of one feed, or of feeds of one source."""
    by_name = {plan.name: (plan, look) for plan, look in zip(plans, looks, strict=True)}
    found: list[Question] = []
    if sum(len(feed.files) for feed in feeds) < 2:  # noqa: PLR2004 (nothing to share with)
        return found
    named = [[_named(*by_name[name]) for name in feed.files] for feed in feeds]
    for feed, sets in zip(feeds, named, strict=True):
        again = sum(map(len, sets)) - len(set().union(*sets))
        if again:
            found.append(asked("", "", "ask_one_feed", {"files": _list(feed.files), "n": again}))
    for number, feed in enumerate(feeds):
        for other, sets in zip(feeds[:number], named[:number], strict=True):
            again = len(set().union(*named[number]) & set().union(*sets))
            if again:
                names = (*other.files[-1:], *feed.files[-1:])
                found.append(asked("", "", "ask_shared_keys", {"files": _list(names), "n": again}))
    return found


def _joins(group: _Group, plan: FilePlan, look: Look, pins: Pins) -> bool:
    first, seen = group.plans[0], group.looks[0]
    ours, theirs = ({column.name for column in each.columns} for each in (seen, look))
    if len(ours & theirs) < _ALIKE * len(ours | theirs) or not _beside(group, look):
        return False
    if any(getattr(first, what) != getattr(plan, what) for what in ("where", "code_digits")):
        return False
    if first.crs.value != plan.crs.value or not _same_place([*group.plans, plan]):
        return False
    whole = _Group([*group.plans, plan], [*group.looks, look])
    if not _one_encoding(whole) or not _one_way_of_times(whole) or _mappings(whole, pins) is None:
        return False
    return _same_cases(group, plan, look)


def _beside(group: _Group, look: Look) -> bool:
    """Whether a file can be named with the others: by its path alone, or as a layer of the same."""
    whole = [*group.looks, look]
    return len({each.layer for each in whole}) == 1 or len({each.file for each in whole}) == 1


def _same_place(plans: list[FilePlan]) -> bool:
    named = {(plan.place_level, plan.place_by) for plan in plans if plan.column("place")}
    return len(named) <= 1


def _one_encoding(group: _Group) -> bool:
    """Whether one encoding is that of all files, or each is found without being named."""
    values = {plan.encoding.value for plan in group.plans}
    chosen = say("chosen")[0]
    free = all(
        plan.encoding.value == look.encoding and plan.encoding.zh != chosen
        for plan, look in zip(group.plans, group.looks, strict=True)
    )
    return len(values) == 1 or free


def _one_way_of_times(group: _Group) -> bool:
    """Whether no file could be read by the way in which another one writes its times."""
    every = {written for plan in group.plans for written in plan.time_formats}
    for plan, look in zip(group.plans, group.looks, strict=True):
        for _, guess in plan.columns:
            column = look.column(guess.value)
            if column and set(column.also) & (every - set(plan.time_formats)):
                return False
    return True


def _mappings(group: _Group, pins: Pins) -> list[FilePlan] | None:
    """Plans whose mappings, tried in this order, read every file as its own would.

    A mapping may give a file more than its own, as a column that happens to be blank there, but
    nothing that a person has decided on. None if there is no such order.
    """
    order = sorted(group.plans, key=lambda plan: -len(plan.columns))
    used: list[FilePlan] = []
    for plan, look in zip(group.plans, group.looks, strict=True):
        there = {column.name for column in look.columns} | {"geometry"}
        fitting = next(each for each in order if set(_mapping(each).values()) <= there)
        own, given = _mapping(plan), _mapping(fitting)
        more = given.keys() - own.keys()
        if not own.items() <= given.items() or any((plan.name, ours) in pins for ours in more):
            return None
        if all(_mapping(each) != given for each in used):
            used.append(fitting)
    return sorted(used, key=order.index)


def _mapping(plan: FilePlan) -> Mapping:
    return {ours: guess.value for ours, guess in plan.columns}


def _same_cases(group: _Group, plan: FilePlan, look: Look) -> bool:
    """Whether numbers that both have are of the same cases, and not counted anew in each file."""
    again = sorted(group.keys & _keys(plan, look))[:_TRIED]
    if not again:
        return True
    mine = _reported(plan, look, again)
    same = pd.Series(data=False, index=mine.index)
    for other, seen in zip(group.plans, group.looks, strict=True):
        same |= mine.eq(_reported(other, seen, again).reindex(mine.index)).fillna(value=False)
    return bool(same.mean() >= _SAME)


def _reported(plan: FilePlan, look: Look, keys: list[str]) -> pd.Series:
    """Moment of report of some cases, by their number."""
    cells = look.texts(plan.column("key"))
    mine = cells.isin(keys) & ~cells.duplicated()
    text = look.texts(plan.column("reported"))[mine] if plan.column("reported") else cells[mine]
    return parse(text, plan.time_formats, "UTC").seconds.set_axis(cells[mine])


def _keys(plan: FilePlan, look: Look) -> set[str]:
    return set(look.texts(plan.column("key"))) - {""} if plan.column("key") else set()


def _named(plan: FilePlan, look: Look) -> set[tuple[str, str]]:
    """Numbers of a file with the source of each, as cases are told apart at import."""
    if not plan.column("key"):
        return set()
    source = plan.column("source")
    keys = look.texts(plan.column("key"))
    sources = look.texts(source).str.casefold() if source else [""] * len(keys)
    return {(key, by) for key, by in zip(keys, sources, strict=True) if key}


def _feed(group: _Group, pins: Pins) -> Feed:
    first, *others = _mappings(group, pins) or group.plans[:1]
    order = sorted(
        zip(group.plans, group.looks, strict=True),
        key=lambda pair: (_newest(*pair) if len(group.plans) > 1 else 0, _natural(pair[0].name)),
    )
    placed = next((plan for plan in group.plans if plan.column("place")), first)
    prefixes = {start: key for plan in group.plans for start, key in plan.category_by_prefix}
    plan = replace(
        first,
        place_level=placed.place_level,
        place_by=placed.place_by,
        time_formats=_together(plan.time_formats for plan in group.plans),
        status_open=_together(plan.status_open for plan in group.plans),
        status_void=_together(plan.status_void for plan in group.plans),
        category_by_prefix=tuple(prefixes.items()),
    )
    if len({plan.encoding.value for plan in group.plans}) > 1:
        plan = replace(plan, encoding=replace(plan.encoding, value=""))
    return Feed(plan, tuple(plan.name for plan, _ in order), tuple(others))


def _together(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for part in parts for each in part))


def _newest(plan: FilePlan, look: Look) -> int:
    """The newest moment of a file's cases, in its own clock."""
    found = [0]
    for ours in _AFTER:
        if theirs := plan.column(ours):
            text = look.texts(theirs)
            tried = text.iloc[:: max(1, len(text) // _TRIED)]
            seconds = parse(tried, plan.time_formats, "UTC").seconds.dropna()
            found.append(int(seconds.max()) if len(seconds) else 0)
    return max(found)


def _natural(name: str) -> list[tuple[int, str]]:
    """A name as people order them: the second before the tenth."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in _DIGITS.split(name)]


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
