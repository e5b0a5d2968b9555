"""What other systems call things: column names, roles, levels and states, from one catalogue."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_name("vocabulary.toml")
_SHORT: Final = 4  # a Latin word shorter than this is only known whole
_HAN: Final = range(0x4E00, 0xA000)
_NEXT: Final = 0.005  # a later word of the list is a little less likely
_LAST: Final = 0.15


@dataclass(frozen=True)
class LevelName:
    """What a level is called, and by which words and endings of names it is known."""

    key: str
    name_zh: str
    name_en: str
    plural_en: str
    words: tuple[str, ...]
    endings: tuple[str, ...]


@cache
def catalogue() -> dict[str, Any]:
    """Read the catalogue once."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def levels() -> tuple[LevelName, ...]:
    """List the known levels, the highest first."""
    return tuple(
        LevelName(**{**entry, "words": tuple(entry["words"]), "endings": tuple(entry["endings"])})
        for entry in catalogue()["levels"]
    )


def plain(text: str) -> str:
    """Write a name without case, blanks and marks, as names are compared."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def has_han(text: str) -> bool:
    """Say whether a text holds a Chinese character."""
    return any(ord(letter) in _HAN for letter in text)


@cache
def likeness(ours: str, theirs: str) -> float:
    """Say from 0 to 1 how likely a column of that name holds one of our columns."""
    name = plain(theirs)
    best = 0.0
    for position, word in enumerate(catalogue()["columns"].get(ours, ())):
        alike = _alike(plain(word), name)
        best = max(best, alike - min(position * _NEXT, _LAST) if alike else 0.0)
    return best


def names(role: str, text: str) -> bool:
    """Say whether a file or folder name speaks of a role."""
    return any(spoken(word, text) for word in catalogue()["roles"].get(role, ()))


def spoken(word: str, text: str) -> bool:
    """Say whether a word stands in a text: Chinese anywhere, Latin as a word or its plural."""
    if has_han(word):
        return word in text
    found = "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
    return any(part in {word, f"{word}s"} for part in found) or (
        len(word) >= _SHORT and any(part.startswith(word) for part in found)
    )


def _alike(word: str, name: str) -> float:
    if word == name:
        return 1.0
    long = len(word) >= (2 if has_han(word) else _SHORT)
    if not long or not name:
        return 0.0
    if name.endswith(word) or name.startswith(word):
        return 0.8 if has_han(word) else 0.7
    return 0.0
