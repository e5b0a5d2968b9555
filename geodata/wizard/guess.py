"""A draft of a profile from looks: every file its role, every column its meaning."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geodata.wizard.asking import questions
from geodata.wizard.cases import Known, known_units, placed, prefixed, stated, timed
from geodata.wizard.city import city_plan
from geodata.wizard.draft import Choice, Draft, FilePlan, Guess, guessed
from geodata.wizard.family import Member
from geodata.wizard.feeds import feeds_of, shared
from geodata.wizard.ladder import Ladder, applied, ladder, level_plans
from geodata.wizard.lists import LISTS, lists_of, renamed
from geodata.wizard.mapping import map_columns
from geodata.wizard.naming import retitled
from geodata.wizard.places import box_in_degrees, crs_of
from geodata.wizard.roles import role_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geodata.wizard.draft import LevelPlan
    from geodata.wizard.looks import Look
    from geodata.wizard.spots import Box

    Pins = Mapping[str, Mapping[str, str]]  # file → what → value

_AT_PLACES: Final = ("incidents", "buildings")
COLUMN: Final = "column:"
_MANY_PARTS: Final = 5  # polygons a row, from which on a row is no single building
_BUILT: Final = 0.3  # share of the cases that name a building, for the column to be one


def guess(looks: Sequence[Look], choices: Sequence[Choice] = (), folder: str = "") -> Draft:
    """Draft a profile; what a person has chosen stands, and the rest is guessed around it."""
    pins = _pins(choices)
    boxes = [box for look in looks if (box := box_in_degrees(look, look.spot.crs))]
    plans = [_plan(look, pins.get(look.name, {}), boxes) for look in looks]
    members = _members(plans, looks, pins)
    pinned = {name for name, pin in pins.items() if pin.get("role") == "level"}
    found = ladder(members, pinned)
    known = _known(found) if any(plan.role.value in _AT_PLACES for plan in plans) else []
    chosen = pins.get("", {})
    levels = retitled(level_plans(found, _aliases(known, plans, looks)), chosen)
    plans = [applied(plan, found, levels) if plan.role.value == "level" else plan for plan in plans]
    units = [_titled(each, levels) for each in known]
    plans = [
        _more(plan, look, units, pins.get(look.name, {}))
        for plan, look in zip(plans, looks, strict=True)
    ]
    plans = _at_buildings(plans, looks, pins)
    made = zip(LISTS, lists_of(plans, looks), strict=True)
    categories, departments, sources = (renamed(name, each, chosen) for name, each in made)
    lists = (categories, departments, sources)
    columns = [c for c in choices if c.what.startswith(COLUMN)]
    feeds = feeds_of(plans, looks, {(c.file, c.what.removeprefix(COLUMN)) for c in columns})
    city = city_plan(found, levels, plans, _city_boxes(found, boxes), folder, chosen)
    return Draft(
        city=city,
        levels=levels,
        files=tuple(plans),
        categories=categories,
        departments=departments,
        sources=sources,
        questions=questions(plans, looks, levels, city, lists, boxes, shared(feeds, plans, looks)),
        feeds=feeds,
        looks=tuple(looks),
        choices=tuple(choices),
        folder=folder,
    )


def _members(plans: Sequence[FilePlan], looks: Sequence[Look], pins: Pins) -> list[Member]:
    """Collect the files of boundaries with what is known of them so far."""
    return [
        Member(
            look=look,
            columns=dict(plan.columns),
            crs=plan.crs.value,
            role=plan.role,
            level=pins.get(look.name, {}).get("level", ""),
        )
        for plan, look in zip(plans, looks, strict=True)
        if plan.role.value == "level"
    ]


def _pins(choices: Sequence[Choice]) -> dict[str, dict[str, str]]:
    pins: dict[str, dict[str, str]] = {}
    for choice in choices:
        pins.setdefault(choice.file, {})[choice.what] = choice.value
    return pins


def _plan(look: Look, pin: Mapping[str, str], boxes: Sequence[Box]) -> FilePlan:
    role = guessed(pin["role"], 1.0, "chosen") if "role" in pin else role_of(look)
    crs = guessed(pin["crs"], 1.0, "chosen") if pin.get("crs") else crs_of(look, boxes)
    columns = map_columns(look, role.value, _columns(pin))
    encoding = encoding_guess(look, pin.get("encoding", ""))
    return FilePlan(look.name, role, tuple(columns.items()), crs, encoding)


def _columns(pin: Mapping[str, str]) -> dict[str, str]:
    return {what.removeprefix(COLUMN): v for what, v in pin.items() if what.startswith(COLUMN)}


def _aliases(
    units: Sequence[Known], plans: Sequence[FilePlan], looks: Sequence[Look]
) -> dict[str, list[str]]:
    """By file of a level, the columns of cases in which its units are named."""
    cases = [
        look for plan, look in zip(plans, looks, strict=True) if plan.role.value == "incidents"
    ]
    named: dict[str, list[str]] = {}
    for known in units:
        for look in cases:
            plan = placed(FilePlan(look.name, guessed("incidents", 1, "chosen")), look, [known], {})
            if plan.column("place"):
                named.setdefault(known.level, []).append(plan.column("place"))
    return named


def _known(found: Ladder) -> list[Known]:
    """What the units of each rung are called; until it has a name it is known by its file."""
    families = [rung.family for rung in found.rungs]
    return [known_units(family.members[0].look.name, family) for family in families]


def _titled(known: Known, levels: Sequence[LevelPlan]) -> Known:
    level = next(level for level in levels if known.level in level.files)
    return replace(known, level=level.key, zh=level.name_zh, en=level.name_en)


def _more(plan: FilePlan, look: Look, units: Sequence[Known], pin: Mapping[str, str]) -> FilePlan:
    """Fill in what depends on the units: places of cases, units of buildings."""
    if plan.role.value == "buildings":
        plan = replace(plan, pieces=_pieces(plan, look))
        lowest = [Known(each.level, frozenset(), each.codes) for each in units[-1:]]
        found = placed(plan, look, lowest, {})
        columns = tuple(("unit" if ours == "place" else ours, g) for ours, g in found.columns)
        return replace(plan, columns=columns)
    if plan.role.value != "incidents":
        return plan
    plan = placed(plan, look, units, _columns(pin))
    plan = prefixed(stated(timed(plan, look), look), look)
    if pin.get("time_formats"):
        plan = replace(plan, time_formats=tuple(pin["time_formats"].split("|")))
    return replace(
        plan,
        place_level=pin.get("place_level", plan.place_level),
        place_by=pin.get("place_by", plan.place_by),
    )


def _at_buildings(plans: Sequence[FilePlan], looks: Sequence[Look], pins: Pins) -> list[FilePlan]:
    """Keep the column of buildings only where it names buildings that are there."""
    pairs = list(zip(plans, looks, strict=True))
    codes: set[str] = set()
    for plan, look in pairs:
        if plan.role.value == "buildings" and plan.column("code"):
            codes |= set(look.texts(plan.column("code")))
    kept = []
    for plan, look in pairs:
        theirs = plan.column("building")
        pinned = f"{COLUMN}building" in pins.get(plan.name, {})
        if plan.role.value == "incidents" and theirs and not pinned:
            cells = look.texts(theirs)
            if cells[cells != ""].isin(list(codes)).mean() < _BUILT or not codes:
                columns = tuple(pair for pair in plan.columns if pair[0] != "building")
                plan = replace(plan, columns=columns)  # noqa: PLW2901 (the same plan, mended)
        kept.append(plan)
    return kept


def _pieces(plan: FilePlan, look: Look) -> str:
    """Whether rows of one code are pieces of a building, or a row holds many buildings."""
    code = look.column(plan.column("code"))
    if code and not code.unique:
        return "largest"
    many = look.shapes and look.shapes.parts >= _MANY_PARTS * look.rows
    return "apart" if many else ""


def _city_boxes(found: Ladder, boxes: Sequence[Box]) -> list[Box]:
    """Where the levels are, if they are drawn; else where anything is."""
    for rung in found.rungs:
        look = rung.family.members[0].look
        box = box_in_degrees(look, rung.family.members[0].crs)
        if box:
            return [box]
    return list(boxes)


def encoding_guess(look: Look, pinned: str) -> Guess:
    """Say how sure the encoding of a file is."""
    if pinned:
        return guessed(pinned, 1.0, "chosen")
    if not look.decodings:
        return guessed(look.encoding, 1.0, "encoding_declared")
    first = look.decodings[0].encoding
    others = [each.encoding for each in look.decodings[1:] if each.encoding != "cp1252"]
    if look.decodings[0].plain:
        return guessed(first, 1.0, "encoding_ascii")
    if not others or first == "utf-8":  # hardly anything else makes sense as UTF-8
        return guessed(first, 0.95, "encoding_only", encoding=first)
    return guessed(first, 0.7, "encoding_several", encoding=first, others=", ".join(others))
