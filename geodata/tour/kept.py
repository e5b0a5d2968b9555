"""The one small file in which a wall's tour and look outlive the server."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from geodata.store.tables import write_text
from geodata.tour.tour import Tour

if TYPE_CHECKING:
    from pathlib import Path

LOG: Final = logging.getLogger(__name__)
FILE: Final = "wall.json"
T = TypeVar("T", "Tour", "Direction")
OWNER_ONLY: Final = 0o600  # it holds what the remote's cookies are signed with


@dataclass(frozen=True)
class Direction:
    """What was told to the walls of a city, and where their tour is.

    tours: by the code of the place that is toured, "" = the whole city.
    theme: light or dark, "" = as the page was opened; topic: what the map shows, "" = the first.
    frozen: moment that is shown until it is thawed, 0 = none.
    replay: day that is played, "" = none; replay_began: server's moment at which it began.
    acknowledged: keys of open alerts by the moment somebody has seen to them.
    secret: what cookies of the remote are signed with.
    """

    tours: dict[str, Tour] = field(default_factory=dict)
    theme: str = ""
    topic: str = ""
    frozen: int = 0
    replay: str = ""
    replay_began: float = 0.0
    acknowledged: dict[str, float] = field(default_factory=dict)
    secret: str = ""


def read(data_dir: Path) -> Direction:
    """The direction as it was kept; a new one where there is none, or it is damaged."""
    path = data_dir / FILE
    try:
        return _read(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Direction()
    except (OSError, ValueError, TypeError, AttributeError):
        LOG.exception("%s: cannot be read; the wall's tour begins anew", path)
        return Direction()


def write(data_dir: Path, direction: Direction) -> None:
    """Keep it, whole or not at all.

    Raises:
        OSError: the disk is full, or may not be written.
    """
    write_text(data_dir / FILE, json.dumps(asdict(direction), indent=1), OWNER_ONLY)


def _read(given: dict[str, Any]) -> Direction:
    tours = {at: _like(Tour(), tour) for at, tour in given.pop("tours", {}).items()}
    return replace(_like(Direction(), given), tours=tours)


def _like(blank: T, given: dict[str, Any]) -> T:
    """The same with what was kept, each of it of the kind it should be."""
    for name, value in given.items():
        usual = getattr(blank, name)
        fitting = (
            isinstance(value, list) if isinstance(usual, tuple) else type(value) is type(usual)
        )
        if not (fitting or (isinstance(usual, float) and type(value) is int)):
            message = f"{name}: {value!r} is not of its kind"
            raise TypeError(message)
        given[name] = tuple(map(str, value)) if isinstance(value, list) else value
    return replace(blank, **given)
