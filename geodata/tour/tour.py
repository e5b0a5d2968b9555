"""The tour of the wall: worst place first, then round robin; a red alert takes the focus.

Pure: every function takes a tour and a moment and gives the next tour. Moments are epoch seconds of
the server's own clock; places are codes, alerts keys, so that a tour outlives a publication.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TOUR, ALERT, HELD = "tour", "alert", "held"
MOST_WAITING: Final = 16  # red alerts that are returned to; the panel has all of them
MOST_MET: Final = 512  # that are over
LEAST_LEFT_S: Final = 5.0  # of a place that is returned to, so that it can be read


@dataclass(frozen=True)
class Pace:
    """How long the wall stays: at a place, at a red alert, at one that it returns to."""

    place_s: float = 60.0
    alert_s: float = 180.0
    again_s: float = 20.0


@dataclass(frozen=True)
class Tour:
    """Where the tour is.

    at: code of the place; began: since when; turn: how often the focus has moved.
    shown: places of this round, in order.
    paused: since when the tour stands still, 0 = it goes on.
    alerts: keys of the red alerts that took the focus, the present one first.
    alert_began, alert_ends: of the present one; left_s: what the place had left when it came.
    met: keys of red alerts that have had the focus or need none; one that comes back needs none.
    """

    at: str = ""
    began: float = 0.0
    turn: int = 0
    shown: tuple[str, ...] = ()
    paused: float = 0.0
    alerts: tuple[str, ...] = ()
    alert_began: float = 0.0
    alert_ends: float = 0.0
    left_s: float = 0.0
    met: tuple[str, ...] = ()


@dataclass(frozen=True)
class Focus:
    """What the wall looks at: a place, or the alert that took its turn.

    n, of: which place of how many this round; ends: when the focus moves on, 0 = not by itself.
    """

    key: str
    why: str
    at: str
    alert: str
    began: float
    ends: float
    n: int
    of: int


def step(
    tour: Tour, now: float, order: Sequence[str], reds: Mapping[str, float], pace: Pace
) -> Tour:
    """The tour at a moment.

    Args:
        tour: as it was.
        now: the moment.
        order: codes of the places, the worst first.
        reds: when each open red alert was raised, without those that somebody has acknowledged.
        pace: how long it stays.
    """
    tour = _mended(tour, now, pace)
    tour = _called(tour, now, reds, pace)
    if tour.alerts:
        return tour
    if tour.at not in order:
        return moved(tour, now, order)
    if tour.paused or now - tour.began < pace.place_s:
        return tour
    # Counted from when it should have moved, so that a day of turns does not drift.
    punctual = tour.began + pace.place_s
    return moved(tour, punctual if now - punctual < pace.place_s else now, order)


def focus(tour: Tour, order: Sequence[str], pace: Pace) -> Focus:
    """What a tour looks at."""
    n, of = max(1, len(tour.shown)), max(len(order), len(tour.shown))
    if tour.alerts:
        key, ends = tour.alerts[0], tour.alert_ends
        return Focus(f"alert:{key}:{tour.turn}", ALERT, tour.at, key, tour.alert_began, ends, n, of)
    why, ends = (HELD, 0.0) if tour.paused else (TOUR, tour.began + pace.place_s)
    return Focus(f"{TOUR}:{tour.at}:{tour.turn}", why, tour.at, "", tour.began, ends, n, of)


def moved(tour: Tour, now: float, order: Sequence[str]) -> Tour:
    """The tour at the worst place that this round has not shown; then a new round begins."""
    if not order:
        return replace(tour, at="", shown=(), began=now)
    left = [code for code in order if code not in tour.shown]
    shown = tour.shown if left else ()
    # A round that begins where the last one ended would stand still.
    left = left or [code for code in order if code != tour.at] or list(order)
    return _at(tour, left[0], (*shown, left[0]), now)


def back(tour: Tour, now: float, order: Sequence[str]) -> Tour:
    """The tour at the place before; before the first one of a round, at the last of the order."""
    known = [code for code in tour.shown if code in order]
    if len(known) > 1:
        return _at(tour, known[-2], tuple(known[:-1]), now)
    return _at(tour, order[-1], (order[-1],), now) if order else tour


def paused(tour: Tour, now: float) -> Tour:
    """The tour standing still; a red alert still takes the focus."""
    return tour if tour.paused else replace(tour, paused=now)


def resumed(tour: Tour, now: float) -> Tour:
    """The tour going on with what the place had left."""
    if not tour.paused:
        return tour
    stood = max(0.0, now - tour.paused)
    return replace(tour, paused=0.0, began=min(now, tour.began + stood))


def dismissed(tour: Tour, now: float, pace: Pace) -> Tour:
    """The tour without the alert that has the focus."""
    return _returned(tour, now, tour.alerts[1:], pace) if tour.alerts else tour


def _at(tour: Tour, code: str, shown: tuple[str, ...], now: float) -> Tour:
    return replace(
        tour, at=code, shown=shown, began=now, turn=tour.turn + 1, alerts=(),
        paused=now if tour.paused else 0.0,
    )  # fmt: skip


def _mended(tour: Tour, now: float, pace: Pace) -> Tour:
    """A clock that was set back must not hold the wall where it is."""
    began, paused_at = min(tour.began, now), min(tour.paused, now)
    if tour.alerts and tour.alert_began > now:
        return replace(
            tour, began=began, paused=paused_at, alert_began=now, alert_ends=now + pace.alert_s
        )
    if (began, paused_at) == (tour.began, tour.paused):
        return tour
    return replace(tour, began=began, paused=paused_at)


def _called(tour: Tour, now: float, reds: Mapping[str, float], pace: Pace) -> Tour:
    """The tour with its red alerts: new ones take the focus, old ones give it back."""
    met = tour.met
    if not tour.turn:  # a wall that has just been hung tells of what is new, not of old alerts
        met = tuple(key for key, at in reds.items() if at < now - pace.alert_s)
    fresh = sorted((key for key in reds if key not in met), key=lambda key: (reds[key], key))
    if met != tour.met or fresh:
        over = [key for key in met if key not in reds][-MOST_MET:]
        tour = replace(tour, met=(*over, *(key for key in met if key in reds), *fresh))
    open_still = tuple(key for key in tour.alerts if key in reds)
    if fresh:
        return _taken(tour, now, (*reversed(fresh), *open_still), pace)
    if not tour.alerts:
        return tour
    if open_still[:1] != tour.alerts[:1]:
        return _returned(tour, now, open_still, pace)
    if now >= tour.alert_ends:
        return _returned(tour, now, open_still[1:], pace)
    return tour if open_still == tour.alerts else replace(tour, alerts=open_still)


def _taken(tour: Tour, now: float, alerts: tuple[str, ...], pace: Pace) -> Tour:
    """The newest red alert has the focus; the place keeps what it had left."""
    left = tour.left_s if tour.alerts else pace.place_s - ((tour.paused or now) - tour.began)
    return replace(
        tour, alerts=alerts[:MOST_WAITING], alert_began=now, alert_ends=now + pace.alert_s,
        left_s=max(LEAST_LEFT_S, left), turn=tour.turn + 1,
    )  # fmt: skip


def _returned(tour: Tour, now: float, alerts: tuple[str, ...], pace: Pace) -> Tour:
    """Back to the alert that was there before, else to the place."""
    turn = tour.turn + 1
    if alerts:
        ends = now + pace.again_s
        return replace(tour, alerts=alerts, alert_began=now, alert_ends=ends, turn=turn)
    began = now - max(0.0, pace.place_s - tour.left_s)
    return replace(tour, alerts=(), began=began, turn=turn, paused=now if tour.paused else 0.0)
