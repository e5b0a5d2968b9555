"""Which moment a wall shows: now, one that is held, or one of a day that is played."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from dashboard.i18n.moments import clock
from geodata.model.periods import DAY, MINUTE

if TYPE_CHECKING:
    from geodata.model.tuning import Wall
    from geodata.store.snapshots import City
    from geodata.tour.kept import Direction

SPEED: Final = 30  # seconds of the day in one: a minute every two seconds, a day in 48 minutes
DATE: Final = len("2026-11-21")
NOW, FROZEN, REPLAY = "now", "frozen", "replay"


@dataclass(frozen=True)
class Shown:
    """What a wall shows.

    kind: NOW, FROZEN or REPLAY; moment: epoch seconds, of NOW when it was asked for.
    name: the same for moments whose numbers take each other's place; own: the address asks for it,
    so that it concerns this wall alone; done: the played day is over.
    """

    kind: str
    moment: int
    name: str
    own: bool = False
    done: bool = False

    @property
    def apart(self) -> bool:
        """Whether it is another moment than now."""
        return self.kind != NOW


def shown(asked: str, direction: Direction, city: City, real: float) -> Shown:
    """The moment for an address; `asked`: a day or a minute of it, "" = as the wall was told."""
    zone, now = ZoneInfo(city.profile.time_zone), city.now()
    if asked:
        moment, _ = _played(asked, real % (DAY / SPEED), zone)
        return Shown(REPLAY, min(moment, now), f"{REPLAY} {asked}", own=True)
    if direction.frozen:
        return Shown(FROZEN, min(direction.frozen, now), FROZEN)
    if direction.replay:
        moment, done = _played(direction.replay, real - direction.replay_began, zone)
        return Shown(REPLAY, min(moment, now), REPLAY, done=done or moment > now)
    return Shown(NOW, now, NOW)


def over(direction: Direction, told: Shown) -> Direction:
    """The direction without a played day that is over."""
    if told.own or not told.done or not direction.replay:
        return direction
    return replace(direction, replay="", replay_began=0.0)


def _played(text: str, seconds: float, zone: ZoneInfo) -> tuple[int, bool]:
    """The minute of a day so many seconds after its play began, and whether the day is over."""
    if len(text) > DATE:
        return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()), False
    midnight = datetime.fromisoformat(text).replace(tzinfo=zone)
    start, end = midnight.timestamp(), (midnight + timedelta(days=1)).timestamp()
    moment = start + max(0.0, seconds) * SPEED
    whole = int(min(moment, end - MINUTE))
    return whole - whole % MINUTE, moment >= end


def is_dim(wall: Wall, real: float, zone: str) -> bool:
    """Whether it is night for the wall."""
    if wall.dim_from == wall.dim_to:
        return False
    at = clock(real, zone)
    if wall.dim_from < wall.dim_to:
        return wall.dim_from <= at < wall.dim_to
    return at >= wall.dim_from or at < wall.dim_to
