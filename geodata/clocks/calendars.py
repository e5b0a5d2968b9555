"""Working calendars: those that are shipped, by name, and one that a profile holds."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.model.calendar import Calendar
from geodata.model.errors import ProfileError

if TYPE_CHECKING:
    from geodata.model.calendar import Clock

FOLDER: Final = Path(__file__).with_name("calendars")


def shipped() -> tuple[str, ...]:
    """Names of the calendars that come with the program."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def calendar_of(clock: Clock) -> Calendar:
    """The calendar that a profile's clock names or holds.

    Raises:
        ProfileError: no calendar of that name is shipped.
    """
    return _named(clock.calendar) if isinstance(clock.calendar, str) else clock.calendar


@cache
def _named(name: str) -> Calendar:
    if name not in shipped():
        message = (
            f"clock.calendar: no calendar {name!r} is shipped; name one of {', '.join(shipped())}, "
            "or a file beside the profile as mine.toml"
        )
        raise ProfileError(message)
    path = FOLDER / f"{name}.toml"
    return Calendar.model_validate(tomllib.loads(path.read_text("utf-8")) | {"file": path.name})
