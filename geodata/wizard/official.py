"""Chinese division codes (GB/T 2260 and what is built on it): which level a code is of.

Two digits are a province, four a city, six a district, nine a street, twelve a community or
village; a shorter code may be filled up with noughts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geodata.wizard.vocabulary import has_han

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.wizard.family import Family

LEVELS: Final = {2: "province", 4: "city", 6: "district", 9: "street", 12: "community"}
_LENGTHS: Final = (6, 9, 12)
_PROVINCES: Final = frozenset(
    number
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 82),
    )
    for number in range(first, last + 1)
)
_MUNICIPAL: Final = frozenset({"11", "12", "31", "50"})  # provinces that are one city


def level_of(family: Family) -> str:
    """Name the level whose codes these are; "" if they are no such codes, or of something else.

    Elsewhere codes are as long: those of places without a Chinese name say nothing.
    """
    codes = _codes(family)
    return LEVELS[max(map(_significant, codes))] if codes else ""


def root_of(family: Family) -> str:
    """Name the level that holds all units of a file, by what their codes begin with."""
    codes = _codes(family)
    own = max(map(_significant, codes), default=0)
    alike = (n for n in LEVELS if n < own and len({code[:n] for code in codes}) == 1)
    shared = max(alike, default=0)
    municipal = shared == min(LEVELS) and codes[0][:shared] in _MUNICIPAL
    return "city" if municipal else LEVELS.get(shared, "")


def _codes(family: Family) -> Sequence[str]:
    first = family.members[0].columns
    if "code" not in first or "name_zh" not in first:
        return ()
    codes = [str(code) for code in family.raw_codes]
    names = [str(name) for name in family.cells(first["name_zh"].value)]
    chinese = 2 * sum(map(has_han, names)) > len(names)
    alike = len(set(map(len, codes))) == 1 and len(codes[0]) in _LENGTHS
    return codes if chinese and alike and all(map(_official, codes)) else ()


def _official(code: str) -> bool:
    return code.isascii() and code.isdigit() and int(code[:2]) in _PROVINCES


def _significant(code: str) -> int:
    """Count the digits that are no filling."""
    return next(
        length
        for length in (*LEVELS, len(code))
        if length <= len(code) and not code[length:].strip("0")
    )
