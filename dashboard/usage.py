"""What `python app.py` says to whoever gives it words: settings come from the environment."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from dashboard.i18n import LANGUAGES, t
from dashboard.settings import PREFIX, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

HELP: Final = ("-h", "--help")


def check(words: Sequence[str]) -> None:
    """Go on only where no words are given; else name every setting and leave."""
    if not words:
        return
    asked = any(word in HELP for word in words)
    told = (
        []
        if asked
        else [t("server.usage_words", each, words=" ".join(words)) for each in LANGUAGES]
    )
    (sys.stdout if asked else sys.stderr).write("\n".join([*told, text()]))
    sys.exit(0 if asked else 2)


def text() -> str:
    """Every setting with its default, as a line to copy."""
    lines = [*(t("server.usage", each) for each in LANGUAGES), ""]
    lines += [
        f"  {PREFIX}{name.upper()}={'' if each.default in {None, ()} else each.default}"
        for name, each in Settings.model_fields.items()
        if name != "wall_pin"
    ]
    return "\n".join([*lines, f"  {PREFIX}WALL_PIN="]) + "\n"
