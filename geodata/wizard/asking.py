"""What a person must decide, and what is worth a look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.wizard.cases import state_of
from geodata.wizard.draft import Question, asked
from geodata.wizard.leftover import spans
from geodata.wizard.places import offered
from geodata.wizard.words import pattern, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.wizard.draft import City, Entry, FilePlan, LevelPlan
    from geodata.wizard.looks import Look
    from geodata.wizard.spots import Box

    Lists = Sequence[Sequence[Entry]]

BROKEN: Final = "text_broken_before_export"
_SHOWN: Final = 4  # files named in one question
_DRAWN: Final = frozenset({"level", "division", "buildings", "roads", "water", "green", "blocks"})


def questions(  # noqa: PLR0913, PLR0917 (all that a draft is made of)
    plans: Sequence[FilePlan],
    looks: Sequence[Look],
    levels: Sequence[LevelPlan],
    city: City,
    lists: Lists,
    boxes: Sequence[Box],
    shared: Sequence[Question] = (),
) -> tuple[Question, ...]:
    """Ask about the city, then about each file; what must be decided comes first."""
    by_name = {look.name: look for look in looks}
    found = _city(levels, city, lists) + _shifted(plans, looks) + list(shared)
    for plan in plans:
        look = by_name[plan.name]
        found += _file(plan, look, levels, boxes)
    return tuple(sorted(found, key=lambda question: not question.must))


def _city(levels: Sequence[LevelPlan], city: City, lists: Lists) -> list[Question]:
    found: list[Question] = []
    if not any(level.files and not level.division for level in levels):
        found.append(asked("", "", "ask_levels", must=True))
    if not (city.name_zh.sure and city.name_en.sure):
        found.append(asked("", "", "ask_city"))
    if city.time_zone.confidence == 0:
        found.append(asked("", "", "ask_zone"))
    for name, entries in zip(("categories", "departments", "sources"), lists, strict=True):
        count = sum(entry.translated for entry in entries)
        if count:
            zh, en = say(f"list_{name}")
            text_zh, _ = say("ask_names", n=count, list=zh)
            _, text_en = say("ask_names", n=count, list=en)
            found.append(Question("", "", must=False, zh=text_zh, en=text_en))
    return found


def _file(
    plan: FilePlan, look: Look, levels: Sequence[LevelPlan], boxes: Sequence[Box]
) -> list[Question]:
    name, role = plan.name, plan.role.value
    if look.fault:
        zh, _ = say("ask_fault", fault=look.fault.said("zh"))
        _, en = say("ask_fault", fault=look.fault.said("en"))
        return [Question(name, "", must=False, zh=zh, en=en)]
    if role == "unused":
        zh, en = say("ask_unused", why=plan.role.zh)[0], say("ask_unused", why=plan.role.en)[1]
        return [Question(name, "", must=False, zh=zh, en=en)]
    found = _where(plan, look, boxes) + _text(plan, look)
    if role in {"level", "division"}:
        found += _units(plan, look, levels)
    if role == "incidents":
        found += _cases(plan, look)
    if role == "buildings" and look.shapes is None and not plan.column("geometry"):
        found.append(asked(name, "", "ask_shapes", must=True))
    if plan.pieces:
        found.append(
            asked(name, plan.column("code"), f"ask_{plan.pieces}", {"parts": _parts(look)})
        )
    return found


def _parts(look: Look) -> int:
    return look.shapes.parts if look.shapes else look.rows


def _where(plan: FilePlan, look: Look, boxes: Sequence[Box]) -> list[Question]:
    drawn = bool(look.shapes and look.shapes.kinds) and plan.role.value in _DRAWN
    pointed = bool(plan.column("lon") and plan.column("lat"))
    if (drawn or pointed) and not plan.crs.value:
        others = ", ".join(offered(look, boxes)[:6]) or "—"
        zh = say("ask_crs", why=plan.crs.zh, others=others)[0]
        en = say("ask_crs", why=plan.crs.en, others=others)[1]
        return [Question(plan.name, "", must=True, zh=zh, en=en)]
    return []


def _shifted(plans: Sequence[FilePlan], looks: Sequence[Look]) -> list[Question]:
    """Files in China that may have been shifted on the way: named, never mended here."""
    names = [
        look.name
        for plan, look in zip(plans, looks, strict=True)
        if "GCJ-02" in look.spot.others
        and plan.role.value != "unused"
        and plan.crs.confidence < 1
        and (not look.crs or "CRS84" in look.crs)  # what GeoJSON says by default
    ]
    if not names:
        return []
    shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    return [asked("", "", "ask_gcj", {"files": shown})]


def _text(plan: FilePlan, look: Look) -> list[Question]:
    others = [each.encoding for each in look.decodings[1:] if each.encoding != "cp1252"]
    found: list[Question] = []
    if others and plan.encoding.confidence < 0.9:  # noqa: PLR2004
        about = {"encoding": plan.encoding.value, "others": ", ".join(others)}
        found.append(asked(plan.name, "", "ask_encoding", about))
    if broken := dict(look.remarks).get(BROKEN, 0):
        found.append(asked(plan.name, "", "ask_broken", {"n": broken}))
    return found


def _units(plan: FilePlan, look: Look, levels: Sequence[LevelPlan]) -> list[Question]:
    found: list[Question] = []
    name = plan.name
    level = next((level for level in levels if name in level.files), None)
    code = look.column(plan.column("code"))
    named = look.column(plan.column("name_zh") or plan.column("name_en"))
    if code is None and (named is None or not named.unique):
        found.append(asked(name, "", "ask_no_key", must=named is None))
    if code is not None and not code.unique and not plan.where:
        again = round(code.filled * look.rows) - code.distinct
        found.append(asked(name, code.name, "ask_code_twice", {"again": again}))
    if code is not None and named is None:
        found.append(asked(name, "", "ask_no_name"))
    if level and level.parents.value == "unknown":
        found.append(asked(name, "", "ask_parents", must=True))
    if level and not level.named:
        found.append(asked(name, "", "ask_level_name"))
    found += [asked(name, c, "ask_where", {"column": c, "value": v}) for c, v in plan.where]
    return found


def _cases(plan: FilePlan, look: Look) -> list[Question]:
    found: list[Question] = []
    name = plan.name
    if not plan.column("reported"):
        found.append(asked(name, "", "ask_reported", must=True))
    for ours, guess in plan.columns:
        column = look.column(guess.value)
        if column and column.also and ours != "status":
            others = ", ".join(map(pattern, column.also))
            about = {"formats": pattern(column.formats[0]), "others": others}
            found.append(asked(name, column.name, "ask_time", about))
    for column in spans(plan, look):
        about = {"column": column.name, "samples": ", ".join(column.samples[:2])}
        found.append(asked(name, column.name, "ask_span", about))
    somewhere = plan.column("lon") or look.shapes or plan.column("geometry") or plan.column("place")
    if not somewhere:
        found.append(asked(name, "", "ask_place"))
    if plan.coarse:
        about = {"column": plan.coarse, "level": plan.place_level}
        found.append(asked(name, plan.coarse, "ask_coarse", about))
    status = look.column(plan.column("status"))
    unknown = [value for value, _ in status.commonest if not state_of(value)] if status else []
    if status and unknown:
        values = ", ".join(unknown[:8])
        found.append(asked(name, status.name, "ask_status", {"values": values}))
    if plan.category_by_prefix:
        found.append(asked(name, plan.column("matter"), "ask_prefix"))
    return found
