"""Files of boundaries in their order: rungs of the ladder, other divisions, and what is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.wizard.draft import FilePlan, Guess, LevelPlan, guessed
from geodata.wizard.family import Family, Member, families
from geodata.wizard.naming import level_name, root_name
from geodata.wizard.nesting import Link, Rung, chain, nested, same

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HERE: Final = 0.5  # share of the units of a division that lie where the levels do


@dataclass(frozen=True)
class Ladder:
    """The rungs, top first; divisions beside them; files left out with the reason."""

    rungs: tuple[Rung, ...]
    divisions: tuple[tuple[Family, str, float], ...]  # with the level it crosses, and how far
    left: tuple[tuple[str, Guess], ...]


def ladder(members: Sequence[Member], pinned: set[str]) -> Ladder:
    """Put files of boundaries in order; those named in `pinned` stay levels whatever they are."""
    left: list[tuple[str, Guess]] = []
    kept: list[Family] = []
    for family in sorted(families(members), key=_worth, reverse=True):
        twin = next((other for other in kept if same(family, other)), None)
        if twin and not _pinned(family, pinned):
            why = guessed("unused", 0.9, "role_same", other=twin.name)
            left.extend((member.look.name, why) for member in family.members)
        else:
            kept.append(family)
    kept.sort(key=lambda family: (family.units, not family.shaped, family.name))
    rungs = _with_pinned(chain(kept, frozenset(pinned)), kept, pinned)
    inside = {member.look.name for rung in rungs for member in rung.family.members}
    divisions: list[tuple[Family, str, float]] = []
    for family in kept:
        if family.members[0].look.name in inside:
            continue
        if _here(family, rungs):
            divisions.append((family, *_crossing(family, rungs)))
        else:
            why = guessed("unused", 0.6, "role_elsewhere")
            left.extend((member.look.name, why) for member in family.members)
    return Ladder(tuple(rungs), tuple(divisions), tuple(left))


def _worth(family: Family) -> tuple[bool, int, int, bool]:
    """Of two files with the same units the one with shapes, more units and names is better."""
    columns = family.members[0].columns
    named = "name_zh" in columns or "name_en" in columns
    return family.shaped, family.units, named, "code" in columns


def _pinned(family: Family, pinned: set[str]) -> bool:
    return any(member.look.name in pinned for member in family.members)


def _with_pinned(rungs: list[Rung], kept: list[Family], pinned: set[str]) -> list[Rung]:
    there = {rung.family.members[0].look.name for rung in rungs}
    wanted = [f for f in kept if _pinned(f, pinned) and f.members[0].look.name not in there]
    for family in wanted:
        place = sum(rung.family.units <= family.units for rung in rungs)
        parent = family.members[0].columns.get("parent")
        found = Link("column", 1.0, parent.value) if parent else Link("unknown", 1.0)
        rungs.insert(place, Rung(family, found if place else None))
    return rungs


def _here(family: Family, rungs: list[Rung]) -> bool:
    top = next((rung.family for rung in rungs if rung.family.shaped), None)
    if top is None or not family.shaped:
        return False
    ground = shapely.union_all(shapely.envelope(top.shapes))
    return bool(np.mean(shapely.intersects(ground, shapely.centroid(family.shapes))) >= _HERE)


def _crossing(family: Family, rungs: list[Rung]) -> tuple[str, float]:
    """The level that it crosses most, and the share of its units that lie within one unit of it."""
    shaped = [rung.family for rung in rungs if rung.family.shaped and rung.family.units > 1]
    shares = [
        (nested(*sorted((other, family), key=lambda each: each.units)), other.name)
        for other in shaped
    ]
    share, name = min(shares, default=(0.0, ""))
    return name, share


def level_plans(found: Ladder, aliases: Mapping[str, Sequence[str]]) -> tuple[LevelPlan, ...]:
    """Name the rungs; above several units at the top a level without files is put.

    aliases: by file, columns of other files in which its units are named.
    """
    plans: list[LevelPlan] = []
    taken: set[str] = set()
    top = found.rungs[0].family if found.rungs else None
    if top and top.units > 1:
        taken |= {level_name(r.family, 0, set())[0].key for r in found.rungs}
        name = root_name(taken, top)
        taken = {name.key}
        why = guessed("", 1.0, "parents_root")
        plans.append(
            LevelPlan(name.key, name.name_zh, name.name_en, name.plural_en, (), 1, True, why)  # noqa: FBT003
        )
    families_in = [(r.family, r.link, False) for r in found.rungs]
    families_in += [(family, None, True) for family, *_ in found.divisions]
    for rank, (family, link, beside) in enumerate(families_in, start=1 + len(plans)):
        named = aliases.get(family.members[0].look.name, ())
        name, known = level_name(family, rank, taken, named)
        taken.add(name.key)
        why = guessed("", 0.9, "parents_division") if beside else _parents(link, top=not plans)
        plans.append(
            LevelPlan(
                key=name.key,
                name_zh=name.name_zh,
                name_en=name.name_en,
                plural_en=name.plural_en,
                files=tuple(member.look.name for member in family.members),
                units=family.units,
                geometry=family.shaped,
                parents=why,
                division=beside,
                named=known,
            )
        )
    return tuple(plans)


def _parents(link: Link | None, *, top: bool) -> Guess:
    if link is None:
        return guessed("root" if top else "only", 1.0, "parents_root" if top else "parents_only")
    if link.by == "unknown":
        return guessed("unknown", 0.0, "parents_unknown")
    share = round(100 * link.share)
    about = {"column": link.column, "digits": link.digits, "share": share}
    return guessed(link.by, link.confidence, f"parents_{link.by}", **about)


def applied(plan: FilePlan, found: Ladder, levels: Sequence[LevelPlan]) -> FilePlan:
    """Give a file of boundaries its parents, digits and rows as the comparison found them."""
    why = dict(found.left).get(plan.name)
    if why:
        return replace(plan, role=why, columns=())
    for family, above, share in found.divisions:
        if plan.name in {member.look.name for member in family.members}:
            about = {"other": above, "share": round(100 * share)}
            crossed = guessed("division", 0.7, "role_division", **about)
            return replace(plan, role=crossed)
    for rank, rung in enumerate(found.rungs):
        if plan.name in {member.look.name for member in rung.family.members}:
            above_key = _key_of(found.rungs[rank - 1].family, levels) if rank else ""
            return _on_rung(plan, rung, above_key, levels)
    return plan


def _on_rung(plan: FilePlan, rung: Rung, above: str, levels: Sequence[LevelPlan]) -> FilePlan:
    columns = dict(plan.columns)
    digits: dict[str, int] = {}
    if "code" in columns and rung.family.digits:
        digits["code"] = rung.family.digits
    link = rung.link
    if link and link.by in {"column", "prefix"} and "parent" not in columns:
        share = round(100 * link.share)
        about = {"column": link.column, "level": above, "share": share, "digits": link.digits}
        key = "map_parent" if link.by == "column" else "parents_prefix"
        columns["parent"] = guessed(link.column, link.confidence, key, **about)
        if link.digits:
            digits["parent"] = link.digits
    level = next(lv for lv in levels if plan.name in lv.files)
    rank = [lv.key for lv in levels].index(level.key) + 1
    about = {"rank": rank, "n": level.units}
    zh = guessed("", 1, "role_level", **about, parents=level.parents.zh).zh
    en = guessed("", 1, "role_level", **about, parents=level.parents.en).en
    sure = min(plan.role.confidence + 0.1, 0.95) if link else plan.role.confidence
    role = Guess("level", max(sure, plan.role.confidence), zh, en)
    where = rung.family.where
    return replace(
        plan,
        role=role,
        columns=tuple(columns.items()),
        code_digits=tuple(digits.items()),
        where=where,
    )


def _key_of(family: Family, levels: Sequence[LevelPlan]) -> str:
    name = family.members[0].look.name
    return next((level.key for level in levels if name in level.files), "")
