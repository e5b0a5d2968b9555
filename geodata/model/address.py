"""How an address of the product is written: one definition for screens, files and printed pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

LETTERS: Final = {  # what an address says → its letter there, in the order of writing
    "at": "at",
    "arrangement": "on",
    "case": "c",
    "period": "t",
    "axis": "ax",
    "categories": "k",
    "departments": "d",
    "sources": "src",
    "measure": "m",
    "scheme": "sc",
    "level": "lv",
    "heat": "heat",
    "play": "play",
    "hidden": "hide",
    "division": "bv",
    "selected": "sel",
    "table": "table",
    "sort": "sort",
    "language": "lang",
    "theme": "theme",
    "motion": "motion",
}
DESK: Final = "dept"  # the arrangement of the page for one department


def query(said: Mapping[str, object]) -> str:
    """What is said as `?at=…`; "" where nothing is."""
    pairs = []
    for name, letter in LETTERS.items():
        if name not in said:
            continue
        value = said[name]
        text = ",".join(value) if isinstance(value, tuple) else value
        pairs.append((letter, str(int(text)) if isinstance(text, bool) else text))
    return "?" + urlencode(pairs, safe=",:") if pairs else ""
