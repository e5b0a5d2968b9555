"""In which order texts follow each other for a reader: by sound, and by the numbers in them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from geodata.ingest.pinyin import syllables

NUMBER: Final = re.compile(r"\d+")
DIGITS: Final = 12  # a longer number is a code, and codes of one kind are equally long
ORDINAL: Final = re.compile("第([零〇一二三四五六七八九十百]+)")
NUMERALS: Final = dict(zip("零〇一二三四五六七八九", (0, *range(10)), strict=True))
TIMES: Final = {"十": 10, "百": 100}
TEN: Final = 10


@lru_cache(30_000)
def reading(text: str) -> str:
    """What a text is ordered by: 第2网格 before 第10网格, 第二社区 before 第十社区, 岫 as xiu.

    Texts that sound alike stand together by their characters.
    """
    plain = unicodedata.normalize("NFKC", text)  # also digits as wide as a character
    counted = ORDINAL.sub(lambda found: f"第{_value(found[1])}", plain)
    padded = NUMBER.sub(lambda found: found[0].zfill(DIGITS), counted)
    return "\0".join((" ".join(syllables(padded)).casefold(), text))


def _value(numeral: str) -> int:
    """A Chinese numeral below a thousand, 一百二十; digit by digit, 一二, where it has no tens."""
    whole, digit = 0, 0
    for character in numeral:
        if character in TIMES:
            whole, digit = whole + (digit or 1) * TIMES[character], 0
        else:
            digit = digit * TEN + NUMERALS[character]
    return whole + digit
