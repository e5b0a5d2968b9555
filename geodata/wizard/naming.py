"""What levels, the city and entries of code lists are called."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geodata.ingest.names import romanised, slug
from geodata.wizard.draft import Entry
from geodata.wizard.official import level_of as official_level
from geodata.wizard.official import root_of
from geodata.wizard.vocabulary import LevelName, catalogue, has_han, levels, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geodata.wizard.draft import LevelPlan
    from geodata.wizard.family import Family

_OFTEN: Final = 0.5  # share of names with an ending that names their level
_LONGEST: Final = 40


def level_name(
    family: Family, rank: int, taken: set[str], aliases: Sequence[str] = ()
) -> tuple[LevelName, bool]:
    """Name a level by its file, its columns or the endings of its names; false = made up.

    aliases: columns of other files in which its units are named.
    """
    pinned = family.members[0].level
    known = [level for level in levels() if level.key not in taken]
    for level in known:
        if level.key == pinned:
            return level, True
    if pinned:
        return LevelName(slug(pinned) or f"level-{rank}", pinned, pinned, pinned, (), ()), True
    texts = [*_texts(family), *aliases]
    official = official_level(family)
    by_code = next((level for level in known if level.key == official), None)
    ended = _by_endings(family, known)
    if ended and ended.key == "city" and official == "district":  # a city of the rank of a county
        ended = by_code
    for told in (ended, by_code, _by_words(texts, known)):
        if told:
            return told, True
    title = f"Level {rank}"
    return LevelName(f"level-{rank}", title, title, f"{title}s", (), ()), False


def root_name(taken: set[str], top: Family) -> LevelName:
    """Name the level above the highest one that has files."""
    wanted = (root_of(top), "city", "province", "country", "whole")
    known = {level.key: level for level in levels()}
    return next(known[key] for key in wanted if key in known and key not in taken)


def _texts(family: Family) -> list[str]:
    member = family.members[0]
    folder, _, file = member.look.file.rpartition("/")
    code = member.columns.get("code")
    return [member.look.layer or file, folder, code.value if code else "", member.code]


def _by_words(texts: Sequence[str], known: list[LevelName]) -> LevelName | None:
    for text in texts:
        found = [level for level in known if any(spoken(word, text) for word in level.words)]
        if found:
            return max(found, key=lambda level: max(len(w) for w in level.words if spoken(w, text)))
    return None


def _by_endings(family: Family, known: list[LevelName]) -> LevelName | None:
    names = _names(family)
    counts: Counter[str] = Counter()
    for name in names:
        ended = [(len(e), level.key) for level in known for e in level.endings if name.endswith(e)]
        if ended:
            counts[max(ended)[1]] += 1
    if not counts or counts.most_common(1)[0][1] < _OFTEN * len(names):
        return None
    key = counts.most_common(1)[0][0]
    return next(level for level in known if level.key == key)


def _names(family: Family) -> list[str]:
    column = family.members[0].columns.get("name_zh")
    return [str(name) for name in family.cells(column.value)[:500]] if column else []


def retitled(levels: Sequence[LevelPlan], chosen: Mapping[str, str]) -> tuple[LevelPlan, ...]:
    """Give levels the names that a person has chosen, as levels:name_zh:<key>."""
    return tuple(_retitled(level, chosen) for level in levels)


def _retitled(level: LevelPlan, chosen: Mapping[str, str]) -> LevelPlan:
    zh, en = (chosen.get(f"levels:{field}:{level.key}", "") for field in ("name_zh", "name_en"))
    if not (zh or en):
        return level
    plural = f"{en[:-1]}ies" if en.endswith("y") else f"{en}s"
    return replace(
        level,
        name_zh=zh or level.name_zh,
        name_en=en or level.name_en,
        plural_en=plural if en else level.plural_en,
        named=True,
    )


def city_of(folder: str) -> str:
    """Make a city's name of a folder's: cn_shenzhen_districts10 → Shenzhen."""
    parts = "".join(c if c.isalnum() else " " for c in folder).split()
    noise = set(catalogue()["noise"]["folders"])
    kept = [p for p in parts if p.casefold().rstrip("0123456789") not in noise | {""}]
    return " ".join(_title(part) for part in kept)


def _title(part: str) -> str:
    initials = len(part) <= 3 and part.isascii()  # noqa: PLR2004 (NYC)
    return part.upper() if initials else part if has_han(part) else part.capitalize()


def key_of(name: str) -> str:
    """Make an ASCII key of a name, in pinyin where it is Chinese."""
    return slug(romanised(name))[:_LONGEST].strip("-")


def spelt(name: str) -> str:
    """Spell a name that is not a place's: its ending in English, the rest in pinyin."""
    if not has_han(name):
        return name
    for ending, word in catalogue()["bodies"].items():
        stem = name.removesuffix(ending)
        if stem and stem != name:
            return f"{romanised(stem)} {word}"
    return romanised(name)


def entries(values: Iterable[tuple[str, int]]) -> tuple[Entry, ...]:
    """Make a code list of the different values; names in the other language are a start only."""
    made: list[Entry] = []
    keys: set[str] = set()
    for value, rows in values:
        key = key_of(value) or f"entry-{len(made) + 1}"
        unique = key if key not in keys else f"{key}-{len(made) + 1}"
        keys.add(unique)
        made.append(Entry(unique, value, spelt(value), rows, translated=True, found=value))
    return tuple(made)
