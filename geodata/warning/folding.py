"""Hits into alerts: one cause is one alert, with a level that rises, and an end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.model.periods import DAY, HOUR
from geodata.warning.levels import Levels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.model.tuning import WarningRules as Settings

ONE_PLACE_M: Final = 300.0  # what lies nearer has one cause
PART: Final = 0.25  # of the excess of a wider place: a narrower one with less is a cause of its own
STALE_S: Final = DAY  # what goes on longer is told by what is new of it
FLOOD_S: Final = 6 * HOUR


@dataclass(frozen=True)
class Hit:
    """One finding of a detector at a moment: too many cases in a place lately.

    detector: scan | band; matter, category: −1 = several; syndrome: −1 = none; topics: rows of the
    matters that were counted, none = all; zone: unit meant, −1 = a circle of
    `distance` metres round x, y; window: seconds; recurrence: days, decimal logarithm; path: units
    from the root to the case's.
    """

    moment: int
    detector: str
    matter: int
    category: int
    syndrome: int
    topics: frozenset[int]
    x: float
    y: float
    site: int
    path: tuple[int, ...]
    zone: int
    distance: float
    window: int
    count: int
    expected: float
    recurrence: float


@dataclass(frozen=True)
class Alert:
    """A level of an alert from `raised` to `cleared` (0 = still open), and its best evidence.

    ends: when it is cleared unless a further case comes; flood: how many alerts were put together,
    1 = none.
    """

    level: int
    raised: int
    cleared: int
    ends: int
    hit: Hit
    flood: int = 1


@dataclass
class _Cause:
    """An open alert, with what it has been."""

    number: int
    best: Hit
    began: int
    raised: int
    last: int
    level: int
    quiet: int
    flood: int = 1
    past: list[Alert] = field(default_factory=list)

    @property
    def ends(self) -> int:
        return self.last + self.quiet

    def alert(self, cleared: int) -> Alert:
        return Alert(self.level, self.raised, cleared, self.ends, self.best, self.flood)


class Folding:
    """Raises and clears alerts as the hits come, oldest first."""

    def __init__(self, settings: Settings, urgent: frozenset[int]) -> None:
        """Begin without any alert; urgent: matters whose alerts stand one level higher."""
        self._settings = settings
        self._levels = Levels(settings, urgent)
        self._open: list[_Cause] = []
        self._done: list[Alert] = []

    def resume(self, alerts: Iterable[Alert]) -> None:
        """Go on from alerts that stood or had been cleared, oldest first."""
        for alert in alerts:
            number = self._levels.resume(alert)
            if alert.cleared:
                self._done.append(alert)
                continue
            quiet = _quiet(alert.hit, self._settings)
            last = (alert.ends or alert.hit.moment + quiet) - quiet
            cause = _Cause(number, alert.hit, alert.raised, alert.raised, last, alert.level, quiet)
            cause.flood = alert.flood
            self._open.append(cause)

    def add(self, hits: Iterable[Hit]) -> None:
        """Let further hits raise alerts, or alerts go on."""
        for hit in hits:
            self._clear(hit.moment)
            found = _same(self._open, hit)
            if found is None and (found := _flood(self._open, hit, self._settings)):
                found.level = self._levels.capped(found.level, hit.moment)
                self._levels.raised(found.level, hit.moment)
            elif found is None:
                found = self._raise(hit)
            else:
                _add(found, hit, self._levels, self._settings)
            self._absorb(found, hit.moment)

    def alerts(self, now: int) -> list[Alert]:
        """Every alert that is known, as of a moment, by when it was raised."""
        found = [*self._done]
        for cause in self._open:
            found += [*cause.past, cause.alert(cause.ends if cause.ends <= now else 0)]
        return sorted(found, key=lambda alert: (alert.raised, alert.level, alert.hit.site))

    def forget(self, before: int) -> None:
        """Drop what was cleared before a moment."""
        self._done = [alert for alert in self._done if alert.cleared >= before]

    def _clear(self, moment: int) -> None:
        for cause in [c for c in self._open if c.ends <= moment]:
            self._done += [*cause.past, cause.alert(cause.ends)]
            self._open.remove(cause)

    def _raise(self, hit: Hit) -> _Cause:
        number, quiet = self._levels.number(), _quiet(hit, self._settings)
        level = self._levels.of(number, hit)
        self._levels.raised(level, hit.moment)
        made = _Cause(number, hit, hit.moment, hit.moment, hit.moment, level, quiet)
        self._open.append(made)
        return made

    def _absorb(self, cause: _Cause, moment: int) -> None:
        """What has grown into the place of another of its kind has one cause with it."""
        for other in [c for c in self._open if c is not cause]:
            if cause.flood > 1 or other.flood > 1 or not _one(cause.best, other.best):
                continue
            self._open.remove(other)
            self._done += other.past
            if other.raised < moment:
                self._done.append(other.alert(moment))
            cause.began = min(cause.began, other.began)
            cause.last = max(cause.last, other.last)
            cause.quiet = max(cause.quiet, other.quiet)


def fold(hits: Iterable[Hit], settings: Settings, urgent: frozenset[int], now: int) -> list[Alert]:
    """Put hits together, oldest first, as of a moment."""
    folding = Folding(settings, urgent)
    folding.add(hits)
    return folding.alerts(now)


def _quiet(hit: Hit, settings: Settings) -> int:
    low, high = settings.quiet_h
    return int(np.clip(hit.window, low * HOUR, high * HOUR))


def _add(cause: _Cause, hit: Hit, levels: Levels, settings: Settings) -> None:
    """Let an alert go on; it rises where the evidence has, and says so from then on."""
    cause.last = max(cause.last, hit.moment)  # what arrives late is older than what is known
    cause.quiet = max(cause.quiet, _quiet(hit, settings))
    stale = hit.moment - cause.best.moment > STALE_S and cause.flood == 1
    if not stale and (hit.recurrence <= cause.best.recurrence or not hit.topics):
        return
    level = levels.of(cause.number, hit)
    if level < cause.level or stale:
        moment = max(hit.moment, cause.raised)
        if moment > cause.raised:
            cause.past.append(cause.alert(moment))
        cause.level, cause.raised = level, moment
        levels.raised(level, moment)
    if cause.flood == 1:  # a flood rests on all that was put together, not on its last hit
        cause.best = hit


def _same(causes: list[_Cause], hit: Hit) -> _Cause | None:
    """The open alert a hit belongs to: of the same matter or a wider one, in the same place."""
    # After a lull, cases that are all new are another cause, though the place may be the same.
    going_on = [cause for cause in causes if cause.last > hit.moment - hit.window]
    fitting = [cause for cause in going_on if _belongs(cause, hit)]
    # The alert of the very matter goes first, and of such the one of the very place.
    fitting.sort(key=lambda c: (c.best.topics != hit.topics, c.best.zone != hit.zone))
    return next(iter(fitting), None)


def _belongs(cause: _Cause, hit: Hit) -> bool:
    """Whether a hit is of the kind and the place of an open alert."""
    if not (_akin(cause.best, hit) and _meets(cause.best, hit)):
        return False
    if cause.flood == 1:
        return _as_large(cause.best, hit)
    # A flood is many at once, and not whatever comes in so wide a place for days.
    return hit.moment - cause.best.moment < FLOOD_S


def _one(old: Hit, new: Hit) -> bool:
    """Whether two alerts that stand have one cause."""
    akin = bool(old.topics & new.topics)
    return akin and _meets(old, new) and _as_large(old, new) and _as_large(new, old)


def _as_large(old: Hit, new: Hit) -> bool:
    """Whether the place of the new is not one in the old that has little of what is too much."""
    wider = new.zone >= 0 and (old.zone < 0 or new.zone in old.path)
    return wider or new.count - new.expected >= PART * (old.count - old.expected)


def _akin(old: Hit, new: Hit) -> bool:
    """Whether one counts what the other counts; all cases may be any."""
    return not new.topics or bool(old.topics & new.topics)


def _meets(old: Hit, new: Hit) -> bool:
    """Whether two places have ground in common."""
    if old.zone in new.path or new.zone in old.path:
        return True
    away = float(np.hypot(old.x - new.x, old.y - new.y))
    return away <= max(old.distance + new.distance, ONE_PLACE_M)


def _flood(causes: list[_Cause], hit: Hit, settings: Settings) -> _Cause | None:
    """The alert that many of the same kind become: the oldest takes the others over."""
    alike = [
        cause
        for cause in causes
        if hit.moment - cause.began < FLOOD_S
        and cause.best.topics == hit.topics
        and cause.best.detector == hit.detector
    ]
    if sum(cause.flood for cause in alike) + 1 < settings.flood:
        return None
    first = alike[0]
    first.past.append(first.alert(hit.moment))
    for cause in alike[1:]:
        first.past += [*cause.past, cause.alert(hit.moment)]
        causes.remove(cause)
    first.flood = sum(cause.flood for cause in alike) + 1
    first.last, first.quiet = hit.moment, max(cause.quiet for cause in alike)
    first.raised, first.level = hit.moment, min(cause.level for cause in alike)
    widest = _common([cause.best.path for cause in alike] + [hit.path])
    strongest = max((cause.best for cause in alike), key=lambda best: best.recurrence)
    first.best = replace(
        strongest,
        moment=hit.moment,
        zone=widest[-1],
        path=widest,
        count=sum(cause.best.count for cause in alike) + hit.count,
        expected=sum(cause.best.expected for cause in alike) + hit.expected,
        window=hit.moment - min(c.best.moment - c.best.window for c in alike),
    )
    return first


def _common(paths: list[tuple[int, ...]]) -> tuple[int, ...]:
    """The units that all paths begin with."""
    shared = [units[0] for units in zip(*paths, strict=False) if len(set(units)) == 1]
    return tuple(shared) or paths[0][:1]
