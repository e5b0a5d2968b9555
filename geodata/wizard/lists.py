"""Code lists from the distinct values of the files: categories, departments, sources."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geodata.wizard.naming import entries
from geodata.wizard.vocabulary import has_han

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geodata.wizard.draft import Entry, FilePlan
    from geodata.wizard.looks import Look

NAMES: Final = ("name_zh", "name_en")
LISTS: Final = ("categories", "departments", "sources")
_MOST: Final = 400  # entries of a list; more are added at import under their own names


def lists_of(
    plans: Sequence[FilePlan], looks: Sequence[Look]
) -> tuple[tuple[Entry, ...], tuple[Entry, ...], tuple[Entry, ...]]:
    """Make categories, departments and sources; lists that files give come before values."""
    by_name = {look.name: look for look in looks}
    cases = [(plan, by_name[plan.name]) for plan in plans if plan.role.value == "incidents"]
    starts: Counter[str] = Counter()
    for plan, look in cases:
        if plan.category_by_prefix:
            texts = look.texts(plan.column("matter")).str.partition("-")[0]
            starts.update(text for text in texts if text in dict(plan.category_by_prefix))
    categories = _counted(cases, "category") + starts
    departments = _given(plans, by_name)
    known = {name.casefold() for entry in departments for name in (entry.name_zh, entry.name_en)}
    used = _counted(cases, "department")
    fresh = Counter({value: n for value, n in used.items() if value.casefold() not in known})
    return (
        _listed(categories),
        (*departments, *_listed(fresh)),
        _listed(_counted(cases, "source")),
    )


def renamed(name: str, entries: Sequence[Entry], pinned: Mapping[str, str]) -> tuple[Entry, ...]:
    """Give the entries of a list the names that a person has chosen for them."""
    return tuple(_renamed(entry, name, pinned) for entry in entries)


def _renamed(entry: Entry, name: str, pinned: Mapping[str, str]) -> Entry:
    pins = {field: pinned.get(f"{name}:{field}:{entry.found}", "") for field in NAMES}
    chosen = {field: value for field, value in pins.items() if value}
    if not chosen:
        return entry
    zh, en = (chosen.get(field, getattr(entry, field)) for field in NAMES)
    known = {text.casefold() for text in (entry.key, zh, en)}
    # Rows are told by key or name: where no name is theirs any more, the key has to be.
    lost = not entry.listed and entry.found.casefold() not in known
    key = entry.found if lost else entry.key
    return replace(entry, key=key, name_zh=zh, name_en=en, translated=False)


def _counted(cases: Sequence[tuple[FilePlan, Look]], ours: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for plan, look in cases:
        theirs = plan.column(ours)
        if theirs:
            texts = look.texts(theirs)
            counts.update({str(v): int(n) for v, n in texts[texts != ""].value_counts().items()})
    return counts


def _listed(counts: Counter[str]) -> tuple[Entry, ...]:
    # Two spellings that differ in case are one entry at import.
    merged: dict[str, tuple[str, int]] = {}
    for value, rows in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        first, before = merged.get(value.casefold(), (value, 0))
        merged[value.casefold()] = (first, before + rows)
    return entries(list(merged.values())[:_MOST])


def _given(plans: Sequence[FilePlan], looks: dict[str, Look]) -> tuple[Entry, ...]:
    """Entries of the files that are lists of departments."""
    made: list[Entry] = []
    for plan in plans:
        if plan.role.value != "departments":
            continue
        look = looks[plan.name]
        zh, en, code = (plan.column(ours) for ours in ("name_zh", "name_en", "code"))
        for row in range(len(look.frame)):
            cells = {c: str(look.texts(c).iloc[row]) for c in {zh, en, code} if c}
            first = cells.get(zh, "") or cells.get(en, "")
            if not first:
                continue
            entry = entries([(first, 0)])[0]
            both = bool(zh and en and cells.get(zh) and cells.get(en))
            made.append(
                replace(
                    entry,
                    key=cells.get(code) or entry.key,
                    name_en=cells.get(en) or entry.name_en,
                    translated=not both and has_han(first),
                    listed=True,
                )
            )
    unique = {entry.key: entry for entry in reversed(made)}
    return tuple(reversed(unique.values()))
