"""Text read as GB18030 that is likelier Big5: told, never read otherwise.

Every Big5 text is GB18030 too, of other characters. Both tables begin with the characters that are
in use, by their leading byte, so that counting pairs of bytes tells which of the two makes sense.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geodata.formats.sheet import Remark
from geodata.formats.texts import GB18030

if TYPE_CHECKING:
    from geodata.formats.sheet import Raw

REASON: Final = "encoding_may_be_big5"
ROWS: Final = 2_000  # of each column that are looked at
FEWEST: Final = 12  # characters; fewer say nothing
SENSE: Final = 0.9  # share of characters in use of a text read rightly
NONSENSE: Final = 0.6  # and of one read wrongly, at most
_PAIR: Final = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_SIGNS: Final = range(0xA1, 0xA4)  # punctuation, in both
_GB_COMMON: Final = (range(0xB0, 0xD8), range(0xA1, 0xFF))  # leading and second byte
_BIG5_COMMON: Final = (range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))


def note(raw: Raw) -> None:
    """Remark a file that was found to be GB18030 and looks like Big5."""
    if raw.encoding == GB18030 and likely(_sample(raw).encode(GB18030, errors="ignore")):
        cure = "if its characters make no sense, name its encoding as `encoding` in the profile"
        raw.remarks.append(Remark("kept", REASON, [], cure))


def likely(content: bytes) -> bool:
    """Say whether the characters make sense as Big5 and hardly any as GB18030."""
    pairs = [pair for pair in _PAIR.findall(content) if pair[0] not in _SIGNS]
    if len(pairs) < FEWEST:
        return False
    return _share(pairs, *_BIG5_COMMON) >= SENSE and _share(pairs, *_GB_COMMON) <= NONSENSE


def _share(pairs: list[bytes], lead: range, trail: range | tuple[int, ...]) -> float:
    second = frozenset(trail)
    return sum(pair[0] in lead and pair[1] in second for pair in pairs) / len(pairs)


def _sample(raw: Raw) -> str:
    cells = (str(cell) for column in raw.columns.values() for cell in column[:ROWS].to_pylist())
    return "\n".join((*raw.columns, *cells))
