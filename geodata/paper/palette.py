"""Colours on paper, from `palette.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def palette() -> dict[str, str]:
    """Every colour: name → #RRGGBB."""
    with Path(__file__).with_name("palette.toml").open("rb") as file:
        return tomllib.load(file)


def colour(name: str) -> str:
    """One colour by its name."""
    return palette()[name]
