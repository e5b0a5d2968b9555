"""Sentences of the wizard in both languages, from one catalogue."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

_WIDEST: Final = 300  # characters of a line that quotes a file
_SIGNS: Final = {
    "%Y": "YYYY", "%y": "YY", "%m": "MM", "%b": "Mmm", "%B": "Mmmm", "%d": "DD", "%H": "hh",
    "%I": "hh", "%M": "mm", "%S": "ss", "%f": "ffffff", "%p": "AM/PM", "%z": "±hh:mm",
}  # fmt: skip
_FILE: Final = Path(__file__).with_name("words.toml")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Read every sentence: key → language → text."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def say(key: str, **values: object) -> tuple[str, str]:
    """Give a sentence in Chinese and in English, its placeholders filled in."""
    text = catalogue()[key]
    return text["zh"].format(**values), text["en"].format(**values)


def pattern(written: str) -> str:
    """Write a format of times as people do: %Y-%m-%d %H:%M → YYYY-MM-DD hh:mm."""
    for sign, letters in _SIGNS.items():
        written = written.replace(sign, letters)
    return written


def one_line(text: str) -> str:
    """Keep a text on its line, whatever stands in the file it quotes."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= _WIDEST else f"{line[:_WIDEST]}…"
