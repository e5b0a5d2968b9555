"""Words that two descriptions share."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

LONGEST: Final = 2_000  # characters of a text that are compared
MOST: Final = 5
HAN: Final = re.compile(r"[\u3400-\u9fff]{2,}")
LATIN: Final = re.compile(r"[A-Za-z]{4,}")


def in_common(one: str, other: str, known: str = "") -> list[str]:
    """Stretches of letters in both texts, the longest first; never digits, nor what is masked.

    known: what is said of both anyway, as place and matter; its words tell nothing.
    """
    one, other = one[:LONGEST], other[:LONGEST]
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    shared = [one[block.a : block.a + block.size] for block in matcher.get_matching_blocks()]
    words = {word for text in shared for kind in (HAN, LATIN) for word in kind.findall(text)}
    words = {word for word in words if word not in known}
    return sorted(words, key=lambda word: (-len(word), word))[:MOST]
