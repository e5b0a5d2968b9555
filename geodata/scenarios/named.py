"""Names that nobody typed: of grids, in the manner of their neighbours, and of scenarios."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

_NUMBER: Final = re.compile(r"\d+")
_PLAIN: Final = {"zh": "网格{n}", "en": "Grid {n}"}
_CONTINUES: Final = "\x1f"  # in a default name, between what it continues and which one it is
_CONTINUED: Final = {
    "zh": ("{name}（续）", "{name}（续{n}）"),
    "en": ("{name} (continued)", "{name} (continued {n})"),
}
_LONGEST: Final = 40  # characters of what is continued: there is room for the rest in a field


def name_of(code: str, community: str, sister: str, lang: str) -> str:
    """The name of a new grid: that of a grid beside it with its own number in place of the last.

    community: code of what holds it; sister: name of another grid there, "" = there is none.
    """
    serial = serial_of(code, community)
    numbers = list(_NUMBER.finditer(sister))
    if not numbers:
        return _PLAIN[lang].format(n=serial)
    last = numbers[-1]
    wide = len(last[0]) if last[0].startswith("0") else 0
    number = serial.zfill(wide)
    return f"{sister[: last.start()]}{number}{sister[last.end() :]}"


def serial_of(code: str, community: str) -> str:
    """The number of a grid in its community without leading zeros, or what its code ends with."""
    own = code.removeprefix(community)
    return (own.lstrip("0") or "0") if own.isascii() and own.isdigit() else own


def continued(name: str, taken: Collection[str]) -> str:
    """The default name of a scenario that continues another, in no language yet.

    taken: names of all there are, none of which is given again in either language.
    """
    number = name.partition(_CONTINUES)[2]
    n = int(number) + 1 if number.isdecimal() else 1
    told = {called(each, lang) for each in taken for lang in _CONTINUED}
    while not told.isdisjoint(called(_numbered(typed(name), n), lang) for lang in _CONTINUED):
        n += 1
    return _numbered(typed(name), n)


def _numbered(own: str, n: int) -> str:
    return f"{own[:_LONGEST]}{_CONTINUES}{n}"


def typed(name: str) -> str:
    """What a person typed of a scenario's name, in whatever language."""
    return name.partition(_CONTINUES)[0]


def called(name: str, lang: str) -> str:
    """The name of a scenario for who reads it; one that a person typed stays as it is."""
    number = name.partition(_CONTINUES)[2]
    if not number.isdecimal():
        return name
    return _CONTINUED[lang][int(number) > 1].format(name=typed(name), n=number)
