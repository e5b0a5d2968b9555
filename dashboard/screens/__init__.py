"""One folder per screen; screens do not know each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Screen:
    """A screen that exists: its key (also of its name in `i18n/screens.toml`) and its address."""

    key: str
    path: str


SCREENS: Final = (Screen("overview", "/"),)
