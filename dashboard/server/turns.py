"""Screens are made few at once, so that walls, events and tiles do not wait behind all of them.

A screen is processor time, and many at once share it without any being sooner done. Who waits here
holds a thread and nothing else, and is let in by turn. While the numbers of a wall are read no
further screen begins, for a moment at most: a wall that is slow stops nobody.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from flask import Flask, g, request

from dashboard.server.gate import UPDATE

if TYPE_CHECKING:
    from collections.abc import Iterator

# One processor is left to what must not wait.
AT_ONCE: Final = max(1, len(os.sched_getaffinity(0)) - 1)
PATIENCE_S: Final = 20.0  # then it is made all the same
SHUT_S: Final = 1.0  # that screens wait for what comes first


class Turns:
    """Lets the callbacks of the city's screens in, so many at once, in the order they came."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        """Nobody is in yet."""
        self._at_once = at_once
        self._inside = 0
        self._waiting: deque[object] = deque()
        self._shut_until = 0.0
        self._changed = threading.Condition()

    def install(self, server: Flask) -> None:
        """Stand behind the guard: what is refused waits for nothing."""
        server.before_request(self._enter)
        server.teardown_request(self._leave)

    @contextmanager
    def before_others(self) -> Iterator[None]:
        """What must not wait is done; screens that have begun go on, and no further one begins."""
        self._shut(time.monotonic() + SHUT_S)
        try:
            yield
        finally:
            self._shut(0.0)

    def _shut(self, until: float) -> None:
        with self._changed:
            self._shut_until = until
            self._changed.notify_all()

    def _enter(self) -> None:
        if request.url_rule is None or request.url_rule.rule != UPDATE:
            return
        ticket, until = object(), time.monotonic() + PATIENCE_S
        with self._changed:
            self._waiting.append(ticket)
            while not self._may(ticket) and time.monotonic() < until:
                self._changed.wait(self._pause(until))
            self._waiting.remove(ticket)
            self._inside += 1
            self._changed.notify_all()
        g.in_turn = True

    def _may(self, ticket: object) -> bool:
        is_next = self._waiting[0] is ticket and self._inside < self._at_once
        return is_next and time.monotonic() >= self._shut_until

    def _pause(self, until: float) -> float:
        """Until somebody leaves, the way is open again, or patience ends."""
        now = time.monotonic()
        opens = self._shut_until - now
        return max(min(until - now, opens) if opens > 0 else until - now, 0.001)

    def _leave(self, _error: BaseException | None) -> None:
        if g.pop("in_turn", False):
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()
