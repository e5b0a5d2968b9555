"""What the city of an arrival is called, and whether anybody has named it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
NAMES: Final = ("name_zh", "name_en")
PLACEHOLDER: Final = "City"  # what the draft calls a city whose files do not name it


def names(board: Json, choices: Mapping[str, Json]) -> tuple[str, str]:
    """Give its Chinese and its English name, as found or as a person has written them."""
    chosen = choices.get("", {})
    found = board["city"]
    zh, en = (str(chosen.get(key, found[key]["value"])).strip() for key in NAMES)
    return zh, en


def unnamed(board: Json, choices: Mapping[str, Json]) -> bool:
    """Whether one of its names is still the placeholder, or empty."""
    return any(name in {"", PLACEHOLDER} for name in names(board, choices))
