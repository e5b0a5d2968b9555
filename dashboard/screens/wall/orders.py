"""What a command changes in what was told to the walls; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from dashboard.place import THEMES
from dashboard.screens.wall.reading import TOPICS
from geodata.model.periods import DAY
from geodata.tour import tour as tours
from geodata.tour.tour import Pace, Tour

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.screens.wall.focus import Calls
    from geodata.tour.kept import Direction

FORGOTTEN_S: Final = 30 * DAY  # after which nobody need know who had seen an alert
STEPS: Final = ("previous", "next", "pause", "resume")
MAIN: Final = ""  # the place of the walls that a remote directs: the whole city


@dataclass(frozen=True)
class Context:
    """What a command may ask: places and alerts, the server's moment, the shown one, the pace."""

    calls: Calls
    real: float
    now: int
    pace: Pace


def carried_out(
    direction: Direction, do: str, more: Mapping[str, str], context: Context
) -> Direction:
    """The direction after a command.

    Raises:
        ValueError: there is no such command, or what it names is not there.
    """
    if do in STEPS:
        tour = _moved(direction.tours.get(MAIN, Tour()), do, context)
        return replace(direction, tours={**direction.tours, MAIN: tour})
    if do == "acknowledge":
        return _seen(direction, more.get("alert", ""), context)
    return replace(direction, **_changed(direction, do, more, context))


def _changed(
    direction: Direction, do: str, more: Mapping[str, str], context: Context
) -> dict[str, Any]:
    """What a command that names no place changes."""
    now = {"frozen": 0, "replay": "", "replay_began": 0.0}
    match do:
        case "freeze":
            return {"frozen": direction.frozen or context.now}
        case "thaw" | "live":
            return now
        case "replay":
            return now | {"replay": more["day"], "replay_began": context.real}
        case "theme":
            return {"theme": more.get("theme") or _after(direction.theme, THEMES)}
        case "topic":
            return {"topic": more.get("topic") or _after(direction.topic, TOPICS)}
    message = f"{do}: no such command"
    raise ValueError(message)


def _moved(tour: Tour, do: str, context: Context) -> Tour:
    now, order = context.real, context.calls.order
    if do == "pause":
        return tours.paused(tour, now)
    if do == "resume":
        return tours.resumed(tour, now)
    if tour.alerts:  # the first step leads back to the tour
        return tours.dismissed(tour, now, context.pace)
    return tours.back(tour, now, order) if do == "previous" else tours.moved(tour, now, order)


def _after(now: str, choices: tuple[str, ...]) -> str:
    """The choice after the present one."""
    at = choices.index(now) if now in choices else 0
    return choices[(at + 1) % len(choices)]


def _seen(direction: Direction, key: str, context: Context) -> Direction:
    """The direction with an alert seen to: the one that is named, never one that came meanwhile."""
    if key not in context.calls.open:
        message = "acknowledge: no alert of that key is open, or somebody has seen to it"
        raise ValueError(message)
    since = context.real - FORGOTTEN_S
    known = {name: at for name, at in direction.acknowledged.items() if at > since}
    return replace(direction, acknowledged={**known, key: context.real})
