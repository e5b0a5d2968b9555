"""Names of grids that a plan makes, in the manner of their neighbours."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(r"\d+")
_PLAIN: Final = {"zh": "网格{n}", "en": "Grid {n}"}


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
