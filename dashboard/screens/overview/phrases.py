"""Parts of the one sentence: words, and nouns that are links."""

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
