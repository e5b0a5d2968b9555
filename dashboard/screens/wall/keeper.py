"""What every wall of a city shows: one tour, one set of numbers, one answer for all viewers."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dashboard.components.tree import said
from dashboard.screens.wall import moments, orders, view
from dashboard.screens.wall.reading import TOPICS, Reading
from dashboard.screens.wall.readings import MOST_KINDS, Readings
from geodata.tour import kept
from geodata.tour.tour import Pace, Tour, focus, step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from dashboard.access import Holder, Opened
    from dashboard.screens.wall.focus import Calls
    from dashboard.screens.wall.moments import Shown
    from geodata.store.snapshots import City
    from geodata.tour.kept import Direction

LOG: Final = logging.getLogger(__name__)
MOST_LOOKS: Final = 16  # languages, themes, topics and places that are painted side by side
STEP_S: Final = 2  # how long an answer serves where nothing has changed
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Asked:
    """What the address of a wall says: language, theme, place, and the day or minute to replay."""

    language: str = ""
    theme: str = ""
    at: str = ""
    replay: str = ""


@dataclass(frozen=True)
class Answer:
    """One state as it is sent; tag: changes with its content; now: the moment it is about."""

    body: bytes
    tag: str
    now: int


class Keeper:
    """Answers what the walls show; many threads may ask, one paints at a time."""

    def __init__(
        self,
        data_dir: Path,
        holder: Holder,
        build: str,
        clock: Callable[[], float] = time.time,
        readings: Readings | None = None,
    ) -> None:
        """Take up the tour where it was; nothing is read until somebody asks."""
        self._data_dir, self._holder, self._build, self._clock = data_dir, holder, build, clock
        self._readings = readings or Readings(holder)
        self._readings.rested = self._forget
        self._direction = kept.read(data_dir)
        self._replays: dict[str, Tour] = {}
        self._calls: dict[tuple[str, str], tuple[Any, Calls]] = {}
        self._stills: dict[tuple[str, str, view.Look], view.Still] = {}
        self._answers: dict[Asked, tuple[Any, Answer]] = {}
        self._painted_of: City | None = None
        self._painting = threading.Lock()
        self._unkept = ""

    def answer(
        self, *, language: str = "", theme: str = "", at: str = "", replay: str = ""
    ) -> Answer:
        """The state for an address, as new as it is.

        Raises:
            SnapshotError: nothing is published, or the first numbers do not come.
        """
        asked = Asked(language, theme, at, replay)
        opened = self._holder.current()
        shown = moments.shown(replay, self._direction, opened.city, self._clock())
        reading = self._readings.of(at, shown)
        with self._painting:
            return self._painted(asked, shown, reading, opened)

    def told(self, do: str, **more: str) -> None:
        """Carry out a command of the keyboard or the remote.

        Raises:
            SnapshotError: nothing is published, or the first numbers do not come.
            ValueError: there is no such command, or what it names is not there.
        """
        opened = self._holder.current()
        shown = moments.shown("", self._direction, opened.city, self._clock())
        reading = self._readings.of("", shown)
        with self._painting:
            calls = self._called("", shown, reading, opened)
            context = orders.Context(calls, self._clock(), _moment(shown, opened), pace(opened))
            self._keep(orders.carried_out(self._direction, do, more, context))

    def status(self, language: str) -> Mapping[str, Any]:
        """What the remote says of the walls: where they look and what holds them there.

        Raises:
            SnapshotError: nothing is published, or the first numbers do not come.
        """
        told: dict[str, Any] = json.loads(self.answer(language=language).body)
        card = told["panels"]["focus"]["tree"]
        return {
            "title": said(told["panels"]["head"]["tree"][1]),
            "looks_at": said(card[0]),
            "why": said(card[1:2]),
            "paused": told["look"]["paused"],
            "frozen": told["look"]["frozen"],
            "alert": told["focus"]["alert"],
            "topic": told["topic"],
            "replay": self._direction.replay,
        }

    def secret(self, make: Callable[[], str]) -> str:
        """What the remote's cookies are signed with, made once."""
        with self._painting:
            if not self._direction.secret:
                self._keep(replace(self._direction, secret=make()))
            return self._direction.secret

    def _forget(self) -> None:
        """Let go of what was painted: nobody looks, and each picture holds a whole city."""
        with self._painting:
            self._clear()

    def _clear(self) -> None:
        self._calls.clear()
        self._stills.clear()
        self._answers.clear()
        self._painted_of = None

    def _painted(self, asked: Asked, shown: Shown, reading: Reading, opened: Opened) -> Answer:
        """The answer for an address, made once for all who share it."""
        city = reading.main.today
        if city is opened.city and city is not self._painted_of:  # its first numbers have come
            self._clear()
            self._painted_of = city
        calls = self._called(asked.at, shown, reading, opened)
        direction = self._stepped(asked.at, shown, calls, opened)
        tour = self._tour(asked.at, shown)
        now, real = _moment(shown, opened), self._clock()
        stamp = (
            reading, direction, tour, calls, shown.kind, opened.city.id,
            now if shown.apart else int(real) // STEP_S,
        )  # fmt: skip
        known = self._answers.get(asked)
        if known is not None and known[0] == stamp:
            return known[1]
        look = view.Look(
            asked.language or opened.city.profile.language,
            asked.theme or direction.theme or "dark",
            direction.topic or TOPICS[0],
        )
        made = self._still(asked.at, shown, look, reading)
        seen = direction.acknowledged
        moving = view.Moving(now, shown.kind, focus(tour, calls.order, pace(opened)), seen)
        state = view.state(made, moving)
        answer = _sealed(state | self._said(look, shown, tour, opened), now)
        _put(self._answers, asked, (stamp, answer))
        return answer

    def _said(self, look: view.Look, shown: Shown, tour: Tour, opened: Opened) -> dict[str, Any]:
        """What the server says of itself, of the sources and of the wall as a whole."""
        profile = opened.city.profile
        return {
            "build": self._build,
            "snapshot": opened.city.id,
            "clock": "replay" if shown.apart else profile.as_of,
            "sources": view.sources(opened.city, opened.engine.freshness(_moment(shown, opened)),
                                    look.language),
            "text": view.texts(look.language),
            "look": {
                "theme": look.theme,
                "dim": moments.is_dim(profile.wall, self._clock(), profile.time_zone),
                "frozen": shown.kind == moments.FROZEN,
                "paused": bool(tour.paused),
            },
            "calibration": view.calibration(profile.wall),
        }  # fmt: skip

    def _still(self, at: str, shown: Shown, look: view.Look, reading: Reading) -> view.Still:
        name = (at, shown.name, look)
        made = self._stills.get(name)
        if made is None or made.reading is not reading:
            made = view.still(reading, look, shown.kind)
            _put(self._stills, name, made)
        return made

    def _called(self, at: str, shown: Shown, reading: Reading, opened: Opened) -> Calls:
        """Places and red alerts: of the moment that the wall's address names, else of now."""
        now = shown.moment if shown.own else opened.city.now()
        seen = self._direction.acknowledged
        stamp = (reading, opened.city.alerts_version(), now // STEP_S, tuple(seen))
        name = (at, shown.name)
        known = self._calls.get(name)
        if known is None or known[0] != stamp:
            known = (stamp, view.called(reading, now, seen))
            _put(self._calls, name, known)
        return known[1]

    def _tour(self, at: str, shown: Shown) -> Tour:
        return (self._replays if shown.own else self._direction.tours).get(at, Tour())

    def _stepped(self, at: str, shown: Shown, calls: Calls, opened: Opened) -> Direction:
        """Move the tour on, if it is time, and keep where it is."""
        direction, before = self._direction, self._tour(at, shown)
        real = self._clock()
        # The city's clock may stand still or be another day's; the tour goes by the server's.
        behind = real - (shown.moment if shown.own else opened.city.now())
        reds = {key: at + behind for key, at in calls.reds.items()}
        tour = step(before, real, calls.order, reds, pace(opened))
        if shown.own:
            _put(self._replays, at, tour, MOST_KINDS)
            return direction
        changed = moments.over(direction, shown)
        if tour != before:
            changed = replace(changed, tours=_with(changed.tours, at, tour))
        if len(tour.alerts) > len(before.alerts) and shown.apart:
            changed = replace(changed, frozen=0, replay="")  # what is red now breaks through
        if changed != direction:
            self._keep(changed)
        return changed

    def _keep(self, direction: Direction) -> None:
        """Take it over, and write it down; a full disk must not stop the wall."""
        self._direction = direction
        try:
            kept.write(self._data_dir, direction)
            self._unkept = ""
        except OSError as error:
            if self._unkept != str(error):
                LOG.exception("where the wall's tour is cannot be kept")
            self._unkept = str(error)


def pace(opened: Opened) -> Pace:
    """How long the wall stays anywhere."""
    return Pace(place_s=opened.city.profile.wall.tour_s)


def _moment(shown: Shown, opened: Opened) -> int:
    return shown.moment if shown.apart else opened.city.now()


def _with(tours: Mapping[str, Tour], at: str, tour: Tour) -> dict[str, Tour]:
    """The tours with one of them moved; that of the whole city is never dropped."""
    others = [name for name in tours if name not in {at, orders.MAIN}][-(MOST_KINDS - 2) :]
    kept_ = [name for name in tours if name == orders.MAIN and at != orders.MAIN]
    return {name: tours[name] for name in (*kept_, *others)} | {at: tour}


def _sealed(told: dict[str, Any], now: int) -> Answer:
    """The state as bytes; its version names all of it but the moment."""
    version = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:20]
    whole = {"version": version, "now": now, **told}
    body = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(body, version, now)


def _put(known: dict[K, V], name: K, value: V, most: int = MOST_LOOKS) -> None:
    """Remember something; where there are too many, the one remembered first goes."""
    known.pop(name, None)
    while len(known) >= most:
        del known[next(iter(known))]
    known[name] = value
