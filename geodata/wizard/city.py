"""What is said of the city as a whole: names, language, clock, CRS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.ingest.names import romanised
from geodata.wizard.draft import City, Guess, guessed
from geodata.wizard.naming import city_of, key_of
from geodata.wizard.spots import zone_of
from geodata.wizard.vocabulary import has_han

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geodata.wizard.draft import FilePlan, LevelPlan
    from geodata.wizard.ladder import Ladder
    from geodata.wizard.spots import Box

FIELDS: Final = (
    "key",
    "name_zh",
    "name_en",
    "language",
    "time_zone",
    "crs",
    "code_scheme",
    "as_of",
)
_ZONE_OF_CHINA: Final = "Asia/Shanghai"


def city_plan(  # noqa: PLR0913, PLR0917 (all that tells of a city)
    found: Ladder,
    levels: Sequence[LevelPlan],
    plans: Sequence[FilePlan],
    boxes: Sequence[Box],
    folder: str,
    pinned: Mapping[str, str],
) -> City:
    """Guess everything that is said of the city."""
    language = _language(plans)
    zh, en, why, sure = _name(found, folder)
    if why == "city_folder":  # a name that a person gives tells the other one, and the key
        en = pinned.get("name_en", "" if "name_zh" in pinned else en)
        zh = pinned.get("name_zh", zh)
    name_zh = guessed(zh or en, sure if zh else 0.2, why if zh else "city_copied")
    name_en = guessed(en or romanised(zh), sure if not zh else 0.6, "city_spelt" if zh else why)
    zone, zone_sure = zone_of(boxes[0]) if boxes else ("UTC", 0.0)
    if not boxes and language.value == "zh":
        zone, zone_sure = _ZONE_OF_CHINA, 0.8
    chinese = zone == _ZONE_OF_CHINA
    cased = any(plan.role.value == "incidents" for plan in plans)
    guesses = {
        "key": guessed(key_of(en or zh) or "city", 0.9, why),
        "name_zh": name_zh,
        "name_en": name_en,
        "language": language,
        "time_zone": guessed(zone, zone_sure, "city_zone" if zone_sure else "city_zone_unknown"),
        "crs": guessed("EPSG:4490" if chinese else "EPSG:4326", 0.8, "city_crs"),
        "code_scheme": guessed(_scheme(found, levels, language.value), 0.8, "city_scheme"),
        "as_of": guessed("data" if cased else "now", 0.8, "city_as_of"),
    }
    chosen = {field: guessed(v, 1.0, "chosen") for field, v in pinned.items() if field in guesses}
    return City(**{**guesses, **chosen})


def _language(plans: Sequence[FilePlan]) -> Guess:
    names = [ours for plan in plans for ours, _ in plan.columns if ours in {"name_zh", "name_en"}]
    texts = [g.value for plan in plans for _, g in plan.columns]
    written = sum(has_han(text) for text in texts)
    chinese = names.count("name_zh") + written
    share = round(100 * chinese / max(1, len(names) + written))
    return guessed("zh" if share >= 50 else "en", 0.9, "city_language", share=share)  # noqa: PLR2004


def _name(found: Ladder, folder: str) -> tuple[str, str, str, float]:
    """Chinese and English name with the reason; the name of a single highest unit is the city's."""
    top = found.rungs[0].family if found.rungs else None
    if top and len(top.codes) == 1:
        columns = top.members[0].columns
        names = {
            ours: str(top.cells(columns[ours].value).iloc[0])
            for ours in ("name_zh", "name_en")
            if ours in columns
        }
        if names:
            return names.get("name_zh", ""), names.get("name_en", ""), "city_root", 0.9
    name = city_of(folder) or "City"
    return (name, "", "city_folder", 0.5) if has_han(name) else ("", name, "city_folder", 0.6)


def _scheme(found: Ladder, levels: Sequence[LevelPlan], language: str) -> str:
    """How long the codes of each level are, as a sentence for people."""
    parts = []
    for rung in found.rungs:
        names = rung.family.members[0].columns
        lengths = sorted(set(rung.family.codes.str.len())) if "code" in names else []
        mine = rung.family.members[0].look.name
        level = next((each for each in levels if mine in each.files), None)
        if level is None or not lengths:
            continue
        span = f"{lengths[0]}" if len(lengths) == 1 else f"{lengths[0]}–{lengths[-1]}"
        parts.append(f"{level.name_zh if language == 'zh' else level.name_en} {span}")
    return " · ".join(parts)
