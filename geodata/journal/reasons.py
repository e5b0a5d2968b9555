"""Why an event or a batch is not taken, and what cures it, in words, from `reasons.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

Lang = Literal["zh", "en"]


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every reason: key → zh, en, cure_zh, cure_en."""
    with Path(__file__).with_name("reasons.toml").open("rb") as file:
        return tomllib.load(file)


def text(reason: str, lang: Lang) -> str:
    """Say what is wrong."""
    return catalogue()[reason][lang]


def cure(reason: str, lang: Lang) -> str:
    """Say what to do about it."""
    return catalogue()[reason][f"cure_{lang}"]
