"""One folder per screen; screens do not know each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

VIEW: Final = "view"
IMPORT: Final = "import"
DEPARTMENTS: Final = "departments"
BRIEF: Final = "brief"  # of the screens one sheet of paper
EVALUATION: Final = "grids"
DUPLICATES: Final = "duplicates"
PLANNER: Final = "planner"
PLAN: Final = "plan"  # to work on drafts of grids


@dataclass(frozen=True)
class Screen:
    """A screen that exists: its key (also of its name in `i18n/screens.toml`) and its address.

    right: what an actor must hold to see it.
    """

    key: str
    path: str
    right: str = VIEW


SCREENS: Final = (
    Screen("overview", "/"),
    Screen(DEPARTMENTS, "/?on=dept"),
    Screen(EVALUATION, "/?on=grids"),
    Screen(PLANNER, "/plan", PLAN),
    Screen("wall", "/wall"),
    Screen(DUPLICATES, "/duplicates"),
    Screen(BRIEF, "/brief"),
    Screen("definitions", "/definitions"),
    Screen("imports", "/import", IMPORT),
)


def tabs(rights: frozenset[str], query: str = "") -> list[tuple[Screen, str]]:
    """The screens an actor may see, with their addresses; query: what all of them understand."""
    kept = query if query != "?" else ""
    return [
        (screen, screen.path + (kept.replace("?", "&") if "?" in screen.path else kept))
        for screen in SCREENS
        if screen.right in rights
    ]
