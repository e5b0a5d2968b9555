"""Files of an arrival that go into nothing, and why."""

from __future__ import annotations

from typing import Any

from geodata.report.unused import Unused

Json = dict[str, Any]


def unused(board: Json) -> list[Unused]:
    """List the files of a draft that cannot be read or that nothing is made of."""
    return [
        _of(file) for file in board["files"] if file["fault"] or file["role"]["value"] == "unused"
    ]


def _of(file: Json) -> Unused:
    if fault := file["fault"]:
        words = {key: fault[key] for key in ("zh", "en", "cure_zh", "cure_en")}
        return Unused(file["name"], unreadable=True, **words)
    role = file["role"]
    return Unused(file["name"], unreadable=False, zh=role["zh"], en=role["en"])
