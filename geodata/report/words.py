"""Words of the report in both languages, from `words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geodata.ingest.reasons import Lang

COUNTED: Final = "n_"  # before the keys of words for so and so many of a thing


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("words.toml").open("rb") as file:
        return tomllib.load(file)


def word(key: str, lang: Lang, **values: object) -> str:
    """Say one thing, with values put in."""
    return _catalogue()[key][lang].format(**values) if values else _catalogue()[key][lang]


def counted(count: int, of: str, lang: Lang) -> str:
    """Say how many of a thing there are: 1 row, 12 places; "" where there is nothing to count."""
    if not of:
        return ""
    texts = _catalogue()[COUNTED + of]
    one = lang == "en" and count == 1
    return texts["one" if one else lang].format(n=f"{count:,}")
