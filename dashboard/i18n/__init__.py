"""`t(key, language)`: every visible text, from the catalogues beside this file."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geodata.model.profile import Profile

LANGUAGES: Final = ("zh", "en")
TAGS: Final = {"zh": "zh-CN", "en": "en"}  # as HTML names them
FOLDER: Final = Path(__file__).parent
THIN: Final = "\u2009"
_HAN: Final = r"[\u3007\u4e00-\u9fff]"
_GAP: Final = re.compile(rf"(?<={_HAN}) (?=[\d<≥+−.])|(?<=[\d%]) (?={_HAN})")
_JOINT: Final = re.compile(rf"(?<={_HAN})(?=[A-Za-z]{{2}})|(?<=[A-Za-z]{{2}})(?={_HAN})")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every text as room.key → language → text."""
    texts = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for key, text in tomllib.loads(path.read_text(encoding="utf-8")).items():
            texts[f"{path.stem}.{key}"] = text
    return texts


def t(key: str, language: str, /, **values: object) -> str:
    """The text of `room.key` with its placeholders filled in; {plural}: s unless {n} is one.

    Raises:
        KeyError: for a key or a placeholder nobody has written.
    """
    ending = "" if str(values.get("n")) == "1" else "s"
    return thin(catalogue()[key][language].format(**{"plural": ending} | values), language)


def thin(text: str, language: str) -> str:
    """The text with a thin space between Chinese characters and digits or Latin words."""
    return _JOINT.sub(THIN, _GAP.sub(THIN, text)) if language == "zh" else text


def joint(before: str, after: str, language: str) -> str:
    """What comes between two texts that are shown as parts of one, as `thin` would have it."""
    joined = language == "zh" and _JOINT.match(before + after, len(before))
    return THIN if joined else ""


def titled(profile: Profile | None, language: str) -> str:
    """The title of a city's screen, made of its name where it has none; ours without a city."""
    if profile is None:
        return t("screens.product", language)
    own = profile.title_zh if language == "zh" else profile.title_en
    return own or t("screens.title", language, name=named(profile, language))


def named(row: object, language: str) -> str:
    """The name of a table row or profile entry in that language, whichever is known."""
    first, second = ("name_zh", "name_en") if language == "zh" else ("name_en", "name_zh")
    chosen = getattr(row, first, "") or getattr(row, second, "")
    return thin(str(chosen), language)
