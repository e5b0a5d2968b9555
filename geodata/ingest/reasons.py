"""What the keys of findings mean and what cures them, in words, from `reasons.toml`.

A key that begins with `*` there stands for every stage of a case: `*_unreadable` is
`due_unreadable`, `closed_unreadable` …, and `{stage}` in its words is the name of that stage.
`of` names what is counted where that is not the rows of a file.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, Literal

Lang = Literal["zh", "en"]
FAMILY: Final = "*"
COUNTS: Final = "rows"
_FOLDER: Final = Path(__file__).parent


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every reason: key → zh, en, cure_zh, cure_en."""
    return _read("reasons.toml")


@cache
def stages() -> dict[str, dict[str, str]]:
    """Names of the moments of a case: column → zh, en."""
    return _read("stages.toml")


def entry(reason: str) -> dict[str, str]:
    """Words of one reason; those of its family with the name of the stage put in."""
    known = catalogue()
    if reason in known:
        return known[reason]
    for stage, named in stages().items():
        family = FAMILY + reason.removeprefix(stage)
        if family in known:
            return {
                field: text.replace("{stage}", named[field.removeprefix("cure_")])
                for field, text in known[family].items()
            }
    return dict.fromkeys(("zh", "en"), reason) | dict.fromkeys(("cure_zh", "cure_en"), "")


def text(reason: str, lang: Lang) -> str:
    """Say what was found; a key that nobody described stands for itself."""
    return entry(reason)[lang]


def cure(reason: str, lang: Lang) -> str:
    """Say what to do about it."""
    return entry(reason)[f"cure_{lang}"]


def counts(reason: str) -> str:
    """Name what a finding counts: rows as a rule; "" where a number would say nothing."""
    return catalogue().get(reason, {}).get("of", COUNTS)


def _read(name: str) -> dict[str, dict[str, str]]:
    with (_FOLDER / name).open("rb") as file:
        return tomllib.load(file)
