"""What the numbers of rows count, in words: row 12 of a sheet, feature 3, data row 5."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geodata.ingest.reasons import Lang

ROW: Final = "row"


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("numbering.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def named(of: str, numbers: str, lang: Lang) -> str:
    """Name rows by their numbers, written with commas between: rows 4, 9."""
    texts = _catalogue()[of]
    return texts["many" if lang == "en" and "," in numbers else lang].format(n=numbers)


def counted(of: str, lang: Lang) -> str:
    """Name what is counted: row, feature, data row."""
    return _catalogue()[of][f"of_{lang}"]


def explained(of: str, lang: Lang) -> str:
    """Say how it is counted."""
    return _catalogue()[of][f"why_{lang}"]
