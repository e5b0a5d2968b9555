"""Words of the report in both languages, from `words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geodata.ingest.reasons import Lang


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("words.toml").open("rb") as file:
        return tomllib.load(file)


def word(key: str, lang: Lang, **values: object) -> str:
    """Say one thing, with values put in."""
    return _catalogue()[key][lang].format(**values) if values else _catalogue()[key][lang]
