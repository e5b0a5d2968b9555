"""Which import and which of its files the address shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qs, urlencode

from dashboard.place import LANGUAGES, THEMES

PATH: Final = "/import"
MAX_QUERY: Final = 1_000
LETTERS: Final = {"arrival": "a", "file": "f", "language": "lang", "theme": "theme"}


@dataclass(frozen=True)
class Where:
    """The state of the import screen; file "" is the import as a whole."""

    arrival: str = ""
    file: str = ""
    language: str = ""
    theme: str = ""

    def href(self, **changes: str) -> str:
        """The query of this place with some parts changed."""
        moved = replace(self, **changes)
        parts = {letter: getattr(moved, name) for name, letter in LETTERS.items()}
        return "?" + urlencode({letter: value for letter, value in parts.items() if value})


def read(search: str) -> Where:
    """Read a query; what makes no sense counts as not said."""
    query = parse_qs(search[:MAX_QUERY].removeprefix("?"))
    said = {name: query.get(letter, [""])[-1] for name, letter in LETTERS.items()}
    if said["language"] not in LANGUAGES:
        said["language"] = ""
    if said["theme"] not in THEMES:
        said["theme"] = ""
    return Where(**said)
