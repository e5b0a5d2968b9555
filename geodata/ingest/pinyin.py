"""Chinese in Latin letters, for hundreds of thousands of names at a time.

Most characters of a place name are read as they are alone. Only a name that may hold a phrase in
which one is read otherwise, as in 重庆, needs the search for phrases, which is slow.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from operator import add
from typing import Final

PAIR: Final = 2
_RUNS: Final = re.compile(r"[^\u2e80-\U0010ffff]+|.", re.DOTALL)  # not Chinese, or one character


def spelt(name: str) -> str:
    """Spell a name without tones: 阳坊 yangfang."""
    if _may_hold_phrase(name):
        return _whole(name)
    return "".join(map(_spelt, name))


def syllables(name: str) -> list[str]:
    """The syllables of a name without tones, other scripts as they are: 阳坊 1 → yang, fang, 1."""
    if _may_hold_phrase(name):
        return _read(name)
    return [_spelt(run) if len(run) == 1 else run for run in _RUNS.findall(name)]


def first_letters(name: str) -> str:
    """First letter of every syllable: 阳坊 yf."""
    if _may_hold_phrase(name):
        return _whole(name, letters=True)
    return "".join(map(_first_letter, name))


@lru_cache(30_000)
def _spelt(character: str) -> str:
    return _whole(character)


@lru_cache(30_000)
def _first_letter(character: str) -> str:
    return _whole(character, letters=True)


def _whole(text: str, *, letters: bool = False) -> str:
    return "".join(_read(text, letters=letters))


def _read(text: str, *, letters: bool = False) -> list[str]:
    # Its tables take long to load, and most of what reads names needs no spelling.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    return lazy_pinyin(text, style=Style.FIRST_LETTER if letters else Style.NORMAL)


def _may_hold_phrase(name: str) -> bool:
    return not _odd_pairs().isdisjoint(map(add, name, name[1:]))


@cache
def _odd_pairs() -> frozenset[str]:
    """How phrases begin that are not read as their characters are alone."""
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415 - as above

    return frozenset(
        phrase[:PAIR]
        for phrase, readings in PHRASES_DICT.items()
        if any(
            _plain(reading[0]) != _spelt(character)
            for character, reading in zip(phrase, readings, strict=False)
        )
        or len(phrase) != len(readings)
    )


def _plain(syllable: str) -> str:
    """Take the tone off: lǜ → lv, as names are typed."""
    text = syllable.replace("ü", "v")
    letters = unicodedata.normalize("NFD", text)
    if "\u0308" in letters:  # the dots of ü under a tone
        return "".join(letter for letter in letters.replace("u\u0308", "v") if letter.isalpha())
    return "".join(letter for letter in letters if letter.isalpha())
