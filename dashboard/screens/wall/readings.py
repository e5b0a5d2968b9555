"""The numbers behind every wall, read by one thread, one reading at a time, while somebody asks."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboard.access import NOBODY, Live
from dashboard.screens.wall.reading import Reading, read
from geodata.model.errors import NotYetError, SnapshotError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from dashboard.access import Holder, Opened
    from dashboard.screens.wall.moments import Shown

    Block = Callable[[], AbstractContextManager[None]]
    Read = Callable[[str, int, Live, Reading | None], Reading]

LOG: Final = logging.getLogger(__name__)
PAUSE_S: Final = 1.0  # between the beginnings of two readings at least …
REST: Final = 1.5  # … and so many times what the last one took
STEADY_S: Final = 15.0  # windows that end now move on even where nothing arrives
ASKED_S: Final = 30.0  # after which a wall that nobody asks for is read no more
PATIENCE_S: Final = 4.0  # for the very first numbers: less than a browser waits for an answer
MOST_KINDS: Final = 8  # places and moments that are read side by side
LOOK_S: Final = 0.5


@dataclass
class Kind:
    """One place at one kind of moment: when it was asked for, and how it was read last."""

    at: str
    shown: Shown
    asked: float = 0.0
    reading: Reading | None = None
    version: str = ""
    began: float = 0.0
    took: float = 0.0
    fault: str = ""


class Readings:
    """Keeps the numbers of each wall new; safe to share between threads."""

    def __init__(
        self,
        holder: Holder,
        read_: Read = read,
        first: Block = nullcontext,
        at_once: Block = nullcontext,
    ) -> None:
        """Remember where the city is; the thread begins with the first question.

        first: a block that goes before other work; at_once: one in which the engine says what has
        arrived up to now.
        """
        self._holder, self._read, self._first, self._at_once = holder, read_, first, at_once
        self.rested: Callable[[], None] = lambda: None  # told when nobody looks any more
        self._kinds: dict[tuple[str, str], Kind] = {}
        self._changed = threading.Condition()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._over = False

    def of(self, at: str, shown: Shown) -> Reading:
        """The numbers of a place at a moment, as new as they are; only the first are waited for.

        Raises:
            NotYetError: the first ones are being read.
            SnapshotError: they cannot be read.
        """
        kind = self._wanted(at, shown)
        if kind.reading is None:
            self._wake.set()
            with self._changed:
                self._changed.wait_for(lambda: kind.reading is not None, PATIENCE_S)
        if kind.reading is not None:
            return kind.reading
        if kind.fault:
            message = f"the wall's numbers cannot be read yet; {kind.fault}"
            raise SnapshotError(message)
        message = "the wall's numbers are being read; try again"
        raise NotYetError(message)

    def _wanted(self, at: str, shown: Shown) -> Kind:
        """What is to be read for an answer, noted as asked for just now."""
        now = time.monotonic()
        with self._changed:
            name = (at, shown.name)
            kind = self._kinds.get(name)
            if kind is None:
                self._make_room()
                kind = self._kinds[name] = Kind(at, shown)
            kind.shown, kind.asked = shown, now
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="wall", daemon=True)
                self._thread.start()
                atexit.unregister(self.stop)
                atexit.register(self.stop)
        return kind

    def _make_room(self) -> None:
        """What was asked for longest ago goes."""
        old = sorted(self._kinds, key=lambda name: self._kinds[name].asked)
        for name in old[: max(0, len(old) - MOST_KINDS + 1)]:
            del self._kinds[name]

    def _forget(self, now: float) -> None:
        """Let go of what nobody asks for any more; each reading holds a whole city."""
        for name in [name for name, kind in self._kinds.items() if now - kind.asked >= ASKED_S]:
            del self._kinds[name]

    def stop(self) -> None:
        """End the thread; the process is about to."""
        self._over = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(LOOK_S)

    def _run(self) -> None:
        while not self._over:
            due = self._due(time.monotonic())
            if due is not None:
                self.attempt(due)
            elif self._rests():
                self.rested()
                return
            else:
                self._wake.wait(LOOK_S)
                self._wake.clear()

    def _rests(self) -> bool:
        """Whether nobody looks any more: then the thread ends until somebody does."""
        with self._changed:
            self._forget(time.monotonic())
            if self._kinds:
                return False
            self._thread = None
            return True

    def _due(self, now: float) -> Kind | None:
        """What should be read now: what waits longest."""
        with self._changed:
            self._forget(now)
            asked = list(self._kinds.values())
        asked.sort(key=lambda kind: kind.began)
        return next((kind for kind in asked if self._is_due(kind, now)), None)

    def _is_due(self, kind: Kind, now: float) -> bool:
        since = now - kind.began
        if since < max(PAUSE_S, REST * kind.took) and kind.began:
            return False
        if kind.reading is None:
            return True
        try:
            opened = self._holder.current()
            if kind.shown.apart and kind.reading.main.today is opened.city:
                return kind.reading.now != kind.shown.moment
            return since > STEADY_S or _version(opened) != kind.version
        except Exception:  # it is tried again at the next look
            LOG.debug("whether the wall's numbers are old cannot be told", exc_info=True)
            return False

    def attempt(self, kind: Kind) -> None:
        """Read once; a wall whose numbers cannot be read shows those it has, with their age."""
        kind.began = time.monotonic()
        try:
            opened = self._holder.current()
            with self._at_once():
                version = _version(opened)
            live = Live(opened.city, opened.engine, NOBODY)
            moment = kind.shown.moment if kind.shown.apart else opened.city.now()
            with self._first():
                reading = self._read(kind.at, moment, live, kind.reading)
        except Exception as error:  # it is tried again, whatever it was
            if kind.fault != repr(error):
                LOG.exception("the wall's numbers could not be read; trying again")
            kind.fault = repr(error)
            return
        finally:
            kind.took = time.monotonic() - kind.began
        with self._changed:
            kind.reading, kind.version, kind.fault = reading, version, ""
            self._changed.notify_all()


def _version(opened: Opened) -> str:
    return f"{opened.city.id} {opened.engine.version()}"
