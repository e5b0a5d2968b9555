"""What people call a department: its names, how they are spelt, initials, and short names of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata.ingest.pinyin import syllables

if TYPE_CHECKING:
    from collections.abc import Sequence

# How well words fit, the best first; LOOSE: some of the words of a name, but not its first.
EXACT, PREFIX, INITIAL, WITHIN, LOOSE = range(5)
# A Chinese character is a word, and so is what stands between blanks in other scripts.
WORD: Final = re.compile(r"[^\W_\u2e80-\U0010ffff]+|\w")
LEAST_CHARACTERS, LEAST_LETTERS = 2, 3  # fewer would be the short name of half of all departments
LEAST_CITY: Final = 2  # a shorter name of a city may well begin other words


@dataclass(frozen=True)
class Called:
    """The words of a department's names: characters, their spelling, and English."""

    names: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, zh: str, en: str, city_zh: str = "", city_en: str = "") -> Called:
        """Take names apart, each also without the name of its city, as it is said within it."""
        chinese, english = _forms(zh, city_zh), _forms(en, city_en)
        spellings = (" ".join(syllables(name)) for name in chinese)
        names = map(words, (*chinese, *spellings, *english))
        return cls(tuple(dict.fromkeys(name for name in names if name)))

    def rank(self, query: str) -> int | None:
        """How well typed words fit, as a rank from EXACT on; None where they do not."""
        plain = "".join(words(query))
        if not plain:
            return None
        ranks = (_rank(plain, name) for name in self.names)
        return min((rank for rank in ranks if rank is not None), default=None)


def words(text: str) -> tuple[str, ...]:
    """The words of a text without differences of case and width."""
    return tuple(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _forms(name: str, city: str) -> tuple[str, ...]:
    known = len(city) >= LEAST_CITY and name.startswith(city)
    return (name, name.removeprefix(city)) if known else (name,)


def _rank(query: str, name: Sequence[str]) -> int | None:
    whole = "".join(name)
    if whole.startswith(query):
        return EXACT if whole == query else PREFIX
    least = LEAST_LETTERS if query.isascii() else LEAST_CHARACTERS
    long = len(query) >= least
    if "".join(word[0] for word in name).startswith(query) or (long and _shortens(query, name)):
        return INITIAL
    rest = range(1, len(name))
    if (long or not query.isascii()) and any("".join(name[n:]).startswith(query) for n in rest):
        return WITHIN
    return LOOSE if long and any(_shortens(query, name[n:]) for n in rest) else None


def _shortens(query: str, name: Sequence[str]) -> bool:
    """Whether it is the first word and later ones, or how they begin: 城管局 of 城管执法局."""
    reached = {0}  # how much of the query the words up to here may have said
    for number, word in enumerate(name):
        said = {
            at + n for at in reached for n in range(1, len(word) + 1)
            if query.startswith(word[:n], at)
        }  # fmt: skip
        reached = reached | said if number else said
    return len(query) in reached
