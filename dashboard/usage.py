"""What `python app.py` says to whoever gives it words: settings come from the environment."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from dashboard.settings import PREFIX, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

HELP: Final = ("-h", "--help")


def check(words: Sequence[str]) -> None:
    """Go on only where no words are given; else name every setting and leave."""
    if not words:
        return
    asked = any(word in HELP for word in words)
    if not asked:
        sys.stderr.write(f"python app.py: takes no words, not {' '.join(words)}\n")
    (sys.stdout if asked else sys.stderr).write(text())
    sys.exit(0 if asked else 2)


def text() -> str:
    """Every setting with its default, as a line to copy."""
    lines = [
        "Settings come from the environment, as in YIPING_PORT=8060 python app.py",
        "设置取自环境变量；make run 启动演示城市。make run starts the demo city.",
        "",
    ]
    lines += [
        f"  {PREFIX}{name.upper()}={'' if each.default in {None, ()} else each.default}"
        for name, each in Settings.model_fields.items()
        if name != "wall_pin"
    ]
    return "\n".join([*lines, f"  {PREFIX}WALL_PIN="]) + "\n"
