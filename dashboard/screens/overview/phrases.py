"""Parts of the one sentence: words, nouns that are links, and what it is all said of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.i18n import joint

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

SLOT: Final = "\x00"
Part = tuple[str, str]  # words and where they lead, or ""


def filled(scene: Scene, key: str, nouns: list[Part], **values: object) -> list[Part]:
    """The text of a key with links in the places of {a} and {b}."""
    slots = {name: f"{SLOT}{number}{SLOT}" for number, name in enumerate("ab"[: len(nouns)])}
    pieces = scene.t(key, **slots, **values).split(SLOT)
    parts = [nouns[int(each)] if at % 2 else (each, "") for at, each in enumerate(pieces)]
    for at in range(1, len(parts), 2):  # a noun stands between two plain texts
        (before, _), (noun, _), (after, _) = parts[at - 1 : at + 2]
        parts[at - 1] = (before + joint(before, noun, scene.language), "")
        parts[at + 1] = (joint(noun, after, scene.language) + after, "")
    return parts


def capital(scene: Scene, words: str) -> str:
    """The words as a sentence begins; Chinese has no capitals."""
    return words[:1].upper() + words[1:] if scene.language == "en" else words


def asked(scene: Scene) -> str:
    """The place, if it is not the whole, and what of its cases was asked for."""
    request, city = scene.numbers.request, scene.city
    chosen = [] if scene.unit == 0 else [scene.short(scene.unit)]
    for table, rows in (
        (city.sources, request.sources),
        (city.departments, request.departments if scene.department is None else ()),
        (city.categories, request.categories),
    ):
        names = [scene.entry(table, row) for row in rows]
        chosen += [scene.t("headline.and").join(names)] if names else []
    return scene.t("headline.comma").join(chosen)


def scope(scene: Scene) -> list[Part]:
    """What is said of a department only holds within: place, kind of case and period."""
    what = asked(scene)
    if not what and not scene.place.period:
        return []
    key = "headline.scope" if what else "headline.scope_period"
    period = scene.period_word("short_").strip()
    return [(capital(scene, scene.t(key, period=period, what=what)), "")]


def places(scene: Scene, peaks: list[int], key: str) -> list[Part]:
    """The text of a key with links to places; nothing where there are none."""
    if not peaks:
        return []
    words = [scene.brief(unit) for unit in peaks]
    level = _shared_level(scene, peaks, words)
    nouns = [
        (word, scene.href(at=scene.city.tree.codes[unit], level=""))
        for word, unit in zip(words, peaks, strict=True)
    ]
    return filled(scene, key, nouns, level=level)


def _shared_level(scene: Scene, units: list[int], words: list[str]) -> str:
    """The noun that both names go without: 两街道 of 鹤湾 and 丹坪; else nothing."""
    if any(word != scene.short(unit) for word, unit in zip(words, units, strict=True)):
        return ""
    if any(word == scene.name(unit) for word, unit in zip(words, units, strict=True)):
        return ""
    endings = {scene.name(unit).removeprefix(word) for word, unit in zip(words, units, strict=True)}
    if scene.language == "zh":
        level = endings.pop() if len(endings) == 1 else scene.t("headline.level_mixed")
    else:
        own = scene.city.tree.level(units[0])
        one = {scene.level_name(own).lower()} == {ending.strip().lower() for ending in endings}
        level = scene.level_plural(own) if one else ""
        if not level:  # the names of a level of several kinds stand alone
            return ""
    bare = level in {*scene.t("place.bare").split(" "), scene.t("headline.level_mixed")}
    return scene.t("headline.level", count=scene.t(f"headline.{'two' if bare else 'two_of'}"),
                   level=level)  # fmt: skip
